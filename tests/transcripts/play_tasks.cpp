// SPDX-License-Identifier: Apache-2.0
// The sentences of a play about units and tasks.
#include <sstream>
#include <stdexcept>

#include "protocol/crypto/random_bytes.hpp"
#include "protocol/sealing/alert.hpp"
#include "protocol/sealing/missing_step.hpp"
#include "protocol/sealing/task_text.hpp"
#include "protocol/wire/alerts.hpp"
#include "tests/transcripts/play.hpp"

namespace oberih::transcripts {
namespace {

/// The first group of the expression in the words behind a sentence; empty: it is not there.
std::string term(const std::string& terms, const std::string& expression) {
  std::smatch match;
  if (!std::regex_search(terms, match, std::regex(expression))) return {};
  return match.size() > 1 ? match[1].str() : match[0].str();
}

sealing::TaskAction action_of(const std::string& verb) {
  for (const sealing::TaskAction action : sealing::all_task_actions) {
    const std::string name(sealing::name_of(action));
    if (verb == name + "s" || (name == "reassign" && verb == "reassigns")) return action;
  }
  unwritten("nobody can do that with a task: " + verb);
}

}  // namespace

// -- units ----------------------------------------------------------------------------------------

sealing::Unit& Play::listed_unit(const std::string& name) {
  auto found = listed_units_.find(name);
  if (found == listed_units_.end()) unwritten("no unit is called " + name);
  return found->second;
}

/// The next version, signed by the agency's administrator. `unit.previous` names the one before.
Result<void> Play::append_unit(sealing::Unit& unit) {
  for (const auto& [name, administrator] : administrators_) {
    if (administrator->certificate().agency != unit.agency) continue;
    unit.version += 1;
    unit.signer = administrator->device();
    std::sort(unit.lines.begin(), unit.lines.end());
    const Bytes content = sealing::encode_unit_content(unit);
    stage_.append_offline(
        {journal::LeafKind::unit,
         sealing::encode_unit_body({content, administrator->signer().sign("unit", content)}),
         {}});
    return {};
  }
  unwritten("the agency has no administrator");
}

Result<void> Play::list_unit(const Words& words) {
  sealing::Unit& made = listed_units_[words[0]];
  made.agency = roots_.at(words[1])->agency.id;
  made.unit = crypto::random_id<UnitId>();
  made.name = words[0];
  std::istringstream names(words[2]);
  for (std::string name; names >> name;) {
    if (name.back() == ',') name.pop_back();
    if (name != "and")
      made.lines.push_back({actor(name).certificate().person, sealing::UnitDuty::member, {}, 0, 0});
  }
  return append_unit(made);
}

Result<void> Play::give_duty(const Words& words) {
  sealing::Unit& made = listed_unit(words[2]);
  made.previous = sealing::unit_hash(sealing::encode_unit_content(made));
  const auto duty =
      words[1] == "supervises" ? sealing::UnitDuty::supervisor : sealing::UnitDuty::duty_officer;
  made.lines.push_back({actor(words[0]).certificate().person, duty, {}, 0, 0});
  return append_unit(made);
}

Result<void> Play::give_deputy(const Words& words) {
  sealing::Unit& made = listed_unit(words[2]);
  made.previous = sealing::unit_hash(sealing::encode_unit_content(made));
  made.lines.push_back({actor(words[0]).certificate().person, sealing::UnitDuty::deputy,
                        actor(words[1]).certificate().person, 0, 0});
  return append_unit(made);
}

// -- tasks ----------------------------------------------------------------------------------------

/// The unit the person is listed in, else the person.
sealing::TaskParty Play::requester_of(const Actor& who) {
  const sealing::DeviceCertificate& certificate = who.certificate();
  for (const auto& [name, unit] : listed_units_)
    if (sealing::standing_in(unit, certificate.person, stage_.clock().now_ms()).is_member)
      return sealing::TaskParty::of(unit.agency, unit.unit);
  return sealing::TaskParty::of(certificate.agency, certificate.person);
}

Result<void> Play::ask(Actor& who, const sealing::TaskParty& assignee, const ChannelId& id,
                       const std::string& title, const std::string& terms) {
  catch_up(who, id);
  sealing::TaskFacts facts;
  facts.action = sealing::TaskAction::propose;
  facts.task = crypto::random_id<TaskId>();
  facts.requester = requester_of(who);
  if (const std::string name = term(terms, "in the name of \"([^\"]*)\""); !name.empty())
    facts.requester = sealing::TaskParty::of(listed_unit(name).agency, listed_unit(name).unit);
  const std::string kind = term(terms, "as (?!urgent)([a-z_]+)");
  facts.kind = sealing::find_task_kind(kind.empty() ? "general" : kind).value();
  const std::string urgency = term(terms, "within ([0-9]+[hd])");
  facts.urgency = sealing::find_task_urgency(urgency.empty() ? "3d" : urgency).value();
  if (const std::string days = term(terms, "by a date in (-?[0-9]+) days"); !days.empty()) {
    facts.urgency = sealing::TaskUrgency::date;
    facts.due_ms = stage_.clock().now_ms() + static_cast<Milliseconds>(std::stol(days)) * day_ms;
  }
  facts.slots = {assignee};
  if (!term(terms, "as urgent").empty()) {
    facts.priority = sealing::priority_urgent;
    facts.asks_for = static_cast<std::uint8_t>(sealing::AsksFor::acknowledgement);
  }
  if (const std::string other = term(terms, "and of \"([^\"]*)\""); !other.empty())
    facts.slots.push_back(
        sealing::TaskParty::of(listed_unit(other).agency, listed_unit(other).unit));
  std::sort(facts.slots.begin(), facts.slots.end());
  if (const std::string other = term(terms, "after \"([^\"]*)\""); !other.empty())
    facts.depends_on = {other == title ? facts.task : tasks_.at(other).id};
  OBERIH_TRY(
      send(who, id, who.act_on_task(id, facts, title, "in detail", stage_.clock().now_ms())));
  tasks_[title] = {id, facts.task};
  note_said(title);
  return {};
}

Result<void> Play::ask_unit(const Words& words) {
  const sealing::Unit& asked = listed_unit(words[1]);
  return ask(actor(words[0]), sealing::TaskParty::of(asked.agency, asked.unit), channel(words[2]),
             words[3], words[4]);
}

Result<void> Play::ask_person(const Words& words) {
  const sealing::DeviceCertificate& asked = actor(words[1]).certificate();
  return ask(actor(words[0]), sealing::TaskParty::of(asked.agency, asked.person), channel(words[2]),
             words[3], words[4]);
}

sealing::TaskPointer Play::task_of(Actor& who, const std::string& title) {
  const NamedTask& named = tasks_.at(title);
  const auto& tasks = who.conversation(named.channel).tasks;
  const auto found = tasks.find(named.id);
  return found == tasks.end() ? nullptr : found->second;
}

Result<void> Play::act_on_task(const Words& words) {
  Actor& who = actor(words[0]);
  const NamedTask& named = tasks_.at(words[2]);
  const std::string& terms = words[3];
  if (term(terms, "without reading first").empty()) catch_up(who, named.channel);
  sealing::TaskFacts facts;
  facts.action = action_of(words[1]);
  facts.task = named.id;
  if (const std::string slot = term(terms, "as assignee ([0-9]+)"); !slot.empty())
    facts.slot = static_cast<std::uint16_t>(std::stoul(slot));
  const sealing::TaskPointer task = task_of(who, words[2]);
  if (task && facts.slot < task->slots.size())
    facts.expected_version = task->slots[facts.slot].version;
  if (const std::string name = term(terms, "standing in for ([^ ,]+)"); !name.empty())
    facts.acting_for = actor(name).certificate().person;
  if (facts.action == sealing::TaskAction::pause)
    facts.reason = sealing::PauseReason::awaiting_translation;
  if (const std::string days = term(terms, "by ([0-9]+) days"); !days.empty())
    facts.due_ms = stage_.clock().now_ms() + std::stoull(days) * day_ms;
  if (const std::string name = term(terms, "to ([^ ,]+)"); !name.empty()) {
    const sealing::DeviceCertificate& next = actor(name).certificate();
    facts.assignee = sealing::TaskParty::of(next.agency, next.person);
  }
  std::string said = term(terms, "saying \"([^\"]*)\"");
  if (said.empty() && sealing::needs_words(facts.action)) said = "as agreed";
  return send(who, named.channel,
              who.act_on_task(named.channel, facts, {}, said, stage_.clock().now_ms()));
}

Result<void> Play::see_task(const Words& words) {
  Actor& who = actor(words[0]);
  OBERIH_TRY(read_channel(who, tasks_.at(words[1]).channel));
  const sealing::TaskPointer task = task_of(who, words[1]);
  if (!task) unwritten("but there is no such task");
  const sealing::TaskSlot& slot = task->slots.front();
  if (sealing::name_of(slot.state) != words[2])
    unwritten("but it is " + std::string(sealing::name_of(slot.state)));
  if (!words[3].empty() && slot.holder != actor(words[3]).certificate().person)
    unwritten("but somebody else holds it");
  const Milliseconds now = stage_.clock().now_ms();
  if (sealing::is_overdue(slot, now) == words[4].empty())
    unwritten(words[4].empty() ? "but it is overdue" : "but it is not overdue");
  if (words[5].empty()) return {};
  const auto left = (sealing::due_at(slot, now) - now + hour_ms / 2) / hour_ms;
  if (std::to_string(left) != words[5]) unwritten("but " + std::to_string(left) + " are left");
  return {};
}

Result<void> Play::be_down(const Words& words) {
  stage_.be_down(std::stoull(words[0]) * hour_ms);
  return {};
}

/// Everything about the first assignee, in order: `due set, reminder 1440, overdue`, or `nothing`.
Result<void> Play::see_notices(const Words& words) {
  Actor& who = actor(words[0]);
  const NamedTask& named = tasks_.at(words[1]);
  OBERIH_TRY(read_channel(who, named.channel));
  std::string said;
  for (const sealing::ServerEvent& event : who.conversation(named.channel).said_by_server) {
    if (event.task != named.id || event.slot != 0) continue;
    if (!said.empty()) said += ", ";
    said +=
        event.what == sealing::ServerEventWhat::due_set ? "due set" : sealing::name_of(event.what);
    if (event.minutes != 0) said += " " + std::to_string(event.minutes);
  }
  if (said.empty()) said = "nothing";
  if (said != words[2]) unwritten("but it said: " + said);
  return {};
}

/// Of the actor's own agency, as the server lists them: `in_progress 0, in_progress 1440`.
Result<void> Play::see_alerts(const Words& words) {
  Actor& who = actor(words[0]);
  auto page = stage_.ask<wire::AlertPage>(who, wire::AlertList{0, wire::alerts_at_once});
  if (!page) return page.error();
  std::string told;
  for (const wire::DirectoryLeaf& each : page->leaves) {
    const Result<journal::Leaf> leaf = journal::parse_leaf(each.leaf);
    if (!leaf) return leaf.error();
    if (sealing::is_silence_alert(leaf->body)) continue;
    const Result<sealing::Alert> alert = sealing::parse_alert(leaf->body);
    if (!alert) return alert.error();
    if (alert->agency != who.certificate().agency) unwritten("but it is another agency's");
    if (alert->task != tasks_.at(words[1]).id) continue;
    if (!told.empty()) told += ", ";
    told.append(sealing::name_of(alert->state)).append(" ").append(std::to_string(alert->minutes));
  }
  if (told.empty()) told = "nothing";
  if (told != words[2]) unwritten("but was told: " + told);
  return {};
}

}  // namespace oberih::transcripts
