// SPDX-License-Identifier: Apache-2.0
// The public JSON files that agencies, administrators and the operator hand each other. They hold no
// secrets; what they say is believed only as far as it is signed, or compared by voice.
#pragma once

#include <string>
#include <string_view>

#include "protocol/base/vocabulary.hpp"
#include "protocol/journal/leaf.hpp"
#include "protocol/sealing/device_certificate.hpp"
#include "protocol/sealing/genesis.hpp"

namespace oberih::client {

/// `{"format":"oberih-agency-1","id","kind","name","root_key"}`
std::string format_agency_card(const sealing::Agency& agency);
Result<sealing::Agency> parse_agency_card(std::string_view text);

/// `{"format":"oberih-genesis-1","content","signatures":[{"agency","signature"}]}`
std::string format_genesis_file(const sealing::SignedGenesis& genesis);
Result<sealing::SignedGenesis> parse_genesis_file(std::string_view text);

/// `{"format":"oberih-device-request-1","content","possession_signature","name_card"}`
struct DeviceRequest {
  Bytes content;  // of the certificate that is asked for
  Signature possession_signature;
  sealing::NameCard name_card;
};
std::string format_device_request(const DeviceRequest& request);
/// Also verifies the possession signature, and that the name card is the certificate's.
Result<DeviceRequest> parse_device_request(std::string_view text);

/// `{"format":"oberih-directory-leaf-1","kind","body","name_card"}` of a certificate.
std::string format_certificate_leaf(ByteView body, const sealing::NameCard& name_card);

/// `{"format":"oberih-invitation-1",agency card fields,"certifier_device","server","genesis","role",
/// "not_before_ms","not_after_ms"}`
struct Invitation {
  sealing::Agency agency;
  DeviceId certifier_device;
  std::string server;
  Digest genesis_hash;
  Role role{};
  Milliseconds not_before_ms = 0;
  Milliseconds not_after_ms = 0;
};
std::string format_invitation(const Invitation& invitation);
Result<Invitation> parse_invitation(std::string_view text);

/// What both sides of a certification compare by voice: 160 bits of a hash over the content, in
/// groups of four digits.
std::string request_fingerprint(ByteView certificate_content);

}  // namespace oberih::client
