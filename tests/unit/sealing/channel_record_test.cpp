// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/channel_record.hpp"

#include "malformed_input.hpp"
#include "protocol/base/limits.hpp"
#include "world.hpp"

namespace oberih::sealing {
namespace {

RosterLine line(std::uint32_t number, RosterRole role = RosterRole::member) {
  return {made_of<DeviceId>(number), made_of<HpkePublicKey>(number), role, number};
}

Roster lines(std::uint32_t first, std::uint32_t count) {
  Roster roster;
  for (std::uint32_t i = 0; i < count; ++i) roster.push_back(line(first + i));
  return roster;
}

ChannelRecord some_record() {
  ChannelRecord record;
  record.op = RecordOp::change;
  record.channel = made_of<ChannelId>(1);
  record.seq = 2;
  record.epoch = 3;
  record.roster = lines(1, 3);
  record.policy = {ChannelKind::case_, 2, History::full};
  record.change.add = LinesItem{"Наказ 417", lines(2, 1)};
  record.change.remove = RemoveItem{"звільнено", {made_of<DeviceId>(9)}};
  record.change.alter = LinesItem{"", lines(1, 1)};
  record.change.policy = record.policy;
  record.log_size = 4;
  record.author = made_of<DeviceId>(1);
  return record;
}

Bytes encode_change(const Change& change) {
  Bytes bytes;
  for (const Bytes& item : encode_change_items(change))
    bytes.insert(bytes.end(), item.begin(), item.end());
  return bytes;
}

TEST(ChannelRecordTest, comes_back_as_it_went_and_is_strict) {
  const Bytes content = encode_record_content(some_record());
  Result<ChannelRecord> back = parse_record_content(content);
  ASSERT_TRUE(back);
  EXPECT_EQ(encode_record_content(*back), content);
  expect_strict(content, parse_record_content);
}

TEST(ChannelRecordTest, refuses_unknown_ops) {
  Bytes content = encode_record_content(some_record());
  content[1] = 5;
  EXPECT_FALSE(parse_record_content(content));
}

TEST(ChannelRecordTest, body_and_approvals_are_strict) {
  SignedRecord record{encode_record_content(some_record()), {}, {Approval{}, Approval{}}};
  const Bytes body = encode_record_body(record);
  expect_strict(body, parse_record_body, false);
  const Bytes approvals = encode_approvals(record.approvals);
  EXPECT_EQ(approvals.size(), 2 * approval_wire_bytes);
  EXPECT_TRUE(parse_approvals({}));
  EXPECT_FALSE(parse_approvals(ByteView(approvals).first(approval_wire_bytes + 1)));
  EXPECT_FALSE(parse_approvals(Bytes(approval_wire_bytes * (limits::approvals + 1))));
}

TEST(RosterTest, ascends_strictly) {
  Roster roster = lines(1, 3);
  EXPECT_TRUE(parse_roster(encode_roster(roster)));
  std::swap(roster[0], roster[1]);
  EXPECT_FALSE(parse_roster(encode_roster(roster)));
  roster = lines(1, 3);
  roster[1].device = roster[0].device;
  EXPECT_FALSE(parse_roster(encode_roster(roster)));
  EXPECT_FALSE(parse_roster({}));
}

TEST(RosterTest, has_only_known_roles) {
  Bytes bytes = encode_roster(lines(1, 1));
  for (std::uint8_t role : {0, 3, 5, 255}) {
    bytes[48] = role;
    EXPECT_FALSE(parse_roster(bytes)) << int{role};
  }
}

TEST(RosterTest, has_at_most_1024_lines) {
  EXPECT_TRUE(parse_roster(encode_roster(lines(1, 1'024))));
  EXPECT_EQ(outcome_of(parse_roster(encode_roster(lines(1, 1'025)))), "roster_too_large");
}

TEST(PolicyTest, is_strict) {
  expect_strict(encode_policy({ChannelKind::hearing, 3, History::from_joining}), parse_policy);
  EXPECT_FALSE(parse_policy(Bytes{1, 0, 2, 1}));
  EXPECT_FALSE(parse_policy(Bytes{1, 6, 2, 1}));
  EXPECT_FALSE(parse_policy(Bytes{1, 1, 2, 0}));
  EXPECT_FALSE(parse_policy(Bytes{1, 1, 2, 3}));
}

TEST(ChangeTest, has_each_item_once_and_ascending) {
  const Change change = some_record().change;
  const std::vector<Bytes> items = encode_change_items(change);
  ASSERT_EQ(items.size(), 4u);
  const auto joined = [&](std::vector<std::size_t> order) {
    Bytes bytes;
    for (std::size_t i : order) bytes.insert(bytes.end(), items[i].begin(), items[i].end());
    return parse_change(bytes).has_value();
  };
  EXPECT_TRUE(joined({}));
  EXPECT_TRUE(joined({0, 1, 2, 3}));
  EXPECT_TRUE(joined({1, 3}));
  EXPECT_FALSE(joined({0, 0}));
  EXPECT_FALSE(joined({1, 0}));
}

TEST(ChangeTest, refuses_unknown_numbers_and_bytes_left_over_inside_an_item) {
  for (std::uint8_t number : {0, 7, 255})
    EXPECT_FALSE(parse_change(Bytes{number, 0, 0, 0, 0}));
  EXPECT_TRUE(parse_change(Bytes{6, 0, 0, 0, 4, 0, 0, 0, 0}));
  EXPECT_FALSE(parse_change(Bytes{6, 0, 0, 0, 5, 0, 0, 0, 0, 0}));
  EXPECT_FALSE(parse_change(Bytes{4, 0, 0, 0, 5, 1, 1, 1, 1, 0}));
}

TEST(ChangeTest, refuses_empty_lists_and_lists_that_do_not_ascend) {
  Change change;
  change.add = LinesItem{"", {}};
  EXPECT_FALSE(parse_change(encode_change(change)));
  change.add = LinesItem{"", {line(2), line(1)}};
  EXPECT_FALSE(parse_change(encode_change(change)));
  change.add.reset();
  change.remove = RemoveItem{"", {}};
  EXPECT_FALSE(parse_change(encode_change(change)));
  change.remove = RemoveItem{"", {made_of<DeviceId>(1), made_of<DeviceId>(1)}};
  EXPECT_FALSE(parse_change(encode_change(change)));
}

TEST(ChangeTest, has_at_most_100_lines_in_all_items_together) {
  Change change;
  change.add = LinesItem{"", lines(1, 60)};
  change.remove = RemoveItem{"", {}};
  for (std::uint32_t i = 0; i < 40; ++i) change.remove->devices.push_back(made_of<DeviceId>(i));
  EXPECT_TRUE(parse_change(encode_change(change)));
  change.remove->devices.push_back(made_of<DeviceId>(40));
  EXPECT_FALSE(parse_change(encode_change(change)));
}

TEST(ChangeTest, has_mandates_that_are_utf8_and_short) {
  Change change;
  change.close_reason = std::string(limits::mandate_bytes, 'x');
  EXPECT_TRUE(parse_change(encode_change(change)));
  change.close_reason = std::string(limits::mandate_bytes + 1, 'x');
  EXPECT_FALSE(parse_change(encode_change(change)));
  change.close_reason = "\xff";
  EXPECT_FALSE(parse_change(encode_change(change)));
}

TEST(ChannelIdTest, depends_on_all_that_does_not_depend_on_it) {
  const ChannelRecord record = some_record();
  const ChannelId id = derive_channel_id(record);
  const auto changed = [&](auto change) {
    ChannelRecord other = record;
    change(other);
    return derive_channel_id(other) != id;
  };
  EXPECT_FALSE(changed([](ChannelRecord& r) { r.channel = {}; }));
  EXPECT_FALSE(changed([](ChannelRecord& r) { r.key_commitment = made_of<Digest>(1); }));
  EXPECT_FALSE(changed([](ChannelRecord& r) { r.message_key_commitment = made_of<Digest>(1); }));
  EXPECT_FALSE(changed([](ChannelRecord& r) { r.prev_box_hash = made_of<Digest>(1); }));
  EXPECT_FALSE(changed([](ChannelRecord& r) { r.wraps_root = made_of<Digest>(1); }));
  EXPECT_TRUE(changed([](ChannelRecord& r) { r.prev_record = made_of<Digest>(1); }));
  EXPECT_TRUE(changed([](ChannelRecord& r) { r.roster.pop_back(); }));
  EXPECT_TRUE(changed([](ChannelRecord& r) { r.policy.approvals_k = 3; }));
  EXPECT_TRUE(changed([](ChannelRecord& r) { r.author = made_of<DeviceId>(2); }));
  EXPECT_TRUE(changed([](ChannelRecord& r) { r.client_ms += 1; }));
}

TEST(ApprovalTest, content_names_channel_item_and_end) {
  const Approval approval{0, made_of<ApprovalId>(1), 5, made_of<DeviceId>(1), {}};
  const Bytes item = {6, 0, 0, 0, 0};
  const Bytes content = approval_content(approval, made_of<ChannelId>(1), item);
  EXPECT_EQ(content.size(), 1u + 16 + 32 + 32 + 8);
  EXPECT_NE(content, approval_content(approval, made_of<ChannelId>(2), item));
  EXPECT_NE(content, approval_content(approval, made_of<ChannelId>(1), Bytes{6, 0, 0, 0, 1}));
  Approval later = approval;
  later.expires_ms = 6;
  EXPECT_NE(content, approval_content(later, made_of<ChannelId>(1), item));
}

}  // namespace
}  // namespace oberih::sealing
