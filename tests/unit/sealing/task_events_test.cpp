// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/task_events.hpp"

#include <gtest/gtest.h>

#include "task_stage.hpp"

namespace oberih::sealing {
namespace {

class TaskEventsTest : public testing::Test {
 protected:
  ServerEvent event(ServerEventWhat what) const {
    ServerEvent made;
    made.what = what;
    made.task = TaskStage::first;
    made.due_ms = stage_.slot().due_ms;
    if (what == ServerEventWhat::overdue) made.said_for_ms = made.due_ms;
    return made;
  }
  ServerEvent reminder(std::uint32_t minutes) const {
    ServerEvent made = event(ServerEventWhat::reminder);
    made.minutes = minutes;
    made.said_for_ms = made.due_ms - ms_of_minutes(minutes);
    return made;
  }
  ServerEvent due(Milliseconds due_ms) const {
    ServerEvent made = event(ServerEventWhat::due_set);
    made.due_ms = due_ms;
    return made;
  }
  std::string say(const ServerEvent& said) {
    const auto found = stage_.tasks.find(said.task);
    Result<Task> task = judge_event(found == stage_.tasks.end() ? nullptr : found->second, said,
                                    {stage_.channel_seq + 100, stage_.channel_seq, stage_.now_ms});
    const std::string outcome = outcome_of(task);
    if (task) stage_.tasks[said.task] = std::make_shared<const Task>(std::move(*task));
    return outcome;
  }

  TaskStage stage_;
};

TEST_F(TaskEventsTest, a_due_time_is_set_and_nothing_else_changes) {
  stage_.bring_to(TaskState::proposed);
  const TaskSlot before = stage_.slot();
  EXPECT_EQ(say(due(before.due_ms + 1000)), "accepted");
  TaskSlot expected = before;
  expected.due_ms += 1000;
  EXPECT_EQ(stage_.slot(), expected);  // also the version: nobody acted
}

TEST_F(TaskEventsTest, no_due_time_lies_before_the_proposal_or_out_of_sight) {
  stage_.bring_to(TaskState::proposed);
  const Milliseconds proposed = stage_.tasks.at(TaskStage::first)->proposed_ms;
  EXPECT_EQ(say(due(proposed - 1)), "due_in_past");
  EXPECT_EQ(say(due(stage_.now_ms + furthest_due_ms + 1)), "due_in_past");
  EXPECT_EQ(say(due(proposed)), "accepted");
  EXPECT_EQ(say(due(stage_.now_ms + furthest_due_ms)), "accepted");
}

TEST_F(TaskEventsTest, a_date_that_somebody_named_is_not_moved) {
  stage_.bring_to(TaskState::accepted);
  ASSERT_EQ(stage_.act(asker, TaskAction::extend), "accepted");
  EXPECT_EQ(say(due(stage_.slot().due_ms + 1)), "transition_unknown");
}

TEST_F(TaskEventsTest, each_notice_is_given_once_and_in_order) {
  stage_.bring_to(TaskState::in_progress);
  stage_.now_ms = stage_.slot().due_ms - ms_of_minutes(1440);
  EXPECT_EQ(say(reminder(1440)), "accepted");
  EXPECT_EQ(say(reminder(1440)), "due_in_past");
  EXPECT_EQ(say(reminder(240)), "due_in_past");  // before its moment
  stage_.now_ms = stage_.slot().due_ms;
  EXPECT_EQ(say(event(ServerEventWhat::overdue)), "accepted");
  EXPECT_EQ(say(event(ServerEventWhat::overdue)), "due_in_past");
  EXPECT_EQ(say(reminder(240)), "due_in_past");  // too late: what came after it was said
}

TEST_F(TaskEventsTest, a_notice_is_of_the_due_time_in_force) {
  stage_.bring_to(TaskState::in_progress);
  const ServerEvent old = event(ServerEventWhat::overdue);
  ASSERT_EQ(stage_.act(asker, TaskAction::extend), "accepted");
  stage_.now_ms = stage_.slot().due_ms;
  EXPECT_EQ(say(old), "due_in_past");
  EXPECT_EQ(say(event(ServerEventWhat::overdue)), "accepted");
}

TEST_F(TaskEventsTest, nobody_is_told_of_work_that_nobody_awaits) {
  for (const TaskState state : all_task_states) {
    stage_ = {};
    stage_.bring_to(state);
    stage_.now_ms = stage_.slot().due_ms;
    const std::string expected = is_awaited(state) ? "accepted" : "transition_unknown";
    EXPECT_EQ(say(event(ServerEventWhat::overdue)), expected) << name_of(state);
    EXPECT_EQ(say(due(stage_.slot().due_ms + 1)), expected) << name_of(state);
  }
}

TEST_F(TaskEventsTest, are_about_a_task_of_the_channel_and_a_slot_of_it) {
  stage_.bring_to(TaskState::proposed);
  ServerEvent other = due(stage_.slot().due_ms);
  other.slot = 1;
  EXPECT_EQ(say(other), "not_found");
  other.slot = 0;
  other.task = made_of<TaskId>(17);
  EXPECT_EQ(say(other), "not_found");
}

TEST_F(TaskEventsTest, rests_are_remembered_once_they_are_over) {
  stage_.bring_to(TaskState::paused);
  const Milliseconds since = stage_.slot().paused_ms;
  EXPECT_TRUE(stage_.slot().rests.empty());
  stage_.now_ms += 5000;
  const Milliseconds until = stage_.now_ms;
  ASSERT_EQ(stage_.act(worker, TaskAction::resume), "accepted");
  EXPECT_EQ(stage_.slot().rests, (std::vector<TaskRest>{{since, until}}));
  const Task& task = *stage_.tasks.at(TaskStage::first);
  const Result<Task> again = parse_task(encode_task(task));
  ASSERT_TRUE(again);
  EXPECT_EQ(*again, task);
}

TEST_F(TaskEventsTest, work_does_not_rest_without_end) {
  stage_.bring_to(TaskState::in_progress);
  for (std::size_t i = 0; i < task_rests_at_most; ++i) {
    ASSERT_EQ(stage_.act(worker, TaskAction::pause), "accepted");
    ASSERT_EQ(stage_.act(worker, TaskAction::resume), "accepted");
  }
  EXPECT_EQ(stage_.act(worker, TaskAction::pause), "transition_unknown");
}

}  // namespace
}  // namespace oberih::sealing
