// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/task_view.hpp"

#include <map>

#include "client-cli/commands/device_search.hpp"
#include "client-cli/commands/excuses_view.hpp"
#include "client-cli/commands/server_event_view.hpp"
#include "client-cli/commands/task_parties.hpp"
#include "client-cli/output/display_width.hpp"
#include "client-cli/output/kyiv_time.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::client {
namespace {

using encoding::encode_hex;
using encoding::printable;
using sealing::TaskAction;
using sealing::TaskSlot;
using sealing::TaskState;

constexpr std::size_t history_author_width = 30;

Sentence word_of(TaskState state) {
  switch (state) {
    case TaskState::proposed:
      return Sentence::task_state_proposed;
    case TaskState::accepted:
      return Sentence::task_state_accepted;
    case TaskState::in_progress:
      return Sentence::task_state_in_progress;
    case TaskState::paused:
      return Sentence::task_state_paused;
    case TaskState::submitted:
      return Sentence::task_state_submitted;
    case TaskState::completed:
      return Sentence::task_state_completed;
    case TaskState::declined:
      return Sentence::task_state_declined;
    case TaskState::withdrawn:
      return Sentence::task_state_withdrawn;
  }
  return Sentence::task_state_proposed;
}

Sentence word_of(sealing::PauseReason reason) {
  switch (reason) {
    case sealing::PauseReason::awaiting_translation:
      return Sentence::task_pause_translation;
    case sealing::PauseReason::awaiting_court:
      return Sentence::task_pause_court;
    case sealing::PauseReason::awaiting_requester:
      return Sentence::task_pause_requester;
    case sealing::PauseReason::awaiting_other_agency:
      return Sentence::task_pause_other_agency;
    case sealing::PauseReason::person_unavailable:
      return Sentence::task_pause_person;
    case sealing::PauseReason::danger:
      return Sentence::task_pause_danger;
    case sealing::PauseReason::other:
      return Sentence::task_pause_other;
  }
  return Sentence::task_pause_other;
}

Sentence word_of(TaskAction action) {
  switch (action) {
    case TaskAction::propose:
      return Sentence::task_event_propose;
    case TaskAction::accept:
      return Sentence::task_event_accept;
    case TaskAction::decline:
      return Sentence::task_event_decline;
    case TaskAction::withdraw:
      return Sentence::task_event_withdraw;
    case TaskAction::extend:
      return Sentence::task_event_extend;
    case TaskAction::reassign:
      return Sentence::task_event_reassign;
    case TaskAction::start:
      return Sentence::task_event_start;
    case TaskAction::pause:
      return Sentence::task_event_pause;
    case TaskAction::resume:
      return Sentence::task_event_resume;
    case TaskAction::submit:
      return Sentence::task_event_submit;
    case TaskAction::confirm:
      return Sentence::task_event_confirm;
    case TaskAction::return_:
      return Sentence::task_event_return;
  }
  return Sentence::task_event_propose;
}

/// What a class promises: the day is the server's to say, by the calendar.
Sentence word_of(sealing::TaskUrgency urgency) {
  switch (urgency) {
    case sealing::TaskUrgency::hours_8:
      return Sentence::task_term_8_hours;
    case sealing::TaskUrgency::days_3:
    case sealing::TaskUrgency::date:
      return Sentence::task_term_3_days;
    case sealing::TaskUrgency::days_7:
      return Sentence::task_term_7_days;
  }
  return Sentence::task_term_3_days;
}

std::string names_of(ClientSession& session, const std::vector<sealing::TaskParty>& parties) {
  std::string names;
  for (const sealing::TaskParty& party : parties)
    names += (names.empty() ? "" : ", ") + describe_party(session, party);
  return names;
}

nlohmann::ordered_json party_json(ClientSession& session, const sealing::TaskParty& party) {
  return {{"kind", party.kind == sealing::TaskPartyKind::unit ? "unit" : "person"},
          {"agency", encode_hex(party.agency)},
          {"id", encode_hex(party.person())},
          {"name", describe_party(session, party)}};
}

nlohmann::ordered_json person_json(const PersonId& person) {
  return person.is_zero() ? nlohmann::ordered_json() : nlohmann::ordered_json(encode_hex(person));
}

}  // namespace

