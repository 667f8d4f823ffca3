// SPDX-License-Identifier: Apache-2.0
// Refusals on their way into the journal: first and count, bounded in memory and in leaves.
#include "server/application/refusal_tally.hpp"

#include <gtest/gtest.h>

#include "recording.hpp"

namespace oberih::application {
namespace {

using test::MemoryJournal;

class RefusalTallyTest : public testing::Test {
 protected:
  explicit RefusalTallyTest(std::size_t most_windows = 100)
      : process_(journal_, clock_),
        tally_(
            process_.recorder, clock_, clock_, [this](const std::string& s) { said_ += s; },
            most_windows) {
    journal_.before_append = [this] {
      ++appends_;
      appends_.notify_all();
    };
    process_.start();
  }
  static Origin device(std::uint8_t number) { return {AgencyId{{1}}, DeviceId{{number}}}; }
  void note(const Origin& origin, RefusalCode code, ChannelId channel = {}) {
    tally_.note(origin, {"entry.post", EntryType::message, channel}, code);
  }
  /// The next commit fails, and `act` is alone in it.
  void fail_commit_of(const std::function<void()>& act) {
    settle();
    journal_.inject({MemoryJournal::Fault::fail});
    const int before = appends_;
    act();
    appends_.wait(before);
    settle();
  }
  /// What was submitted before is written when this unit was answered.
  void settle() { process_.run(refusing(RefusalCode::forbidden)); }
  void pass_a_minute() {
    settle();
    clock_.pass(RefusalTally::window_ms);
    tally_.close_windows();
    settle();
  }
  std::vector<sealing::RefusalLeaf> leaves() const {
    std::vector<sealing::RefusalLeaf> found;
    for (const JournalRow& row : journal_.rows())
      if (row.kind == journal::LeafKind::refusal)
        found.push_back(*sealing::parse_refusal_leaf(journal::parse_leaf(row.leaf)->body));
    return found;
  }
  std::vector<std::uint32_t> counts() const {
    std::vector<std::uint32_t> all;
    for (const auto& leaf : leaves()) all.push_back(leaf.count);
    return all;
  }

