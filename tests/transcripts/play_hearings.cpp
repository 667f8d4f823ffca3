// SPDX-License-Identifier: Apache-2.0
// The sentences of a play about hearings.
#include <sstream>
#include <stdexcept>

#include "protocol/crypto/random_bytes.hpp"
#include "protocol/sealing/hearing_text.hpp"
#include "tests/transcripts/play.hpp"

namespace oberih::transcripts {
namespace {

using sealing::HearingVerb;

/// "in 10 days": at ten in the morning of that day; "on 2027-03-28 03:30": just that.
WallTime time_named(const std::string& text, Milliseconds now_ms) {
  std::smatch match;
  if (std::regex_match(text, match, std::regex("in (\\d+) days"))) {
    const auto today = static_cast<DayNumber>(now_ms / static_cast<Milliseconds>(oberih::day_ms));
    return {date_of(today + std::stol(match[1])), 10, 0};
  }
  if (!std::regex_match(text, match, std::regex("on (\\d{4})-(\\d\\d)-(\\d\\d) (\\d\\d):(\\d\\d)")))
    unwritten("no time: " + text);
  const auto number = [&](int group) { return static_cast<unsigned>(std::stoul(match[group])); };
  return {{static_cast<int>(number(1)), number(2), number(3)}, number(4), number(5)};
}

struct Called {
  sealing::HearingAddressee addressee;
  sealing::CalledPerson person;
  bool is_through_centre = false;
};

HearingVerb outcome_named(const std::string& word) {
  if (word == "held") return HearingVerb::record_held;
  if (word == "interrupted") return HearingVerb::record_recess;
  if (word == "adjourned") return HearingVerb::record_adjournment;
  if (word == "judged") return HearingVerb::record_judgment;
  unwritten("no outcome: " + word);
}

sealing::HearingText text_of(HearingVerb verb, const std::vector<sealing::CalledPerson>& called) {
  sealing::HearingText text;
  text.verb = verb;
  if (called.empty()) return text;
  text.summons.emplace();
  text.summons->summoned_by = "the judge";
  text.summons->court_name = "the court";
  text.summons->court_address = "its street";
  text.summons->court_phone = "its telephone";
  text.summons->case_number = "522/417/26";
  text.summons->place = "room 3";
  text.summons->act = "preparatory hearing";
  text.summons->consequences = "as the law says";
  text.summons->valid_reasons = "as the law says";
  text.summons->called = called;
  // More could not even be sealed; the facts say how many there are all the same.
  if (called.size() > sealing::hearing_addressees_at_most)
    text.summons->called.resize(sealing::hearing_addressees_at_most);
  return text;
}

}  // namespace

Play::NamedHearing& Play::named_hearing(const std::string& title) {
  const auto found = hearings_.find(title);
  if (found == hearings_.end()) unwritten("no hearing is called " + title);
  return found->second;
}

sealing::HearingPointer Play::hearing_of(Actor& who, const std::string& title) {
  const NamedHearing& named = named_hearing(title);
  const auto& hearings = who.conversation(named.channel).hearings;
  const auto found = hearings.find(named.id);
  return found == hearings.end() ? nullptr : found->second;
}

/// What somebody who has read everything would write.
sealing::HearingFacts Play::facts_about(Actor& who, const std::string& title, HearingVerb verb) {
  NamedHearing& named = named_hearing(title);
  catch_up(who, named.channel);
  sealing::HearingFacts facts;
  facts.hearing = named.id;
  facts.verb = verb;
  if (const sealing::HearingPointer hearing = hearing_of(who, title))
    facts.expected_version = hearing->version;
  return facts;
}

Result<void> Play::send_about(Actor& who, const std::string& title,
                              const sealing::HearingFacts& facts) {
  NamedHearing& named = named_hearing(title);
  const bool has_notice = !facts.notice.addressees.empty();
  OBERIH_TRY(send(
      who, named.channel,
      who.act_on_hearing(
          named.channel, facts,
          text_of(facts.verb, has_notice ? named.called : std::vector<sealing::CalledPerson>()),
          stage_.clock().now_ms())));
  catch_up(who, named.channel);
  if (makes_a_version(facts.verb)) named.versions.push_back(hearing_of(who, title)->entry);
  return {};
}

/// Of either kind of unit that a play makes, as its newest list says.
sealing::Unit Play::unit_to_call(Actor& who, const std::string& name) {
  if (!units_.contains(name)) return listed_unit(name);
  if (!read_directory(who)) unwritten("the directory cannot be read");
  return who.directory().find_unit(unit(name))->unit;
}

/// "Pavlo, "Desk", 9 without an account, through Kateryna".
Result<void> Play::schedule(const Words& words) {
  Actor& who = actor(words[0]);
  const std::string& title = words[1];
  NamedHearing named{channel(words[2]), crypto::random_id<HearingId>(), {}, {}};
  std::vector<Called> called;
  std::string names = words[4];
  std::smatch match;
  static const std::regex one(
      "(?:and )?(through )?(?:(\\d+) without an account|\"([^\"]*)\"|"
      "([^ ,]+))(?:, | |$)");
  while (!names.empty()) {
    if (!std::regex_search(names, match, one, std::regex_constants::match_continuous))
      unwritten("nobody can be called so: " + names);
    const bool is_through_centre = match[1].matched;
    if (match[2].matched) {
      for (unsigned long i = std::stoul(match[2]); i > 0; --i)
        called.push_back(
            {{sealing::AddresseeKind::no_account, {}, crypto::random_id<PersonId>().bytes},
             {sealing::ProceduralStatus::witness, 0, "w", ""},
             false});
    } else if (match[3].matched) {
      const sealing::Unit unit = unit_to_call(who, match[3]);
      called.push_back({{sealing::AddresseeKind::unit, unit.agency, unit.unit.bytes},
                        {sealing::ProceduralStatus::prosecutor, 0, "", ""},
                        is_through_centre});
    } else {
      const sealing::DeviceCertificate& person = actor(match[4]).certificate();
      called.push_back({{sealing::AddresseeKind::person, person.agency, person.person.bytes},
                        {is_through_centre ? sealing::ProceduralStatus::victim
                                           : sealing::ProceduralStatus::defender,
                         0, "", ""},
                        is_through_centre});
    }
    names.erase(0, static_cast<std::size_t>(match.length()));
  }
  std::ranges::sort(called, {}, &Called::addressee);
  hearings_[title] = named;
  sealing::HearingFacts facts = facts_about(who, title, HearingVerb::schedule);
  facts.notice.proceeding = crypto::random_id<ProceedingId>();
  facts.notice.court = who.certificate().agency;
  facts.notice.start = time_named(words[3], stage_.clock().now_ms());
  facts.notice.minutes = 60;
  if (!find_fault(facts.notice.start)) facts.notice.answer_by_ms = moment_of(facts.notice.start);
  for (std::size_t i = 0; i < called.size(); ++i) {
    facts.notice.addressees.push_back(called[i].addressee);
    hearings_[title].called.push_back(called[i].person);
    if (called[i].is_through_centre)
      facts.notice.through_centre.push_back(static_cast<std::uint16_t>(i));
  }
  if (!words[5].empty()) facts.notice.may_not_be_told = {{roots_.at(words[5])->agency.id, {}}};
  return send_about(who, title, facts);
}

Result<void> Play::move_hearing(const Words& words) {
  Actor& who = actor(words[0]);
  sealing::HearingFacts facts = facts_about(who, words[1], HearingVerb::reschedule);
  const sealing::HearingPointer hearing = hearing_of(who, words[1]);
  if (!hearing) unwritten("but there is no such hearing");
  facts.notice = hearing->notice;
  facts.notice.start = time_named(words[2], stage_.clock().now_ms());
  if (!find_fault(facts.notice.start)) facts.notice.answer_by_ms = moment_of(facts.notice.start);
  return send_about(who, words[1], facts);
}

Result<void> Play::cancel_hearing(const Words& words) {
  Actor& who = actor(words[0]);
  sealing::HearingFacts facts = facts_about(who, words[1], HearingVerb::cancel);
  facts.reason = sealing::HearingReason::court_unavailable;
  return send_about(who, words[1], facts);
}

Result<void> Play::answer_summons(const Words& words) {
  Actor& who = actor(words[0]);
  const NamedHearing& named = named_hearing(words[1]);
  catch_up(who, named.channel);
  sealing::AcknowledgementFacts facts;
  facts.entry =
      words[3].empty() ? named.versions.back() : named.versions.at(std::stoul(words[3]) - 1);
  facts.kind = words[2] == "understood" ? sealing::AcknowledgementKind::understood
               : words[2] == "received" ? sealing::AcknowledgementKind::received
                                        : sealing::AcknowledgementKind::cannot_attend;
  if (!words[4].empty()) facts.acting_for = actor(words[4]).certificate().person;
  MessageOptions options;
  options.type = EntryType::acknowledgement;
  options.facts = sealing::encode_acknowledgement_facts(facts);
  return send(who, named.channel,
              who.post(named.channel, "as said", stage_.clock().now_ms(), options));
}

Result<void> Play::ask_for_date(const Words& words) {
  Actor& who = actor(words[0]);
  sealing::HearingFacts facts = facts_about(who, words[1], HearingVerb::propose_date);
  const PersonId& called = (words[3].empty() ? who : actor(words[3])).certificate().person;
  if (const sealing::HearingPointer hearing = hearing_of(who, words[1]))
    for (std::uint16_t i = 0; i < hearing->notice.addressees.size(); ++i)
      if (hearing->notice.addressees[i].id == called.bytes) facts.addressee = i;
  facts.date = time_named(words[2], stage_.clock().now_ms());
  return send_about(who, words[1], facts);
}

/// "0", or "3 to 11".
Result<void> Play::state_service(const Words& words) {
  Actor& who = actor(words[0]);
  const unsigned long first = std::stoul(words[1]);
  const unsigned long last = words[2].empty() ? first : std::stoul(words[2]);
  for (unsigned long place = first; place <= last; ++place) {
    sealing::HearingFacts facts = facts_about(who, words[3], HearingVerb::record_service);
    facts.addressee = static_cast<std::uint16_t>(place);
    facts.way = sealing::find_service_way(words[4]).value();
    facts.done_ms = stage_.clock().now_ms();
    if (!words[5].empty()) facts.done_ms -= std::stoull(words[5]) * day_ms;
    OBERIH_TRY(send_about(who, words[3], facts));
  }
  return {};
}

Result<void> Play::confirm_telling(const Words& words) {
  Actor& who = actor(words[0]);
  sealing::HearingFacts facts = facts_about(who, words[1], HearingVerb::confirm_told);
  facts.done_ms = stage_.clock().now_ms();
  if (const sealing::HearingPointer hearing = hearing_of(who, words[1]))
    facts.addressee = hearing->notice.through_centre.empty()
                          ? std::uint16_t{0}
                          : hearing->notice.through_centre.front();
  return send_about(who, words[1], facts);
}

Result<void> Play::record_outcome(const Words& words) {
  Actor& who = actor(words[0]);
  sealing::HearingFacts facts = facts_about(who, words[1], outcome_named(words[2]));
  if (facts.verb == HearingVerb::record_recess || facts.verb == HearingVerb::record_adjournment)
    facts.reason = sealing::HearingReason::witness_absent;
  if (!words[3].empty()) facts.date = time_named(words[3], stage_.clock().now_ms());
  return send_about(who, words[1], facts);
}

Result<void> Play::see_hearing(const Words& words) {
  Actor& who = actor(words[0]);
  OBERIH_TRY(read_channel(who, named_hearing(words[1]).channel));
  const sealing::HearingPointer hearing = hearing_of(who, words[1]);
  if (!hearing) unwritten("but there is no such hearing");
  std::size_t served = 0, told = 0;
  for (const sealing::HearingService& service : hearing->services) {
    served += service.is_served() ? 1 : 0;
    told += service.told_ms != 0 ? 1 : 0;
  }
  std::ostringstream now;
  now << name_of(hearing->state) << ", version " << hearing->version << ", " << served << " of "
      << hearing->services.size() << " served";
  if (told > 0) now << ", " << told << " told";
  if (now.str() != words[2]) unwritten("but it is " + now.str());
  return {};
}

}  // namespace oberih::transcripts
