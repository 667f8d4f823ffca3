// SPDX-License-Identifier: Apache-2.0
#include "server/application/judge_task.hpp"

#include "protocol/sealing/roster_actors.hpp"

namespace oberih::application {

domain::Action action_of(sealing::TaskAction action) {
  switch (action) {
    case sealing::TaskAction::propose:
      return domain::Action::task_propose;
    case sealing::TaskAction::accept:
      return domain::Action::task_accept;
    case sealing::TaskAction::decline:
      return domain::Action::task_decline;
    case sealing::TaskAction::withdraw:
      return domain::Action::task_withdraw;
    case sealing::TaskAction::extend:
      return domain::Action::task_extend;
    case sealing::TaskAction::reassign:
      return domain::Action::task_reassign;
    case sealing::TaskAction::start:
      return domain::Action::task_start;
    case sealing::TaskAction::pause:
      return domain::Action::task_pause;
    case sealing::TaskAction::resume:
      return domain::Action::task_resume;
    case sealing::TaskAction::submit:
      return domain::Action::task_submit;
    case sealing::TaskAction::confirm:
      return domain::Action::task_confirm;
    case sealing::TaskAction::return_:
      return domain::Action::task_return;
  }
  return domain::Action::task_propose;
}

MayActOnTask ask_policy_for(const Services& services, const domain::Caller& caller,
                            const ChannelId& channel, sealing::TaskAction action) {
  return [services, caller, channel, action](const sealing::TaskRelations& relations) {
    Object object{channel, {}, {}};
    if (relations.is_requester) object.standing.add(domain::Relation::requester);
    if (relations.is_addressee) object.standing.add(domain::Relation::assignee);
    if (relations.is_holder) object.standing.add(domain::Relation::holder);
    return authorize(services, caller, action_of(action), object);
  };
}

Result<sealing::Task> judge_task_entry(BatchView& batch, const sealing::EntryHeader& header,
                                       const sealing::TaskFacts& facts, const MayActOnTask& may) {
  const sealing::ChannelState& state = batch.channel(header.channel);
  const sealing::Place place = batch.place_in(state);
  const sealing::RosterActors actors(state, batch.directory(), place);
  const sealing::TaskCase task_case =
      sealing::task_case_of(state, batch.directory(), header.sender, place, actors,
                            [&](const TaskId& id) { return batch.load_task(header.channel, id); });
  // The rules first: whoever lost a race is to learn that, not that it is not theirs any more.
  Result<sealing::Task> task = sealing::judge_task(task_case, facts);
  if (!task) return task.error();
  OBERIH_TRY(may(sealing::relations_of(task_case, facts)));
  return task;
}

}  // namespace oberih::application
