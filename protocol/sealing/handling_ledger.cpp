// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/handling_ledger.hpp"

#include <algorithm>

#include "protocol/base/byte_reader.hpp"
#include "protocol/base/byte_writer.hpp"

namespace oberih::sealing {
namespace {

constexpr std::size_t named_entries = 16;  // in a refusal

template <class Container>
void write_count(ByteWriter& writer, const Container& container) {
  writer.u32(static_cast<std::uint32_t>(container.size()));
}

template <class Stays>
bool covers(const Stays& stays, std::uint64_t channel_seq) {
  return std::any_of(stays.begin(), stays.end(), [&](const auto& stay) {
    return stay.from <= channel_seq && (stay.to == 0 || channel_seq < stay.to);
  });
}

}  // namespace

bool is_restricted(const HandlingCode& code) {
  return code.restriction == Restriction::not_passed_on ||
         code.traffic_light == TrafficLight::amber_strict ||
         code.traffic_light == TrafficLight::red;
}

void HandlingLedger::take_roster(const std::map<PersonId, AgencyId>& people,
                                 std::uint64_t channel_seq) {
  for (auto& [person, presence] : people_)
    if (presence.stays.back().to == 0 && !people.contains(person))
      presence.stays.back().to = channel_seq;
  for (const auto& [person, agency] : people) {
    Presence& presence = people_[person];
    presence.agency = agency;
    if (presence.stays.empty() || presence.stays.back().to != 0)
      presence.stays.push_back({channel_seq, 0});
  }
}

void HandlingLedger::take_entry(const RestrictedEntry& entry) { entries_.push_back(entry); }

void HandlingLedger::take_consent(std::uint64_t entry_seq, const Admitted& admitted, bool agrees) {
  if (agrees)
    released_.insert({entry_seq, admitted});
  else
    released_.erase({entry_seq, admitted});
}

void HandlingLedger::forget_entries_from(std::uint64_t channel_seq) {
  while (!entries_.empty() && entries_.back().channel_seq >= channel_seq) entries_.pop_back();
}

const RestrictedEntry* HandlingLedger::find(std::uint64_t channel_seq) const {
  const auto found = std::lower_bound(
      entries_.begin(), entries_.end(), channel_seq,
      [](const RestrictedEntry& entry, std::uint64_t seq) { return entry.channel_seq < seq; });
  return found == entries_.end() || found->channel_seq != channel_seq ? nullptr : &*found;
}

bool HandlingLedger::was_there(const PersonId& person, std::uint64_t channel_seq) const {
  const auto found = people_.find(person);
  return found != people_.end() && covers(found->second.stays, channel_seq);
}

bool HandlingLedger::was_there(const AgencyId& agency, std::uint64_t channel_seq) const {
  return std::any_of(people_.begin(), people_.end(), [&](const auto& person) {
    return person.second.agency == agency && covers(person.second.stays, channel_seq);
  });
}

bool HandlingLedger::permits(const RestrictedEntry& entry, const Recipient& recipient) const {
  const std::uint64_t seq = entry.channel_seq;
  if (released_.contains({seq, Admitted::of(recipient.person)})) return true;
  // Red is for named persons: an agency is none.
  if (entry.handling.traffic_light == TrafficLight::red) return was_there(recipient.person, seq);
  if (released_.contains({seq, Admitted::of(recipient.agency)})) return true;
  if (entry.handling.traffic_light == TrafficLight::amber_strict &&
      recipient.agency != entry.agency)
    return false;
  return entry.handling.restriction != Restriction::not_passed_on ||
         recipient.agency == entry.agency || was_there(recipient.agency, seq);
}

std::vector<std::uint64_t> HandlingLedger::forbidding(const Recipient& recipient,
                                                      const EpochRange& epochs) const {
  std::vector<std::uint64_t> sequences;
  for (const RestrictedEntry& entry : entries_)
    if (epochs.contains(entry.epoch) && !permits(entry, recipient))
      sequences.push_back(entry.channel_seq);
  return sequences;
}

void HandlingLedger::write(ByteWriter& writer) const {
  write_count(writer, entries_);
  for (const RestrictedEntry& entry : entries_)
    writer.u64(entry.channel_seq).u8(byte_of(entry.handling)).raw(entry.agency).u64(entry.epoch);
  write_count(writer, people_);
  for (const auto& [person, presence] : people_) {
    writer.raw(person).raw(presence.agency);
    write_count(writer, presence.stays);
    for (const Stay& stay : presence.stays) writer.u64(stay.from).u64(stay.to);
  }
  write_count(writer, released_);
  for (const auto& [seq, admitted] : released_)
    writer.u64(seq).u8(static_cast<std::uint8_t>(admitted.what)).raw(admitted.id);
}

HandlingLedger HandlingLedger::read(ByteReader& reader) {
  HandlingLedger ledger;
  for (std::uint32_t n = reader.u32(); n > 0 && !reader.failed(); --n) {
    RestrictedEntry entry;
    entry.channel_seq = reader.u64();
    const std::optional<HandlingCode> handling = handling_of(reader.u8());
    if (!handling) reader.fail();
    entry.handling = handling.value_or(HandlingCode{});
    entry.agency = reader.id<AgencyId>();
    entry.epoch = reader.u64();
    ledger.entries_.push_back(entry);
  }
  for (std::uint32_t n = reader.u32(); n > 0 && !reader.failed(); --n) {
    Presence& presence = ledger.people_[reader.id<PersonId>()];
    presence.agency = reader.id<AgencyId>();
    std::uint32_t stays = reader.u32();
    if (stays == 0) reader.fail();
    for (; stays > 0 && !reader.failed(); --stays) {
      Stay stay;
      stay.from = reader.u64();
      stay.to = reader.u64();
      presence.stays.push_back(stay);
    }
  }
  for (std::uint32_t n = reader.u32(); n > 0 && !reader.failed(); --n) {
    const std::uint64_t seq = reader.u64();
    const std::uint8_t what = reader.u8();
    if (what != 1 && what != 2) reader.fail();
    ledger.released_.insert(
        {seq, {static_cast<Admitted::What>(what), reader.id<PersonId>().bytes}});
  }
  return ledger;
}

std::string describe_entries(const std::vector<std::uint64_t>& sequences) {
  std::string text = sequences.size() == 1 ? "entry " : "entries ";
  const std::size_t named = std::min(sequences.size(), named_entries);
  for (std::size_t i = 0; i < named; ++i)
    text += (i == 0 ? "" : ", ") + std::to_string(sequences[i]);
  if (sequences.size() > named)
    text += " and " + std::to_string(sequences.size() - named) + " more";
  return text;
}

}  // namespace oberih::sealing
