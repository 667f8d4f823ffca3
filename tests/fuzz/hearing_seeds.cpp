// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/hearing_seeds.hpp"

#include "protocol/sealing/hearing.hpp"
#include "protocol/sealing/hearing_text.hpp"
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

sealing::SummonsText known_summons() {
  sealing::SummonsText summons;
  summons.summoned_by = "суддя Петренко О. В.";
  summons.court_name = "Приморський районний суд м. Одеси";
  summons.court_address = "вул. Балківська, 33";
  summons.court_phone = "+380 48 000 00 00";
  summons.case_number = "522/417/26";
  summons.place = "зал 3";
  summons.act = "підготовче судове засідання";
  summons.consequences = "привід";
  summons.valid_reasons = "хвороба";
  summons.called = {{sealing::ProceduralStatus::prosecutor, 0, {}, {}},
                    {sealing::ProceduralStatus::victim,
                     static_cast<std::uint8_t>(sealing::ProtectiveMeasure::video_link),
                     {},
                     {}},
                    {sealing::ProceduralStatus::witness, 0, "Іваненко Іван Іванович", "м. Одеса"}};
  return summons;
}

sealing::Hearing known_hearing() {
  sealing::Hearing hearing;
  hearing.id = made_of<HearingId>(55);
  hearing.state = sealing::HearingState::recessed;
  hearing.version = 2;
  hearing.notice = known_notice();
  hearing.entry = {7, made_of<Digest>(56)};
  hearing.version_ms = 1'803'000'000'000;
  hearing.services.resize(3);
  hearing.services[0].answer = sealing::AcknowledgementKind::cannot_attend;
  hearing.services[0].answer_seq = 8;
  hearing.services[1].told_ms = 1'803'000'100'000;
  hearing.services[1].proposed = WallTime{{2027, 4, 1}, 14, 30};
  hearing.services[2].way = sealing::ServiceWay::post;
  hearing.reason = sealing::HearingReason::danger;
  hearing.goes_on = WallTime{{2027, 3, 5}, 9, 0};
  hearing.changed_seq = 9;
  return hearing;
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
    sealing::HearingText text;
    text.verb = verb;
    text.words = "словами";
    if (!facts.notice.addressees.empty()) text.summons = known_summons();
    seeds.emplace_back("text_" + std::string(sealing::name_of(verb)),
                       to_bytes(sealing::encode_hearing_text(text).value().view()));
  }
  seeds.emplace_back("stored", sealing::encode_hearing(known_hearing()));
  return seeds;
}

}  // namespace oberih::fuzz
