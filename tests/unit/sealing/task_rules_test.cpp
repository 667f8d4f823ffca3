// SPDX-License-Identifier: Apache-2.0
// What the rules of tasks say besides the table: who stands in for whom, races, several assignees,
// dependencies, clocks, and what a channel permits.
#include "protocol/sealing/task_rules.hpp"

#include "task_stage.hpp"

namespace oberih::sealing {
namespace {

using Action = TaskAction;
using State = TaskState;

constexpr Milliseconds task_day_ms = 24 * task_hour_ms;

TaskFacts standing_for(TaskFacts facts, const PersonId& person) {
  facts.acting_for = person;
  return facts;
}

TEST(TaskRules, of_two_who_accept_at_once_one_wins) {
  TaskStage stage;
  stage.bring_to(State::proposed);
  const TaskFacts theirs = stage.facts(Action::accept);
  EXPECT_EQ(stage.act(worker, theirs), "accepted");
  EXPECT_EQ(stage.act(second_worker, theirs), "stale_version");
  EXPECT_EQ(stage.slot().holder, worker);
  // Even who reads first cannot take it away any more.
  EXPECT_EQ(stage.act(second_worker, Action::accept), "transition_unknown");
}

TEST(TaskRules, a_version_that_does_not_exist_yet_is_refused_like_an_old_one) {
  TaskStage stage;
  stage.bring_to(State::in_progress);
  TaskFacts facts = stage.facts(Action::submit);
  facts.expected_version += 1;
  EXPECT_EQ(stage.act(worker, facts), "stale_version");
}

TEST(TaskRules, a_deputy_acts_for_whom_they_stand_in_and_it_shows) {
  TaskStage stage;
  stage.bring_to(State::proposed);
  EXPECT_EQ(stage.judge(workers_deputy, stage.facts(Action::accept)), "not_your_part");
  EXPECT_EQ(stage.act(workers_deputy, standing_for(stage.facts(Action::accept), worker)),
            "accepted");
  EXPECT_EQ(stage.slot().holder, workers_deputy);
  EXPECT_EQ(stage.slot().holder_stands_for, worker);
  EXPECT_EQ(stage.act(workers_deputy, Action::start), "accepted");
}

TEST(TaskRules, nobody_claims_to_stand_in_for_whom_they_do_not) {
  TaskStage stage;
  stage.bring_to(State::proposed);
  for (const PersonId& claimed : {worker, second_worker, chief, asker})
    EXPECT_EQ(stage.judge(clerk_elsewhere, standing_for(stage.facts(Action::accept), claimed)),
              "not_your_part");
  // A member who says to be somebody's deputy is no deputy.
  EXPECT_EQ(stage.judge(second_worker, standing_for(stage.facts(Action::accept), worker)),
            "not_your_part");
  EXPECT_EQ(stage.judge(outsider, standing_for(stage.proposal(made_of<TaskId>(92)), asker)),
            "not_your_part");
}

TEST(TaskRules, the_holders_deputy_goes_on_with_the_work_and_does_not_confirm_it) {
  TaskStage stage;
  stage.bring_to(State::in_progress);
  EXPECT_EQ(stage.judge(workers_deputy, stage.facts(Action::submit)), "not_your_part");
  EXPECT_EQ(stage.act(workers_deputy, standing_for(stage.facts(Action::submit), worker)),
            "accepted");
  EXPECT_EQ(stage.slot().submitter, workers_deputy);
  EXPECT_EQ(stage.slot().holder, worker);
  stage.actors.members[asking_unit].insert(workers_deputy);
  EXPECT_EQ(stage.act(workers_deputy, Action::confirm), "own_work");
  EXPECT_EQ(stage.act(askers_deputy, standing_for(stage.facts(Action::confirm), asker)),
            "accepted");
}

TEST(TaskRules, whoever_holds_the_work_does_not_confirm_it_from_the_asking_unit) {
  TaskStage stage;
  stage.actors.members[asking_unit].insert(worker);
  stage.bring_to(State::submitted);
  EXPECT_EQ(stage.act(worker, Action::confirm), "own_work");
  EXPECT_EQ(stage.act(asker, Action::confirm), "accepted");
}

TEST(TaskRules, a_person_asks_a_person) {
  TaskStage stage;
  TaskFacts facts = stage.proposal();
  facts.requester = TaskParty::of(asking_agency, outsider);
  facts.slots = {TaskParty::of(asked_agency, clerk_elsewhere)};
  EXPECT_EQ(stage.judge(asker, facts), "not_your_part");
  EXPECT_EQ(stage.act(outsider, facts), "accepted");
  EXPECT_EQ(stage.act(worker, Action::accept), "not_your_part");
  EXPECT_EQ(stage.act(clerk_elsewhere, Action::accept), "accepted");
  EXPECT_EQ(stage.act(clerk_elsewhere, Action::start), "accepted");
  EXPECT_EQ(stage.act(clerk_elsewhere, Action::submit), "accepted");
  EXPECT_EQ(stage.act(asker, Action::confirm), "not_your_part");
  EXPECT_EQ(stage.act(outsider, Action::confirm), "accepted");
}

TEST(TaskRules, nobody_asks_themselves_and_nobody_asks_in_anothers_name) {
  TaskStage stage;
  TaskFacts facts = stage.proposal();
  facts.requester = TaskParty::of(asking_agency, asker);
  facts.slots = {TaskParty::of(asking_agency, asker)};
  EXPECT_EQ(stage.judge(asker, facts), "own_work");
  EXPECT_EQ(stage.judge(outsider, stage.proposal()), "not_your_part");
  EXPECT_EQ(stage.judge(worker, stage.proposal()), "not_your_part");
  facts = stage.proposal();
  facts.requester.agency = asked_agency;  // the unit of one agency in the name of another
  EXPECT_EQ(stage.judge(asker, facts), "not_your_part");
}

TEST(TaskRules, whoever_is_asked_is_on_the_roster) {
  TaskStage stage;
  const auto asked = [&](const TaskParty& party) {
    TaskFacts facts = stage.proposal();
    facts.slots = {party};
    return stage.judge(asker, facts);
  };
  EXPECT_EQ(asked(TaskParty::of(asked_agency, absent_unit)), "assignee_not_on_roster");
  EXPECT_EQ(asked(TaskParty::of(asked_agency, made_of<UnitId>(34))), "assignee_not_on_roster");
  EXPECT_EQ(asked(TaskParty::of(asked_agency, made_of<PersonId>(99))), "assignee_not_on_roster");
  EXPECT_EQ(asked(TaskParty::of(court_agency, worker)), "assignee_not_on_roster");
  EXPECT_EQ(asked(TaskParty::of(court_agency, asked_unit)), "assignee_not_on_roster");
  EXPECT_EQ(asked(TaskParty::of(asked_agency, worker)), "accepted");
}

TEST(TaskRules, an_id_is_used_once_and_an_unknown_one_is_not_found) {
  TaskStage stage;
  stage.bring_to(State::proposed);
  EXPECT_EQ(stage.judge(asker, stage.proposal()), "id_taken");
  EXPECT_EQ(stage.judge(worker, stage.facts(Action::accept, made_of<TaskId>(92))), "not_found");
  EXPECT_EQ(stage.judge(worker, stage.facts(Action::accept, TaskStage::first, 1)), "not_found");
}

// -- several assignees
// ------------------------------------------------------------------------------

TaskFacts for_two(const TaskStage& stage, TaskKind kind) {
  TaskFacts facts = stage.proposal();
  facts.kind = kind;
  facts.slots = {TaskParty::of(asked_agency, asked_unit),
                 TaskParty::of(asked_agency, clerk_elsewhere)};
  return facts;
}

void finish_first(TaskStage& stage) {
  EXPECT_EQ(stage.act(worker, Action::accept), "accepted");
  EXPECT_EQ(stage.act(worker, Action::start), "accepted");
  EXPECT_EQ(stage.act(worker, Action::submit), "accepted");
  EXPECT_EQ(stage.act(colleague, Action::confirm), "accepted");
}

TEST(TaskRules, each_assignee_has_a_state_of_their_own) {
  TaskStage stage;
  ASSERT_EQ(stage.act(asker, for_two(stage, TaskKind::information)), "accepted");
  EXPECT_EQ(stage.act(worker, Action::accept, TaskStage::first, 1), "not_your_part");
  finish_first(stage);
  EXPECT_EQ(stage.state(0), State::completed);
  EXPECT_EQ(stage.state(1), State::proposed);
  EXPECT_EQ(stage.slot(1).version, 1u);
  EXPECT_TRUE(stage.tasks.at(TaskStage::first)->is_open());
  EXPECT_EQ(stage.act(clerk_elsewhere, Action::decline, TaskStage::first, 1), "accepted");
  EXPECT_FALSE(stage.tasks.at(TaskStage::first)->is_open());
}

TEST(TaskRules, where_one_finishes_for_all_the_others_are_released) {
  TaskStage stage;
  ASSERT_EQ(stage.act(asker, for_two(stage, TaskKind::accommodation)), "accepted");
  const TaskFacts late = stage.facts(Action::accept, TaskStage::first, 1);
  finish_first(stage);
  EXPECT_EQ(stage.state(1), State::withdrawn);
  EXPECT_TRUE(stage.slot(1).is_finished_elsewhere);
  EXPECT_FALSE(stage.slot(0).is_finished_elsewhere);
  EXPECT_EQ(stage.act(clerk_elsewhere, late), "stale_version");
  EXPECT_FALSE(stage.tasks.at(TaskStage::first)->is_open());
}

// -- dependencies
// -------------------------------------------------------------------------------------

TEST(TaskRules, a_task_with_open_dependencies_is_not_submitted) {
  const TaskId second = made_of<TaskId>(92);
  TaskStage stage;
  stage.bring_to(State::proposed);
  TaskFacts facts = stage.proposal(second);
  facts.depends_on = {TaskStage::first};
  ASSERT_EQ(stage.act(asker, facts), "accepted");
  ASSERT_EQ(stage.act(worker, Action::accept, second), "accepted");
  ASSERT_EQ(stage.act(worker, Action::start, second), "accepted");
  EXPECT_EQ(stage.act(worker, Action::submit, second), "dependencies_open");
  ASSERT_EQ(stage.act(asker, Action::withdraw), "accepted");
  EXPECT_EQ(stage.act(worker, Action::submit, second), "accepted");
}

TEST(TaskRules, no_cycle_of_dependencies_can_be_made) {
  const TaskId second = made_of<TaskId>(92);
  TaskStage stage;
  TaskFacts facts = stage.proposal();
  facts.depends_on = {TaskStage::first};  // on itself
  EXPECT_EQ(stage.judge(asker, facts), "dependency_cycle");
  facts.depends_on = {second};  // that would depend on this one
  EXPECT_EQ(stage.judge(asker, facts), "dependency_cycle");
}

// -- clocks
// -----------------------------------------------------------------------------------------------

TEST(TaskRules, due_times_are_those_of_the_class) {
  const auto due_in = [](TaskUrgency urgency) {
    TaskStage stage;
    TaskFacts facts = stage.proposal();
    facts.urgency = urgency;
    facts.due_ms = urgency == TaskUrgency::date ? stage.now_ms + task_day_ms : 0;
    const Milliseconds begun = stage.now_ms;
    EXPECT_EQ(stage.act(asker, facts), "accepted");
    return stage.slot().due_ms - begun;
  };
  EXPECT_EQ(due_in(TaskUrgency::hours_8), 8 * task_hour_ms);
  EXPECT_EQ(due_in(TaskUrgency::days_3), 3 * task_day_ms);
  EXPECT_EQ(due_in(TaskUrgency::days_7), 7 * task_day_ms);
  EXPECT_EQ(due_in(TaskUrgency::date), task_day_ms);
}

TEST(TaskRules, a_due_time_in_the_past_is_refused) {
  TaskStage stage;
  TaskFacts facts = stage.proposal();
  facts.urgency = TaskUrgency::date;
  facts.due_ms = stage.now_ms;
  EXPECT_EQ(stage.judge(asker, facts), "due_in_past");
  facts.due_ms += 1;
  EXPECT_EQ(stage.judge(asker, facts), "accepted");
}

TEST(TaskRules, the_clock_stops_while_the_work_rests) {
  TaskStage stage;
  stage.bring_to(State::in_progress);
  const Milliseconds due = stage.slot().due_ms;
  ASSERT_EQ(stage.act(worker, Action::pause), "accepted");
  const Milliseconds paused = stage.slot().paused_ms;
  stage.now_ms = paused + 10 * task_day_ms;
  EXPECT_FALSE(is_overdue(stage.slot(), stage.now_ms));
  EXPECT_EQ(due_at(stage.slot(), stage.now_ms), due + 10 * task_day_ms);
  ASSERT_EQ(stage.act(worker, Action::resume), "accepted");
  EXPECT_EQ(stage.slot().due_ms, due + 10 * task_day_ms);
  EXPECT_FALSE(is_overdue(stage.slot(), stage.slot().due_ms - 1));
  EXPECT_TRUE(is_overdue(stage.slot(), stage.slot().due_ms));
}

TEST(TaskRules, a_date_stays_where_it_is) {
  TaskStage stage;
  TaskFacts facts = stage.proposal();
  facts.urgency = TaskUrgency::date;
  facts.due_ms = stage.now_ms + 5 * task_day_ms;
  ASSERT_EQ(stage.act(asker, facts), "accepted");
  ASSERT_EQ(stage.act(worker, Action::accept), "accepted");
  ASSERT_EQ(stage.act(worker, Action::start), "accepted");
  ASSERT_EQ(stage.act(worker, Action::pause), "accepted");
  stage.now_ms += 10 * task_day_ms;
  EXPECT_FALSE(is_overdue(stage.slot(), stage.now_ms));
  ASSERT_EQ(stage.act(worker, Action::resume), "accepted");
  EXPECT_EQ(stage.slot().due_ms, facts.due_ms);
  EXPECT_TRUE(is_overdue(stage.slot(), stage.now_ms));
}

TEST(TaskRules, an_extension_gives_time_and_never_takes_it) {
  TaskStage stage;
  stage.bring_to(State::accepted);
  TaskFacts facts = stage.facts(Action::extend);
  facts.due_ms = stage.slot().due_ms;
  EXPECT_EQ(stage.act(asker, facts), "due_in_past");
  facts.due_ms += 1;
  EXPECT_EQ(stage.act(asker, facts), "accepted");
  EXPECT_EQ(stage.slot().due_ms, facts.due_ms);
  stage.now_ms = facts.due_ms + task_day_ms;  // overdue: more time can still be given, from now on
  facts = stage.facts(Action::extend);
  facts.due_ms = stage.now_ms;
  EXPECT_EQ(stage.act(asker, facts), "due_in_past");
}

TEST(TaskRules, what_is_handed_in_or_over_is_not_late) {
  for (const State state :
       {State::submitted, State::completed, State::declined, State::withdrawn}) {
    TaskStage stage;
    stage.bring_to(state);
    EXPECT_FALSE(is_overdue(stage.slot(), stage.slot().due_ms + task_day_ms)) << name_of(state);
  }
}

// -- reassigning
// ----------------------------------------------------------------------------------------------

TEST(TaskRules, a_task_is_reassigned_inside_its_agency_alone) {
  TaskStage stage;
  stage.bring_to(State::proposed);
  TaskFacts facts = stage.facts(Action::reassign);
  facts.assignee = TaskParty::of(asking_agency, outsider);
  EXPECT_EQ(stage.act(chief, facts), "not_your_part");
  facts.assignee = TaskParty::of(asked_agency, outsider);  // of another agency than it says
  EXPECT_EQ(stage.act(chief, facts), "assignee_not_on_roster");
  facts.assignee = TaskParty::of(asked_agency, asked_unit);
  EXPECT_EQ(stage.act(chief, facts), "id_taken");
  EXPECT_EQ(stage.act(chief, Action::reassign), "accepted");
  EXPECT_EQ(stage.state(), State::proposed);
  EXPECT_EQ(stage.act(worker, Action::accept), "not_your_part");
  EXPECT_EQ(stage.act(clerk_elsewhere, Action::accept), "accepted");
}

TEST(TaskRules, work_under_way_is_given_to_a_person_who_goes_on_with_it) {
  TaskStage stage;
  stage.bring_to(State::in_progress);
  TaskFacts facts = stage.facts(Action::reassign);
  facts.assignee = TaskParty::of(asked_agency, absent_unit);
  stage.actors.members[absent_unit].insert(clerk_elsewhere);
  EXPECT_EQ(stage.act(worker, facts), "transition_unknown");
  facts.assignee = TaskParty::of(asked_agency, second_worker);
  EXPECT_EQ(stage.act(worker, facts), "accepted");
  EXPECT_EQ(stage.slot().holder, second_worker);
  EXPECT_EQ(stage.act(worker, Action::submit), "not_your_part");
  EXPECT_EQ(stage.act(second_worker, Action::submit), "accepted");
}

// -- channels
// -------------------------------------------------------------------------------------------------

TEST(TaskRules, an_announcement_channel_carries_none) {
  TaskStage stage;
  stage.channel_kind = ChannelKind::announcement;
  EXPECT_EQ(stage.judge(asker, stage.proposal()), "entry_type_forbidden");
}

TEST(TaskRules, in_a_hearing_channel_the_court_asks_to_secure_witnesses_and_nothing_else) {
  TaskStage stage;
  stage.channel_kind = ChannelKind::hearing;
  TaskFacts facts = stage.proposal();
  facts.kind = TaskKind::secure_witnesses;
  EXPECT_EQ(stage.judge(asker, facts), "entry_type_forbidden");
  stage.agency_kind = AgencyKind::court;
  EXPECT_EQ(stage.act(asker, facts), "accepted");
  EXPECT_EQ(stage.judge(asker, stage.proposal(made_of<TaskId>(92))), "entry_type_forbidden");
  stage.agency_kind = AgencyKind::prosecution;  // whoever is asked answers
  EXPECT_EQ(stage.act(worker, Action::accept), "accepted");
}

TEST(TaskRules, relations_are_what_policy_may_ask) {
  TaskStage stage;
  stage.bring_to(State::in_progress);
  const auto relations = [&](const PersonId& person) {
    const TaskRelations found = relations_of(stage.case_of(person), stage.facts(Action::submit));
    return std::string(found.is_requester ? "r" : "") + (found.is_addressee ? "a" : "") +
           (found.is_holder ? "h" : "");
  };
  EXPECT_EQ(relations(asker), "r");
  EXPECT_EQ(relations(worker), "ah");
  EXPECT_EQ(relations(second_worker), "a");
  EXPECT_EQ(relations(chief), "a");
  EXPECT_EQ(relations(outsider), "");
  EXPECT_TRUE(relations_of(stage.case_of(asker), stage.proposal()).is_requester);
  EXPECT_FALSE(relations_of(stage.case_of(worker), stage.proposal()).is_requester);
}

}  // namespace
}  // namespace oberih::sealing
