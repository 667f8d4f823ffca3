// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/alert.hpp"

#include <gtest/gtest.h>

#include "malformed_input.hpp"

namespace oberih::sealing {
namespace {

constexpr Milliseconds alert_due_ms = 1'795'507'200'000;

Task late_task() {
  Task task;
  task.id = TaskId{{7}};
  task.slots.resize(2);
  task.slots[0].assignee = TaskParty::of(AgencyId{{1}}, PersonId{{2}});
  task.slots[0].due_ms = alert_due_ms;
  task.slots[1].assignee = TaskParty::of(AgencyId{{3}}, UnitId{{4}});
  task.slots[1].due_ms = alert_due_ms;
  task.slots[1].state = TaskState::in_progress;
  return task;
}

Alert alert_of_unit() {
  Alert alert = make_alert(late_task(), 1, 60);
  alert.salt = LeafSalt{{9}};
  return alert;
}

bool is_alert_refused(const Alert& alert) { return !parse_alert(encode_alert(alert)); }

RefusalCode judged(const Task& task, const Alert& alert, Milliseconds server_ms) {
  const auto outcome = judge_alert(task, alert, server_ms);
  return outcome ? RefusalCode::usage : outcome.error().code;
}

TEST(Alert, names_agency_unit_and_state_of_the_slot) {
  const Alert alert = alert_of_unit();
  EXPECT_EQ(alert.agency, AgencyId{{3}});
  EXPECT_EQ(alert.unit, UnitId{{4}});
  EXPECT_EQ(alert.state, TaskState::in_progress);
  EXPECT_EQ(alert.said_for_ms, alert_due_ms + 60 * 60'000);
  const Alert personal = make_alert(late_task(), 0, 0);
  EXPECT_EQ(personal.agency, AgencyId{{1}});
  EXPECT_TRUE(personal.unit.is_zero());
  EXPECT_EQ(personal.said_for_ms, alert_due_ms);
}

TEST(Alert, comes_back_as_it_was_written) {
  const Bytes bytes = encode_alert(alert_of_unit());
  EXPECT_EQ(bytes.size(), 2u + 16 + 16 + 16 + 2 + 8 + 1 + 8 + 4 + 16);
  EXPECT_EQ(bytes[0], 1);
  EXPECT_EQ(bytes[1], 5);
  EXPECT_EQ(bytes[51], 1);  // slot
  const auto parsed = parse_alert(bytes);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(*parsed, alert_of_unit());
  expect_strict(bytes, parse_alert);
}

TEST(Alert, is_no_event_of_a_channel_and_none_is_an_alert) {
  EXPECT_FALSE(parse_server_event(encode_alert(alert_of_unit())));
  Bytes other = encode_alert(alert_of_unit());
  for (const std::uint8_t what : {0, 1, 2, 3, 4, 6, 255}) {
    other[1] = what;
    EXPECT_FALSE(parse_alert(other)) << int{what};
  }
}

TEST(Alert, refuses_what_is_about_nothing) {
  Alert alert = alert_of_unit();
  alert.agency = {};
  EXPECT_TRUE(is_alert_refused(alert));
  alert = alert_of_unit();
  alert.task = {};
  EXPECT_TRUE(is_alert_refused(alert));
  alert = alert_of_unit();
  alert.slot = task_slots_at_most;
  EXPECT_TRUE(is_alert_refused(alert));
  for (const Milliseconds due_ms : {Milliseconds{0}, latest_due_ms + 1}) {
    alert = alert_of_unit();
    alert.due_ms = due_ms;
    alert.said_for_ms = due_ms + ms_of_minutes(alert.minutes);
    EXPECT_TRUE(is_alert_refused(alert)) << due_ms;
  }
  for (const TaskState state : all_task_states) {
    alert = alert_of_unit();
    alert.state = state;
    EXPECT_EQ(is_alert_refused(alert), !is_awaited(state)) << name_of(state);
  }
}

TEST(Alert, is_said_for_its_own_moment_alone) {
  Alert alert = alert_of_unit();
  alert.said_for_ms += 1;
  EXPECT_TRUE(is_alert_refused(alert));
  alert = alert_of_unit();
  alert.minutes += 1;
  EXPECT_TRUE(is_alert_refused(alert));
}

TEST(Alert, may_be_said_of_the_task_as_it_stands_alone) {
  const Task task = late_task();
  const Alert alert = alert_of_unit();
  EXPECT_TRUE(judge_alert(task, alert, alert.said_for_ms));
  EXPECT_EQ(judged(task, alert, alert.said_for_ms - 1), RefusalCode::due_in_past);
  Task changed = task;
  changed.slots[1].due_ms += 1;
  EXPECT_EQ(judged(changed, alert, alert.said_for_ms), RefusalCode::due_in_past);
  changed = task;
  changed.slots[1].state = TaskState::submitted;
  EXPECT_EQ(judged(changed, alert, alert.said_for_ms), RefusalCode::transition_unknown);
  changed = task;
  changed.slots.resize(1);
  EXPECT_EQ(judged(changed, alert, alert.said_for_ms), RefusalCode::not_found);
  Alert other = alert;
  other.state = TaskState::accepted;
  EXPECT_EQ(judged(task, other, alert.said_for_ms), RefusalCode::not_found);
  other = alert;
  other.agency = AgencyId{{1}};
  EXPECT_EQ(judged(task, other, alert.said_for_ms), RefusalCode::not_found);
  other = alert;
  other.unit = {};
  EXPECT_EQ(judged(task, other, alert.said_for_ms), RefusalCode::not_found);
}

}  // namespace
}  // namespace oberih::sealing
