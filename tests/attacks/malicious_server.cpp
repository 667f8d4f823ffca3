// SPDX-License-Identifier: Apache-2.0
#include "tests/attacks/malicious_server.hpp"

#include "protocol/crypto/certificate.hpp"

namespace oberih::attacks {

MaliciousServer::MaliciousServer(std::uint16_t honest_port, runtime::ServerKeys keys,
                                 const socket::TlsIdentity* shown)
    : keys_(std::move(keys)),
      middle_(honest_port, shown == nullptr ? keys_.tls : *shown, keys_.tls_spki,
              {[this](const Digest& spki, std::string_view frame) {
                 return judge_request(spki, frame);
               },
               [this](const Digest& spki, std::string_view frame) {
                 return judge_reply(spki, frame);
               }}) {}

void MaliciousServer::introduce(const client::KeyRing& ring) {
  middle_.introduce(crypto::spki_sha256_of_certificate(ring.tls_certificate_pem),
                    {SecretBuffer(ring.tls_private_key_pem.view()), ring.tls_certificate_pem});
}

MaliciousServer::Verdict MaliciousServer::judge_request(const Digest& spki,
                                                        std::string_view frame) {
  std::optional<std::uint64_t> id;
  const Result<wire::RpcRequest> request = wire::parse_request(frame, &id);
  if (!request) return {std::string(frame), {}};
  Answer answer;
  {
    std::lock_guard lock(mutex_);
    if (auto found = answers_.find(request->method); found != answers_.end())
      answer = found->second;
  }
  if (answer)
    if (auto reply = answer(request->id, request->params)) return {{}, std::move(reply)};
  std::lock_guard lock(mutex_);
  ++passed_on_[request->method];
  asked_[{spki, request->id}] = {request->method, request->params};
  return {std::string(frame), {}};
}

MaliciousServer::Verdict MaliciousServer::judge_reply(const Digest& spki, std::string_view frame) {
  const Result<wire::Incoming> incoming = wire::parse_incoming(frame);
  if (!incoming || incoming->replies.size() != 1 || incoming->replies.front().refusal)
    return {std::string(frame), {}};
  const wire::RpcReply& reply = incoming->replies.front();
  std::vector<Change> changes;
  Asked asked;
  {
    std::lock_guard lock(mutex_);
    auto found = asked_.find({spki, reply.id});
    if (found == asked_.end()) return {std::string(frame), {}};
    asked = std::move(found->second);
    asked_.erase(found);
    const auto [first, last] = changes_.equal_range(asked.method);
    for (auto each = first; each != last; ++each) changes.push_back(each->second);
  }
  if (changes.empty()) return {std::string(frame), {}};
  Json result = reply.result;
  for (const Change& change : changes) change(asked.params, result);
  return {wire::encode_reply(reply.id, result.dump()), {}};
}

void MaliciousServer::set_answer(std::string_view method, Answer answer) {
  std::lock_guard lock(mutex_);
  answers_.insert_or_assign(std::string(method), std::move(answer));
}

void MaliciousServer::add_change(std::string_view method, Change change) {
  std::lock_guard lock(mutex_);
  changes_.emplace(method, std::move(change));
}

void MaliciousServer::be_honest() {
  std::lock_guard lock(mutex_);
  answers_.clear();
  changes_.clear();
}

std::size_t MaliciousServer::count_of(std::string_view method) const {
  std::lock_guard lock(mutex_);
  auto found = passed_on_.find(method);
  return found == passed_on_.end() ? 0 : found->second;
}

std::string MaliciousServer::sign(const journal::Checkpoint& checkpoint) const {
  return journal::sign_checkpoint(checkpoint, keys_.journal);
}

}  // namespace oberih::attacks
