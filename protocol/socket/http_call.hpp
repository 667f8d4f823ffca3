// SPDX-License-Identifier: Apache-2.0
// One HTTP/1.1 request without TLS, and its answer: for what is signed by itself, as time-stamps
// are. Small bodies only: it knows a length, and no chunks.
#pragma once

#include "protocol/base/result.hpp"
#include "protocol/socket/https_call.hpp"

namespace oberih::socket {

struct HttpCall {
  std::string host;
  std::uint16_t port = 80;
  std::string method = "POST";
  std::string target = "/";
  std::string content_type;
  std::string body;
  std::chrono::milliseconds time_limit{15'000};  // for all of it
  std::size_t answer_bytes = 64 * 1024;          // header and body together
};

/// Calls `done` once, on an io thread: what was answered, whatever the status; or not_connected,
/// malformed_object (an answer that is too long or no HTTP).
void call_http(EventLoop& loop, const HttpCall& call,
               std::function<void(Result<HttpsAnswer>)> done);

}  // namespace oberih::socket
