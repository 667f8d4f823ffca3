// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/asked_entry.hpp"

#include <algorithm>
#include <map>

#include "protocol/base/byte_reader.hpp"
#include "protocol/base/byte_writer.hpp"
#include "protocol/base/limits.hpp"
#include "protocol/sealing/entry_facts.hpp"
#include "protocol/sealing/malformed.hpp"
#include "protocol/sealing/task_facts.hpp"

namespace oberih::sealing {
namespace {

constexpr std::uint8_t asked_entry_version = 1;

using AskedPeople = std::map<PersonId, UnitId>;

AskedPeople people_of_slots(const std::vector<TaskParty>& slots, const RosterActors& actors) {
  AskedPeople asked;
  for (const auto& [person, agency] : actors.present())
    for (const TaskParty& slot : slots) {
      if (slot.kind == TaskPartyKind::person && slot.person() == person)
        asked.emplace(person, UnitId{});
      if (slot.kind == TaskPartyKind::unit && actors.may_act_for(slot.unit(), person, {}))
        asked.emplace(person, slot.unit());
    }
  return asked;
}

AskedPeople everybody(const RosterActors& actors) {
  AskedPeople asked;
  for (const auto& [person, agency] : actors.present()) asked.emplace(person, UnitId{});
  return asked;
}

Refusal not_missing(const char* why) { return refuse(RefusalCode::transition_unknown, why); }
Refusal out_of_time(const char* why) { return refuse(RefusalCode::due_in_past, why); }

Result<void> judge_people(const AskedEntry& entry, const MissingStep& event,
                          const RosterActors& actors) {
  for (const PersonId& person : event.people) {
    if (entry.find(person) == nullptr)
      return refuse(RefusalCode::not_found, "a step of somebody whom the entry did not ask");
    if (!actors.present().contains(person))
      return refuse(RefusalCode::not_found, "a step of somebody who is not on the roster");
    if (entry.has_acknowledged(person))
      return not_missing("a step of somebody who has acknowledged the entry");
  }
  return {};
}

}  // namespace

const AskedPerson* AskedEntry::find(const PersonId& person) const {
  const auto found = std::lower_bound(
      people.begin(), people.end(), person,
      [](const AskedPerson& each, const PersonId& wanted) { return each.person < wanted; });
  return found != people.end() && found->person == person ? &*found : nullptr;
}

bool AskedEntry::has_acknowledged(const PersonId& person) const {
  return std::binary_search(acknowledged.begin(), acknowledged.end(), person);
}

std::optional<AskedEntry> asked_entry_of(const EntryHeader& header, const Digest& message_hash,
                                         const PersonId& author, const RosterActors& actors,
                                         const Place& place) {
  const CommonFacts facts = common_facts_of(header);
  AskedEntry entry;
  entry.wants_acknowledgement = facts.asks(AsksFor::acknowledgement);
  entry.is_urgent = facts.is_urgent();
  if (!entry.wants_acknowledgement && !entry.is_urgent && !facts.asks(AsksFor::receipt_at_once))
    return std::nullopt;
  AskedPeople asked;
  if (header.type == EntryType::message) asked = everybody(actors);
  if (header.type == EntryType::task) {
    const Result<TaskFacts> task = parse_task_facts(header.facts);
    if (!task || task->action != TaskAction::propose) return std::nullopt;
    entry.task = task->task;
    asked = people_of_slots(task->slots, actors);
  }
  asked.erase(author);
  if (asked.empty()) return std::nullopt;
  entry.channel_seq = place.channel_seq;
  entry.message_hash = message_hash;
  entry.server_ms = place.server_ms;
  entry.type = header.type;
  for (const auto& [person, unit] : asked) entry.people.push_back({person, unit});
  return entry;
}

std::optional<AskedEntry> acknowledge(const AskedEntry& entry, const AcknowledgementFacts& facts,
                                      const PersonId& person) {
  if (facts.entry != EntryReference{entry.channel_seq, entry.message_hash}) return std::nullopt;
  if (entry.find(person) == nullptr || entry.has_acknowledged(person)) return std::nullopt;
  AskedEntry after = entry;
  after.acknowledged.insert(
      std::lower_bound(after.acknowledged.begin(), after.acknowledged.end(), person), person);
  return after;
}

Result<AskedEntry> judge_missing_step(const AskedEntry* entry, const MissingStep& event,
                                      const ChannelState& state, const Directory& directory,
                                      const Place& place) {
  if (entry == nullptr || entry->channel_seq != event.channel_seq ||
      entry->message_hash != event.message_hash)
    return refuse(RefusalCode::not_found, "no entry that asks for something stands there");
  if (state.is_closed()) return refuse(RefusalCode::channel_closed);
  if (!entry->asks_for(event.step)) return not_missing("a step that the entry does not ask for");
  if (event.due_ms <= entry->server_ms) return out_of_time("a limit that is not behind the entry");
  if (event.said_for_ms > place.server_ms) return out_of_time("a limit before its moment");
  AskedEntry after = *entry;
  if (event.said_for_ms <= after.said_of(event.step))
    return out_of_time("a missing step that was said already");
  OBERIH_TRY(judge_people(*entry, event, RosterActors(state, directory, place)));
  after.said_of(event.step) = event.said_for_ms;
  return after;
}

std::vector<SilenceAlert> silence_alerts_of(const AskedEntry& entry, const MissingStep& event,
                                            const Directory& directory) {
  std::map<std::pair<AgencyId, UnitId>, std::uint32_t> silent;
  for (const PersonId& person : event.people)
    silent[{directory.agency_of_person(person), entry.find(person)->unit}] += 1;
  std::vector<SilenceAlert> alerts;
  for (const auto& [whom, count] : silent)
    alerts.push_back({whom.first,
                      whom.second,
                      event.message_hash,
                      event.step,
                      event.due_ms,
                      event.said_for_ms,
                      count,
                      {}});
  return alerts;
}

Bytes encode_asked_entry(const AskedEntry& entry) {
  ByteWriter writer(128 + 32 * entry.people.size() + 16 * entry.acknowledged.size());
  writer.u8(asked_entry_version).u64(entry.channel_seq).raw(entry.message_hash);
  writer.u64(entry.server_ms).u8(static_cast<std::uint8_t>(entry.type));
  writer.u8(entry.is_urgent ? 1 : 0).u8(entry.wants_acknowledgement ? 1 : 0).raw(entry.task);
  writer.u16(static_cast<std::uint16_t>(entry.people.size()));
  for (const AskedPerson& each : entry.people) writer.raw(each.person).raw(each.unit);
  writer.u16(static_cast<std::uint16_t>(entry.acknowledged.size()));
  for (const PersonId& person : entry.acknowledged) writer.raw(person);
  for (const Milliseconds said : entry.said_ms) writer.u64(said);
  return writer.take();
}

Result<AskedEntry> parse_asked_entry(ByteView bytes) {
  ByteReader reader(bytes);
  if (reader.u8() != asked_entry_version) return malformed("unknown version of an asked entry");
  AskedEntry entry;
  entry.channel_seq = reader.u64();
  entry.message_hash = reader.id<Digest>();
  entry.server_ms = reader.u64();
  const std::optional<EntryType> type = entry_type_of(reader.u8());
  const std::uint8_t urgent = reader.u8(), acknowledgement = reader.u8();
  entry.is_urgent = urgent == 1;
  entry.wants_acknowledgement = acknowledgement == 1;
  entry.task = reader.id<TaskId>();
  for (std::uint16_t n = reader.u16(); n > 0 && !reader.failed(); --n) {
    const PersonId person = reader.id<PersonId>();
    entry.people.push_back({person, reader.id<UnitId>()});
  }
  for (std::uint16_t n = reader.u16(); n > 0 && !reader.failed(); --n)
    entry.acknowledged.push_back(reader.id<PersonId>());
  for (Milliseconds& said : entry.said_ms) said = reader.u64();
  const auto ascends = [](const auto& list, auto key) {
    return std::adjacent_find(list.begin(), list.end(), [&](const auto& a, const auto& b) {
             return !(key(a) < key(b));
           }) == list.end();
  };
  const bool is_ordered =
      ascends(entry.people, [](const AskedPerson& each) { return each.person; }) &&
      ascends(entry.acknowledged, [](const PersonId& person) { return person; });
  if (!reader.complete() || !type || urgent > 1 || acknowledgement > 1 || entry.people.empty() ||
      entry.people.size() > limits::roster_lines || !is_ordered)
    return malformed("an asked entry that is not well formed");
  entry.type = *type;
  return entry;
}

}  // namespace oberih::sealing
