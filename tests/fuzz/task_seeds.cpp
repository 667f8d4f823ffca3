// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/task_seeds.hpp"

#include "protocol/sealing/task.hpp"
#include "protocol/sealing/task_text.hpp"
#include "tests/fuzz/known_objects.hpp"

namespace oberih::fuzz {
namespace {

using sealing::TaskAction;
using sealing::TaskParty;

sealing::TaskFacts known_facts(TaskAction action) {
  sealing::TaskFacts facts;
  facts.task = made_of<TaskId>(40);
  facts.action = action;
  if (action == TaskAction::propose) {
    facts.asks_for = 2;
    facts.requester = TaskParty::of(made_of<AgencyId>(1), made_of<UnitId>(41));
    facts.kind = sealing::TaskKind::accommodation;
    facts.urgency = sealing::TaskUrgency::date;
    facts.due_ms = 1'800'000'000'000;
    facts.slots = {TaskParty::of(made_of<AgencyId>(2), made_of<UnitId>(42)),
                   TaskParty::of(made_of<AgencyId>(2), made_of<PersonId>(43))};
    facts.depends_on = {made_of<TaskId>(44)};
    return facts;
  }
  facts.expected_version = 3;
  facts.slot = 1;
  if (action == TaskAction::accept) facts.acting_for = made_of<PersonId>(45);
  if (action == TaskAction::extend) facts.due_ms = 1'800'000'000'000;
  if (action == TaskAction::pause) facts.reason = sealing::PauseReason::awaiting_translation;
  if (action == TaskAction::reassign)
    facts.assignee = TaskParty::of(made_of<AgencyId>(2), made_of<PersonId>(46));
  return facts;
}

sealing::Task known_task() {
  sealing::Task task;
  task.id = made_of<TaskId>(40);
  task.requester = TaskParty::of(made_of<AgencyId>(1), made_of<UnitId>(41));
  task.proposer = made_of<PersonId>(47);
  task.kind = sealing::TaskKind::general;
  task.urgency = sealing::TaskUrgency::days_3;
  task.proposed_seq = 5;
  task.proposed_ms = 1'790'000'000'000;
  task.slots.resize(2);
  task.slots[0].assignee = TaskParty::of(made_of<AgencyId>(2), made_of<UnitId>(42));
  task.slots[1].assignee = TaskParty::of(made_of<AgencyId>(2), made_of<PersonId>(43));
  task.slots[1].state = sealing::TaskState::paused;
  task.slots[1].holder = made_of<PersonId>(43);
  task.slots[1].paused_ms = 1'790'000'100'000;
  task.slots[1].pause_reason = sealing::PauseReason::danger;
  return task;
}

}  // namespace

std::vector<std::pair<std::string, Bytes>> task_seeds() {
  std::vector<std::pair<std::string, Bytes>> seeds;
  for (const TaskAction action : sealing::all_task_actions) {
    const std::string name(sealing::name_of(action));
    seeds.emplace_back("facts_" + name, sealing::encode_task_facts(known_facts(action)));
    const bool is_proposal = action == TaskAction::propose;
    const auto text =
        sealing::encode_task_text({action, is_proposal ? "Допит" : "", "через перекладача"});
    seeds.emplace_back("text_" + name, to_bytes(text.value().view()));
  }
  seeds.emplace_back("stored", sealing::encode_task(known_task()));
  Bytes cut = sealing::encode_task_facts(known_facts(TaskAction::propose));
  cut.pop_back();
  seeds.emplace_back("refused_cut", cut);
  return seeds;
}

}  // namespace oberih::fuzz
