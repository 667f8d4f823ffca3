// SPDX-License-Identifier: Apache-2.0
#include "server/storage/hearing_checker.hpp"

#include <algorithm>

#include "protocol/encoding/hex.hpp"
#include "protocol/sealing/roster_actors.hpp"

namespace oberih::storage {
namespace {

std::string name_of_hearing(const HearingId& id) { return encoding::encode_hex(id).substr(0, 8); }

std::string find_difference(const sealing::HearingService& stored,
                            const sealing::HearingService& computed) {
  return differing_columns({{"answer", stored.answer == computed.answer},
                            {"answer_seq", stored.answer_seq == computed.answer_seq},
                            {"way", stored.way == computed.way},
                            {"served_ms", stored.served_ms == computed.served_ms},
                            {"served_seq", stored.served_seq == computed.served_seq},
                            {"told_ms", stored.told_ms == computed.told_ms},
                            {"told_seq", stored.told_seq == computed.told_seq},
                            {"proposed", stored.proposed == computed.proposed},
                            {"proposed_seq", stored.proposed_seq == computed.proposed_seq}});
}

/// Where the stored hearing differs from the computed one; empty: nowhere.
std::string find_difference(const sealing::Hearing& stored, const sealing::Hearing& computed) {
  std::string differing =
      differing_columns({{"state", stored.state == computed.state},
                         {"version", stored.version == computed.version},
                         {"notice", stored.notice == computed.notice},
                         {"entry", stored.entry == computed.entry},
                         {"version_ms", stored.version_ms == computed.version_ms},
                         {"reason", stored.reason == computed.reason},
                         {"goes_on", stored.goes_on == computed.goes_on},
                         {"changed_seq", stored.changed_seq == computed.changed_seq},
                         {"changed_ms", stored.changed_ms == computed.changed_ms},
                         {"reminded_ms", stored.reminded_ms == computed.reminded_ms},
                         {"alarmed_ms", stored.alarmed_ms == computed.alarmed_ms}});
  const std::size_t services = std::min(stored.services.size(), computed.services.size());
  for (std::size_t i = 0; i < services; ++i) {
    const std::string of_addressee = find_difference(stored.services[i], computed.services[i]);
    if (!of_addressee.empty())
      differing += (differing.empty() ? "addressee " : "; addressee ") + std::to_string(i) + ": " +
                   of_addressee;
  }
  return differing;
}

}  // namespace

sealing::HearingPointer HearingChecker::find(const Key& key) const {
  const auto found = hearings_.find(key);
  return found == hearings_.end() ? nullptr : found->second.hearing;
}

void HearingChecker::put(const ChannelId& channel, sealing::Hearing hearing, std::uint64_t index) {
  Known& known = hearings_[{channel, hearing.id}];
  known.hearing = std::make_shared<const sealing::Hearing>(std::move(hearing));
  known.index = index;
}

Result<void> HearingChecker::check(const sealing::ChannelState& state,
                                   const sealing::EntryHeader& header, const Digest& message_hash,
                                   const sealing::Place& place, const sealing::EntryAt& entries) {
  const sealing::RosterActors actors(state, directory_, place);
  const sealing::HearingCase hearing_case =
      sealing::hearing_case_of(state, directory_, header.sender, place,
                               {place.channel_seq, message_hash}, actors, [&](const HearingId& id) {
                                 return find({header.channel, id});
                               });
  if (header.type == EntryType::acknowledgement) {
    const auto facts = sealing::parse_acknowledgement_facts(header.facts);
    if (!facts) return facts.error();
    auto answered = sealing::judge_hearing_answer(hearing_case, *facts, entries);
    if (!answered) return answered.error();
    if (*answered) put(header.channel, std::move(**answered), place.index);
    return {};
  }
  const auto facts = sealing::parse_hearing_facts(header.facts);
  if (!facts) return facts.error();
  Result<sealing::Hearing> hearing = sealing::judge_hearing(hearing_case, *facts);
  if (!hearing) return hearing.error();
  put(header.channel, std::move(*hearing), place.index);
  return {};
}

Result<void> HearingChecker::check_event(const sealing::ChannelState& state,
                                         const sealing::HearingEvent& event,
                                         const sealing::Place& place) {
  const sealing::HearingPointer before = find({state.channel(), event.hearing});
  Result<sealing::Hearing> after = sealing::judge_hearing_event(before, event, state, place);
  if (!after) return after.error();
  alerts_.expect(place.index, sealing::hearing_alerts_of(*before, event));
  put(state.channel(), std::move(*after), place.index);
  return {};
}

void HearingChecker::compare(CheckCursor& cursor,
                             const std::function<bool(const ChannelId&)>& is_judged) {
  alerts_.finish();
  cursor.walk_hearings([&](const StoredHearing& stored) {
    if (is_judged(stored.channel)) compare_row(stored);
  });
  for (const auto& [key, known] : hearings_)
    if (is_judged(key.first) && !known.is_stored)
      report_.add(known.index, "The hearing " + name_of_hearing(key.second) +
                                   " is missing in the table hearing.");
}

/// When it is to be looked at next is policy, and no business of the check.
void HearingChecker::compare_row(const StoredHearing& stored) {
  const auto known = hearings_.find({stored.channel, stored.id});
  if (known == hearings_.end())
    return report_.add(std::nullopt, "The table hearing has " + name_of_hearing(stored.id) +
                                         ", of which the journal knows nothing.");
  known->second.is_stored = true;
  if (!stored.row)
    return report_.add(known->second.index,
                       "The row of the hearing " + name_of_hearing(stored.id) + " cannot be read.");
  const sealing::Hearing& hearing = *known->second.hearing;
  std::string differing = find_difference(*stored.row->hearing, hearing);
  const Milliseconds said_ms =
      std::max({hearing.version_ms, hearing.reminded_ms, hearing.alarmed_ms});
  const std::string beside = differing_columns(
      {{"excludes", stored.excludes == excludes_somebody(hearing)},
       {"looked_ms", stored.row->looked_ms >= said_ms},
       {"next_ms", stored.row->next_ms == 0 || hearing.state == sealing::HearingState::scheduled}});
  if (!beside.empty()) differing += (differing.empty() ? "" : "; ") + beside;
  if (!differing.empty())
    report_.add(known->second.index, "The row of the hearing " + name_of_hearing(stored.id) +
                                         " differs from what its entries add up to: " + differing +
                                         ".");
}

}  // namespace oberih::storage
