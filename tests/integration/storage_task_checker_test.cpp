// SPDX-License-Identifier: Apache-2.0
// Tasks in PostgreSQL: what is written is what is read, and the check computes the tables again
// from the journal and names every difference.
#include <gtest/gtest.h>

#include <algorithm>
#include <future>

#include "protocol/crypto/random_bytes.hpp"
#include "server/storage/journal_checker.hpp"
#include "server/storage/journal_reader.hpp"
#include "server/storage/journal_store.hpp"
#include "tests/support/journal_builder.hpp"
#include "tests/support/postgres_fixture.hpp"

namespace oberih::test {
namespace {

using sealing::TaskAction;
using sealing::TaskParty;

class TaskCheckerTest : public testing::Test {
 protected:
  TaskCheckerTest() : store_(database_.settings(), nullptr) {
    commit();
    channel_ = builder_.open_channel();
    commit();
  }

  static TaskParty party_of(const TestDevice& device) {
    return TaskParty::of(device.certificate.agency, device.certificate.person);
  }
  sealing::TaskFacts proposal() const {
    sealing::TaskFacts facts;
    facts.task = task_;
    facts.action = TaskAction::propose;
    facts.requester = party_of(builder_.investigator());
    facts.kind = sealing::TaskKind::interpretation;
    facts.urgency = sealing::TaskUrgency::days_3;
    facts.slots = {party_of(builder_.colleague()), party_of(builder_.prosecutor())};
    std::sort(facts.slots.begin(), facts.slots.end());
    return facts;
  }
  sealing::TaskFacts action(TaskAction action) const {
    sealing::TaskFacts facts;
    facts.task = task_;
    facts.action = action;
    facts.slot = proposal().slots[0] == party_of(builder_.prosecutor()) ? 0 : 1;
    if (action == TaskAction::pause) facts.reason = sealing::PauseReason::danger;
    if (action == TaskAction::extend) facts.due_ms = builder_.server_ms() + 1'000'000'000;
    return facts;
  }
  std::uint64_t act(const TestDevice& who, TaskAction what) {
    return builder_.act_on_task(channel_, who,
                                what == TaskAction::propose ? proposal() : action(what));
  }
  application::StoredCheckpoint commit() {
    EXPECT_EQ(store_.append(builder_.take_batch()), application::CommitOutcome::committed);
    application::StoredCheckpoint checkpoint = builder_.sign_checkpoint();
    store_.store_checkpoint(checkpoint);
    return checkpoint;
  }
  std::string findings() {
    storage::CheckOptions options;
    options.genesis_hash = builder_.genesis_hash();
    std::string text;
    for (const auto& finding : storage::check_journal(database_.settings(), options).findings)
      text += std::to_string(finding.index.value_or(0)) + ": " + finding.sentence + "\n";
    return text;
  }
  void expect_finding(const std::string& part) {
    const std::string text = findings();
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1) << text;
    EXPECT_NE(text.find(part), std::string::npos) << text;
  }