Milliseconds task_time_ms(const ClientSession& session) {
  return session.hello().server_ms ? session.hello().server_ms : wall_clock_ms();
}

std::string state_word(const Console& console, const TaskSlot& slot) {
  if (slot.is_finished_elsewhere) return console.text(Sentence::task_state_finished_elsewhere);
  std::string word = console.text(word_of(slot.state));
  if (slot.pause_reason) word += " (" + console.text(word_of(*slot.pause_reason)) + ")";
  return word;
}

std::string describe_due(const Console& console, const TaskSlot& slot, Milliseconds now_ms) {
  const std::string time = format_time(sealing::due_at(slot, now_ms), console.language());
  if (sealing::is_final(slot.state)) return time;
  if (sealing::is_overdue(slot, now_ms))
    return console.text(Sentence::task_due_overdue, {{"time", time}});
  if (slot.state == TaskState::paused && !slot.due_is_date)
    return console.text(Sentence::task_due_resting, {{"time", time}});
  return time;
}

std::string describe_event(CommandContext& context, const TaskInChannel& task,
                           const TaskEvent& event) {
  const Console& console = context.console();
  ClientSession& session = context.session();
  const sealing::TaskFacts& facts = event.facts;
  std::string to, due, reason;
  if (facts.action == TaskAction::propose) to = names_of(session, facts.slots);
  if (facts.action == TaskAction::reassign) to = describe_party(session, facts.assignee);
  if (facts.due_ms != 0) due = format_time(facts.due_ms, console.language());
  if (facts.action == TaskAction::propose && facts.due_ms == 0)
    due = console.text(word_of(facts.urgency));
  if (facts.reason) reason = console.text(word_of(*facts.reason));
  std::string line =
      console.text(word_of(facts.action),
                   {{"task", describe_task(task)}, {"who", to}, {"due", due}, {"reason", reason}});
  if (!event.text) return line + " " + console.text(Sentence::item_unreadable);
  if (!event.text->words.empty()) line += ": " + printable(event.text->words);
  return line;
}

std::string describe_event(CommandContext& context, const ChannelId& channel_id,
                           const TaskEvent& event) {
  ClientSession& session = context.session();
  VerifiedChannel channel = session.open_channel(channel_id);
  TaskBook book(session.store(), channel.keys(), channel_id);
  TaskInChannel task{channel_id, {}, {}, book.find(event.facts.task)};
  if (!task.task) return context.console().text(Sentence::item_other);
  task.title = book.title(*task.task);
  std::string line = describe_event(context, task, event);
  if (!event.facts.acting_for.is_zero())
    line +=
        " " + context.console().text(Sentence::task_on_behalf,
                                     {{"for", describe_holder(session, event.facts.acting_for)}});
  return line;
}

nlohmann::ordered_json event_json(const TaskEvent& event) {
  nlohmann::ordered_json json{{"task", encode_hex(event.facts.task)},
                              {"action", sealing::name_of(event.facts.action)},
                              {"channel_seq", event.seq},
                              {"index", event.index},
                              {"server_ms", event.server_ms},
                              {"time", format_rfc3339(event.server_ms)},
                              {"device", encode_hex(event.author)},
                              {"slot", event.facts.slot}};
  json["acting_for"] = person_json(event.facts.acting_for);
  if (event.facts.reason) json["reason"] = sealing::name_of(*event.facts.reason);
  if (event.facts.due_ms != 0) json["due_ms"] = event.facts.due_ms;
  if (event.text && !event.text->title.empty()) json["title"] = event.text->title;
  json["text"] = event.text ? nlohmann::ordered_json(event.text->words) : nlohmann::ordered_json();
  return json;
}

