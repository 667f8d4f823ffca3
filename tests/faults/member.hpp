// SPDX-License-Identifier: Apache-2.0
// A person of the fault runs with one device, and the room in which a run takes place. Both can be
// written to a file, so that a client in a process of its own, which a fault kills, is the same
// person.
#pragma once

#include <filesystem>
#include <string>

#include "client-cli/connection/server_connection.hpp"
#include "protocol/crypto/certificate.hpp"
#include "protocol/crypto/hpke.hpp"
#include "protocol/crypto/signature.hpp"
#include "protocol/journal/checkpoint.hpp"

namespace oberih::faults {

struct Member {
  DeviceId device;
  crypto::SignatureKeyPair signature = crypto::generate_signature_keys();
  crypto::HpkeKeyPair hpke = crypto::generate_hpke_keys();
  crypto::TlsKeyAndCertificate tls = crypto::generate_tls_identity();

  socket::TlsIdentity identity() const {
    return {SecretBuffer(tls.private_key_pem.view()), tls.certificate_pem};
  }
};

/// What a client knows of the server and of the one channel of a run.
struct Room {
  client::ServerAddress server;
  Digest server_spki;
  ChannelId channel;
  Digest channel_head;
  MessageKey message_key;
  journal::Checkpoint checkpoint;
  std::size_t text_bytes = 0;  // of a message; 0: short ones of different lengths
  unsigned longest_pause_ms = 20;
  std::uint16_t second_port = 0;  // of another server that may serve the same database

  Room through_port(std::uint16_t port) const;
};

/// The value, or std::runtime_error with the refusal's name.
template <class T>
T require(Result<T> result) {
  if (!result)
    throw std::runtime_error(std::string(refusal_row(result.error().code).name) + " " +
                             result.error().detail);
  return *std::move(result);
}

void write_credentials(const std::filesystem::path& file, const Room& room, const Member& member);
/// Throws std::runtime_error.
void read_credentials(const std::filesystem::path& file, Room& room, Member& member);

}  // namespace oberih::faults
