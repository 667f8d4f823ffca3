// SPDX-License-Identifier: Apache-2.0
// Tiles and bundles of leaves over HTTPS, one after the other over one connection, from the server
// whose key is pinned. Nothing of what comes is believed here.
#pragma once

#include <functional>

#include "client-cli/keyring/key_ring.hpp"
#include "client-cli/keyring/profile.hpp"
#include "protocol/journal/tile.hpp"
#include "protocol/socket/http_call.hpp"

namespace oberih::client {

class TileReader {
 public:
  /// `wait` is asked before each new attempt and says false where nobody wants to go on.
  TileReader(socket::EventLoop& loop, const ServerAddress& server, const Digest& server_spki,
             const KeyRing& ring, std::function<bool(std::chrono::milliseconds)> wait);

  /// Comes back by itself where the server is away, busy, or says that enough was read for now:
  /// then after as long as it says. It gives up after some minutes without an answer. Refusals:
  /// forbidden, not_found, not_connected, unavailable, malformed_object, and those of the TLS
  /// handshake.
  Result<Bytes> read(const journal::TileAddress& tile);

 private:
  Result<socket::HttpReply> call(const std::string& target);

  socket::EventLoop& loop_;
  ServerAddress server_;
  Digest server_spki_;
  socket::TlsIdentity identity_;
  socket::HttpsLine line_;
  std::function<bool(std::chrono::milliseconds)> wait_;
};

}  // namespace oberih::client
