// SPDX-License-Identifier: Apache-2.0
// Where the rules of hearings are tried out: a court, the two sides and the Coordination Centre by
// hand, and a hearing that is driven verb by verb.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "protocol/sealing/hearing_rules.hpp"
#include "world.hpp"

namespace oberih::sealing {

inline const AgencyId the_court = made_of<AgencyId>(1);
inline const AgencyId other_court = made_of<AgencyId>(2);
inline const AgencyId the_prosecution = made_of<AgencyId>(3);
inline const AgencyId the_defence = made_of<AgencyId>(4);
inline const AgencyId the_centre = made_of<AgencyId>(5);
inline const AgencyId absent_agency = made_of<AgencyId>(6);

inline const PersonId court_clerk = made_of<PersonId>(11);
inline const PersonId judge_of_other_court = made_of<PersonId>(12);
inline const PersonId trial_prosecutor = made_of<PersonId>(13);
inline const PersonId defence_counsel = made_of<PersonId>(14);
inline const PersonId counsels_deputy = made_of<PersonId>(15);
inline const PersonId centre_coordinator = made_of<PersonId>(16);

inline const UnitId prosecution_desk = made_of<UnitId>(31);
inline const UnitId centre_desk = made_of<UnitId>(32);
inline const UnitId absent_desk = made_of<UnitId>(33);

/// Everybody above is on the roster, and nobody of the absent agency.
class HearingActors final : public TaskActors {
 public:
  std::map<UnitId, std::pair<AgencyId, std::set<PersonId>>> units{
      {prosecution_desk, {the_prosecution, {trial_prosecutor}}},
      {centre_desk, {the_centre, {centre_coordinator}}},
      {absent_desk, {the_prosecution, {}}}};
  std::map<PersonId, AgencyId> people{{court_clerk, the_court},
                                      {judge_of_other_court, other_court},
                                      {trial_prosecutor, the_prosecution},
                                      {defence_counsel, the_defence},
                                      {counsels_deputy, the_defence},
                                      {centre_coordinator, the_centre}};

  std::optional<AgencyId> agency_of(const UnitId& unit) const override {
    const auto found = units.find(unit);
    if (found == units.end()) return std::nullopt;
    return found->second.first;
  }
  std::optional<AgencyId> agency_of(const PersonId& person) const override {
    const auto found = people.find(person);
    if (found == people.end()) return std::nullopt;
    return found->second;
  }
  bool has_people_on_roster(const UnitId& unit) const override {
    return units.contains(unit) && !units.at(unit).second.empty();
  }
  bool may_act_for(const UnitId& unit, const PersonId& person,
                   const PersonId& stands_for) const override {
    return stands_for.is_zero() && units.contains(unit) && units.at(unit).second.contains(person);
  }
  bool may_supervise(const UnitId&, const PersonId&, const PersonId&) const override {
    return false;
  }
  bool may_supervise(const PersonId&, const PersonId&, const PersonId&) const override {
    return false;
  }
  bool is_deputy_of(const PersonId& person, const PersonId& other) const override {
    return person == counsels_deputy && other == defence_counsel;
  }
};

class HearingStage {
 public:
  HearingActors actors;
  ChannelKind channel_kind = ChannelKind::hearing;
  Milliseconds now_ms = moment_of({{2027, 2, 1}, 9, 0});
  std::uint64_t channel_seq = 1;
  std::map<HearingId, HearingPointer> hearings;

  static inline const HearingId first = made_of<HearingId>(91);
  static inline const WallTime start{{2027, 3, 4}, 10, 0};
  static inline const WallTime later{{2027, 4, 1}, 14, 30};
  // Places of the addressees below, which stand in their order.
  static constexpr std::uint16_t desk = 0, through_centre = 1, counsel = 2, victim = 3;

  static AgencyKind kind_of(const AgencyId& agency) {
    if (agency == the_court || agency == other_court) return AgencyKind::court;
    if (agency == the_prosecution) return AgencyKind::prosecution;
    if (agency == the_centre) return AgencyKind::coordination_centre;
    return AgencyKind::legal_aid;
  }

