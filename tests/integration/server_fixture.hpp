// SPDX-License-Identifier: Apache-2.0
// The whole server in this process: real PostgreSQL, real TLS on a loopback port, people with
// devices.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "protocol/wire/events.hpp"
#include "server/runtime/append_directory_leaf.hpp"
#include "server/runtime/policy_loader.hpp"
#include "server/runtime/private_file.hpp"
#include "server/runtime/server_app.hpp"
#include "tests/support/postgres_fixture.hpp"
#include "tests/transcripts/actor.hpp"
#include "tests/unit/socket/raw_tls.hpp"

namespace oberih::test {

using nlohmann::json;
using socket::Peer;
using transcripts::Actor;
using transcripts::Root;

/// A person and the TLS key of their device.
struct Person {
  Person(const std::string& name, const Root& root, Role role)
      : actor(name, root.agency.id, role, wall_clock_ms()) {
    actor.draft().tls_spki = tls.spki;
  }
  socket::Device tls;
  Actor actor;
};

class TestServer {
 public:
  /// `others` are founding agencies beside the police.
  explicit TestServer(const std::function<void(runtime::Settings&)>& adjust = {},
                      const std::vector<const Root*>& others = {}) {
    char name[] = "/tmp/oberih-server-XXXXXX";
    if (mkdtemp(name) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = name;
    settings_.state_directory = folder_ + "/state";
    settings_.database = database_.settings().connection;
    settings_.policies_directory = OBERIH_SOURCE "/policies";
    settings_.log_file = folder_ + "/server.log";
    settings_.listen_port = 0;
    if (adjust) adjust(settings_);
    log_ = std::make_unique<runtime::StructuredLog>(settings_.log_level, settings_.log_file);
    found(others);
    admin_.emplace("Адміністраторка", police_, Role::agency_admin);
    append(admin_->actor.certify(nullptr, police_.signer));
    start();
  }
  ~TestServer() {
    app_.reset();
    std::filesystem::remove_all(folder_);
  }

  void start() {
    auto keys = runtime::load_server_keys(settings_.state_directory);
    auto policies = runtime::load_policies(settings_.policies_directory);
    if (!keys || !policies) throw std::runtime_error("no keys or policies");
    app_ = std::make_unique<runtime::ServerApp>(settings_, std::move(*keys), std::move(*policies),
                                                *log_);
    if (auto started = app_->start(); !started)
      throw std::runtime_error("the server refuses to start: " + started.error().detail);
  }
  void stop() { app_.reset(); }
  runtime::ServerApp& app() { return *app_; }

  /// Certified by the police's administrator, beside the running server.
  std::unique_ptr<Person> enrol(
      const std::string& name, Role role = Role::investigator,
      const std::function<void(sealing::DeviceCertificate&)>& change = {}) {
    auto person = std::make_unique<Person>(name, police_, role);
    if (change) change(person->actor.draft());
    append(person->actor.certify(&admin_->actor, admin_->actor.signer()));
    wait_until_let_in(*person);
    return person;
  }
  /// The server notices within a second what was written beside it.
  void wait_until_let_in(const Person& person) const {
    for (int tries = 0; tries < 200; ++tries) {
      socket::RawTls http(port(), &person.tls);
      http.send("GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      if (http.receive_all().find("200") != std::string::npos) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    throw std::runtime_error("the server never knows " + person.actor.name());
  }
  /// Of the oversight body: no other agency may certify one. Its root certifies by itself.
  std::unique_ptr<Person> enrol_auditor(const std::string& name) {
    if (!overseer_) {
      overseer_.emplace("Керівниця нагляду", oversight_, Role::agency_admin);
      append(overseer_->actor.certify(nullptr, oversight_.signer));
    }
    auto person = std::make_unique<Person>(name, oversight_, Role::auditor);
    append(person->actor.certify(&overseer_->actor, overseer_->actor.signer()));
    wait_until_let_in(*person);
    return person;
  }
  Person& admin() { return *admin_; }
  const Root& police() const { return police_; }
  const Root& oversight() const { return oversight_; }
  const Digest& genesis_hash() const { return genesis_hash_; }

  wire::Appended append(const wire::DirectoryAppend& leaf) {
    auto appended = runtime::append_directory_leaf(
        settings_, {leaf.kind, leaf.body, leaf.name_card}, runtime::ClockConfirmation::no);
    if (!appended) throw std::runtime_error("the directory refuses: " + appended.error().detail);
    return *appended;
  }

  std::uint16_t port() const { return app_->port(); }
  const Digest& spki() const { return spki_; }
  const runtime::Settings& settings() const { return settings_; }
  const PostgresDatabase& database() const { return database_; }
  socket::EventLoop& client_loop() { return client_loop_; }
  std::string log_text() const {
    const auto text = runtime::read_public_file(settings_.log_file, 64 << 20);
    return text ? *text : std::string();
  }
  bool wait_for_log(std::string_view text) const {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (log_text().find(text) == std::string::npos) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return true;
  }

 private:
  void found(const std::vector<const Root*>& others) {
    auto keys = runtime::make_server_keys(settings_.state_directory, "journal.test");
    if (!keys) throw std::runtime_error(keys.error().detail);
    spki_ = keys->tls_spki;
    sealing::Genesis genesis;
    genesis.origin = "journal.test";
    genesis.journal_key = keys->journal.signer.public_key();
    genesis.server_spki = spki_;
    genesis.created_ms = wall_clock_ms();
    genesis.governance_quorum = 1;
    std::vector<const Root*> roots = {&police_, &oversight_};
    roots.insert(roots.end(), others.begin(), others.end());
    std::ranges::sort(roots, {}, [](const Root* root) { return root->agency.id; });
    for (const Root* root : roots) genesis.agencies.push_back(root->agency);
    sealing::SignedGenesis signed_genesis{sealing::encode_genesis_content(genesis), {}};
    for (const Root* root : roots)
      signed_genesis.signatures.push_back(
          {root->agency.id, root->signer.sign("genesis", signed_genesis.content)});
    genesis_hash_ = sealing::genesis_hash(signed_genesis.content);
    if (auto done = runtime::append_genesis(settings_, signed_genesis); !done)
      throw std::runtime_error("no genesis: " + done.error().detail);
  }

  PostgresDatabase database_;
  std::string folder_;
  runtime::Settings settings_;
  std::unique_ptr<runtime::StructuredLog> log_;
  Digest spki_;
  Digest genesis_hash_;
  Root police_{"Поліція", AgencyKind::police};
  Root oversight_{"Уповноважений", AgencyKind::oversight};
  std::optional<Person> admin_, overseer_;
  socket::EventLoop client_loop_{1};
  std::unique_ptr<runtime::ServerApp> app_;
};

/// A client that says exactly what it is told to say.
class TestClient {
 public:
  TestClient(TestServer& server, const Person& person) : TestClient(server, person.tls) {}
  TestClient(TestServer& server, const socket::Device& device) {
    socket::ClientTarget target;
    target.host = "127.0.0.1";
    target.port = server.port();
    target.server_spki = server.spki();
    target.subprotocol = "oberih.v1";
    auto done = std::make_shared<std::promise<Result<std::shared_ptr<socket::TlsWebSocket>>>>();
    socket::connect_tls_websocket(server.client_loop(), target, device.identity,
                                  [done](auto outcome) { done->set_value(std::move(outcome)); });
    auto outcome = done->get_future().get();
    if (outcome)
      (peer_ = std::make_unique<Peer>(*outcome))->start();
    else
      refusal_ = outcome.error();
  }

  bool is_connected() const { return peer_ != nullptr; }
  std::string why_not() const {
    return refusal_ ? std::string(refusal_row(refusal_->code).name) : "connected";
  }
  Peer& peer() { return *peer_; }

  void send(const std::string& text) {
    if (!peer_) throw std::runtime_error("not connected: " + why_not());
    peer_->send(text).wait();
  }
  /// The next reply; events that come before it are kept.
  json next_reply() {
    while (true) {
      json frame = json::parse(peer_->next_frame(), nullptr, false);
      if (!frame.is_array()) return frame;
      for (json& event : frame) events_.push_back(std::move(event));
    }
  }
  json next_event() {
    while (events_.empty()) {
      json frame = json::parse(peer_->next_frame(), nullptr, false);
      if (frame.is_discarded()) return {};
      if (frame.is_array())
        for (json& event : frame) events_.push_back(std::move(event));
      else
        replies_.push_back(std::move(frame));
    }
    json event = std::move(events_.front());
    events_.pop_front();
    return event;
  }
  /// The next event of that method; others are dropped.
  json next_event(std::string_view method) {
    while (true) {
      json event = next_event();
      if (event.is_null() || event["method"] == method) return event;
    }
  }
  std::string refusal_to(const std::string& text) {
    send(text);
    json reply = next_reply();
    if (!reply.is_object() || !reply.contains("error")) return "answered: " + reply.dump();
    return reply["error"]["data"]["code"];
  }

  template <class Request>
  json ask(const Request& request) {
    send(wire::encode_request(++last_id_, Request::method, encode_params(request)));
    return next_reply();
  }
  template <class Reply, class Request>
  Reply get(const Request& request) {
    json reply = ask(request);
    Reply value;
    if (!reply.contains("result") || !wire::parse_result(reply["result"], value))
      throw std::runtime_error("refused: " + reply.dump());
    return value;
  }
  json hello() { return ask(wire::SessionHello{"test", 0}); }

 private:
  std::unique_ptr<Peer> peer_;
  std::optional<Refusal> refusal_;
  std::deque<json> events_;
  std::deque<json> replies_;
  std::uint64_t last_id_ = 1'000;
};

}  // namespace oberih::test