nlohmann::ordered_json task_json(CommandContext& context, const TaskInChannel& task) {
  ClientSession& session = context.session();
  const Milliseconds now = task_time_ms(session);
  nlohmann::ordered_json slots = nlohmann::ordered_json::array();
  for (const TaskSlot& slot : task.task->slots) {
    nlohmann::ordered_json json{{"assignee", party_json(session, slot.assignee)},
                                {"state", sealing::name_of(slot.state)},
                                {"version", slot.version},
                                {"due_ms", sealing::due_at(slot, now)},
                                {"due", format_rfc3339(sealing::due_at(slot, now))},
                                {"overdue", sealing::is_overdue(slot, now)},
                                {"finished_elsewhere", slot.is_finished_elsewhere}};
    json["holder"] = person_json(slot.holder);
    json["out_of_service"] =
        sealing::is_overdue(slot, now)
            ? excuses_json(session, slot.assignee.agency, task.task->proposed_ms)
            : nlohmann::ordered_json::array();
    if (slot.pause_reason) json["pause_reason"] = sealing::name_of(*slot.pause_reason);
    slots.push_back(json);
  }
  nlohmann::ordered_json depends = nlohmann::ordered_json::array();
  for (const TaskId& id : task.task->depends_on) depends.push_back(encode_hex(id));
  return {{"task", encode_hex(task.task->id)},
          {"channel", encode_hex(task.channel)},
          {"title", task.title},
          {"kind", sealing::name_of(task.task->kind)},
          {"urgency", sealing::name_of(task.task->urgency)},
          {"requester", party_json(session, task.task->requester)},
          {"proposed_ms", task.task->proposed_ms},
          {"depends_on", depends},
          {"open", task.task->is_open()},
          {"slots", slots}};
}

void show_task(CommandContext& context, const TaskInChannel& task) {
  Console& console = context.console();
  ClientSession& session = context.session();
  const Milliseconds now = task_time_ms(session);
  console.say(Sentence::task_shown, {{"task", describe_task(task)},
                                     {"channel", printable(task.channel_title)},
                                     {"who", describe_party(session, task.task->requester)},
                                     {"kind", std::string(sealing::name_of(task.task->kind))}});
  std::uint16_t number = 0;
  for (const TaskSlot& slot : task.task->slots) {
    const std::string holder = slot.holder.is_zero() ? "-" : describe_holder(session, slot.holder);
    console.say(Sentence::task_shown_slot, {{"number", std::to_string(number++)},
                                            {"who", describe_party(session, slot.assignee)},
                                            {"state", state_word(console, slot)},
                                            {"holder", holder},
                                            {"due", describe_due(console, slot, now)}});
    if (sealing::is_overdue(slot, now))
      say_excuses(context, slot.assignee.agency, task.task->proposed_ms);
  }
  for (const TaskId& id : task.task->depends_on)
    console.say(Sentence::task_shown_dependency, {{"task", short_id(id)}});
  VerifiedChannel channel = session.open_channel(task.channel);
  TaskBook book(session.store(), channel.keys(), task.channel);
  const auto line = [&](Milliseconds server_ms, const std::string& who, const std::string& what) {
    return format_time(server_ms, console.language()) + "  " + pad_to(who, history_author_width) +
           "  " + what;
  };
  std::map<std::uint64_t, std::string> lines;  // by place in the channel
  for (const TaskEvent& event : book.events(task.task->id))
    lines[event.seq] =
        line(event.server_ms, describe_author(context, event.author, event.facts.acting_for),
             describe_event(context, task, event));
  for (const TaskNotice& notice : book.notices(task.task->id))
    lines[notice.seq] = line(notice.server_ms, console.text(Sentence::word_server),
                             describe_server_event(context, task, notice.event));
  for (const auto& [seq, text] : lines) console.line(text);
}

}  // namespace oberih::client
