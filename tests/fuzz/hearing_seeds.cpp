// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/hearing_seeds.hpp"

#include "protocol/sealing/hearing_facts.hpp"
#include "tests/fuzz/known_objects.hpp"

namespace oberih::fuzz {
namespace {

sealing::HearingNotice known_notice() {
  sealing::HearingNotice notice;
  notice.proceeding = made_of<ProceedingId>(50);
  notice.court = made_of<AgencyId>(1);
  notice.start = {{2027, 3, 4}, 10, 0};
  notice.minutes = 90;
  notice.room = made_of<sealing::RoomId>(51);
  notice.answer_by_ms = 1'804'000'000'000;
  notice.addressees = {
      {sealing::AddresseeKind::unit, made_of<AgencyId>(2), made_of<UnitId>(52).bytes},
      {sealing::AddresseeKind::person, made_of<AgencyId>(3), made_of<PersonId>(53).bytes},
      {sealing::AddresseeKind::no_account, {}, made_of<PersonId>(54).bytes}};
  notice.through_centre = {0};
  notice.may_not_be_told = {{made_of<AgencyId>(4), {}}};
  return notice;
}

}  // namespace

std::vector<std::pair<std::string, Bytes>> hearing_seeds() {
  std::vector<std::pair<std::string, Bytes>> seeds;
  for (const sealing::HearingVerb verb : sealing::all_hearing_verbs) {
    sealing::HearingFacts facts;
    facts.hearing = made_of<HearingId>(55);
    facts.verb = verb;
    facts.expected_version = verb == sealing::HearingVerb::schedule ? 0 : 2;
    if (facts.expected_version == 0 || verb == sealing::HearingVerb::reschedule)
      facts.notice = known_notice();
    facts.way = sealing::ServiceWay::post;
    facts.done_ms = 1'803'000'000'000;
    facts.date = WallTime{{2027, 4, 1}, 14, 30};
    facts.reason = sealing::HearingReason::danger;
    seeds.emplace_back("facts_" + std::string(sealing::name_of(verb)),
                       sealing::encode_hearing_facts(facts));
  }
  return seeds;
}

}  // namespace oberih::fuzz
