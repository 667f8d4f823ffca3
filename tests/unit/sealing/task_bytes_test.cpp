// SPDX-License-Identifier: Apache-2.0
// The bytes of tasks: facts, sealed texts, and the stored form.
#include "protocol/sealing/task_text.hpp"
#include "task_stage.hpp"

namespace oberih::sealing {
namespace {

TaskFacts known_facts(TaskAction action) {
  TaskFacts facts;
  facts.handling = 2;
  facts.priority = 1;
  facts.asks_for = 3;
  facts.task = made_of<TaskId>(7);
  facts.action = action;
  facts.expected_version = action == TaskAction::propose ? 0 : 9;
  facts.acting_for = made_of<PersonId>(5);
  if (action == TaskAction::propose) {
    facts.requester = TaskParty::of(asking_agency, asking_unit);
    facts.kind = TaskKind::find_person;
    facts.urgency = TaskUrgency::date;
    facts.due_ms = 1'800'000'000'123;
    facts.slots = {TaskParty::of(asked_agency, asked_unit), TaskParty::of(asked_agency, worker)};
    facts.depends_on = {made_of<TaskId>(1), made_of<TaskId>(2)};
    return facts;
  }
  facts.slot = 3;
  if (action == TaskAction::extend) facts.due_ms = 1'800'000'000'123;
  if (action == TaskAction::pause) facts.reason = PauseReason::danger;
  if (action == TaskAction::reassign) facts.assignee = TaskParty::of(asked_agency, worker);
  return facts;
}

TEST(TaskFacts, every_action_has_one_form) {
  for (const TaskAction action : all_task_actions) {
    const Bytes bytes = encode_task_facts(known_facts(action));
    const Result<TaskFacts> parsed = parse_task_facts(bytes);
    ASSERT_TRUE(parsed) << name_of(action);
    EXPECT_EQ(encode_task_facts(*parsed), bytes) << name_of(action);
    EXPECT_EQ(parsed->action, action);
    EXPECT_EQ(parsed->acting_for, made_of<PersonId>(5));
  }
}

TEST(TaskFacts, are_refused_cut_short_with_bytes_left_over_and_of_another_version) {
  for (const TaskAction action : all_task_actions) {
    Bytes bytes = encode_task_facts(known_facts(action));
    for (std::size_t size = 0; size < bytes.size(); ++size)
      EXPECT_EQ(outcome_of(parse_task_facts(ByteView(bytes).first(size))), "malformed_object")
          << name_of(action) << " " << size;
    bytes.push_back(0);
    EXPECT_EQ(outcome_of(parse_task_facts(bytes)), "malformed_object") << name_of(action);
    bytes.pop_back();
    bytes[0] = 2;
    EXPECT_EQ(outcome_of(parse_task_facts(bytes)), "malformed_object") << name_of(action);
  }
}

TEST(TaskFacts, of_a_proposal_are_refused_without_order_bounds_or_known_words) {
  const auto spoiled = [](auto spoil) {
    TaskFacts facts = known_facts(TaskAction::propose);
    spoil(facts);
    return outcome_of(parse_task_facts(encode_task_facts(facts)));
  };
  EXPECT_EQ(spoiled([](TaskFacts&) {}), "accepted");
  EXPECT_EQ(spoiled([](TaskFacts& f) { std::swap(f.slots[0], f.slots[1]); }), "malformed_object");
  EXPECT_EQ(spoiled([](TaskFacts& f) { f.slots[1] = f.slots[0]; }), "malformed_object");
  EXPECT_EQ(spoiled([](TaskFacts& f) { f.slots.clear(); }), "malformed_object");
  EXPECT_EQ(spoiled([](TaskFacts& f) { f.depends_on[1] = f.depends_on[0]; }), "malformed_object");
  EXPECT_EQ(spoiled([](TaskFacts& f) { f.expected_version = 1; }), "malformed_object");
  EXPECT_EQ(spoiled([](TaskFacts& f) { f.due_ms = latest_due_ms; }), "accepted");
  EXPECT_EQ(spoiled([](TaskFacts& f) { f.due_ms = latest_due_ms + 1; }), "malformed_object");
  EXPECT_EQ(spoiled([](TaskFacts& f) { f.kind = TaskKind{0}; }), "malformed_object");
  EXPECT_EQ(spoiled([](TaskFacts& f) { f.urgency = TaskUrgency{5}; }), "malformed_object");
  EXPECT_EQ(spoiled([](TaskFacts& f) { f.requester.kind = TaskPartyKind{3}; }), "malformed_object");
  EXPECT_EQ(spoiled([](TaskFacts& f) {
              f.slots.clear();
              for (std::uint32_t i = 0; i <= task_slots_at_most; ++i)
                f.slots.push_back(TaskParty::of(asked_agency, made_of<PersonId>(i)));
            }),
            "malformed_object");
}

TEST(TaskFacts, a_pause_names_its_reason) {
  TaskFacts facts = known_facts(TaskAction::pause);
  facts.reason.reset();
  EXPECT_EQ(outcome_of(parse_task_facts(encode_task_facts(facts))), "malformed_object");
}

// -- texts ----------------------------------------------------------------------------------------

TEST(TaskText, every_action_has_one_form) {
  for (const TaskAction action : all_task_actions) {
    TaskText text{action, "", "Допитати потерпілу через перекладача"};
    if (action == TaskAction::propose) text.title = "Допит у Чернівцях";
    const Result<SecretBuffer> encoded = encode_task_text(text);
    ASSERT_TRUE(encoded) << name_of(action);
    const Result<TaskText> parsed = parse_task_text(encoded->view());
    ASSERT_TRUE(parsed) << name_of(action);
    EXPECT_EQ(parsed->action, action);
    EXPECT_EQ(parsed->title, text.title);
    EXPECT_EQ(parsed->words, text.words);
    for (std::size_t size = 0; size < encoded->size(); ++size)
      EXPECT_EQ(outcome_of(parse_task_text(encoded->view().first(size))), "malformed_object");
    Bytes longer = to_bytes(encoded->view());
    longer.push_back(0);
    EXPECT_EQ(outcome_of(parse_task_text(longer)), "malformed_object");
    longer.pop_back();
    longer.back() = 1;  // an attachment
    EXPECT_EQ(outcome_of(parse_task_text(longer)), "malformed_object");
  }
}

TEST(TaskText, reasons_and_results_are_said_and_titles_are_short) {
  for (const TaskAction action : {TaskAction::decline, TaskAction::withdraw, TaskAction::extend,
                                  TaskAction::submit, TaskAction::return_})
    EXPECT_EQ(outcome_of(encode_task_text({action, "", ""})), "invalid_parameters");
  for (const TaskAction action : {TaskAction::accept, TaskAction::start, TaskAction::pause,
                                  TaskAction::resume, TaskAction::confirm, TaskAction::reassign})
    EXPECT_EQ(outcome_of(encode_task_text({action, "", ""})), "accepted");
  EXPECT_EQ(outcome_of(encode_task_text({TaskAction::propose, "", "x"})), "invalid_parameters");
  EXPECT_EQ(outcome_of(encode_task_text({TaskAction::propose, std::string(201, 'x'), ""})),
            "invalid_parameters");
  EXPECT_EQ(outcome_of(encode_task_text({TaskAction::propose, "a\nb", ""})), "invalid_parameters");
  EXPECT_EQ(outcome_of(encode_task_text({TaskAction::accept, "title", ""})), "invalid_parameters");
  EXPECT_EQ(outcome_of(encode_task_text({TaskAction::accept, "", "\xff"})), "invalid_parameters");
  EXPECT_EQ(outcome_of(encode_task_text({TaskAction::submit, "", std::string(65'001, 'x')})),
            "body_too_large");
}

// -- the stored form
// --------------------------------------------------------------------------------

TEST(Task, stored_and_read_again_is_the_same) {
  for (const TaskState state : all_task_states) {
    TaskStage stage;
    stage.bring_to(state);
    const Task& task = *stage.tasks.at(TaskStage::first);
    const Bytes bytes = encode_task(task);
    const Result<Task> parsed = parse_task(bytes);
    ASSERT_TRUE(parsed) << name_of(state);
    EXPECT_EQ(*parsed, task) << name_of(state);
    for (std::size_t size = 0; size < bytes.size(); ++size)
      EXPECT_EQ(outcome_of(parse_task(ByteView(bytes).first(size))), "malformed_object");
  }
}

}  // namespace
}  // namespace oberih::sealing
