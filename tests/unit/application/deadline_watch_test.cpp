// SPDX-License-Identifier: Apache-2.0
// What comes due is said once: whoever looks, however often, and however a commit ended.
#include "server/application/deadline_watch.hpp"

#include <gtest/gtest.h>

#include <future>

#include "recording.hpp"
#include "server/application/task_deadlines.hpp"

namespace oberih::application {
namespace {

const ChannelId watched_channel = crypto::random_id<ChannelId>();
const DeviceId watched_sender = crypto::random_id<DeviceId>();
const TaskId watched_task = crypto::random_id<TaskId>();
const AgencyId watched_agency = crypto::random_id<AgencyId>();
const UnitId watched_unit = crypto::random_id<UnitId>();
constexpr Milliseconds an_hour = 3600ull * 1000;

/// Eight hours; reminded of four hours and one hour before, escalated at once and two hours after.
Policies watched_policies() {
  domain::DeadlineRows rows;
  rows.classes = {{"8h", 8, 0}};
  rows.notices = {{{"8h", "date"}, {240, 60}, {0, 120}, {}}};
  rows.evidence = {{{EntryType::message, EntryType::task, EntryType::hearing},
                    {domain::Priority::normal, domain::Priority::urgent},
                    1,
                    1,
                    1,
                    {}}};
  Policies policies;
  policies.deadlines = std::get<domain::DeadlinePolicy>(domain::DeadlinePolicy::make(rows));
  return policies;
}

class DeadlineWatchTest : public testing::Test {
 protected:
  void SetUp() override {
    here_.start();
    ASSERT_TRUE(here_.run(creation(watched_channel, watched_sender)));
    ASSERT_TRUE(here_.run(moving_to(sealing::TaskState::proposed)));
  }
  /// Unjudged: proposes the task, or brings its slot into that state.
  TestUnit::Judge moving_to(sealing::TaskState state) {
    return [this, state, post = posting(watched_channel, watched_sender)](
               BatchView& batch) -> Result<wire::Appended> {
      const sealing::TaskPointer before = batch.load_task(watched_channel, watched_task);
      sealing::Task after;
      if (before) after = *before;
      if (!before) {
        after.id = watched_task;
        after.kind = sealing::TaskKind::general;
        after.urgency = sealing::TaskUrgency::hours_8;
        after.proposed_seq = batch.channel(watched_channel).newest_seq() + 1;
        after.proposed_ms = batch.server_ms();
        after.slots.resize(1);
        after.slots[0].assignee = sealing::TaskParty::of(watched_agency, watched_unit);
        after.slots[0].due_ms = batch.server_ms() + 8 * an_hour;
      }
      after.slots[0].state = state;
      batch.stage_task(watched_channel, after);
      Result<wire::Appended> appended = post(batch);
      TaskDeadlines(policies_).follow_entry(batch, watched_channel, before, watched_task);
      return appended;
    };
  }
  static std::string look(DeadlineWatch& watch) {
    std::promise<Result<std::size_t>> looked;
    watch.look([&](Result<std::size_t> outcome) { looked.set_value(std::move(outcome)); });
    const Result<std::size_t> outcome = looked.get_future().get();
    return outcome ? std::to_string(*outcome) : std::string(refusal_row(outcome.error().code).name);
  }
  /// "240 60 overdue": what stands in the journal, in order.
  std::string said() const {
    std::string words;
    for (const JournalRow& row : journal_.rows()) {
      if (row.kind != journal::LeafKind::server_event || row.channel.is_zero()) continue;
      const auto event = sealing::parse_server_event(journal::parse_leaf(row.leaf).value().body);
      if (!words.empty()) words += ' ';
      words += event->minutes != 0 ? std::to_string(event->minutes)
                                   : std::string(sealing::name_of(event->what));
    }
    return words;
  }

  /// "0 proposed 120 in_progress": the alerts of the assignee's agency, in order, as read by it.
  std::string alerts(const AgencyId& agency, std::vector<UnitId> units) {
    std::string words;
    test::MemoryReader reader(journal_);
    reader.read_alerts({}, agency, std::move(units), 0, 100, [&](Result<wire::AlertPage> page) {
      for (const wire::DirectoryLeaf& each : page->leaves) {
        const auto leaf = journal::parse_leaf(each.leaf);
        EXPECT_TRUE(leaf->channel_id.is_zero());
        EXPECT_EQ(leaf->channel_seq, 0u);
        const auto alert = sealing::parse_alert(leaf->body);
        EXPECT_EQ(alert->unit, watched_unit);
        EXPECT_EQ(alert->task, watched_task);
        words += (words.empty() ? "" : " ") + std::to_string(alert->minutes) + ' ' +
                 std::string(sealing::name_of(alert->state));
      }
    });
    return words;
  }
  std::string alerts() { return alerts(watched_agency, {watched_unit}); }

