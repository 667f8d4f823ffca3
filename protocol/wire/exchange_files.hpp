// SPDX-License-Identifier: Apache-2.0
// The JSON files that people hand each other: agency and witness cards, the genesis and governance
// changes that collect signatures, leaves of the directory signed offline, device requests,
// invitations. Nothing in them is secret; what must not be changed in them is signed or compared by
// voice.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "protocol/journal/leaf.hpp"
#include "protocol/sealing/device_certificate.hpp"
#include "protocol/sealing/governance.hpp"

namespace oberih::wire {

inline constexpr std::size_t exchange_file_bytes = 256 * 1024;

/// `{"format":"oberih-agency-1","id","kind","name","root_key"}`
std::string format_agency_card(const sealing::Agency& agency);
Result<sealing::Agency> parse_agency_card(std::string_view text);

/// `{"format":"oberih-witness-1","name","key","tls_spki","agency"}`
std::string format_witness_card(const sealing::Witness& witness);
Result<sealing::Witness> parse_witness_card(std::string_view text);

/// `{"format":"oberih-genesis-1","content","signatures":[{"agency","signature"}]}`
std::string format_genesis_file(const sealing::SignedGenesis& genesis);
/// Signatures come out ascending by agency.
Result<sealing::SignedGenesis> parse_genesis_file(std::string_view text);

/// `{"format":"oberih-governance-1","content","signatures":[{"agency","signature"}],
/// "new_key_signature"?}`
std::string format_governance_file(const sealing::SignedGovernance& governance);
/// Signatures come out ascending by agency.
Result<sealing::SignedGovernance> parse_governance_file(std::string_view text);

/// `{"format":"oberih-directory-leaf-1","kind":2|3,"body","name_card"?:{...}}`
struct DirectoryLeafFile {
  journal::LeafKind kind{};
  Bytes body;
  std::optional<sealing::NameCard> name_card;
};
std::string format_directory_leaf_file(const DirectoryLeafFile& file);
Result<DirectoryLeafFile> parse_directory_leaf_file(std::string_view text);

/// `{"format":"oberih-device-request-1","content","possession_signature","name_card"}`: a whole
/// certificate content, signed by the new key; the certifier adds a signature or refuses.
struct DeviceRequestFile {
  Bytes content;
  Signature possession_signature;
  sealing::NameCard name_card;
};
std::string format_device_request_file(const DeviceRequestFile& file);
Result<DeviceRequestFile> parse_device_request_file(std::string_view text);

/// `{"format":"oberih-invitation-1","agency":{card},"certifier_device","server","genesis","role",
/// "person"?,"not_before_ms","not_after_ms"}`: what a newcomer's `device request` needs to know.
struct InvitationFile {
  sealing::Agency agency;
  DeviceId certifier_device;
  std::string server;  // host:port
  Digest genesis_hash;
  Role role{};
  Milliseconds not_before_ms = 0;
  Milliseconds not_after_ms = 0;
  std::optional<PersonId> person;  // whose further device it is for
};
std::string format_invitation_file(const InvitationFile& file);
Result<InvitationFile> parse_invitation_file(std::string_view text);

}  // namespace oberih::wire
