// SPDX-License-Identifier: Apache-2.0
// Who asks too much, in each of the ways that cost something: refused or closed with a reason, and
// nobody else notices.
#include "tests/integration/server_fixture.hpp"

namespace oberih::test {
namespace {

TEST(Limits, connections_opened_in_a_loop_are_refused_in_the_handshake) {
  TestServer server([](runtime::Settings& settings) {
    settings.connections_per_minute = settings.connections_at_once = 10;
  });
  auto hasty = server.enrol("Квапливий");
  auto colleague = server.enrol("Колега");
  std::string why;
  for (int i = 0; i < 11 && why != "server_busy"; ++i) why = TestClient(server, *hasty).why_not();
  EXPECT_EQ(why, "server_busy");
  EXPECT_TRUE(server.wait_for_log("too many connections of this device or agency"));
  EXPECT_TRUE(TestClient(server, *colleague).hello().contains("result"));
}

TEST(Limits, pages_of_plain_http_count_as_connections) {
  TestServer server([](runtime::Settings& settings) {
    settings.connections_per_minute = settings.connections_at_once = 10;
  });
  auto hasty = server.enrol("Квапливий");
  bool is_refused = false;
  for (int i = 0; i < 11 && !is_refused; ++i) {
    socket::RawTls http(server.port(), &hasty->tls);
    http.send("GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    is_refused = http.receive_all().find("200") == std::string::npos;
  }
  EXPECT_TRUE(is_refused);
}

TEST(Limits, who_has_read_too_much_is_told_when_to_come_back) {
  TestServer server([](runtime::Settings& settings) { settings.read_bytes_per_second = 100; });
  auto reader = server.enrol("Читач");
  TestClient client(server, *reader);
  ASSERT_TRUE(client.hello().contains("result"));
  json refusal;
  for (int i = 0; i < 10 && !refusal.contains("error"); ++i)
    refusal = client.ask(wire::DirectoryRead{0, 1'000});
  ASSERT_TRUE(refusal.contains("error"));
  EXPECT_EQ(refusal["error"]["data"]["code"], "server_busy");
  EXPECT_NE(refusal["error"]["data"]["detail"].dump().find("Come back in"), std::string::npos);
  EXPECT_TRUE(client.ask(wire::CheckpointRead{}).contains("result")) << "it may do other things";
}

TEST(Limits, a_read_counts_as_several_requests) {
  TestServer server([](runtime::Settings& settings) { settings.requests_per_second = 8; });
  auto reader = server.enrol("Читач");
  TestClient client(server, *reader);
  ASSERT_TRUE(client.hello().contains("result"));
  int answered = 0;
  while (client.ask(wire::DirectoryRead{0, 1}).contains("result")) ++answered;
  EXPECT_LT(answered, 16);  // of sixteen plain ones at once
}

TEST(Limits, pings_without_end_close_the_connection) {
  TestServer server([](runtime::Settings& settings) { settings.requests_per_second = 10; });
  auto flooder = server.enrol("Нав'язливий");
  socket::RawTls raw(server.port(), &flooder->tls);
  raw.upgrade();
  for (int i = 0; i < 1'000; ++i)
    if (!raw.send(socket::RawTls::frame(0x89, ""))) break;
  EXPECT_TRUE(server.wait_for_log("4005"));
}

TEST(Limits, who_asks_on_without_waiting_is_slowed_down_and_not_cut_off) {
  TestServer server([](runtime::Settings& settings) { settings.requests_per_second = 200; });
  auto hasty = server.enrol("Квапливий");
  TestClient client(server, *hasty);
  ASSERT_TRUE(client.hello().contains("result"));
  constexpr int asked = 1'000;  // at the speed of the wire they would be far too many
  for (std::uint64_t id = 1; id <= asked; ++id)
    client.send(wire::encode_request(id, wire::CheckpointRead::method, json::object()));
  int answered = 0;
  for (int i = 0; i < asked; ++i) answered += client.next_reply().contains("result") ? 1 : 0;
  EXPECT_GT(answered, 600) << "time passed, and with it came new requests";
}

}  // namespace
}  // namespace oberih::test
