// SPDX-License-Identifier: Apache-2.0
// Frames and connections that are wrong in one way each: each gets its refusal or is closed with a
// reason, and the server goes on.
#include "tests/integration/server_fixture.hpp"

namespace oberih::test {
namespace {

class BadInput : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    server = std::make_unique<TestServer>([](runtime::Settings& settings) {
      settings.hello_timeout_ms = 2'000;
      settings.handshake_timeout_ms = 2'000;
      settings.idle_timeout_ms = 4'000;
      settings.failed_handshakes = 1'000'000;  // they all come from one address
    });
    person = server->enrol("Слідча");
  }
  static void TearDownTestSuite() {
    person.reset();
    server.reset();
  }
  void TearDown() override {  // the server goes on
    TestClient client(*server, *person);
    ASSERT_TRUE(client.is_connected()) << client.why_not();
    EXPECT_TRUE(client.hello().contains("result"));
  }

  static std::string call(const std::string& method, const std::string& params) {
    return R"({"jsonrpc":"2.0","id":7,"method":")" + method + R"(","params":)" + params + "}";
  }

  static std::unique_ptr<TestServer> server;
  static std::unique_ptr<Person> person;
};
std::unique_ptr<TestServer> BadInput::server;
std::unique_ptr<Person> BadInput::person;

