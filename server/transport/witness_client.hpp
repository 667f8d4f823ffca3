// SPDX-License-Identifier: Apache-2.0
// The way to the witnesses: HTTPS under the TLS key that the directory names for each, at the
// address that the operator's settings give its name.
#pragma once

#include <chrono>

#include "protocol/socket/http_call.hpp"
#include "server/application/witness_ports.hpp"
#include "server/transport/witness_addresses.hpp"

namespace oberih::transport {

class WitnessClient final : public application::WitnessLink {
 public:
  /// The identity is the server's own; a witness asks for none in particular.
  WitnessClient(socket::EventLoop& loop, WitnessAddresses addresses,
                const socket::TlsIdentity& identity, std::chrono::milliseconds time_limit)
      : loop_(loop),
        addresses_(std::move(addresses)),
        identity_{SecretBuffer(identity.private_key_pem.view()), identity.certificate_pem},
        time_limit_(time_limit) {}

  void add_checkpoint(const sealing::Witness& witness, const std::string& body, Done done) override;
  void read_witnessed(const sealing::Witness& witness, Done done) override;

 private:
  void call(const sealing::Witness& witness, socket::HttpCall call, Done done);

  socket::EventLoop& loop_;
  const WitnessAddresses addresses_;
  const socket::TlsIdentity identity_;
  const std::chrono::milliseconds time_limit_;
};

}  // namespace oberih::transport