  test::MemoryJournal journal_;
  ManualClock clock_;
  const PoliciesInForce policies_{watched_policies()};
  Process here_{journal_, clock_};
  DeadlineWatch watch_{here_.recorder, policies_};
};

TEST_F(DeadlineWatchTest, says_each_notice_when_it_is_due_and_no_more) {
  EXPECT_EQ(look(watch_), "0");
  clock_.pass(4 * an_hour - 1);
  EXPECT_EQ(look(watch_), "0");
  clock_.pass(1);
  EXPECT_EQ(look(watch_), "1");
  EXPECT_EQ(said(), "240");
  EXPECT_EQ(look(watch_), "0");
  clock_.pass(10 * an_hour);
  EXPECT_EQ(look(watch_), "1");
  EXPECT_EQ(look(watch_), "0");
  EXPECT_EQ(said(), "240 60 overdue");
}

TEST_F(DeadlineWatchTest, a_commit_of_unknown_outcome_neither_loses_nor_doubles_a_notice) {
  using Fault = test::MemoryJournal::Fault;
  clock_.pass(4 * an_hour);
  journal_.inject({Fault::lose_after_commit});
  EXPECT_EQ(look(watch_), "unavailable");
  look(watch_);
  EXPECT_EQ(said(), "240");
  clock_.pass(3 * an_hour);
  journal_.inject({Fault::lose_before_commit});
  EXPECT_EQ(look(watch_), "unavailable");
  EXPECT_EQ(look(watch_), "1");
  EXPECT_EQ(said(), "240 60");
}

TEST_F(DeadlineWatchTest, of_two_servers_that_look_one_speaks) {
  Process there(journal_, clock_);
  there.start();
  DeadlineWatch other(there.recorder, policies_);
  clock_.pass(4 * an_hour);
  EXPECT_EQ(look(watch_), "1");
  look(other);
  EXPECT_EQ(said(), "240");
}

TEST_F(DeadlineWatchTest, what_nobody_awaits_is_left_alone_and_found_late_when_it_comes_back) {
  ASSERT_TRUE(here_.run(moving_to(sealing::TaskState::submitted)));
  clock_.pass(20 * an_hour);
  EXPECT_EQ(look(watch_), "0");
  ASSERT_TRUE(here_.run(moving_to(sealing::TaskState::in_progress)));
  EXPECT_EQ(look(watch_), "1");
  EXPECT_EQ(said(), "240 60 overdue");
  EXPECT_EQ(look(watch_), "0");
}

TEST_F(DeadlineWatchTest, tells_those_who_answer_for_it_once_a_moment_and_nobody_else) {
  clock_.pass(8 * an_hour - 1);
  look(watch_);
  EXPECT_EQ(alerts(), "");
  clock_.pass(1);
  EXPECT_EQ(look(watch_), "1");
  EXPECT_EQ(look(watch_), "0");
  EXPECT_EQ(alerts(), "0 proposed");
  ASSERT_TRUE(here_.run(moving_to(sealing::TaskState::in_progress)));
  clock_.pass(30 * an_hour);
  journal_.inject({test::MemoryJournal::Fault::lose_after_commit});
  EXPECT_EQ(look(watch_), "unavailable");
  look(watch_);
  EXPECT_EQ(alerts(), "0 proposed 120 in_progress");
  EXPECT_EQ(alerts(watched_agency, {UnitId{}}), "");
  EXPECT_EQ(alerts(crypto::random_id<AgencyId>(), {watched_unit}), "");
}

TEST_F(DeadlineWatchTest, alarms_nobody_about_what_is_handed_in) {
  ASSERT_TRUE(here_.run(moving_to(sealing::TaskState::submitted)));
  clock_.pass(30 * an_hour);
  EXPECT_EQ(look(watch_), "0");
  EXPECT_EQ(alerts(), "");
}

TEST_F(DeadlineWatchTest, a_look_that_finds_nothing_to_say_moves_on_without_a_leaf) {
  ASSERT_TRUE(here_.run(moving_to(sealing::TaskState::submitted)));
  ASSERT_TRUE(here_.run(moving_to(sealing::TaskState::in_progress)));
  const std::size_t leaves = journal_.rows().size();
  EXPECT_EQ(look(watch_), "1");
  EXPECT_EQ(look(watch_), "0");
  EXPECT_EQ(journal_.rows().size(), leaves);
  clock_.pass(4 * an_hour);
  EXPECT_EQ(look(watch_), "1");
  EXPECT_EQ(said(), "240");
}

}  // namespace
}  // namespace oberih::application
