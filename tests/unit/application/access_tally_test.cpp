// SPDX-License-Identifier: Apache-2.0
// Accesses on their way into the journal: added up by the minute, bounded in memory and in leaves.
#include "server/application/access_tally.hpp"

#include <gtest/gtest.h>

#include "recording.hpp"

namespace oberih::application {
namespace {

using sealing::AccessLeaf;
using sealing::AccessWhat;
using test::MemoryJournal;

class AccessTallyTest : public testing::Test {
 protected:
  explicit AccessTallyTest(std::size_t most_windows = 100)
      : process_(journal_, clock_),
        tally_(
            process_.recorder, clock_, clock_, [this](const std::string& s) { said_ += s; },
            most_windows) {
    process_.start();
    EXPECT_TRUE(process_.run(creation(channel_, DeviceId{{1}})));
  }
  static Origin device(std::uint8_t number) { return {AgencyId{{1}}, DeviceId{{number}}}; }
  void read(std::uint8_t who, std::uint64_t from, std::uint64_t to) {
    wire::ItemPage page;
    for (std::uint64_t seq = from; seq <= to; ++seq) {
      journal::Leaf leaf{journal::LeafKind::entry, 1, channel_, seq, {}, Bytes(8)};
      if (seq > 1) leaf.prev_leaf.bytes.fill(1);
      page.items.push_back({seq, journal::encode_leaf(leaf), {}, {}, {}});
    }
    tally_.note_history(device(who), channel_, page);
  }
  void settle() { process_.run(refusing(RefusalCode::forbidden)); }
  void pass(std::uint64_t ms) {
    settle();
    clock_.pass(ms);
    tally_.close_windows();
    settle();
  }
  std::vector<std::pair<ChannelId, AccessLeaf>> leaves() const {
    std::vector<std::pair<ChannelId, AccessLeaf>> found;
    for (const JournalRow& row : journal_.rows())
      if (row.kind == journal::LeafKind::access)
        found.emplace_back(row.channel,
                           *sealing::parse_access_leaf(journal::parse_leaf(row.leaf)->body));
    return found;
  }

