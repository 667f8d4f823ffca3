// SPDX-License-Identifier: Apache-2.0
// A malicious operator: an honest server behind, the server's TLS key and the journal key in hand.
// A test says what it does in a line or two, on decoded requests and replies:
//   server.when<wire::ChannelRead>([](const auto&, wire::ItemPage& page) { swap(page, 2, 3); });
#pragma once

#include <nlohmann/json.hpp>

#include "client-cli/connection/reply_of.hpp"
#include "client-cli/keyring/key_ring.hpp"
#include "protocol/journal/checkpoint.hpp"
#include "protocol/wire/rpc_frame.hpp"
#include "server/runtime/server_keys.hpp"
#include "tests/attacks/man_in_the_middle.hpp"

namespace oberih::attacks {

class MaliciousServer {
 public:
  /// `shown`: a TLS key of somebody on the way, who does not have the server's.
  MaliciousServer(std::uint16_t honest_port, runtime::ServerKeys keys,
                  const socket::TlsIdentity* shown = nullptr);

  std::string address() const { return "127.0.0.1:" + std::to_string(middle_.port()); }
  /// Devices that may come; the others are turned away.
  void introduce(const client::KeyRing& ring);

  /// Changes what the honest server answers.
  template <class Request>
  void when(std::function<void(const Request&, client::ReplyOf<Request>&)> change);
  /// Answers by itself; the honest server never hears of it. Nothing: lets the request pass.
  template <class Request>
  void answer(std::function<std::optional<client::ReplyOf<Request>>(const Request&)> make_reply);
  template <class Request>
  void refuse_all(RefusalCode code);
  void be_honest();

  /// How many of these requests the honest server was given.
  template <class Request>
  std::size_t passed_on() const;
  /// A checkpoint, signed with the true journal key.
  std::string sign(const journal::Checkpoint& checkpoint) const;
  const journal::NoteSigner& journal_key() const { return keys_.journal; }

 private:
  using Json = nlohmann::json;
  using Verdict = ManInTheMiddle::Verdict;
  /// Text of a result, or an encoded refusal; nothing: passes.
  using Answer = std::function<std::optional<std::string>(std::uint64_t id, const Json& params)>;
  using Change = std::function<void(const Json& params, Json& result)>;
  struct Asked {
    std::string method;
    Json params;
  };

  Verdict judge_request(const Digest& spki, std::string_view frame);
  Verdict judge_reply(const Digest& spki, std::string_view frame);
  void set_answer(std::string_view method, Answer answer);
  void add_change(std::string_view method, Change change);
  std::size_t count_of(std::string_view method) const;

  runtime::ServerKeys keys_;
  mutable std::mutex mutex_;
  std::map<std::string, Answer, std::less<>> answers_;
  std::multimap<std::string, Change, std::less<>> changes_;
  std::map<std::string, std::size_t, std::less<>> passed_on_;
  std::map<std::pair<Digest, std::uint64_t>, Asked> asked_;
  ManInTheMiddle middle_;  // last: it goes first
};

template <class Request>
Request decode_request(const nlohmann::json& params) {
  Request request;
  if (!wire::parse_params(params, request)) throw std::logic_error("a request does not parse");
  return request;
}

template <class Request>
void MaliciousServer::when(std::function<void(const Request&, client::ReplyOf<Request>&)> change) {
  add_change(Request::method, [change = std::move(change)](const Json& params, Json& result) {
    client::ReplyOf<Request> reply;
    if (!wire::parse_result(result, reply)) throw std::logic_error("a reply does not parse");
    change(decode_request<Request>(params), reply);
    result = Json::parse(wire::encode_result(reply));
  });
}

template <class Request>
void MaliciousServer::answer(
    std::function<std::optional<client::ReplyOf<Request>>(const Request&)> make_reply) {
  set_answer(Request::method,
             [make_reply = std::move(make_reply)](std::uint64_t id, const Json& params) {
               const auto reply = make_reply(decode_request<Request>(params));
               return reply ? std::optional(wire::encode_reply(id, wire::encode_result(*reply)))
                            : std::nullopt;
             });
}

template <class Request>
void MaliciousServer::refuse_all(RefusalCode code) {
  set_answer(Request::method, [code](std::uint64_t id, const Json&) {
    return std::optional(wire::encode_refusal(id, refuse(code)));
  });
}

template <class Request>
std::size_t MaliciousServer::passed_on() const {
  return count_of(Request::method);
}

}  // namespace oberih::attacks
