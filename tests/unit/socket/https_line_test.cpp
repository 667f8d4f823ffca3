// SPDX-License-Identifier: Apache-2.0
// Several requests over one connection, at the server's end by hand and at the client's by its own
// class.
#include "protocol/socket/http_call.hpp"
#include "tests/unit/socket/raw_tls.hpp"

namespace oberih::socket {
namespace {

class HttpsLineTest : public SocketTest {
 protected:
  /// The server goes on: a new client is served.
  void expect_service() {
    Device device;
    enter(device);
    Peer& peer = connect(device);
    peer.send("are you there?");
    EXPECT_EQ(peer.next_frame(), "are you there?");
  }

  std::string get(const Device& device, const std::string& request) {
    RawTls raw(listener_->port(), &device);
    raw.send(request);
    return raw.receive_all();
  }

  /// The body, or why there is none.
  std::string call(HttpsLine& line, const Device& device, const std::string& path) {
    HttpCall call;
    call.host = "127.0.0.1";
    call.port = listener_->port();
    call.target = path;
    call.answer_bytes = 1024 * 1024;
    auto answer = std::make_shared<std::promise<Result<HttpReply>>>();
    call_https(*loop_, line, call, server_.spki, device.identity,
               [answer](Result<HttpReply> result) { answer->set_value(std::move(result)); });
    auto future = answer->get_future();
    if (future.wait_for(patience) != std::future_status::ready) return "(no answer)";
    const Result<HttpReply> result = future.get();
    return result ? result->body : std::string(refusal_row(result.error().code).name);
  }
};

TEST_F(HttpsLineTest, keeps_a_connection_for_as_many_requests_as_it_may) {
  ListenerLimits limits;
  limits.http_requests = 3;
  listen(limits);
  Device device;
  enter(device);
  RawTls raw(listener_->port(), &device);
  const auto ask = [&](const std::string& fields) {
    raw.send("GET /checkpoint HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n");
    std::string answer;
    while (answer.find("size 17\n") == std::string::npos) {
      const std::string part = raw.receive();
      if (part.empty()) break;
      answer += part;
    }
    return answer;
  };
  for (int request = 1; request <= 2; ++request) {
    const std::string answer = ask("Connection: Keep-Alive\r\n");
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 200")) << request << ": " << answer;
    EXPECT_NE(answer.find("Connection: keep-alive\r\n"), std::string::npos) << answer;
  }
  EXPECT_NE(ask("Connection: keep-alive\r\n").find("Connection: close\r\n"), std::string::npos);
  EXPECT_EQ(raw.receive(), "");
  // Who does not ask for it, or asks for the end, gets one answer.
  for (const char* fields : {"", "Connection: close\r\n", "Connection: keep, alive\r\n"})
    EXPECT_NE(get(device, "GET /checkpoint HTTP/1.1\r\nHost: x\r\n" + std::string(fields) + "\r\n")
                  .find("Connection: close\r\n"),
              std::string::npos)
        << fields;
  expect_service();
}

TEST_F(HttpsLineTest, ends_a_kept_connection_that_rests_or_talks_nonsense) {
  ListenerLimits limits;
  limits.http_requests = 100;
  limits.timeouts.handshake = 300ms;
  listen(limits);
  Device device;
  enter(device);
  const std::string request =
      "GET /checkpoint HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\n\r\n";
  const auto after = [&](const std::string& words) {
    RawTls raw(listener_->port(), &device);
    raw.send(request);
    std::string answer;
    while (answer.find("size 17\n") == std::string::npos) answer += raw.receive();
    if (!words.empty()) raw.send(words);
    return raw.receive_all();
  };
  EXPECT_EQ(after(""), "");            // it rests
  EXPECT_EQ(after("GET /check"), "");  // byte by byte does not help
  EXPECT_TRUE(after("nonsense\r\n\r\n").starts_with("HTTP/1.1 400"));
  EXPECT_TRUE(after(request + request).starts_with("HTTP/1.1 400"));  // one after the other
  EXPECT_TRUE(after("GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
                    "Sec-WebSocket-Protocol: oberih.v1\r\n\r\n")
                  .starts_with("HTTP/1.1 400"));
  expect_service();
}

// The handshake is over with the first answer: resting connections keep nobody out.
TEST_F(HttpsLineTest, does_not_count_kept_connections_as_handshakes) {
  ListenerLimits limits;
  limits.http_requests = 100;
  limits.handshakes_per_address = 2;
  listen(limits);
  Device device;
  enter(device);
  std::vector<std::unique_ptr<RawTls>> resting;
  for (int i = 0; i < 6; ++i) {
    resting.push_back(std::make_unique<RawTls>(listener_->port(), &device));
    resting.back()->send("GET /checkpoint HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_TRUE(resting.back()->receive().starts_with("HTTP/1.1 200")) << i;
  }
  expect_service();
}

// `/number`: which request of its connection the server has seen.
TEST_F(HttpsLineTest, asks_over_one_connection_until_the_server_ends_it) {
  ListenerLimits limits;
  limits.http_requests = 3;
  listen(limits);
  Device device;
  enter(device);
  HttpsLine line;
  for (const char* expected : {"1", "2", "3", "1", "2"})
    EXPECT_EQ(call(line, device, "/number"), expected);
  EXPECT_EQ(call(line, device, "/large").size(), 600'000U);
  EXPECT_EQ(call(line, device, "/number"), "1");
  EXPECT_EQ(call(line, device, "/last"), "2");  // whatever was asked for
  EXPECT_EQ(call(line, device, "/number"), "1");
}

TEST_F(HttpsLineTest, asks_anew_where_a_connection_that_rested_has_gone) {
  ListenerLimits limits;
  limits.http_requests = 100;
  limits.timeouts.handshake = 500ms;
  listen(limits);
  Device device;
  enter(device);
  HttpsLine line;
  EXPECT_EQ(call(line, device, "/number"), "1");
  std::this_thread::sleep_for(1'500ms);
  EXPECT_EQ(call(line, device, "/number"), "1");
  // And who is not let in any more is told so, not asked again for ever.
  enter(device, PeerVerdict::revoked);
  std::this_thread::sleep_for(1'500ms);
  EXPECT_EQ(call(line, device, "/number"), "device_revoked");
}

TEST_F(HttpsLineTest, may_be_destroyed_before_and_after_the_loop) {
  listen();
  Device device;
  enter(device);
  auto line = std::make_unique<HttpsLine>();
  EXPECT_EQ(call(*line, device, "/number"), "1");
  line.reset();
  HttpsLine other;
  EXPECT_EQ(call(other, device, "/number"), "1");
  listener_.reset();
  loop_.reset();
}

}  // namespace
}  // namespace oberih::socket