  HearingCase case_of(const PersonId& author) const {
    const AgencyId agency = actors.agency_of(author).value_or(AgencyId{});
    return {channel_kind,
            kind_of(agency),
            agency,
            author,
            {channel_seq + 100, channel_seq, now_ms},
            {channel_seq, made_of<Digest>(static_cast<std::uint8_t>(channel_seq))},
            actors,
            [this](const HearingId& id) {
              const auto found = hearings.find(id);
              return found == hearings.end() ? HearingPointer() : found->second;
            },
            [](const AgencyId& id) { return std::optional(kind_of(id)); },
            [this](const AgencyId& id) {
              for (const auto& [person, of] : actors.people)
                if (of == id) return true;
              return false;
            }};
  }

  static HearingNotice notice(const WallTime& start_at = start) {
    HearingNotice notice;
    notice.proceeding = made_of<ProceedingId>(7);
    notice.court = the_court;
    notice.start = start_at;
    notice.minutes = 90;
    notice.answer_by_ms = moment_of(start_at) - 3 * 86'400'000ull;
    notice.addressees = {{AddresseeKind::unit, the_prosecution, prosecution_desk.bytes},
                         {AddresseeKind::unit, the_centre, centre_desk.bytes},
                         {AddresseeKind::person, the_defence, defence_counsel.bytes},
                         {AddresseeKind::no_account, {}, made_of<PersonId>(77).bytes}};
    notice.through_centre = {through_centre};
    return notice;
  }

  /// As somebody who has read everything would write it.
  HearingFacts facts(HearingVerb verb, std::uint16_t addressee = counsel) const {
    HearingFacts facts;
    facts.hearing = first;
    facts.verb = verb;
    if (const auto found = hearings.find(first); found != hearings.end())
      facts.expected_version = found->second->version;
    switch (verb) {
      case HearingVerb::schedule:
        facts.expected_version = 0;
        facts.notice = notice();
        break;
      case HearingVerb::reschedule:
        facts.notice = notice(later);
        break;
      case HearingVerb::cancel:
        facts.reason = HearingReason::court_unavailable;
        break;
      case HearingVerb::propose_date:
        facts.addressee = addressee;
        facts.date = later;
        break;
      case HearingVerb::record_service:
        facts.addressee = addressee;
        facts.way = ServiceWay::signature;
        facts.done_ms = now_ms;
        break;
      case HearingVerb::confirm_told:
        facts.addressee = through_centre;
        facts.done_ms = now_ms;
        break;
      case HearingVerb::record_recess:
      case HearingVerb::record_adjournment:
        facts.reason = HearingReason::witness_absent;
        break;
      case HearingVerb::record_held:
      case HearingVerb::record_judgment:
        break;
    }
    return facts;
  }

  std::string act(const PersonId& author, const HearingFacts& facts) {
    Result<Hearing> judged = judge_hearing(case_of(author), facts);
    if (!judged) return outcome_of(judged);
    put(std::move(*judged));
    return "accepted";
  }
  std::string act(const PersonId& author, HearingVerb verb) { return act(author, facts(verb)); }

  std::string answer(const PersonId& author, const EntryReference& entry,
                     AcknowledgementKind kind = AcknowledgementKind::received,
                     const PersonId& acting_for = {}) {
    Result<Hearing> judged =
        judge_answer(case_of(author), hearing(), {{}, entry, kind, acting_for});
    if (!judged) return outcome_of(judged);
    put(std::move(*judged));
    return "accepted";
  }

  const Hearing& hearing() const { return *hearings.at(first); }

  /// Brings the hearing into a state by the shortest way; its time has come then.
  void bring_to(HearingState state) {
    hearings.clear();
    now_ms = moment_of({{2027, 2, 1}, 9, 0});
    EXPECT_EQ(act(court_clerk, HearingVerb::schedule), "accepted");
    const auto go = [this](HearingVerb verb) {
      EXPECT_EQ(act(court_clerk, verb), "accepted") << name_of(verb);
    };
    now_ms = moment_of(start) + 60'000;
    if (state == HearingState::held) go(HearingVerb::record_held);
    if (state == HearingState::recessed) go(HearingVerb::record_recess);
    if (state == HearingState::adjourned) go(HearingVerb::record_adjournment);
    if (state == HearingState::closed) go(HearingVerb::record_judgment);
    if (state == HearingState::cancelled) go(HearingVerb::cancel);
  }

 private:
  void put(Hearing hearing) {
    const HearingId id = hearing.id;
    hearings[id] = std::make_shared<const Hearing>(std::move(hearing));
    channel_seq += 1;
    now_ms += 60'000;
  }
};

}  // namespace oberih::sealing
