// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/task_action.hpp"

#include <nlohmann/json.hpp>

#include "client-cli/commands/entry_search.hpp"
#include "client-cli/commands/task_parties.hpp"
#include "client-cli/commands/task_view.hpp"
#include "client-cli/output/kyiv_time.hpp"
#include "client-cli/verification/entry_sender.hpp"

namespace oberih::client {
namespace {

Result<sealing::Task> judge_here(ClientSession& session, VerifiedChannel& channel,
                                 const sealing::TaskFacts& facts) {
  // Behind everything that is known: what the server will judge by, unless somebody is faster.
  const sealing::Place place{UINT64_MAX, channel.state().newest_seq() + 1,
                             session.server_time_ms(channel)};
  return TaskBook(session.store(), channel.keys(), channel.id())
      .judge(channel.state(), session.directory(), session.ring().device, place, facts);
}

/// Whether the whole task is meant where no slot is named.
bool concerns_all(sealing::TaskAction action) {
  return action == sealing::TaskAction::withdraw || action == sealing::TaskAction::extend;
}

TaskInChannel look_up(ClientSession& session, VerifiedChannel& channel, const TaskId& id) {
  TaskBook book(session.store(), channel.keys(), channel.id());
  TaskInChannel task{channel.id(), channel.title().value_or(std::string()), {}, book.find(id)};
  if (task.task) task.title = book.title(*task.task);
  return task;
}

void say_result(CommandContext& context, const TaskInChannel& task, std::uint16_t number,
                const sealing::TaskFacts& facts) {
  Console& console = context.console();
  ClientSession& session = context.session();
  const sealing::TaskSlot& slot = task.task->slots[number];
  const Sentence said = facts.action == sealing::TaskAction::propose ? Sentence::task_proposed
                        : sealing::is_final(slot.state)              ? Sentence::task_ended
                                                                     : Sentence::task_now;
  console.say(said, {{"task", describe_task(task)},
                     {"state", state_word(console, slot)},
                     {"who", describe_party(session, slot.assignee)},
                     {"due", describe_due(console, slot, task_time_ms(session))}});
}

/// The slot holds what the action would bring about, and this person has brought it there.
bool is_done_already(ClientSession& session, VerifiedChannel& channel,
                     const sealing::TaskSlot& slot, sealing::TaskAction action) {
  const PersonId me = own_person(session);
  switch (action) {
    case sealing::TaskAction::accept:
      return slot.holder == me && !sealing::is_final(slot.state);
    case sealing::TaskAction::start:
    case sealing::TaskAction::resume:
      return slot.holder == me && slot.state == sealing::TaskState::in_progress;
    case sealing::TaskAction::confirm: {
      if (slot.state != sealing::TaskState::completed) return false;
      const std::optional<TaskEvent> newest =
          TaskBook(session.store(), channel.keys(), channel.id()).event_at(slot.changed_seq);
      return newest && newest->facts.action == action &&
             person_of(session.directory(), newest->author) == me;
    }
    case sealing::TaskAction::propose:
    case sealing::TaskAction::decline:
    case sealing::TaskAction::withdraw:
    case sealing::TaskAction::extend:
    case sealing::TaskAction::reassign:
    case sealing::TaskAction::pause:
    case sealing::TaskAction::submit:
    case sealing::TaskAction::return_:
      return false;  // they say something besides, which would be lost
  }
  return false;
}

}  // namespace

Result<> check_text(const sealing::TaskText& text) {
  const Result<SecretBuffer> encoded = sealing::encode_task_text(text);
  if (encoded) return {};
  const bool is_unfit = encoded.error().code == RefusalCode::invalid_parameters;
  return refuse(is_unfit ? RefusalCode::usage : encoded.error().code, encoded.error().detail);
}

std::uint8_t priority_of(ClientSession& session, VerifiedChannel& channel,
                         const sealing::Task& task, sealing::TaskAction action) {
  if (action != sealing::TaskAction::reassign && action != sealing::TaskAction::return_ &&
      action != sealing::TaskAction::withdraw)
    return 0;
  const std::optional<TaskEvent> proposed =
      TaskBook(session.store(), channel.keys(), channel.id()).event_at(task.proposed_seq);
  return proposed ? proposed->facts.priority : std::uint8_t{0};
}

bool tell_done_already(CommandContext& context, VerifiedChannel& channel, const TaskInChannel& task,
                       sealing::TaskAction action, int named_slot) {
  ClientSession& session = context.session();
  const Console& console = context.console();
  for (std::size_t number = 0; number < task.task->slots.size(); ++number) {
    const sealing::TaskSlot& slot = task.task->slots[number];
    if (named_slot >= 0 && static_cast<std::size_t>(named_slot) != number) continue;
    if (!is_done_already(session, channel, slot, action)) continue;
    context.console().say(sealing::is_final(slot.state) ? Sentence::task_is_so_already
                                                        : Sentence::task_is_yours_already,
                          {{"task", describe_task(task)},
                           {"state", state_word(console, slot)},
                           {"due", describe_due(console, slot, task_time_ms(session))}});
    context.console().object(task_json(context, task));
    return true;
  }
  return false;
}

Refusal tell_who_was_first(CommandContext& context, VerifiedChannel& channel,
                           const sealing::TaskFacts& facts, const Refusal& refusal) {
  ClientSession& session = context.session();
  if (!session.pull(channel)) return refusal;
  (void)session.read_names();
  const TaskInChannel task = look_up(session, channel, facts.task);
  if (!task.task || facts.slot >= task.task->slots.size()) return refusal;
  const sealing::TaskSlot& slot = task.task->slots[facts.slot];
  const std::optional<TaskEvent> newest =
      TaskBook(session.store(), channel.keys(), channel.id()).event_at(slot.changed_seq);
  if (!newest || newest->author == session.ring().device) return refusal;
  const Console& console = context.console();
  return refuse(
      refusal.code,
      console.text(Sentence::task_others_were_first,
                   {{"who", describe_author(context, newest->author, newest->facts.acting_for)},
                    {"what", describe_event(context, task, *newest)},
                    {"time", format_time(newest->server_ms, console.language())},
                    {"state", state_word(console, slot)},
                    {"id", short_id(facts.task)}}));
}

Result<std::vector<std::uint16_t>> choose_slots(ClientSession& session, VerifiedChannel& channel,
                                                const sealing::Task& task, sealing::TaskFacts facts,
                                                int named) {
  if (named >= 0) {
    if (static_cast<std::size_t>(named) >= task.slots.size())
      return refuse(RefusalCode::usage, "the task has no such slot; see 'oberih task show'");
    return std::vector<std::uint16_t>{static_cast<std::uint16_t>(named)};
  }
  std::vector<std::uint16_t> fitting;
  std::optional<Refusal> first;
  for (std::uint16_t slot = 0; slot < task.slots.size(); ++slot) {
    facts.slot = slot;
    facts.expected_version = task.slots[slot].version;
    facts.acting_for = {};
    const Result<> may = choose_stand_in(session, channel, facts);
    if (may) fitting.push_back(slot);
    if (!may && !first) first = may.error();
  }
  if (fitting.empty()) return *first;
  if (fitting.size() > 1 && !concerns_all(facts.action))
    return refuse(RefusalCode::usage, "several assignees fit; name one with --slot");
  return fitting;
}

Result<> choose_stand_in(ClientSession& session, VerifiedChannel& channel,
                         sealing::TaskFacts& facts) {
  facts.acting_for = {};
  const Result<sealing::Task> as_oneself = judge_here(session, channel, facts);
  if (as_oneself) return {};
  if (as_oneself.error().code != RefusalCode::not_your_part) return as_oneself.error();
  for (const PersonId& person : stood_in_for(session)) {
    facts.acting_for = person;
    if (judge_here(session, channel, facts)) return {};
  }
  facts.acting_for = {};
  return as_oneself.error();
}

Result<> act_on_task(CommandContext& context, VerifiedChannel& channel,
                     const sealing::TaskFacts& facts, const sealing::TaskText& text) {
  ClientSession& session = context.session();
  Console& console = context.console();
  Result<wire::Appended> appended = EntrySender(session).act(channel, facts, text);
  if (!appended) {
    if (!session.store().outbox().list(channel.id()).empty())
      console.note(Sentence::post_outcome_unknown);
    if (appended.error().code == RefusalCode::stale_version)
      return tell_who_was_first(context, channel, facts, appended.error());
    return appended.error();
  }
  OBERIH_TRY(session.pull(channel));
  const TaskInChannel task = look_up(session, channel, facts.task);
  if (!task.task) return refuse(RefusalCode::verification_failed, "the task was not shown");
  if (facts.action == sealing::TaskAction::propose)
    for (std::uint16_t slot = 0; slot < task.task->slots.size(); ++slot)
      say_result(context, task, slot, facts);
  else
    say_result(context, task, facts.slot, facts);
  console.object(task_json(context, task));
  return {};
}

}  // namespace oberih::client
