// SPDX-License-Identifier: Apache-2.0
#include "server/domain/deadline_policy.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace oberih::domain {
namespace {

DeadlineRows sound_rows() {
  DeadlineRows rows;
  rows.classes = {{"8h", 8, 0}, {"3d", 0, 3}};
  rows.clocks = {
      {{"information"}, {ClockCounts::working_days, 0, DayEnds::closing, true, true}, "", ""},
      {{"find_person"}, {ClockCounts::hours, 0, {}, false, false}, "", ""}};
  rows.evidence = {{{EntryType::message, EntryType::task, EntryType::hearing},
                    {Priority::normal, Priority::urgent},
                    10,
                    20,
                    30,
                    ""}};
  rows.notices = {{{"8h"}, {60, 30}, {0, 60}, ""}, {{"3d", "date"}, {}, {0}, ""}};
  return rows;
}

std::string fault_of(const DeadlineRows& rows) {
  auto made = DeadlinePolicy::make(rows);
  const auto* fault = std::get_if<std::string>(&made);
  return fault == nullptr ? std::string() : *fault;
}

TEST(DeadlinePolicy, gives_a_task_the_rule_of_its_kind_and_class) {
  const auto policy = std::get<DeadlinePolicy>(DeadlinePolicy::make(sound_rows()));
  const auto days = policy.find_rule("information", "3d");
  ASSERT_TRUE(days);
  EXPECT_EQ(days->counts, ClockCounts::working_days);
  EXPECT_EQ(days->amount, 3u);
  const auto hours = policy.find_rule("information", "8h");
  ASSERT_TRUE(hours);
  EXPECT_EQ(hours->counts, ClockCounts::hours);
  EXPECT_EQ(hours->amount, 8u);
  EXPECT_FALSE(hours->moves_to_working_day);
  EXPECT_EQ(policy.find_rule("find_person", "3d")->amount, 72u);
  EXPECT_FALSE(policy.find_rule("information", "date"));
  EXPECT_FALSE(policy.find_rule("unheard_of", "3d"));
}

TEST(DeadlinePolicy, finds_limits_and_notices) {
  const auto policy = std::get<DeadlinePolicy>(DeadlinePolicy::make(sound_rows()));
  EXPECT_EQ(policy.find_evidence_limit(EntryType::task, Priority::urgent)->opened_minutes, 20u);
  EXPECT_EQ(policy.find_evidence_limit(EntryType::leave, Priority::normal), nullptr);
  EXPECT_EQ(policy.find_notices("8h")->remind_minutes_before, (std::vector<unsigned>{60, 30}));
  EXPECT_EQ(policy.find_notices("9h"), nullptr);
}

TEST(DeadlinePolicy, refuses_rows_that_contradict_themselves) {
  EXPECT_EQ(fault_of(sound_rows()), "");
  const auto broken = [](const std::function<void(DeadlineRows&)>& change) {
    DeadlineRows rows = sound_rows();
    change(rows);
    return fault_of(rows);
  };
  EXPECT_EQ(broken([](auto& r) { r.classes[1].name = "8h"; }),
            "the urgency class '8h' stands twice");
  EXPECT_EQ(broken([](auto& r) { r.classes[0].days = 1; }),
            "the urgency class '8h' has either hours or days");
  EXPECT_EQ(broken([](auto& r) { r.classes[0].name = "date"; }),
            "the urgency class 'date' stands twice");
  EXPECT_EQ(broken([](auto& r) { r.clocks[1].kinds = {"information"}; }),
            "the task kind 'information' has two clocks");
  EXPECT_EQ(broken([](auto& r) { r.clocks[1].rule.moves_to_working_day = true; }),
            "a clock that counts hours knows no working days");
  EXPECT_EQ(broken([](auto& r) { r.evidence[0].opened_minutes = 40; }),
            "limits of the evidence ladder rise: delivered, opened, acknowledged");
  EXPECT_EQ(broken([](auto& r) {
              r.evidence[0] = {r.evidence[0].entry_types, r.evidence[0].priorities, 0, 0, 0, {}, 5};
            }),
            "an acknowledgement without a limit is not asked for again");
  EXPECT_EQ(broken([](auto& r) { r.evidence[0].priorities = {Priority::normal}; }),
            "no limit is for 'message' of priority 'urgent'");
  EXPECT_EQ(broken([](auto& r) { r.evidence.push_back(r.evidence[0]); }),
            "two limits are for 'message' of priority 'normal'");
  EXPECT_EQ(broken([](auto& r) { r.evidence[0].entry_types.push_back(EntryType::leave); }),
            "entries of type 'leave' have no evidence ladder");
  EXPECT_EQ(broken([](auto& r) {
              r.notices[0].remind_minutes_before = {30, 60};
            }),
            "reminders come nearer and nearer to the due time");
  EXPECT_EQ(broken([](auto& r) {
              r.notices[0].escalate_minutes_after = {60, 0};
            }),
            "escalations go further and further from the due time");
  EXPECT_EQ(broken([](auto& r) { r.notices.pop_back(); }), "the class '3d' has no notices");
  EXPECT_EQ(broken([](auto& r) { r.notices[0].classes.push_back("9h"); }),
            "notices are for the unknown class '9h'");
  EXPECT_EQ(broken([](auto& r) { r.notices[0].classes.push_back("3d"); }),
            "the class '3d' has two rows of notices");
}

}  // namespace
}  // namespace oberih::domain
