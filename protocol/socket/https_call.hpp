// SPDX-License-Identifier: Apache-2.0
// One HTTP/1.1 request over TLS 1.3 to a server whose key is pinned, and its answer. Small bodies
// only: it knows a length or the end of the connection, and no chunks.
#pragma once

#include "protocol/socket/tls_websocket.hpp"

namespace oberih::socket {

struct HttpsCall {
  std::string host;
  std::uint16_t port = 0;
  Digest server_spki;  // another key is refused: wrong_server
  std::string method = "GET";
  std::string target = "/";
  std::string content_type = "text/plain";
  std::string body = {};
  std::chrono::milliseconds time_limit{10'000};  // for all of it
  std::size_t answer_bytes = 64 * 1024;          // header and body together
};
struct HttpsAnswer {
  unsigned status = 0;
  std::string content_type;
  std::string body;
};

/// Calls `done` once, on an io thread: what the server answered, whatever the status; or
/// not_connected, wrong_server, malformed_object (an answer that is too long or no HTTP), or what
/// the server's TLS alert says of our key.
void call_https(EventLoop& loop, const HttpsCall& call, const TlsIdentity& identity,
                std::function<void(Result<HttpsAnswer>)> done);

}  // namespace oberih::socket
