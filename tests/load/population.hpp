// SPDX-License-Identifier: Apache-2.0
// The people of a load test and their channels: real keys, real certificates, real wraps, made
// without a network.
#pragma once

#include <memory>
#include <vector>

#include "protocol/crypto/certificate.hpp"
#include "protocol/crypto/signature.hpp"
#include "protocol/sealing/device_certificate.hpp"
#include "protocol/wire/requests.hpp"
#include "server/application/journal_view.hpp"
#include "server/domain/caller.hpp"

namespace oberih::load {

/// Takes the value, or throws with the refusal's name: nothing is refused in a load test.
template <class T>
T require(Result<T> result, const char* what) {
  if (!result)
    throw std::runtime_error(std::string(what) +
                             " is refused: " + std::string(refusal_row(result.error().code).name) +
                             " " + result.error().detail);
  return *std::move(result);
}

struct Member {
  sealing::DeviceCertificate certificate;
  std::unique_ptr<crypto::Signer> signer;
  SignatureSecretKey signature_seed;
  HpkeSecretKey hpke_secret;
  crypto::TlsKeyAndCertificate tls;
  wire::DirectoryAppend leaf;

  const DeviceId& device() const { return certificate.device; }
  domain::Caller caller() const;
};

/// Who signs certificates: `device` is zero for the agency's root.
struct Certifier {
  AgencyId agency;
  DeviceId device;
  const crypto::Signer* signer = nullptr;
};

std::unique_ptr<Member> make_member(const Certifier& certifier, Role role);
/// On all processors.
std::vector<std::unique_ptr<Member>> make_members(std::size_t count, const Certifier& certifier);

/// INVARIANT: one epoch and one record, the first leaf of the channel.
struct Channel {
  ChannelId id;
  Digest head;
  MessageKey message_key;
  std::vector<Member*> members;
  std::uint64_t newest_seq = 1;  // as laid before the server runs
};

/// The record that opens the channel, by its first member.
wire::ChannelAppend make_channel(const application::SignedCheckpoint& quoted, Channel& channel);

}  // namespace oberih::load