  MemoryJournal journal_;
  std::atomic<int> appends_{0};
  ManualClock clock_;
  Process process_;
  std::string said_;
  RefusalTally tally_;
};

TEST_F(RefusalTallyTest, writes_the_first_at_once_and_the_count_at_the_minutes_end) {
  for (int i = 0; i < 500; ++i) note(device(1), RefusalCode::forbidden);
  settle();
  EXPECT_EQ(counts(), (std::vector<std::uint32_t>{1}));
  tally_.close_windows();
  settle();
  EXPECT_EQ(counts(), (std::vector<std::uint32_t>{1}));  // the minute is not over
  pass_a_minute();
  EXPECT_EQ(counts(), (std::vector<std::uint32_t>{1, 500}));
  const auto written = leaves();
  EXPECT_EQ(written[0].since_ms, written[1].since_ms);
  EXPECT_EQ(written[0].device, device(1).device);
  EXPECT_EQ(written[0].method, "entry.post");
  EXPECT_EQ(written[0].type, EntryType::message);
  EXPECT_EQ(written[0].code, 32'021);
  EXPECT_NE(written[0].salt, written[1].salt);
  EXPECT_EQ(tally_.open_windows(), 0u);
}

TEST_F(RefusalTallyTest, writes_one_leaf_for_one_refusal) {
  note(device(1), RefusalCode::wrong_epoch);
  pass_a_minute();
  EXPECT_EQ(counts(), (std::vector<std::uint32_t>{1}));
  note(device(1), RefusalCode::wrong_epoch);  // a new minute
  settle();
  EXPECT_EQ(counts(), (std::vector<std::uint32_t>{1, 1}));
}

TEST_F(RefusalTallyTest, keeps_devices_and_codes_apart) {
  note(device(1), RefusalCode::forbidden);
  note(device(1), RefusalCode::not_found);
  note(device(2), RefusalCode::forbidden);
  settle();
  EXPECT_EQ(counts().size(), 3u);
  EXPECT_EQ(tally_.open_windows(), 3u);
}

TEST_F(RefusalTallyTest, passes_over_what_is_no_rules_refusal) {
  for (const RefusalRow& row : refusal_table())
    if (!is_recorded(row.code)) note(device(1), row.code);
  settle();
  EXPECT_TRUE(leaves().empty());
  EXPECT_EQ(tally_.open_windows(), 0u);
}

TEST_F(RefusalTallyTest, records_rules_and_permissions_but_nothing_malformed_or_busy) {
  for (RefusalCode code :
       {RefusalCode::not_found, RefusalCode::forbidden, RefusalCode::seat_forbidden,
        RefusalCode::bad_signature, RefusalCode::record_out_of_order, RefusalCode::rotation_due})
    EXPECT_TRUE(is_recorded(code)) << refusal_row(code).name;
  for (RefusalCode code : {RefusalCode::malformed_frame, RefusalCode::malformed_object,
                           RefusalCode::invalid_parameters, RefusalCode::server_busy,
                           RefusalCode::unavailable, RefusalCode::clock_unreliable})
    EXPECT_FALSE(is_recorded(code)) << refusal_row(code).name;
}

TEST_F(RefusalTallyTest, names_the_channel_where_there_is_one) {
  const ChannelId channel = crypto::random_id<ChannelId>();
  ASSERT_TRUE(process_.run(creation(channel, DeviceId{{1}})));
  note(device(1), RefusalCode::forbidden, channel);
  note(device(2), RefusalCode::not_found, crypto::random_id<ChannelId>());
  settle();
  std::vector<ChannelId> channels;
  for (const JournalRow& row : journal_.rows())
    if (row.kind == journal::LeafKind::refusal) channels.push_back(row.channel);
  EXPECT_EQ(channels, (std::vector<ChannelId>{channel, ChannelId{}}));
  EXPECT_EQ(process_.newest_seq(channel), 1u);  // no member sees it
}

TEST_F(RefusalTallyTest, writes_the_counts_before_the_server_stops) {
  for (int i = 0; i < 3; ++i) note(device(1), RefusalCode::forbidden);
  tally_.close_all();
  process_.recorder.stop();
  EXPECT_EQ(counts(), (std::vector<std::uint32_t>{1, 3}));
}

TEST_F(RefusalTallyTest, counts_the_first_too_where_it_could_not_be_written) {
  fail_commit_of([&] { note(device(1), RefusalCode::forbidden); });
  EXPECT_TRUE(leaves().empty());
  pass_a_minute();
  EXPECT_EQ(counts(), (std::vector<std::uint32_t>{1}));
}

TEST_F(RefusalTallyTest, tries_a_count_again_that_could_not_be_written) {
  for (int i = 0; i < 7; ++i) note(device(1), RefusalCode::forbidden);
  settle();
  clock_.pass(RefusalTally::window_ms);
  fail_commit_of([&] { tally_.close_windows(); });
  EXPECT_EQ(counts(), (std::vector<std::uint32_t>{1}));
  tally_.close_windows();
  settle();
  EXPECT_EQ(counts(), (std::vector<std::uint32_t>{1, 7}));
}

class NarrowTally : public RefusalTallyTest {
 protected:
  NarrowTally() : RefusalTallyTest(10) {}
};

TEST_F(NarrowTally, is_bounded_in_memory_and_leaves_whatever_comes) {
  for (int round = 0; round < 50; ++round)
    for (std::uint8_t number = 0; number < 200; ++number)
      note(device(number), RefusalCode::forbidden);
  EXPECT_EQ(tally_.open_windows(), 10u);
  // Origins take turns: a refused unit of another one can be answered while these are written. And
  // a window whose first still waits stays open.
  const auto await_leaves = [this](std::size_t count) {
    for (int i = 0; i < 1'000 && leaves().size() < count; ++i) settle();
    return leaves().size();
  };
  EXPECT_EQ(await_leaves(10), 10u);
  pass_a_minute();
  EXPECT_EQ(await_leaves(20), 20u);  // ten firsts, ten counts
  EXPECT_EQ(said_, "9500 refusals are not in the journal: too many devices were refused at once.");
}

TEST_F(NarrowTally, holds_no_more_than_its_bound_while_nothing_can_be_written) {
  journal_.set_away(true);
  for (int minute = 0; minute < 5; ++minute) {
    for (std::uint8_t number = 0; number < 200; ++number) {
      note(device(number), RefusalCode::forbidden);
      note(device(number), RefusalCode::forbidden);
    }
    clock_.pass(RefusalTally::window_ms);
    tally_.close_windows();
    EXPECT_LE(tally_.open_windows(), 10u);
  }
  EXPECT_NE(said_, "");
}

}  // namespace
}  // namespace oberih::application