  MemoryJournal journal_;
  ManualClock clock_;
  Process process_;
  const ChannelId channel_ = crypto::random_id<ChannelId>();
  std::string said_;
  AccessTally tally_;
};

TEST_F(AccessTallyTest, adds_up_a_minutes_reads_of_a_device_and_channel) {
  const Milliseconds began = clock_.now_ms();
  read(1, 5, 9);
  read(1, 2, 3);
  read(1, 10, 10);
  read(2, 1, 1);
  pass(AccessTally::window_ms - 1);
  EXPECT_TRUE(leaves().empty()) << "the minute is not over";
  pass(1);
  const auto written = leaves();
  ASSERT_EQ(written.size(), 2u);
  EXPECT_EQ(written[0].first, channel_);
  const AccessLeaf& leaf = written[0].second;
  EXPECT_EQ(leaf.what, AccessWhat::history);
  EXPECT_EQ(leaf.device, device(1).device);
  EXPECT_EQ(leaf.from, 2u);
  EXPECT_EQ(leaf.to, 10u);
  EXPECT_EQ(leaf.count, 8u);
  EXPECT_EQ(leaf.since_ms, began);
  EXPECT_EQ(written[1].second.device, device(2).device);
  EXPECT_NE(leaf.salt, written[1].second.salt);
  EXPECT_EQ(tally_.open_windows(), 0u);
}

TEST_F(AccessTallyTest, an_empty_page_is_no_access) {
  tally_.note_history(device(1), channel_, {});
  EXPECT_EQ(tally_.open_windows(), 0u);
}

TEST_F(AccessTallyTest, leaves_and_attachments_are_accesses_of_their_own) {
  tally_.note_leaves(device(1), 256, 100);
  tally_.note_leaves(device(1), 0, 256);
  tally_.note_attachment(device(1), channel_, 3);
  tally_.note_attachment(device(1), channel_, 1);
  pass(AccessTally::window_ms);
  std::map<AccessWhat, std::pair<ChannelId, AccessLeaf>> written;
  for (const auto& each : leaves()) written[each.second.what] = each;
  ASSERT_EQ(written.size(), 2u);
  EXPECT_EQ(written[AccessWhat::leaves].first, ChannelId{});
  EXPECT_EQ(written[AccessWhat::leaves].second.from, 0u);
  EXPECT_EQ(written[AccessWhat::leaves].second.to, 355u);
  EXPECT_EQ(written[AccessWhat::leaves].second.count, 356u);
  EXPECT_EQ(written[AccessWhat::attachment].first, channel_);
  EXPECT_EQ(written[AccessWhat::attachment].second.from, 1u);
  EXPECT_EQ(written[AccessWhat::attachment].second.to, 3u);
  EXPECT_EQ(written[AccessWhat::attachment].second.count, 2u);
}

TEST_F(AccessTallyTest, connections_of_a_minute_are_one_session) {
  const Milliseconds began = clock_.now_ms();
  for (int i = 0; i < 3; ++i) {
    tally_.session_began(device(1));
    clock_.pass(100);
    tally_.session_ended(device(1));
  }
  pass(AccessTally::window_ms);
  const auto written = leaves();
  ASSERT_EQ(written.size(), 1u);
  EXPECT_EQ(written[0].second.what, AccessWhat::session);
  EXPECT_EQ(written[0].second.from, began);
  EXPECT_EQ(written[0].second.to, began + 300);
  EXPECT_EQ(written[0].second.count, 3u);
  EXPECT_EQ(tally_.open_windows(), 0u);
}

TEST_F(AccessTallyTest, a_long_session_has_a_leaf_after_a_minute_one_an_hour_and_one_at_its_end) {
  const Milliseconds began = clock_.now_ms();
  tally_.session_began(device(1));
  for (int minute = 0; minute < 90; ++minute) pass(AccessTally::window_ms);
  EXPECT_EQ(leaves().size(), 2u);
  tally_.session_ended(device(1));
  const Milliseconds ended = clock_.now_ms();
  pass(AccessTally::window_ms);
  const auto written = leaves();
  ASSERT_EQ(written.size(), 3u);
  EXPECT_EQ(written[0].second.from, began);
  EXPECT_EQ(written[0].second.to, began + AccessTally::window_ms);
  for (std::size_t i = 1; i < 3; ++i)
    EXPECT_EQ(written[i].second.from, written[i - 1].second.to) << "without a gap";
  EXPECT_EQ(written[2].second.to, ended);
  EXPECT_EQ(tally_.open_windows(), 0u);
}

TEST_F(AccessTallyTest, a_server_that_stops_writes_what_is_open) {
  read(1, 1, 2);
  tally_.session_began(device(2));
  tally_.close_all();
  settle();
  EXPECT_EQ(leaves().size(), 2u);
  EXPECT_EQ(tally_.open_windows(), 0u);
  tally_.session_ended(device(2));  // the connection goes after the server's goodbye
}

TEST_F(AccessTallyTest, what_could_not_be_written_is_written_later) {
  read(1, 1, 2);
  settle();
  clock_.pass(AccessTally::window_ms);
  journal_.inject({MemoryJournal::Fault::fail, MemoryJournal::Fault::fail});
  tally_.close_windows();
  settle();
  tally_.close_windows();
  settle();
  tally_.close_windows();
  settle();
  EXPECT_EQ(leaves().size(), 1u);
}

class NarrowAccessTally : public AccessTallyTest {
 protected:
  NarrowAccessTally() : AccessTallyTest(3) {}
};

TEST_F(NarrowAccessTally, gives_a_leaf_at_once_to_what_there_is_no_room_for) {
  for (std::uint8_t who = 1; who <= 5; ++who) read(who, 1, 1);
  settle();
  EXPECT_EQ(tally_.open_windows(), 3u);
  EXPECT_EQ(leaves().size(), 2u);
  pass(AccessTally::window_ms);
  EXPECT_EQ(leaves().size(), 5u);
  EXPECT_EQ(said_, "");
}

TEST_F(NarrowAccessTally, says_how_many_sessions_fell_outside) {
  for (std::uint8_t who = 1; who <= 5; ++who) tally_.session_began(device(who));
  EXPECT_EQ(tally_.open_windows(), 3u);
  pass(AccessTally::window_ms);
  EXPECT_EQ(said_, "2 accesses are not in the journal: too many devices read at once.");
}

}  // namespace
}  // namespace oberih::application
