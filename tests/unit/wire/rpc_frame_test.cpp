// SPDX-License-Identifier: Apache-2.0
#include "protocol/wire/rpc_frame.hpp"

#include <gtest/gtest.h>

namespace oberih::wire {
namespace {

RefusalCode refusal_of_request(std::string_view frame) {
  std::optional<std::uint64_t> id;
  auto request = parse_request(frame, &id);
  EXPECT_FALSE(request) << frame;
  return request ? RefusalCode::usage : request.error().code;
}

TEST(RpcFrame, a_request_comes_back_as_it_was_sent) {
  std::optional<std::uint64_t> id;
  auto request = parse_request(encode_request(7, "channel.list", nlohmann::json::object()), &id);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->id, 7u);
  EXPECT_EQ(id, 7u);
  EXPECT_EQ(request->method, "channel.list");
}

TEST(RpcFrame, refuses_what_is_not_a_single_well_formed_request) {
  EXPECT_EQ(refusal_of_request(""), RefusalCode::malformed_frame);
  EXPECT_EQ(refusal_of_request("{"), RefusalCode::malformed_frame);
  EXPECT_EQ(refusal_of_request(R"({"jsonrpc":"2.0","id":1,"id":2,"method":"x","params":{}})"),
            RefusalCode::malformed_frame);
  EXPECT_EQ(refusal_of_request(std::string(100, '[')), RefusalCode::malformed_frame);
  EXPECT_EQ(refusal_of_request("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xff\",\"params\":{}}"),
            RefusalCode::malformed_frame);
  EXPECT_EQ(refusal_of_request("[]"), RefusalCode::malformed_request);
  EXPECT_EQ(refusal_of_request("7"), RefusalCode::malformed_request);
  EXPECT_EQ(refusal_of_request(R"({"jsonrpc":"1.0","id":1,"method":"x","params":{}})"),
            RefusalCode::malformed_request);
  EXPECT_EQ(refusal_of_request(R"({"jsonrpc":"2.0","method":"x","params":{}})"),
            RefusalCode::malformed_request);
  EXPECT_EQ(refusal_of_request(R"({"jsonrpc":"2.0","id":-1,"method":"x","params":{}})"),
            RefusalCode::malformed_request);
  EXPECT_EQ(refusal_of_request(R"({"jsonrpc":"2.0","id":1,"method":"x","params":[]})"),
            RefusalCode::malformed_request);
  EXPECT_EQ(refusal_of_request(R"({"jsonrpc":"2.0","id":1,"method":"x","params":{},"more":1})"),
            RefusalCode::malformed_request);
}

TEST(RpcFrame, a_refused_request_keeps_its_readable_id) {
  std::optional<std::uint64_t> id;
  EXPECT_FALSE(parse_request(R"({"jsonrpc":"2.0","id":9,"params":{}})", &id));
  EXPECT_EQ(id, 9u);
}

TEST(RpcFrame, a_refusal_comes_back_with_code_and_detail) {
  auto incoming = parse_incoming(encode_refusal(3, refuse(RefusalCode::rotation_due, "one line")));
  ASSERT_TRUE(incoming);
  ASSERT_EQ(incoming->replies.size(), 1u);
  const RpcReply& reply = incoming->replies[0];
  EXPECT_EQ(reply.id, 3u);
  ASSERT_TRUE(reply.refusal);
  EXPECT_EQ(reply.refusal->code, RefusalCode::rotation_due);
  EXPECT_EQ(reply.refusal->detail, "one line");
}

TEST(RpcFrame, a_reply_names_its_request_and_only_a_refusal_may_not) {
  EXPECT_TRUE(parse_incoming(R"({"jsonrpc":"2.0","id":7,"result":{}})"));
  EXPECT_TRUE(parse_incoming(encode_refusal(std::nullopt, refuse(RefusalCode::not_found))));
  for (const char* id : {"-7", "7.0", "\"7\"", "null", "[7]"})
    EXPECT_FALSE(
        parse_incoming(R"({"jsonrpc":"2.0","id":)" + std::string(id) + R"(,"result":{}})"))
        << id;
}

TEST(RpcFrame, a_detail_that_is_not_utf8_still_makes_a_valid_frame) {
  EXPECT_TRUE(parse_incoming(encode_refusal(3, refuse(RefusalCode::not_found, "\xff\xfe"))));
}

TEST(RpcFrame, joined_batches_hold_every_event_once_and_in_order) {
  const std::string one = join_events({encode_event("a", {{"n", 1}})});
  const std::string two =
      join_events({encode_event("b", {{"n", 2}}), encode_event("c", {{"n", 3}})});
  auto incoming = parse_incoming(join_batches({one, "[]", two}));
  ASSERT_TRUE(incoming);
  ASSERT_EQ(incoming->events.size(), 3u);
  EXPECT_EQ(incoming->events[0].method, "a");
  EXPECT_EQ(incoming->events[1].method, "b");
  EXPECT_EQ(incoming->events[2].params["n"], 3);
}

TEST(RpcFrame, the_id_of_a_request_is_seen_without_parsing_what_follows) {
  const std::string own = encode_request(417, "entry.post", nlohmann::json::object());
  EXPECT_EQ(peek_id(own), 417U);
  EXPECT_EQ(peek_id(own.substr(0, own.size() - 1) + std::string(10'000, 'x')), 417U);
  const std::string last = R"({"jsonrpc":"2.0","method":"x","params":{"some":"values"},"id":5})";
  EXPECT_EQ(peek_id(last), 5U);
  EXPECT_EQ(peek_id("{"), std::nullopt);
  EXPECT_EQ(peek_id(R"({"id":7)"), std::nullopt) << "it may go on";
  EXPECT_EQ(peek_id(R"({"id":-7})"), std::nullopt);
  EXPECT_EQ(peek_id(std::string(10'000, ' ') + R"({"id":7})"), std::nullopt);
}

}  // namespace
}  // namespace oberih::wire
