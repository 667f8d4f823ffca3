// SPDX-License-Identifier: Apache-2.0
// An HTTP/1.1 request and its answer: to anybody, to a server whose key is pinned (also several one
// after the other over one connection), or to one that an issuer vouches for. Small bodies only: it
// knows a length, and no chunks.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "protocol/base/result.hpp"
#include "protocol/socket/tls_websocket.hpp"
#include "protocol/socket/web_trust.hpp"

namespace oberih::socket {

struct HttpCall {
  std::string host;
  std::uint16_t port = 0;
  std::string method = "GET";
  std::string target = "/";
  std::string content_type = "text/plain";
  std::string body = {};
  std::chrono::milliseconds time_limit{10'000};  // for all of it
  std::size_t answer_bytes = 64 * 1024;          // header and body together
};
struct HttpReply {
  unsigned status = 0;
  std::string content_type;
  std::string body;
  bool is_kept = false;                 // the server takes another request on this connection
  std::chrono::seconds retry_after{0};  // 0: it says nothing of that; at most an hour
};

/// A connection that is kept from one request to the next: who reads thousands of pages needs one
/// handshake, and the server no more signatures.
class HttpsLine {
 public:
  HttpsLine();
  ~HttpsLine();  // ends the connection
  HttpsLine(const HttpsLine&) = delete;
  HttpsLine& operator=(const HttpsLine&) = delete;

  struct Kept;
  const std::shared_ptr<Kept>& kept() const { return kept_; }  // for call_https()

 private:
  const std::shared_ptr<Kept> kept_;
};

/// Called once, on an io thread: what was answered, whatever the status; or not_connected,
/// malformed_object (an answer that is too long or no HTTP), and what is said below.
using HttpDone = std::function<void(Result<HttpReply>)>;

/// Without TLS: for what is signed by itself, as time-stamps are.
void call_http(EventLoop& loop, const HttpCall& call, HttpDone done);
/// Over TLS 1.3 to the server that has this key. Also wrong_server, or what the server's TLS alert
/// says of our key.
void call_https(EventLoop& loop, const HttpCall& call, const Digest& server_spki,
                const TlsIdentity& identity, HttpDone done);
/// The same over the connection of `line`, which is made where there is none or the server has
/// ended it meanwhile. One call at a time, and always to the same server: the next only after
/// `done`.
void call_https(EventLoop& loop, HttpsLine& line, const HttpCall& call, const Digest& server_spki,
                const TlsIdentity& identity, HttpDone done);
/// Over TLS to a server of somebody else's. Also wrong_server: nobody vouches for it.
void call_https(EventLoop& loop, const HttpCall& call, std::shared_ptr<const WebTrust> trust,
                HttpDone done);

}  // namespace oberih::socket
