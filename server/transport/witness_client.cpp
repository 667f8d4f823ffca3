// SPDX-License-Identifier: Apache-2.0
#include "server/transport/witness_client.hpp"

#include "protocol/base/limits.hpp"
#include "protocol/journal/witness_request.hpp"

namespace oberih::transport {
void WitnessClient::add_checkpoint(const sealing::Witness& witness, const std::string& body,
                                   Done done) {
  socket::HttpCall call;
  call.method = "POST";
  call.target = journal::add_checkpoint_path;
  call.content_type = "text/plain; charset=utf-8";
  call.body = body;
  this->call(witness, std::move(call), std::move(done));
}

void WitnessClient::read_witnessed(const sealing::Witness& witness, Done done) {
  socket::HttpCall call;
  call.target = journal::witnessed_path;
  this->call(witness, std::move(call), std::move(done));
}

void WitnessClient::call(const sealing::Witness& witness, socket::HttpCall call, Done done) {
  const auto found = addresses_.find(witness.name);
  if (found == addresses_.end())
    return done(
        refuse(RefusalCode::not_connected, "The setting 'witnesses' has no address for it."));
  call.host = found->second.host;
  call.port = found->second.port;
  call.time_limit = time_limit_;
  call.answer_bytes = 2 * limits::note_bytes;
  socket::call_https(
      loop_, call, witness.tls_spki, identity_,
      [done = std::move(done)](Result<socket::HttpReply> answer) {
        if (!answer) return done(answer.error());
        done(application::WitnessReply{answer->status, std::move(answer->content_type),
                                       std::move(answer->body)});
      });
}

}  // namespace oberih::transport
