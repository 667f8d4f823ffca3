// SPDX-License-Identifier: Apache-2.0
// OpenSSL's door to a non-blocking socket. OpenSSL's own would raise SIGPIPE, and could not say
// whether a connection was cut or reset. Internal to protocol/socket.
#pragma once

#include <openssl/bio.h>

namespace oberih::socket {

/// Shared with the BIO, which reads and writes through it; must outlive it.
struct SocketBioState {
  int descriptor = -1;  // -1: closed, and its number may be somebody else's by now
  int last_error = 0;   // errno of the last call that failed for good
  bool saw_end = false;
};

/// Throws std::bad_alloc.
BIO* make_socket_bio(SocketBioState& state);

}  // namespace oberih::socket
