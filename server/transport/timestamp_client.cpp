// SPDX-License-Identifier: Apache-2.0
#include "server/transport/timestamp_client.hpp"

#include "protocol/socket/http_call.hpp"

namespace oberih::transport {

void TimestampClient::stamp(const Bytes& request, Done done) {
  socket::HttpCall call;
  call.host = url_.host;
  call.port = url_.port;
  call.method = "POST";
  call.target = url_.path;
  call.content_type = "application/timestamp-query";
  call.body = std::string(as_text(request));
  call.time_limit = time_limit_;
  const auto take = [done = std::move(done)](Result<socket::HttpReply> answer) {
    if (!answer) return done(answer.error());
    if (answer->status != 200)
      return done(refuse(RefusalCode::not_connected,
                         "The authority answers HTTP " + std::to_string(answer->status) + "."));
    done(to_bytes(as_bytes(answer->body)));
  };
  if (url_.is_tls)
    socket::call_https(loop_, call, trust_, take);
  else
    socket::call_http(loop_, call, take);
}

}  // namespace oberih::transport