  PostgresDatabase database_;
  storage::PostgresJournalStore store_;
  JournalBuilder builder_;
  ChannelId channel_;
  TaskId task_ = crypto::random_id<TaskId>();
};

TEST_F(TaskCheckerTest, what_is_written_is_what_is_read_after_every_action) {
  EXPECT_FALSE(store_.load_task(channel_, task_));
  act(builder_.investigator(), TaskAction::propose);
  const TestDevice& worker = builder_.prosecutor();
  for (const TaskAction next : {TaskAction::accept, TaskAction::start, TaskAction::pause,
                                TaskAction::resume, TaskAction::submit}) {
    act(worker, next);
    application::Batch batch = builder_.take_batch();
    ASSERT_EQ(batch.tasks.size(), 1u);
    const sealing::Task expected = *batch.tasks.front().task;
    ASSERT_EQ(store_.append(batch), application::CommitOutcome::committed);
    const auto stored = store_.load_task(channel_, task_);
    ASSERT_TRUE(stored);
    EXPECT_EQ(*stored, expected) << sealing::name_of(next);
  }
  act(builder_.investigator(), TaskAction::confirm);
  commit();
  const auto stored = store_.load_task(channel_, task_);
  ASSERT_TRUE(stored);
  EXPECT_FALSE(stored->is_open());  // one interpreter is enough
  EXPECT_EQ(findings(), "");
}

TEST_F(TaskCheckerTest, a_changed_state_is_named) {
  const std::uint64_t index = act(builder_.investigator(), TaskAction::propose);
  commit();
  database_.run_as_superuser("UPDATE task_slot SET state = 2, version = 2 WHERE slot = 0");
  expect_finding("slot 0: state, version");
  EXPECT_TRUE(findings().starts_with(std::to_string(index) + ": "));
}

TEST_F(TaskCheckerTest, every_column_is_compared) {
  act(builder_.investigator(), TaskAction::propose);
  commit();
  const auto spoiled = [&](const std::string& change, const std::string& back,
                           const std::string& name) {
    database_.run_as_superuser("UPDATE " + change);
    expect_finding(name);
    database_.run_as_superuser("UPDATE " + back);
    EXPECT_EQ(findings(), "") << name;
  };
  spoiled("task SET kind = 1", "task SET kind = 7", "kind");
  spoiled("task SET urgency = 1", "task SET urgency = 2", "urgency");
  spoiled("task_slot SET due_ms = due_ms + 1", "task_slot SET due_ms = due_ms - 1", "due_ms");
  spoiled("task_slot SET due_is_date = true", "task_slot SET due_is_date = false", "due_is_date");
  spoiled("task_slot SET changed_ms = changed_ms + 1", "task_slot SET changed_ms = changed_ms - 1",
          "changed_ms");
  spoiled("task_slot SET noticed_ms = 1", "task_slot SET noticed_ms = 0", "noticed_ms");
  spoiled("task_slot SET rests = decode('0001' || repeat('00', 16), 'hex') WHERE slot = 0",
          "task_slot SET rests = decode('0000', 'hex')", "rests");
  spoiled("task_slot SET holder = assignee_id WHERE slot = 1",
          "task_slot SET holder = decode(repeat('00', 16), 'hex')", "holder");
}

TEST_F(TaskCheckerTest, alerts_are_read_by_agency_and_unit_and_judged_again) {
  act(builder_.investigator(), TaskAction::propose);
  commit();
  const sealing::Task task = *store_.load_task(channel_, task_);
  builder_.pass(task.slots[0].due_ms - builder_.server_ms() + 60 * 60'000);
  const sealing::Alert alert = sealing::make_alert(task, 0, 60);
  const std::uint64_t index = builder_.append_alert(alert);
  commit();
  EXPECT_EQ(findings(), "");
  const auto read = [&](const AgencyId& agency, const UnitId& unit, std::uint64_t after) {
    storage::PostgresJournalReader reader(database_.settings(), nullptr);
    std::promise<Result<wire::AlertPage>> promise;
    reader.read_alerts({}, agency, {unit}, after, 10,
                       [&](Result<wire::AlertPage> page) { promise.set_value(std::move(page)); });
    return promise.get_future().get().value();
  };
  ASSERT_EQ(read(alert.agency, {}, 0).leaves.size(), 1u);
  EXPECT_EQ(read(alert.agency, {}, 0).leaves[0].index, index);
  EXPECT_GT(read(alert.agency, {}, index).directory_count, 0u);
  EXPECT_TRUE(read(alert.agency, {}, index).leaves.empty());
  EXPECT_TRUE(read(alert.agency, crypto::random_id<UnitId>(), 0).leaves.empty());
  EXPECT_TRUE(read(crypto::random_id<AgencyId>(), {}, 0).leaves.empty());

  database_.run_as_superuser("ALTER TABLE alert DISABLE TRIGGER append_only");
  database_.run_as_superuser("UPDATE alert SET unit = decode(repeat('01', 16), 'hex')");
  expect_finding("The row in the table alert differs from the leaf: unit.");
  database_.run_as_superuser("UPDATE alert SET journal_index = 0");
  EXPECT_NE(findings().find("lies beside a leaf that is none"), std::string::npos) << findings();
  database_.run_as_superuser("DELETE FROM alert");
  expect_finding("The alert's row in the table alert is missing.");
}

TEST_F(TaskCheckerTest, an_alert_that_is_said_twice_too_early_or_of_no_task_is_named) {
  act(builder_.investigator(), TaskAction::propose);
  commit();
  const sealing::Task task = *store_.load_task(channel_, task_);
  const std::string rule = "The alert breaks a rule";
  builder_.append_alert(sealing::make_alert(task, 1, 0));
  commit();
  expect_finding(rule);
  builder_.pass(task.slots[0].due_ms - builder_.server_ms());
  builder_.append_alert(sealing::make_alert(task, 0, 0));
  commit();
  expect_finding(rule);
  builder_.append_alert(sealing::make_alert(task, 0, 0));
  sealing::Alert of_nothing = sealing::make_alert(task, 1, 0);
  of_nothing.task = crypto::random_id<TaskId>();
  builder_.append_alert(of_nothing);
  commit();
  const std::string text = findings();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 3) << text;
}

TEST_F(TaskCheckerTest, events_of_the_server_are_followed_and_each_is_said_once) {
  act(builder_.investigator(), TaskAction::propose);
  commit();
  EXPECT_EQ(findings(), "");
  sealing::ServerEvent event;
  event.what = sealing::ServerEventWhat::due_set;
  event.task = task_;
  event.due_ms = builder_.server_ms() + 5;
  builder_.announce(channel_, event);
  application::Batch batch = builder_.take_batch();
  const sealing::Task expected = *batch.tasks.front().task;
  ASSERT_EQ(store_.append(batch), application::CommitOutcome::committed);
  // The same batch again: the fence of the head stands before the second notice.
  EXPECT_EQ(store_.append(batch), application::CommitOutcome::head_moved);
  EXPECT_EQ(*store_.load_task(channel_, task_), expected);
  event.what = sealing::ServerEventWhat::overdue;
  event.said_for_ms = event.due_ms;
  builder_.announce(channel_, event);
  commit();
  EXPECT_EQ(store_.load_task(channel_, task_)->slots[0].noticed_ms, event.due_ms);
  EXPECT_EQ(findings(), "");
  const std::uint64_t twice = builder_.announce(channel_, event);
  commit();
  const std::string text = findings();
  EXPECT_TRUE(text.starts_with(std::to_string(twice) + ": The server's event breaks a rule"))
      << text;
}

TEST_F(TaskCheckerTest, an_event_that_the_rules_refuse_or_nobody_can_read_is_named) {
  act(builder_.investigator(), TaskAction::propose);
  sealing::ServerEvent event;
  event.what = sealing::ServerEventWhat::due_set;
  event.task = crypto::random_id<TaskId>();
  event.due_ms = builder_.server_ms() + 5;
  const std::uint64_t index = builder_.announce(channel_, event);
  commit();
  EXPECT_TRUE(findings().starts_with(std::to_string(index) + ": The server's event breaks a rule"));
}

TEST_F(TaskCheckerTest, wakes_are_found_when_they_are_due_and_kept_when_nothing_is_said) {
  act(builder_.investigator(), TaskAction::propose);
  application::Batch batch = builder_.take_batch();
  const Milliseconds due_ms = batch.wakes.at(0).next_ms, said_ms = batch.wakes.at(0).said_ms;
  ASSERT_EQ(store_.append(batch), application::CommitOutcome::committed);
  EXPECT_TRUE(store_.load_due_wakes(due_ms - 1, 10).empty());
  EXPECT_EQ(store_.load_due_wakes(due_ms, 10).size(), 2u);
  EXPECT_EQ(store_.load_due_wakes(due_ms, 1).size(), 1u);
  // Moved alone, without a leaf; what was said stays where nothing else is given.
  application::Batch moved;
  moved.expected_size = batch.head.size;
  moved.head = batch.head;
  moved.wakes = {batch.wakes[0]};
  moved.wakes[0].next_ms = due_ms + 7;
  moved.wakes[0].said_ms = 0;
  ASSERT_EQ(store_.append(moved), application::CommitOutcome::committed);
  const auto wakes = store_.load_due_wakes(due_ms + 7, 10);
  ASSERT_EQ(wakes.size(), 2u);
  EXPECT_EQ(wakes[1].next_ms, due_ms + 7);
  EXPECT_EQ(wakes[1].said_ms, said_ms);
}

TEST_F(TaskCheckerTest, a_wake_that_is_missing_or_does_not_fit_is_named) {
  act(builder_.investigator(), TaskAction::propose);
  commit();
  database_.run_as_superuser("UPDATE task_wake SET due_ms = due_ms + 1 WHERE slot = 0");
  expect_finding("does not fit the task: due_ms");
  database_.run_as_superuser("DELETE FROM task_wake WHERE slot = 0");
  expect_finding("does not stand in the table task_wake with each slot");
}

TEST_F(TaskCheckerTest, missing_and_invented_tasks_are_named) {
  act(builder_.investigator(), TaskAction::propose);
  commit();
  database_.run_as_superuser("UPDATE task_slot SET slot = 5 WHERE slot = 1");
  expect_finding("cannot be a task");
  database_.run_as_superuser("DELETE FROM task_slot; DELETE FROM task");
  expect_finding("is missing in the table task");
  database_.run_as_superuser(
      "INSERT INTO task SELECT channel_id, decode(repeat('ab', 16), 'hex'), 1, "
      "decode(repeat('01', 16), 'hex'), decode(repeat('02', 16), 'hex'), "
      "decode(repeat('03', 16), 'hex'), decode(repeat('00', 16), 'hex'), 1, 1, 3, 3, '' "
      "FROM entry LIMIT 1");
  EXPECT_NE(findings().find("of which the journal knows nothing"), std::string::npos);
}

TEST_F(TaskCheckerTest, an_action_that_the_rules_refuse_is_named) {
  act(builder_.investigator(), TaskAction::propose);
  act(builder_.prosecutor(), TaskAction::accept);
  const std::uint64_t index = builder_.act_on_task(
      channel_, builder_.colleague(), action(TaskAction::start), JournalBuilder::Judged::no);
  commit();
  const std::string text = findings();
  EXPECT_TRUE(text.starts_with(std::to_string(index) + ": The entry breaks a rule")) << text;
}

}  // namespace
}  // namespace oberih::test
