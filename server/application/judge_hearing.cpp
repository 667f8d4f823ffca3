// SPDX-License-Identifier: Apache-2.0
#include "server/application/judge_hearing.hpp"

#include "protocol/sealing/roster_actors.hpp"

namespace oberih::application {
namespace {

/// Calls `judge(case)` with what the entry is judged against in this batch.
template <class Judge>
auto with_hearing_case(BatchView& batch, const sealing::EntryHeader& header,
                       const Digest& message_hash, Judge judge) {
  const sealing::ChannelState& state = batch.channel(header.channel);
  const sealing::Place place = batch.place_in(state);
  const sealing::RosterActors actors(state, batch.directory(), place);
  return judge(sealing::hearing_case_of(
      state, batch.directory(), header.sender, place, {place.channel_seq, message_hash}, actors,
      [&](const HearingId& id) { return batch.find_hearing(header.channel, id); }));
}

}  // namespace

domain::Action action_of(sealing::HearingVerb verb) {
  switch (verb) {
    case sealing::HearingVerb::schedule:
    case sealing::HearingVerb::reschedule:
      return domain::Action::hearing_schedule;
    case sealing::HearingVerb::cancel:
      return domain::Action::hearing_cancel;
    case sealing::HearingVerb::propose_date:
      return domain::Action::hearing_propose_date;
    case sealing::HearingVerb::record_service:
      return domain::Action::hearing_record_service;
    case sealing::HearingVerb::confirm_told:
      return domain::Action::hearing_confirm_told;
    case sealing::HearingVerb::record_held:
    case sealing::HearingVerb::record_recess:
    case sealing::HearingVerb::record_adjournment:
    case sealing::HearingVerb::record_judgment:
      return domain::Action::hearing_record_outcome;
  }
  return domain::Action::hearing_schedule;
}

MayActOnHearing ask_policy_for(const Services& services, const domain::Caller& caller,
                               const ChannelId& channel, sealing::HearingVerb verb) {
  return [services, caller, channel, verb](const sealing::HearingRelations& relations) {
    Object object{channel, {}, {}};
    if (relations.is_of_the_court) object.standing.add(domain::Relation::court_of_hearing);
    if (relations.is_addressee) object.standing.add(domain::Relation::assignee);
    return authorize(services, caller, action_of(verb), object);
  };
}

Result<sealing::Hearing> judge_hearing_entry(BatchView& batch, const sealing::EntryHeader& header,
                                             const Digest& message_hash,
                                             const sealing::HearingFacts& facts,
                                             const MayActOnHearing& may) {
  return with_hearing_case(
      batch, header, message_hash,
      [&](const sealing::HearingCase& hearing_case) -> Result<sealing::Hearing> {
        // The rules first: whoever lost a race is to learn that, not that it is not theirs any
        // more.
        Result<sealing::Hearing> hearing = sealing::judge_hearing(hearing_case, facts);
        if (!hearing) return hearing.error();
        OBERIH_TRY(may(sealing::relations_of(hearing_case, facts)));
        return hearing;
      });
}

Result<std::optional<sealing::Hearing>> judge_acknowledged_hearing(
    BatchView& batch, const sealing::EntryHeader& header, const Digest& message_hash) {
  const auto facts = sealing::parse_acknowledgement_facts(header.facts);
  if (!facts) return facts.error();
  return with_hearing_case(
      batch, header, message_hash, [&](const sealing::HearingCase& hearing_case) {
        return sealing::judge_hearing_answer(hearing_case, *facts, batch.entries(header.channel));
      });
}

}  // namespace oberih::application
