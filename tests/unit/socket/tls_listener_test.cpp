// SPDX-License-Identifier: Apache-2.0
#include "protocol/socket/tls_listener.hpp"

#include <sys/resource.h>

#include "tests/unit/socket/raw_tls.hpp"

namespace oberih::socket {
namespace {

class TlsListenerTest : public SocketTest {
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
};

TEST_F(TlsListenerTest, says_why_it_cannot_listen) {
  listen();
  try {
    TlsListener second(*loop_, "127.0.0.1", listener_->port(), server_.identity, "oberih.v1", {},
                       {});
    FAIL() << "two listeners on one port";
  } catch (const std::runtime_error& error) {
    EXPECT_TRUE(std::string(error.what()).starts_with("Cannot listen on 127.0.0.1, port "));
  }
  EXPECT_THROW(TlsListener(*loop_, "no address", 0, server_.identity, "oberih.v1", {}, {}),
               std::runtime_error);
  TlsIdentity broken{SecretBuffer(as_bytes("not PEM")), server_.identity.certificate_pem};
  EXPECT_THROW(TlsListener(*loop_, "127.0.0.1", 0, broken, "oberih.v1", {}, {}),
               std::runtime_error);
}

TEST_F(TlsListenerTest, refuses_a_client_without_certificate) {
  listen();
  RawTls raw(listener_->port(), nullptr);
  if (raw.is_connected()) raw.receive();  // under TLS 1.3 the alert comes with the first read
  EXPECT_EQ(raw.error(), "tlsv13 alert certificate required");
  EXPECT_TRUE(was_rejected("127.0.0.1 TLS: peer did not return a certificate"));
  expect_service();
}

TEST_F(TlsListenerTest, says_with_the_alert_what_is_wrong_with_a_device) {
  listen();
  const struct {
    std::optional<PeerVerdict> verdict;
    std::string alert, reason;
  } cases[] = {
      {std::nullopt, "sslv3 alert bad certificate", "unknown device"},
      {PeerVerdict::expired, "sslv3 alert certificate expired", "certificate expired"},
      {PeerVerdict::revoked, "sslv3 alert certificate revoked", "device revoked"},
      {PeerVerdict::too_many, "tlsv1 alert internal error", "too many connections of this device"},
  };
  for (const auto& expected : cases) {
    Device device;
    if (expected.verdict) enter(device, *expected.verdict);
    RawTls raw(listener_->port(), &device);
    if (raw.is_connected()) raw.receive();
    EXPECT_EQ(raw.error(), expected.alert);
    EXPECT_TRUE(was_rejected(expected.reason));
  }
  expect_service();
}

TEST_F(TlsListenerTest, refuses_tls_1_2) {
  listen();
  Device device;
  enter(device);
  RawTls raw(listener_->port(), &device, TLS1_2_VERSION);
  EXPECT_FALSE(raw.is_connected());
  EXPECT_EQ(raw.error(), "tlsv1 alert protocol version");
  EXPECT_TRUE(was_rejected("TLS: unsupported protocol"));
  expect_service();
}

TEST_F(TlsListenerTest, issues_no_ticket_and_resumes_no_session) {
  listen();
  Device device;
  enter(device);
  RawTls first(listener_->port(), &device);
  ASSERT_TRUE(first.is_connected());
  ASSERT_TRUE(first.upgrade().starts_with("HTTP/1.1 101"));  // tickets would have come by now
  SSL_SESSION* const session = SSL_get1_session(first.ssl());
  EXPECT_EQ(SSL_SESSION_is_resumable(session), 0);
  EXPECT_EQ(SSL_SESSION_has_ticket(session), 0);
  RawTls second(listener_->port(), &device, TLS1_3_VERSION, session);
  EXPECT_TRUE(second.is_connected());
  EXPECT_EQ(SSL_session_reused(second.ssl()), 0);
  SSL_SESSION_free(session);
  enter(device, PeerVerdict::revoked);  // every connection authenticates itself anew
  RawTls third(listener_->port(), &device);
  if (third.is_connected()) third.receive();
  EXPECT_EQ(third.error(), "sslv3 alert certificate revoked");
}

TEST_F(TlsListenerTest, refuses_early_data) {
  listen();
  Device device;
  enter(device);
  RawTls raw(listener_->port(), &device);
  ASSERT_TRUE(raw.is_connected());
  EXPECT_EQ(SSL_SESSION_get_max_early_data(SSL_get0_session(raw.ssl())), 0U);
}

TEST_F(TlsListenerTest, survives_what_is_not_tls) {
  listen();
  for (const std::string_view noise : {"GET / HTTP/1.1\r\n\r\n", "\x16\x03\x01\xff\xff", "\n"}) {
    RawSocket raw(listener_->port());
    raw.send(noise);
    ::shutdown(raw.descriptor(), SHUT_WR);
    EXPECT_TRUE(raw.is_cut());
  }
  expect_service();
}

TEST_F(TlsListenerTest, answers_an_unknown_subprotocol_with_the_versions_it_speaks) {
  listen();
  Device device;
  enter(device);
  const std::pair<std::string, std::string> cases[] = {
      {"oberih.v9, oberih.v10", "the client offered oberih.v9 and 1 more"},
      {"", "the client offered no version"},
      {"OBERIH.V1", "the client offered OBERIH.V1"},
  };
  for (const auto& [offered, words] : cases) {
    RawTls raw(listener_->port(), &device);
    std::string answer = raw.upgrade(offered);
    answer += raw.receive_all();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 400 Bad Request\r\n")) << answer;
    EXPECT_NE(answer.find("Content-Type: application/json\r\n"), std::string::npos);
    EXPECT_NE(answer.find("{\"error\":\"unsupported_version\",\"message\":\""), std::string::npos);
    EXPECT_NE(answer.find(words), std::string::npos) << answer;
    EXPECT_NE(answer.find("\"speaks\":[\"oberih.v1\"]}"), std::string::npos);
  }
  EXPECT_TRUE(was_rejected("unsupported version"));
}

TEST_F(TlsListenerTest, picks_its_subprotocol_out_of_several) {
  listen();
  Device device;
  enter(device);
  RawTls raw(listener_->port(), &device);
  const std::string answer = raw.upgrade("oberih.v2, oberih.v1");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 101"));
  EXPECT_NE(answer.find("Sec-WebSocket-Protocol: oberih.v1\r\n"), std::string::npos) << answer;
  EXPECT_EQ(answer.find("permessage-deflate"), std::string::npos);
}

TEST_F(TlsListenerTest, answers_plain_http) {
  listen();
  Device device;
  enter(device);
  const std::string found = get(device, "GET /checkpoint HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(found.starts_with("HTTP/1.1 200 OK\r\n")) << found;
  EXPECT_TRUE(found.ends_with("\r\n\r\nsize 17\n")) << found;
  EXPECT_TRUE(get(device, "GET /other HTTP/1.1\r\nHost: x\r\n\r\n").starts_with("HTTP/1.1 404"));
  EXPECT_TRUE(get(device, "HEAD /checkpoint HTTP/1.1\r\nHost: x\r\n\r\n").ends_with("\r\n\r\n"));
  EXPECT_TRUE(get(device, "GET /later HTTP/1.1\r\nHost: x\r\n\r\n").ends_with("at last\n"));
  const std::string large = get(device, "GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(large.size() - large.find("\r\n\r\n") - 4, 600'000U);
}

TEST_F(TlsListenerTest, refuses_malformed_http) {
  listen();
  Device device;
  enter(device);
  for (const std::string request :
       {"nonsense\r\n\r\n", "POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "GET /a HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\n\r\n", "GET / HTTP/9.9\r\n\r\n"})
    EXPECT_TRUE(get(device, request).starts_with("HTTP/1.1 400")) << request;
  const std::string large = "GET / HTTP/1.1\r\nX: " + std::string(9'000, 'x');
  EXPECT_TRUE(get(device, large).starts_with("HTTP/1.1 431"));
  EXPECT_TRUE(was_rejected("HTTP header too large"));
}

TEST_F(TlsListenerTest, an_upgrade_of_another_websocket_version_is_refused) {
  listen();
  Device device;
  enter(device);
  const std::string answer =
      get(device,
          "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 8\r\n"
          "Sec-WebSocket-Protocol: oberih.v1\r\n\r\n");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 426")) << answer;
}

TEST_F(TlsListenerTest, cuts_those_who_are_slow_with_the_tls_handshake) {
  listen({.timeouts = {.handshake = 200ms}});
  RawSocket silent(listener_->port());
  RawSocket slow(listener_->port());
  slow.send("\x16");
  std::thread trickle([&slow] {
    for (int i = 0; i < 1000 && slow.send("\x03"); ++i) std::this_thread::sleep_for(20ms);
  });
  EXPECT_TRUE(silent.is_cut());
  EXPECT_TRUE(slow.is_cut());
  trickle.join();
  EXPECT_TRUE(was_rejected("handshake time-out"));
}

TEST_F(TlsListenerTest, cuts_those_who_send_the_upgrade_a_byte_at_a_time) {
  listen({.timeouts = {.handshake = 500ms}});
  Device device;
  enter(device);
  RawTls raw(listener_->port(), &device);
  ASSERT_TRUE(raw.is_connected());
  int sent = 0;
  while (sent < 1000 && raw.send("G")) {
    ++sent;
    std::this_thread::sleep_for(20ms);
  }
  EXPECT_LT(sent, 1000);
  EXPECT_TRUE(was_rejected("handshake time-out"));
}

TEST_F(TlsListenerTest, bounds_the_handshakes_of_one_address) {
  listen({.handshakes_per_address = 3, .timeouts = {}});
  std::vector<std::unique_ptr<RawSocket>> silent;
  for (int i = 0; i < 3; ++i) silent.push_back(std::make_unique<RawSocket>(listener_->port()));
  RawSocket fourth(listener_->port());
  EXPECT_TRUE(fourth.is_cut());
  EXPECT_TRUE(was_rejected("too many handshakes from this address"));
  silent.clear();
  // Their places are free as soon as the server has seen them go.
  for (int i = 0; i < 1000; ++i) {
    Device device;
    enter(device);
    if (connect(target(), device).has_value()) return;
    std::this_thread::sleep_for(10ms);
  }
  FAIL() << "the places were never free again";
}

TEST_F(TlsListenerTest, bounds_the_connections_in_all) {
  listen({.connections = 1, .timeouts = {}});
  Device device;
  enter(device);
  connect(device);
  RawSocket second(listener_->port());
  EXPECT_TRUE(second.is_cut());
  EXPECT_TRUE(was_rejected("too many connections"));
}

TEST_F(TlsListenerTest, goes_on_after_two_thousand_connects) {
  listen({.timeouts = {.handshake = 2s}});
  for (int round = 0; round < 20; ++round) {
    std::vector<std::unique_ptr<RawSocket>> crowd;
    for (int i = 0; i < 100; ++i) crowd.push_back(std::make_unique<RawSocket>(listener_->port()));
    for (const auto& socket : crowd) EXPECT_TRUE(socket->is_connected());
  }
  for (int i = 0; i < 1000; ++i) {  // from their address: not before they are gone
    Device device;
    enter(device);
    if (connect(target(), device).has_value()) return;
    std::this_thread::sleep_for(10ms);
  }
  FAIL() << "no service after the crowd";
}

TEST_F(TlsListenerTest, goes_on_after_running_out_of_descriptors) {
  listen();
  RawSocket waiting;
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const int next = ::dup(0);  // the lowest free descriptor
  ::close(next);
  rlimit tight = before;
  tight.rlim_cur = static_cast<rlim_t>(next);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &tight), 0);
  waiting.connect(listener_->port());
  const bool was_noticed = was_rejected("accept: Too many open files");
  ::setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_TRUE(was_noticed);
  EXPECT_TRUE(waiting.is_connected());
  expect_service();
  waiting.send("not TLS");
  EXPECT_TRUE(waiting.is_cut()) << "who waited meanwhile is accepted as well";
}

TEST_F(TlsListenerTest, stop_refuses_new_connections_and_keeps_the_open_ones) {
  listen();
  Device device;
  enter(device);
  Peer& open = connect(device);
  const ClientTarget where = target();
  listener_->stop();
  for (int i = 0; i < 1000 && RawSocket(where.port).is_connected(); ++i)
    std::this_thread::sleep_for(5ms);
  EXPECT_EQ(refusal_of(where, device), "not_connected");
  open.send("still open");
  EXPECT_EQ(open.next_frame(), "still open");
}

TEST_F(TlsListenerTest, may_be_destroyed_after_the_loop) {
  listen();
  RawSocket half_way(listener_->port());
  loop_.reset();
  listener_.reset();
}

}  // namespace
}  // namespace oberih::socket
