// SPDX-License-Identifier: Apache-2.0
#include "server/application/task_deadlines.hpp"

#include <algorithm>

#include "protocol/crypto/random_bytes.hpp"
#include "protocol/sealing/task_events.hpp"
#include "server/domain/due_moments.hpp"

namespace oberih::application {
namespace {

using domain::DueMoment;
using sealing::Task;
using sealing::TaskSlot;

Digest hash_of_file(const Policies& policies, std::string_view name) {
  for (const sealing::PolicyFile& file : policies.files)
    if (file.name == name) return file.hash;
  return {};
}

sealing::ServerEvent event_about(sealing::ServerEventWhat what, const Task& task,
                                 std::size_t slot) {
  sealing::ServerEvent event;
  event.what = what;
  event.task = task.id;
  event.slot = static_cast<std::uint16_t>(slot);
  event.due_ms = task.slots[slot].due_ms;
  event.salt = crypto::random_id<sealing::LeafSalt>();
  return event;
}

/// By the calendar; nothing where the policies have no rule for it, or it is a date.
std::optional<Milliseconds> due_by_calendar(const Policies& policies, const Task& task,
                                            const TaskSlot& slot, Milliseconds now_ms) {
  if (slot.due_is_date) return std::nullopt;
  const std::optional<domain::DeadlineRule> rule =
      policies.deadlines.find_rule(sealing::name_of(task.kind), sealing::name_of(task.urgency));
  if (!rule) return std::nullopt;
  std::vector<domain::PausedInterval> pauses;
  for (const sealing::TaskRest& rest : slot.rests) pauses.push_back({rest.from_ms, rest.to_ms});
  const auto due = domain::due_ms(task.proposed_ms, *rule, policies.calendar, pauses);
  if (due && *due > now_ms + sealing::furthest_due_ms) return std::nullopt;
  return due;
}

std::vector<DueMoment> moments_of(const Policies& policies, const Task& task,
                                  const TaskSlot& slot) {
  const domain::DueNotices* notices = policies.deadlines.find_notices(
      slot.due_is_date ? domain::date_class : sealing::name_of(task.urgency));
  return notices == nullptr ? std::vector<DueMoment>() : due_moments(*notices, slot.due_ms);
}

/// 0: nothing is to come.
Milliseconds next_moment(const std::vector<DueMoment>& moments, Milliseconds after_ms) {
  for (const DueMoment& moment : moments)
    if (moment.at_ms > after_ms) return moment.at_ms;
  return 0;
}

/// Whether the clock of a slot begins, or goes on.
bool is_set_going(const Task* before, std::size_t slot, const TaskSlot& after) {
  if (!sealing::is_awaited(after.state)) return false;
  return before == nullptr || before->slots[slot].state == sealing::TaskState::paused;
}

/// When to look at the slot again, where the entry has changed that.
std::optional<TaskWakeRow> wake_after(const Policies& policies, const TaskSlot* before,
                                      const Task& task, std::size_t number, Milliseconds now_ms) {
  const TaskSlot& slot = task.slots[number];
  const bool is_awaited = sealing::is_awaited(slot.state);
  TaskWakeRow wake;
  wake.task = task.id;
  wake.slot = static_cast<std::uint16_t>(number);
  wake.due_ms = slot.due_ms;
  if (before == nullptr || before->due_ms != slot.due_ms) {
    // Another due time begins anew, with what lies ahead.
    wake.said_ms = now_ms;
    if (is_awaited) wake.next_ms = next_moment(moments_of(policies, task, slot), now_ms);
    return wake;
  }
  if (sealing::is_awaited(before->state) == is_awaited) return std::nullopt;
  // What came due while nobody was awaited is found, and said, at the next look.
  if (is_awaited) wake.next_ms = now_ms;
  return wake;
}

void say(BatchView& batch, const ChannelId& channel, const TaskId& id, std::size_t slot,
         const DueMoment& moment) {
  const sealing::TaskPointer task = batch.load_task(channel, id);
  switch (moment.what) {
    case DueMoment::What::reminder: {
      auto event = event_about(sealing::ServerEventWhat::reminder, *task, slot);
      event.minutes = moment.minutes;
      event.said_for_ms = moment.at_ms;
      return batch.stage_server_event(channel, event);
    }
    case DueMoment::What::overdue: {
      auto event = event_about(sealing::ServerEventWhat::overdue, *task, slot);
      event.said_for_ms = moment.at_ms;
      return batch.stage_server_event(channel, event);
    }
    case DueMoment::What::escalation: {
      auto alert = sealing::make_alert(*task, static_cast<std::uint16_t>(slot), moment.minutes);
      alert.salt = crypto::random_id<sealing::LeafSalt>();
      return batch.stage_alert(channel, alert);
    }
  }
}

void look_at(BatchView& batch, const Policies& policies, const TaskWakeRow& wake) {
  const sealing::TaskPointer task = batch.load_task(wake.channel, wake.task);
  TaskWakeRow next = wake;
  next.next_ms = 0;
  next.said_ms = batch.server_ms();
  const bool is_awaited = task && wake.slot < task->slots.size() &&
                          sealing::is_awaited(task->slots[wake.slot].state) &&
                          !batch.channel(wake.channel).is_closed();
  if (is_awaited) {
    const TaskSlot& slot = task->slots[wake.slot];
    const std::vector<DueMoment> moments = moments_of(policies, *task, slot);
    next.due_ms = slot.due_ms;
    next.next_ms = next_moment(moments, batch.server_ms());
    if (wake.due_ms == slot.due_ms)
      for (const DueMoment& moment : moments)
        if (moment.at_ms > wake.said_ms && moment.at_ms <= batch.server_ms())
          say(batch, wake.channel, wake.task, wake.slot, moment);
  }
  batch.stage_wake(next);
}

}  // namespace

void TaskDeadlines::follow_entry(BatchView& batch, const ChannelId& channel,
                                 const sealing::TaskPointer& before, const TaskId& id) const {
  const PoliciesPointer policies = policies_->current();
  for (std::size_t slot = 0; slot < batch.load_task(channel, id)->slots.size(); ++slot) {
    sealing::TaskPointer task = batch.load_task(channel, id);
    if (is_set_going(before.get(), slot, task->slots[slot])) {
      const auto due = due_by_calendar(*policies, *task, task->slots[slot], batch.server_ms());
      if (due && *due != task->slots[slot].due_ms) {
        auto event = event_about(sealing::ServerEventWhat::due_set, *task, slot);
        event.due_ms = *due;
        event.calendar = hash_of_file(*policies, "calendar");
        event.deadlines = hash_of_file(*policies, "deadlines");
        batch.stage_server_event(channel, event);
        task = batch.load_task(channel, id);
      }
    }
    const TaskSlot* slot_before = before ? &before->slots[slot] : nullptr;
    if (auto wake = wake_after(*policies, slot_before, *task, slot, batch.server_ms())) {
      wake->channel = channel;
      batch.stage_wake(*wake);
    }
  }
}

std::size_t TaskDeadlines::say_what_is_due(BatchView& batch, std::size_t most_slots) const {
  std::vector<TaskWakeRow> wakes = batch.load_due_wakes(most_slots);
  const std::size_t found = wakes.size();
  // What the same batch has changed is stored only with it: the next look takes it.
  std::erase_if(wakes, [&](const TaskWakeRow& wake) {
    return batch.is_task_staged(wake.channel, wake.task);
  });
  const PoliciesPointer policies = policies_->current();
  for (const TaskWakeRow& wake : wakes) look_at(batch, *policies, wake);
  return found;
}

}  // namespace oberih::application
