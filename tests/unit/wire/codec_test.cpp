// SPDX-License-Identifier: Apache-2.0
// Every request, reply and event goes out and comes back unchanged; a missing field, a field too
// many and a field of another type are refused by name.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "protocol/wire/alerts.hpp"
#include "protocol/wire/attachments.hpp"
#include "protocol/wire/audit_export.hpp"
#include "protocol/wire/audit_reads.hpp"
#include "protocol/wire/audits.hpp"
#include "protocol/wire/events.hpp"
#include "protocol/wire/proofs.hpp"
#include "protocol/wire/receipts.hpp"
#include "protocol/wire/replies.hpp"
#include "protocol/wire/requests.hpp"
#include "protocol/wire/rpc_frame.hpp"

namespace oberih::wire {
namespace {

using nlohmann::json;

template <class Id>
Id filled(std::uint8_t value) {
  Id id;
  id.bytes.fill(value);
  return id;
}

template <class Request>
void expect_strict_request(const Request& request) {
  const json params = encode_params(request);
  Request parsed;
  ASSERT_TRUE(parse_params(params, parsed)) << Request::method;
  EXPECT_EQ(encode_params(parsed), params) << Request::method;
  json more = params;
  more["surprise"] = 1;
  EXPECT_FALSE(parse_params(more, parsed)) << Request::method;
  for (const auto& [key, value] : params.items()) {
    if (key == "name_card") continue;  // optional
    if (key == "channel" && Request::method == ProposalList::method) continue;
    json less = params;
    less.erase(key);
    Request again;
    EXPECT_FALSE(parse_params(less, again)) << Request::method << " without " << key;
    json wrong = params;
    wrong[key] = value.is_string() ? json(1) : json("x");
    Request third;
    EXPECT_FALSE(parse_params(wrong, third)) << Request::method << " with a wrong " << key;
  }
}

template <class Reply>
void expect_strict_reply(const Reply& reply) {
  const json result = json::parse(encode_result(reply));
  Reply parsed;
  ASSERT_TRUE(parse_result(result, parsed)) << result;
  EXPECT_EQ(json::parse(encode_result(parsed)), result);
  json more = result;
  more["surprise"] = 1;
  Reply again;
  EXPECT_FALSE(parse_result(more, again));
  for (const auto& [key, value] : result.items()) {
    json less = result;
    less.erase(key);
    Reply third;
    EXPECT_FALSE(parse_result(less, third)) << "without " << key;
  }
}

TEST(Codec, requests_are_strict) {
  expect_strict_request(SessionHello{"0.1.0", 12});
  expect_strict_request(DirectoryRead{3, 100});
  const sealing::NameCard card{filled<DeviceId>(1), filled<NameSalt>(2), "Слідча Оксана", "uk"};
  expect_strict_request(DirectoryAppend{journal::LeafKind::device_certificate, {1, 2, 3}, card});
  expect_strict_request(DirectoryNames{{filled<DeviceId>(1), filled<DeviceId>(2)}});
  expect_strict_request(ChannelAppend{{1}, filled<Signature>(3), {}, {4, 5}, {6}});
  expect_strict_request(ChannelList{});
  expect_strict_request(ChannelRead{filled<ChannelId>(7), 5, 10, true});
  expect_strict_request(ChannelFollow{filled<ChannelId>(7), 5});
  expect_strict_request(ChannelUnfollow{filled<ChannelId>(7)});
  expect_strict_request(
      EntryPost{{1, 2}, filled<Salt>(3), filled<Digest>(4), {5}, filled<Signature>(6)});
  expect_strict_request(EntryFind{filled<ChannelId>(7), {filled<MessageId>(8)}});
  expect_strict_request(ProposalAppend{{1, 2}});
  expect_strict_request(ApprovalAppend{{1, 2}});
  expect_strict_request(ProposalList{{}, 9});
  expect_strict_request(ProposalList{filled<ChannelId>(7), 9});
  expect_strict_request(ReceiptAppend{{{1, 2}, {3}}});
  expect_strict_request(ReceiptRead{filled<ChannelId>(7), 5, filled<DeviceId>(1)});
  expect_strict_request(AlertList{9, 500});
  expect_strict_request(AuditRead{{1, 2}, filled<Signature>(3)});
  expect_strict_request(AuditFind{{1, 2}, filled<Signature>(3), 4, 500, true, {}});
  expect_strict_request(AuditExport{{1, 2}, filled<Signature>(9)});
  expect_strict_request(CheckpointRead{});
  expect_strict_request(ProofConsistency{9, {1, 9}});
  expect_strict_request(ProofInclusion{9, {0, 8}});
  const auto content = filled<sealing::ContentId>(9);
  expect_strict_request(
      AttachmentBegin{filled<ChannelId>(7), content, {4096, filled<Digest>(1), Bytes(32, 2)}});
  expect_strict_request(AttachmentPut{filled<ChannelId>(7), content, 3, {1, 2}});
  expect_strict_request(AttachmentKeep{filled<ChannelId>(7), content});
  expect_strict_request(AttachmentStatus{filled<ChannelId>(7), content});
  expect_strict_request(AttachmentGet{filled<ChannelId>(7), content, 3});
}

TEST(Codec, replies_are_strict) {
  const Appended appended{1, 2, filled<Digest>(3), 4};
  expect_strict_reply(HelloReply{"0.1.0", filled<DeviceId>(1), 2, 3, 4, "note\n"});
  expect_strict_reply(DirectoryPage{{{0, {1, 2}}, {5, {3}}}, 2});
  expect_strict_reply(NameCards{{{filled<DeviceId>(1), filled<NameSalt>(2), "Оксана", ""}}});
  expect_strict_reply(appended);
  expect_strict_reply(ChannelSummaries{
      {{filled<ChannelId>(1), ChannelKind::case_, 2, 3, RosterRole::admin, false}}});
  expect_strict_reply(ItemPage{{{1, {2}, Bytes{3}, {}, {}}, {4, {5}, {}, {6}, {7}}}, 8, 9});
  expect_strict_reply(Followed{5});
  expect_strict_reply(FoundEntries{{{filled<MessageId>(1), filled<Digest>(2), appended}}});
  expect_strict_reply(ProposalPage{{{3, {1, 2}}, {5, {3}}}, true, 2});
  expect_strict_reply(ReceiptsAppended{{{1, 0, filled<Digest>(3), 4}}});
  expect_strict_reply(AlertPage{{{3, {1, 2}}, {5, {3}}}, true, 2});
  expect_strict_reply(AuditPage{{1, 0, filled<Digest>(3), 4}, {{3, {1, 2}}}, true, {}, 2});
  expect_strict_reply(ReceiptPage{{{3, {1, 2}}, {5, {3}}}, true, filled<DeviceId>(1), 2});
  expect_strict_reply(CheckpointReply{"note\n"});
  expect_strict_reply(Done{});
  const AttachmentProgress progress{3, true, 4096};
  expect_strict_reply(progress);
  expect_strict_reply(AttachmentState{{4096, filled<Digest>(1), Bytes(32, 2)}, progress});
  expect_strict_reply(AttachmentChunk{{1, 2, 3}});
}

TEST(Codec, what_a_checkpoint_says_besides_may_be_absent_but_not_half_there) {
  const json result =
      json::parse(encode_result(CheckpointReply{"note\n", "note\n", Anchored{417, 5, 6}}));
  CheckpointReply parsed;
  ASSERT_TRUE(parse_result(result, parsed)) << result;
  EXPECT_EQ(json::parse(encode_result(parsed)), result);
  EXPECT_EQ(parsed.anchored->unanchored_ms, 6U);
  for (const char* key : {"size", "at_ms", "unanchored_ms"}) {
    json less = result;
    less["anchored"].erase(key);
    CheckpointReply again;
    EXPECT_FALSE(parse_result(less, again)) << key;
  }
}

TEST(Codec, an_item_event_comes_back_as_it_was_sent) {
  const ItemEvent event{filled<ChannelId>(1), {7, {1, 2, 3}, Bytes{4, 5}, {}, {}}, 9};
  auto incoming = parse_incoming(join_events({encode_event(event)}));
  ASSERT_TRUE(incoming);
  ASSERT_EQ(incoming->events.size(), 1u);
  ItemEvent parsed;
  ASSERT_TRUE(parse_event(incoming->events[0].params, parsed));
  EXPECT_EQ(parsed.channel, event.channel);
  EXPECT_EQ(parsed.item.index, 7u);
  EXPECT_EQ(parsed.item.leaf, event.item.leaf);
  EXPECT_EQ(parsed.item.ciphertext, event.item.ciphertext);
  EXPECT_EQ(parsed.directory_count, 9u);
}

TEST(Codec, a_page_of_nothing_and_an_id_of_the_wrong_length_are_refused) {
  ChannelRead read;
  EXPECT_FALSE(
      parse_params({{"channel", "AAAA"}, {"after_seq", 0}, {"limit", 1}, {"latest", false}}, read));
  json params = encode_params(ChannelRead{filled<ChannelId>(1), 0, 1, false});
  params["limit"] = 0;
  EXPECT_FALSE(parse_params(params, read));
  params["limit"] = limits::page_items + 1;
  EXPECT_FALSE(parse_params(params, read));
}

TEST(Codec, proofs_of_nothing_of_too_much_and_of_what_cannot_be_are_refused) {
  constexpr std::uint64_t most = std::uint64_t{1} << 63;
  ProofConsistency consistency;
  EXPECT_TRUE(parse_params(encode_params(ProofConsistency{most, {1}}), consistency));
  ProofInclusion inclusion;
  EXPECT_TRUE(parse_params(encode_params(ProofInclusion{most, {most - 1}}), inclusion));
  for (const std::string params :
       {R"({"size":0,"old_sizes":[0]})", R"({"size":5,"old_sizes":[]})",
        R"({"size":5,"old_sizes":[0]})", R"({"size":5,"old_sizes":[6]})",
        R"({"size":5,"old_sizes":[-1]})", R"({"size":5,"old_sizes":[1.5]})",
        R"({"size":5,"old_sizes":["1"]})", R"({"size":5,"old_sizes":1})"}) {
    ProofConsistency refused;
    EXPECT_FALSE(parse_params(json::parse(params), refused)) << params;
  }
  EXPECT_FALSE(parse_params(encode_params(ProofConsistency{most + 1, {1}}), consistency));
  const std::vector<std::uint64_t> too_many(proofs_at_once + 1, 1);
  EXPECT_FALSE(parse_params(encode_params(ProofConsistency{5, too_many}), consistency));
  for (const std::string params : {R"({"size":0,"indexes":[0]})", R"({"size":5,"indexes":[]})",
                                   R"({"size":5,"indexes":[5]})", R"({"size":5,"indexes":[-1]})"}) {
    ProofInclusion refused;
    EXPECT_FALSE(parse_params(json::parse(params), refused)) << params;
  }
  EXPECT_FALSE(parse_params(encode_params(ProofInclusion{most + 1, {1}}), inclusion));
}

TEST(Codec, proofs_share_their_hashes_and_come_back_as_they_were) {
  const Digest one = filled<Digest>(1), two = filled<Digest>(2);
  const Proofs proofs{{{one, two}, {}, {two, two, one}}};
  const json result = json::parse(encode_result(proofs));
  EXPECT_EQ(result["hashes"].size(), 2u);
  Proofs parsed;
  ASSERT_TRUE(parse_result(result, parsed));
  EXPECT_EQ(parsed.paths, proofs.paths);
  for (const char* paths : {"[[2]]", "[[-1]]", "[[\"0\"]]", "[[0.5]]", "[0]", "[{}]"}) {
    json wrong = result;
    wrong["paths"] = json::parse(paths);
    Proofs refused;
    EXPECT_FALSE(parse_result(wrong, refused)) << paths;
  }
  json wrong = result;
  wrong["paths"] = json::array({std::vector<int>(129, 0)});
  Proofs refused;
  EXPECT_FALSE(parse_result(wrong, refused)) << "no path is so long";
}

}  // namespace
}  // namespace oberih::wire
