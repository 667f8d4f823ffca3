// SPDX-License-Identifier: Apache-2.0
#include "protocol/socket/tls_websocket.hpp"

#include <atomic>

#include "tests/unit/socket/raw_tls.hpp"

namespace oberih::socket {
namespace {

class TlsWebSocketTest : public SocketTest {};

TEST_F(TlsWebSocketTest, echoes_frames_in_order) {
  listen();
  Device device;
  enter(device);
  Peer& peer = connect(device);
  EXPECT_EQ(peer->peer_spki(), server_.spki);
  EXPECT_EQ(peer->peer_address(), "127.0.0.1");
  for (const std::string text : {"перше", "друге", ""}) {
    EXPECT_TRUE(peer.send(text).get());
    EXPECT_EQ(peer.next_frame(), text);
  }
}

TEST_F(TlsWebSocketTest, carries_a_frame_of_the_full_size_both_ways) {
  listen();
  Device device;
  enter(device);
  Peer& peer = connect(device);
  const std::string large(limits::frame_bytes, 'a');
  peer.send(large);
  EXPECT_TRUE(peer.next_frame() == large);
  peer.send("small");
  EXPECT_EQ(peer.next_frame(), "small");
}

TEST_F(TlsWebSocketTest, serves_two_hundred_clients_at_once) {
  listen({.handshakes = 1000, .handshakes_per_address = 1000, .timeouts = {}});
  std::deque<Device> devices(200);
  for (const Device& device : devices) enter(device);
  std::atomic<std::size_t> echoes = 0;
  std::atomic<std::size_t> failures = 0;
  std::promise<void> all;
  std::mutex mutex;
  std::vector<std::shared_ptr<TlsWebSocket>> open;
  const std::size_t rounds = 10;
  for (const Device& device : devices)
    connect_tls_websocket(*loop_, target(), device.identity, [&](auto result) {
      if (!result) {
        if (++failures == 1) all.set_value();
        return;
      }
      auto websocket = std::move(*result);
      auto queue = std::make_shared<SendQueue>(websocket);
      auto left = std::make_shared<std::size_t>(rounds);
      websocket->start({[&, queue, left](std::string_view frame) {
                          if (++echoes == devices.size() * rounds) all.set_value();
                          if (--*left > 0) queue->push(std::string(frame));
                        },
                        {}});
      websocket->post([queue] { queue->push(std::string(500, 'e')); });
      std::lock_guard lock(mutex);
      open.push_back(std::move(websocket));
    });
  EXPECT_EQ(all.get_future().wait_for(2 * patience), std::future_status::ready);
  EXPECT_EQ(failures, 0U);
  EXPECT_EQ(echoes, devices.size() * rounds);
  std::lock_guard lock(mutex);
  for (auto& websocket : open) clients_.push_back(std::make_unique<Peer>(websocket));
}

TEST_F(TlsWebSocketTest, tells_the_other_side_why_it_closes) {
  keeps_websockets_ = true;
  listen();
  Device device;
  enter(device);
  Peer& client = connect(device);
  Peer& server = accepted();
  EXPECT_EQ(server->peer_spki(), device.spki);
  server->close(CloseCode::device_revoked, "відкликано");
  server->close(CloseCode::normal, "a second time");
  const CloseReason seen = client.wait_for_close();
  EXPECT_EQ(seen.code, code_of(CloseCode::device_revoked));
  EXPECT_EQ(seen.text, "відкликано");
  EXPECT_EQ(server.wait_for_close().code, code_of(CloseCode::device_revoked));
  EXPECT_FALSE(server.send("too late").get());
  EXPECT_FALSE(client.send("too late").get());
  EXPECT_EQ(server.close_count(), 1U);
  EXPECT_EQ(client.close_count(), 1U);
}

TEST_F(TlsWebSocketTest, cuts_a_long_reason_at_a_letter) {
  keeps_websockets_ = true;
  listen();
  Device device;
  enter(device);
  Peer& client = connect(device);
  std::string reason;
  for (int i = 0; i < 100; ++i) reason += "ї";
  accepted()->close(CloseCode::policy_violation, reason);
  EXPECT_EQ(client.wait_for_close().text, reason.substr(0, 122));
}

TEST_F(TlsWebSocketTest, both_sides_may_close_at_once) {
  keeps_websockets_ = true;
  listen();
  Device device;
  enter(device);
  for (int i = 0; i < 10; ++i) {
    Peer& client = connect(device);
    Peer& server = accepted();
    server->close(CloseCode::going_away, "stop");
    client->close(CloseCode::normal, "bye");
    EXPECT_NE(client.wait_for_close().code, 9999);
    EXPECT_NE(server.wait_for_close().code, 9999);
  }
}

TEST_F(TlsWebSocketTest, a_close_before_start_is_reported_after_start) {
  keeps_websockets_ = true;
  listen();
  Device device;
  enter(device);
  auto result = connect(target(), device);
  ASSERT_TRUE(result.has_value());
  Peer client(*result);
  client->close(CloseCode::normal, "early");
  client.start();
  accepted();
  EXPECT_EQ(client.wait_for_close().text, "early");
}

TEST_F(TlsWebSocketTest, a_cut_connection_has_no_code) {
  keeps_websockets_ = true;
  listen();
  Device device;
  enter(device);
  {
    RawTls raw(listener_->port(), &device);
    ASSERT_TRUE(raw.upgrade().starts_with("HTTP/1.1 101"));
  }
  const CloseReason reason = accepted().wait_for_close();
  EXPECT_EQ(reason.code, 0);
  EXPECT_FALSE(reason.text.empty());
}

TEST_F(TlsWebSocketTest, a_frame_too_large_is_closed_with_1009) {
  keeps_websockets_ = true;
  listen({.frame_bytes = 1000, .timeouts = {}});
  Device device;
  enter(device);
  RawTls raw(listener_->port(), &device);
  ASSERT_TRUE(raw.upgrade().starts_with("HTTP/1.1 101"));
  Peer& server = accepted();
  raw.send(RawTls::frame(0x81, std::string(1000, 'x')));
  EXPECT_EQ(server.next_frame().size(), 1000U);
  raw.send(RawTls::frame(0x81, std::string(300'000, 'x')));
  EXPECT_EQ(raw.close_code(), 1009U);
  raw.hang_up();
  EXPECT_EQ(server.wait_for_close().code, code_of(CloseCode::frame_too_large));
}

TEST_F(TlsWebSocketTest, fragments_count_together) {
  keeps_websockets_ = true;
  listen({.frame_bytes = 1000, .timeouts = {}});
  Device device;
  enter(device);
  RawTls raw(listener_->port(), &device);
  ASSERT_TRUE(raw.upgrade().starts_with("HTTP/1.1 101"));
  Peer& server = accepted();
  raw.send(RawTls::frame(0x01, std::string(400, 'a')));
  raw.send(RawTls::frame(0x80, std::string(600, 'b')));
  EXPECT_EQ(server.next_frame(), std::string(400, 'a') + std::string(600, 'b'));
  raw.send(RawTls::frame(0x01, std::string(600, 'a')));
  raw.send(RawTls::frame(0x00, std::string(401, 'b')));
  EXPECT_EQ(raw.close_code(), 1009U);
}

TEST_F(TlsWebSocketTest, closes_what_is_not_a_text_frame) {
  keeps_websockets_ = true;
  listen();
  Device device;
  enter(device);
  const struct {
    unsigned char first_byte;
    std::string payload;
    unsigned code;
  } cases[] = {
      {0x82, "binary", 1003},          {0x82, "", 1003},
      {0x81, "\xff\xfe", 1007},        {0x83, "opcode", 1002},
      {0xc1, "compressed?", 1002},     {0x80, "continues nothing", 1002},
      {0x09, "fragmented ping", 1002},
  };
  for (const auto& bad : cases) {
    RawTls raw(listener_->port(), &device);
    ASSERT_TRUE(raw.upgrade().starts_with("HTTP/1.1 101"));
    Peer& server = accepted();
    raw.send(RawTls::frame(bad.first_byte, bad.payload));
    EXPECT_EQ(raw.close_code(), bad.code) << bad.code;
    raw.hang_up();
    EXPECT_EQ(server.wait_for_close().code, bad.code) << bad.code;
  }
}

TEST_F(TlsWebSocketTest, pings_keep_a_silent_connection_open) {
  keeps_websockets_ = true;
  listen({.timeouts = {.idle = 600ms}});
  Device device;
  enter(device);
  Peer& client = connect(device);  // answers pings
  Peer& server = accepted();
  std::this_thread::sleep_for(2s);
  EXPECT_FALSE(server.has_closed());
  EXPECT_TRUE(server.send("still there").get());
  EXPECT_EQ(client.next_frame(), "still there");
}

TEST_F(TlsWebSocketTest, without_answers_to_pings_it_closes_as_idle) {
  keeps_websockets_ = true;
  listen({.timeouts = {.idle = 300ms}});
  Device device;
  enter(device);
  RawTls raw(listener_->port(), &device);
  ASSERT_TRUE(raw.upgrade().starts_with("HTTP/1.1 101"));
  EXPECT_EQ(accepted().wait_for_close().code, code_of(CloseCode::idle));
  EXPECT_EQ(raw.close_code(), code_of(CloseCode::idle));
}

TEST_F(TlsWebSocketTest, a_message_that_trickles_in_does_not_keep_it_open) {
  keeps_websockets_ = true;
  listen({.timeouts = {.idle = 500ms}});
  Device device;
  enter(device);
  RawTls raw(listener_->port(), &device);
  ASSERT_TRUE(raw.upgrade().starts_with("HTTP/1.1 101"));
  Peer& server = accepted();
  raw.send(RawTls::frame(0x81, std::string(1000, 'x')).substr(0, 20));
  for (int i = 0; i < 1000 && !server.has_closed(); ++i) {
    raw.send("x");
    std::this_thread::sleep_for(10ms);
  }
  EXPECT_EQ(server.wait_for_close().code, code_of(CloseCode::idle));
}

TEST_F(TlsWebSocketTest, fragments_between_pings_do_not_keep_it_open_either) {
  keeps_websockets_ = true;
  listen({.timeouts = {.idle = 500ms}});
  Device device;
  enter(device);
  RawTls raw(listener_->port(), &device);
  ASSERT_TRUE(raw.upgrade().starts_with("HTTP/1.1 101"));
  Peer& server = accepted();
  raw.send(RawTls::frame(0x01, "x"));
  for (int i = 0; i < 1000 && !server.has_closed(); ++i) {
    raw.send(RawTls::frame(0x00, "x") + RawTls::frame(0x89, "ping"));
    std::this_thread::sleep_for(10ms);
  }
  EXPECT_EQ(server.wait_for_close().code, code_of(CloseCode::idle));
}

TEST_F(TlsWebSocketTest, a_client_that_reads_nothing_is_closed_at_once_when_asked) {
  keeps_websockets_ = true;
  listen();
  Device device;
  enter(device);
  RawTls raw(listener_->port(), &device);
  ASSERT_TRUE(raw.upgrade().starts_with("HTTP/1.1 101"));
  Peer& server = accepted();
  std::future<bool> sent;
  do {  // until the kernel's buffers are full
    sent = server.send(std::string(limits::frame_bytes, 'x'));
  } while (sent.wait_for(1s) == std::future_status::ready && sent.get());
  ASSERT_TRUE(sent.valid()) << "the connection ended before the buffers were full";
  server->close(CloseCode::slow_consumer, "the outbox is full");
  EXPECT_EQ(server.wait_for_close().code, code_of(CloseCode::slow_consumer));
  ASSERT_EQ(sent.wait_for(0s), std::future_status::ready) << "done comes before on_close";
  EXPECT_FALSE(sent.get());
}

TEST_F(TlsWebSocketTest,
       nothing_of_a_connection_remains_when_both_sides_end_it_over_a_full_buffer) {
  keeps_websockets_ = true;
  listen({.frame_bytes = 1000, .timeouts = {}});
  Device device;
  enter(device);
  RawTls raw(listener_->port(), &device);
  ASSERT_TRUE(raw.upgrade().starts_with("HTTP/1.1 101"));
  Peer& server = accepted();
  auto sent = server.send(std::string(16 << 20, 'x'));  // more than the kernel's buffers take
  raw.send(RawTls::frame(0x81, std::string(1001, 'x')));
  std::this_thread::sleep_for(100ms);  // reading waits to answer with 1009, behind the write
  server->close(CloseCode::slow_consumer, "the outbox is full");
  raw.receive_all();
  EXPECT_EQ(server.wait_for_close().code, code_of(CloseCode::slow_consumer));
  EXPECT_EQ(sent.wait_for(0s), std::future_status::ready);
  const std::weak_ptr<TlsWebSocket> watch = server->weak_from_this();
  {
    std::lock_guard lock(mutex_);
    accepted_.clear();
  }
  for (int i = 0; i < 1000 && !watch.expired(); ++i) std::this_thread::sleep_for(5ms);
  EXPECT_TRUE(watch.expired());
}

TEST_F(TlsWebSocketTest, a_client_that_ignores_the_close_frame_is_cut) {
  keeps_websockets_ = true;
  listen();
  Device device;
  enter(device);
  RawTls raw(listener_->port(), &device);
  ASSERT_TRUE(raw.upgrade().starts_with("HTTP/1.1 101"));
  Peer& server = accepted();
  server->close(CloseCode::going_away, "the server stops");
  for (int i = 0; i < 3000 && !server.has_closed(); ++i) {
    raw.send(RawTls::frame(0x81, "I go on talking"));
    std::this_thread::sleep_for(10ms);
  }
  EXPECT_EQ(server.wait_for_close().code, code_of(CloseCode::going_away));
}

TEST_F(TlsWebSocketTest, two_sends_at_once_end_that_connection_only) {
  keeps_websockets_ = true;
  listen();
  Device device;
  enter(device);
  RawTls raw(listener_->port(), &device);
  ASSERT_TRUE(raw.upgrade().starts_with("HTTP/1.1 101"));
  Peer& server = accepted();
  auto first = server.send(std::string(8 << 20, 'x'));
  auto second = server.send("two");
  EXPECT_FALSE(second.get());
  EXPECT_NE(server.wait_for_close().code, 9999);
  EXPECT_FALSE(first.get());
}

TEST_F(TlsWebSocketTest, posted_work_runs_on_the_strand_with_the_handlers) {
  keeps_websockets_ = true;
  listen();
  Device device;
  enter(device);
  connect(device);
  Peer& server = accepted();
  int unguarded = 0;  // a race would be seen by ThreadSanitizer
  std::promise<void> all;
  for (int i = 0; i < 100; ++i)
    server->post([&] {
      if (++unguarded == 100) all.set_value();
    });
  EXPECT_EQ(all.get_future().wait_for(patience), std::future_status::ready);
}

TEST_F(TlsWebSocketTest, may_outlive_the_loop_and_forgets_its_session_with_it) {
  listen();
  Device device;
  enter(device);
  auto result = connect(target(), device);
  ASSERT_TRUE(result.has_value());
  std::shared_ptr<TlsWebSocket> websocket = std::move(*result);
  struct Session {
    std::shared_ptr<TlsWebSocket> websocket;
    std::promise<void> heard;
  };
  auto session = std::make_shared<Session>();
  session->websocket = websocket;
  auto heard = session->heard.get_future();
  std::weak_ptr<Session> watch = session;
  websocket->start({[session](std::string_view) { session->heard.set_value(); },
                    [session](const CloseReason&) {}});
  session.reset();
  websocket->send(std::make_shared<const std::string>("echo"), {});
  ASSERT_EQ(heard.wait_for(patience), std::future_status::ready);
  listener_.reset();
  loop_.reset();
  EXPECT_TRUE(watch.expired());
  websocket->send(std::make_shared<const std::string>("nobody is there"), {});
  websocket->close(CloseCode::normal, "");
}

TEST_F(TlsWebSocketTest, cuts_who_sends_pieces_without_content_for_ever) {
  listen();
  Device device;
  enter(device);
  RawTls raw(listener_->port(), &device);
  raw.upgrade();
  raw.send(RawTls::frame(0x01, ""));
  std::string pieces;
  while (pieces.size() < 16'000) pieces += RawTls::frame(0x00, "");
  int sent = 0;
  while (sent < 1'000 && raw.send(pieces)) ++sent;
  EXPECT_LT(sent, 1'000);
}

TEST_F(TlsWebSocketTest, tells_of_pings_and_pieces_and_delivers_the_whole) {
  keeps_websockets_ = true;
  listen();
  Device device;
  enter(device);
  RawTls raw(listener_->port(), &device);
  raw.upgrade();
  Peer& servers_end = accepted();
  raw.send(RawTls::frame(0x89, "") + RawTls::frame(0x01, "a") + RawTls::frame(0x00, "b") +
           RawTls::frame(0x80, "c"));
  EXPECT_EQ(servers_end.next_frame(), "abc");
  EXPECT_EQ(servers_end.fragments(), 2);
  EXPECT_EQ(servers_end.control_frames(), 1);
}

}  // namespace
}  // namespace oberih::socket