TEST_F(BadInput, frames_that_are_no_requests_are_refused_by_name) {
  TestClient client(*server, *person);
  ASSERT_TRUE(client.hello().contains("result"));
  const std::string deep(100, '[');
  EXPECT_EQ(client.refusal_to(R"({"jsonrpc":"2.0","id":1,"met)"), "malformed_frame");
  EXPECT_EQ(client.refusal_to(call("channel.list", deep)), "malformed_frame");
  EXPECT_EQ(client.refusal_to(R"({"jsonrpc":"2.0","id":1,"id":2,"method":"channel.list"})"),
            "malformed_frame");
  EXPECT_EQ(client.refusal_to(call("channel.list", "{}") + "x"), "malformed_frame");
  EXPECT_EQ(client.refusal_to(call("channel.list", R"({"a":1.5})")), "malformed_frame");
  EXPECT_EQ(client.refusal_to("[" + call("channel.list", "{}") + "]"), "malformed_request");
  EXPECT_EQ(client.refusal_to(R"({"jsonrpc":"2.0","method":"channel.list","params":{}})"),
            "malformed_request");
  EXPECT_EQ(client.refusal_to(R"({"jsonrpc":"1.0","id":1,"method":"channel.list","params":{}})"),
            "malformed_request");
}

TEST_F(BadInput, requests_with_wrong_fields_are_refused_and_the_connection_stays) {
  TestClient client(*server, *person);
  ASSERT_TRUE(client.hello().contains("result"));
  EXPECT_EQ(client.refusal_to(call("channel.burn", "{}")), "unknown_method");
  EXPECT_EQ(client.refusal_to(call("channel.list", R"({"more":1})")), "invalid_parameters");
  EXPECT_EQ(client.refusal_to(
                call("channel.read", R"({"channel":5,"after_seq":0,"limit":1,"latest":false})")),
            "invalid_parameters");
  EXPECT_EQ(client.refusal_to(call("channel.follow", R"({"channel":"AAAA","after_seq":0})")),
            "invalid_parameters");
  EXPECT_EQ(client.refusal_to(call("directory.read", R"({"after_count":-1,"limit":1})")),
            "invalid_parameters");
  EXPECT_TRUE(client.ask(wire::ChannelList{}).contains("result"));
}

TEST_F(BadInput, the_reply_to_a_bad_frame_names_its_id_where_it_could_be_read) {
  TestClient client(*server, *person);
  ASSERT_TRUE(client.hello().contains("result"));
  client.send(call("channel.burn", "{}"));
  EXPECT_EQ(client.next_reply()["id"], 7);
  client.send("{");
  EXPECT_TRUE(client.next_reply()["id"].is_null());
}

TEST_F(BadInput, nothing_is_answered_before_hello_and_hello_comes_once) {
  TestClient client(*server, *person);
  EXPECT_EQ(client.refusal_to(call("channel.list", "{}")), "hello_required");
  ASSERT_TRUE(client.hello().contains("result"));
  EXPECT_EQ(
      client.refusal_to(call("session.hello", R"({"client_version":"x","checkpoint_size":0})")),
      "malformed_request");
}

TEST_F(BadInput, a_connection_without_hello_is_closed) {
  TestClient client(*server, *person);
  EXPECT_EQ(client.peer().wait_for_close().code, 4004);
}

TEST_F(BadInput, who_sends_one_bad_frame_after_another_is_closed) {
  TestClient client(*server, *person);
  ASSERT_TRUE(client.hello().contains("result"));
  for (int i = 0; i < 16; ++i) client.send("{");
  EXPECT_EQ(client.peer().wait_for_close().code, 1002);
}

TEST_F(BadInput, a_frame_that_is_too_large_or_not_utf8_closes_with_its_code) {
  TestClient large(*server, *person);
  large.peer().send(std::string(300'000, ' '));
  EXPECT_EQ(large.peer().wait_for_close().code, 1009);
  TestClient broken(*server, *person);
  broken.peer().send("\"\xff\xfe\"");
  const auto code = broken.peer().wait_for_close().code;
  EXPECT_TRUE(code == 1007 || code == 1002) << code;
}

TEST_F(BadInput, devices_that_the_directory_does_not_know_or_no_more_are_turned_away) {
  const socket::Device stranger;
  EXPECT_EQ(TestClient(*server, stranger).why_not(), "unknown_device");
  auto expired = server->enrol("Минулий", Role::investigator, [](auto& certificate) {
    certificate.not_before_ms = wall_clock_ms() - 2'000'000;
    certificate.not_after_ms = wall_clock_ms() + 3'000;
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(3'100));
  EXPECT_EQ(TestClient(*server, *expired).why_not(), "certificate_expired");
}

TEST_F(BadInput, a_revoked_device_loses_its_live_session_and_does_not_come_back) {
  auto lost = server->enrol("Загублений");
  TestClient session(*server, *lost);
  ASSERT_TRUE(session.hello().contains("result"));
  TestClient admin(*server, server->admin());
  ASSERT_TRUE(admin.hello().contains("result"));
  json revoked = admin.ask(server->admin().actor.revoke(lost->actor));
  ASSERT_TRUE(revoked.contains("result")) << revoked;
  EXPECT_EQ(session.peer().wait_for_close().code, 4003);
  EXPECT_EQ(TestClient(*server, *lost).why_not(), "device_revoked");
}

TEST_F(BadInput, no_certificate_and_tls_1_2_never_get_through_the_handshake) {
  socket::RawTls nameless(server->port(), nullptr);
  EXPECT_TRUE(nameless.receive().empty());
  socket::RawTls old(server->port(), &person->tls, TLS1_2_VERSION);
  EXPECT_FALSE(old.is_connected());
}

TEST_F(BadInput, a_session_is_never_resumed) {
  socket::RawTls first(server->port(), &person->tls);
  ASSERT_TRUE(first.is_connected());
  first.upgrade();
  std::shared_ptr<SSL_SESSION> session(SSL_get1_session(first.ssl()), SSL_SESSION_free);
  EXPECT_EQ(SSL_SESSION_is_resumable(session.get()), 0) << "a ticket was given";
  socket::RawTls second(server->port(), &person->tls, TLS1_3_VERSION, session.get());
  EXPECT_FALSE(second.is_connected() && SSL_session_reused(second.ssl()));
}

TEST_F(BadInput, a_client_that_sends_a_byte_a_second_is_closed) {
  socket::RawTls slow(server->port(), &person->tls);
  ASSERT_TRUE(slow.is_connected());
  const auto begin = std::chrono::steady_clock::now();
  for (const char c : std::string("GET / HTTP/1.1\r\nHost: xxxxxxxxxxxxxx\r\n")) {
    if (!slow.send(std::string(1, c))) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(11));
}

TEST_F(BadInput, another_subprotocol_gets_a_sentence_with_what_is_spoken) {
  socket::RawTls other(server->port(), &person->tls);
  ASSERT_TRUE(other.is_connected());
  std::string answer = other.upgrade("oberih.v9");
  answer += other.receive();
  EXPECT_NE(answer.find("400"), std::string::npos) << answer;
  EXPECT_NE(answer.find("unsupported_version"), std::string::npos) << answer;
}

TEST_F(BadInput, an_upgrade_elsewhere_is_an_http_request_like_any_other) {
  for (const std::string path : {"/elsewhere", "//", "/?x", "http://elsewhere/"}) {
    socket::RawTls other(server->port(), &person->tls);
    other.send("GET " + path +
               " HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
               "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
               "Sec-WebSocket-Protocol: oberih.v1\r\n\r\n");
    EXPECT_NE(other.receive_all().find("404"), std::string::npos) << path;
  }
}

TEST_F(BadInput, ten_thousand_connects_do_not_stop_those_at_work) {
  TestClient worker(*server, *person);
  ASSERT_TRUE(worker.hello().contains("result"));
  int connected = 0;
  for (int i = 0; i < 10'000; ++i) {
    socket::RawSocket stranger(server->port());
    connected += stranger.is_connected() ? 1 : 0;
  }
  EXPECT_GT(connected, 0);
  EXPECT_TRUE(worker.ask(wire::ChannelList{}).contains("result"));
}

TEST(FailedHandshakes, close_the_door_to_their_address_for_a_while_and_to_nobody_at_work) {
  TestServer server([](runtime::Settings& settings) { settings.failed_handshakes = 20; });
  auto person = server.enrol("Слідча");
  TestClient worker(server, *person);
  ASSERT_TRUE(worker.hello().contains("result"));
  bool is_closed = false;
  for (int i = 0; i < 1'000 && !is_closed; ++i) {
    socket::RawTls stranger(server.port(), nullptr);
    is_closed = !socket::RawTls(server.port(), &person->tls).is_connected();
  }
  EXPECT_TRUE(is_closed);
  EXPECT_TRUE(worker.ask(wire::ChannelList{}).contains("result"));
  server.wait_until_let_in(*person);  // a tenth is forgotten every second
}

TEST_F(BadInput, plain_http_answers_health_and_checkpoint_and_nothing_else) {
  const auto get = [](const std::string& target) {
    socket::RawTls http(server->port(), &person->tls);
    http.send("GET " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    return http.receive_all();
  };
  EXPECT_NE(get("/health").find("ok"), std::string::npos);
  EXPECT_NE(get("/checkpoint").find("journal.test"), std::string::npos);
  EXPECT_NE(get("/../etc/passwd").find("404"), std::string::npos);
}

TEST_F(BadInput, the_log_holds_neither_frames_nor_control_characters) {
  TestClient client(*server, *person);
  client.refusal_to("{\"canary-of-a-frame\x1b[31m");
  const std::string log = server->log_text();
  EXPECT_EQ(log.find("canary-of-a-frame"), std::string::npos);
  EXPECT_EQ(log.find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace oberih::test
