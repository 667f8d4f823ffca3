// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/hearing_rules.hpp"

#include <algorithm>

namespace oberih::sealing {
namespace {

// -- parts ----------------------------------------------------------------------------------------

bool is_addressed(const HearingCase& c, const HearingAddressee& addressee,
                  const PersonId& stands_for) {
  switch (addressee.kind) {
    case AddresseeKind::unit:
      return c.actors.may_act_for(addressee.unit(), c.author, stands_for);
    case AddresseeKind::person:
      if (stands_for.is_zero()) return c.author == addressee.person();
      return stands_for == addressee.person() && c.actors.is_deputy_of(c.author, stands_for);
    case AddresseeKind::no_account:
      return false;
  }
  return false;
}

bool is_of_the_court(const HearingCase& c, const HearingNotice& notice) {
  return c.agency_kind == AgencyKind::court && c.agency == notice.court;
}

/// REQUIRES: the verb names an addressee of the hearing where its part asks for one.
Result<void> check_hearing_part(const HearingCase& c, HearingPart part, const Hearing& hearing,
                                const HearingFacts& facts) {
  bool has_part = false;
  switch (part) {
    case HearingPart::court:
      has_part = facts.acting_for.is_zero() && is_of_the_court(c, hearing.notice);
      break;
    case HearingPart::addressee:
      has_part = is_addressed(c, hearing.notice.addressees[facts.addressee], facts.acting_for);
      break;
    case HearingPart::centre:
      has_part = hearing.notice.goes_through_centre(facts.addressee) &&
                 is_addressed(c, hearing.notice.addressees[facts.addressee], facts.acting_for);
      break;
    case HearingPart::officer:
      // Whoever is called says so by acknowledging, and states no service on themselves: not in
      // somebody's name either. An addressee alone has deputies here.
      has_part = facts.acting_for.is_zero() &&
                 !is_addressed(c, hearing.notice.addressees[facts.addressee], {});
      break;
  }
  if (!has_part) return refuse(RefusalCode::not_your_part);
  return {};
}

// -- the notice -----------------------------------------------------------------------------------

Result<void> check_time(const HearingCase& c, const WallTime& time) {
  const std::optional<WallTimeFault> fault = find_fault(time);
  if (fault) {
    switch (*fault) {
      case WallTimeFault::not_a_time:
        return refuse(RefusalCode::hearing_time_invalid, "the calendar has no such day or hour");
      case WallTimeFault::skipped:
        return refuse(RefusalCode::hearing_time_invalid, "the clocks are put forward over it");
      case WallTimeFault::doubled:
        return refuse(RefusalCode::hearing_time_invalid,
                      "the clocks are put back and show it twice");
    }
  }
  if (moment_of(time) <= c.place.server_ms) return refuse(RefusalCode::due_in_past);
  return {};
}

Result<void> check_addressee(const HearingCase& c, const HearingAddressee& addressee,
                             bool goes_through_centre) {
  if (!addressee.has_account()) return {};
  const bool is_unit = addressee.kind == AddresseeKind::unit;
  const std::optional<AgencyId> agency =
      is_unit ? c.actors.agency_of(addressee.unit()) : c.actors.agency_of(addressee.person());
  if (agency != addressee.agency) return refuse(RefusalCode::addressee_not_on_roster);
  if (is_unit && !c.actors.has_people_on_roster(addressee.unit()))
    return refuse(RefusalCode::addressee_not_on_roster, "nobody of the unit is on the roster");
  if (goes_through_centre && c.kind_of(addressee.agency) != AgencyKind::coordination_centre)
    return refuse(RefusalCode::addressee_not_on_roster,
                  "a protected person is told by the Coordination Centre alone");
  return {};
}

/// Everybody on a roster reads every notice in it: who may not be told must not sit there.
Result<void> check_exclusions(const HearingCase& c, const HearingNotice& notice) {
  for (const HearingExclusion& each : notice.may_not_be_told) {
    const bool is_there = each.unit.is_zero() ? c.sits_on_roster(each.agency)
                                              : c.actors.has_people_on_roster(each.unit);
    if (is_there) return refuse(RefusalCode::may_not_be_told);
    for (const HearingAddressee& addressee : notice.addressees)
      if (addressee.agency == each.agency &&
          (each.unit.is_zero() || addressee.id == each.unit.bytes))
        return refuse(RefusalCode::may_not_be_told);
  }
  return {};
}

Result<void> check_notice(const HearingCase& c, const HearingNotice& notice) {
  OBERIH_TRY(check_time(c, notice.start));
  if (notice.answer_by_ms > moment_of(notice.start))
    return refuse(RefusalCode::hearing_time_invalid, "answers are awaited until after it begins");
  for (std::size_t i = 0; i < notice.addressees.size(); ++i)
    OBERIH_TRY(check_addressee(c, notice.addressees[i], notice.goes_through_centre(i)));
  return check_exclusions(c, notice);
}

/// Nobody has answered a new version yet.
void begin_version(const HearingCase& c, Hearing& hearing) {
  hearing.entry = c.entry;
  hearing.version_ms = c.place.server_ms;
  hearing.services.assign(hearing.notice.addressees.size(), {});
  hearing.reminded_ms = 0;
  hearing.alarmed_ms = 0;
}

void note_change(const HearingCase& c, Hearing& hearing) {
  hearing.changed_seq = c.place.channel_seq;
  hearing.changed_ms = c.place.server_ms;
}

Result<Hearing> judge_scheduled(const HearingCase& c, const HearingFacts& facts) {
  if (c.find(facts.hearing))
    return refuse(RefusalCode::id_taken, "a hearing of this channel has that id");
  if (!facts.acting_for.is_zero() || !is_of_the_court(c, facts.notice))
    return refuse(RefusalCode::not_your_part);
  OBERIH_TRY(check_notice(c, facts.notice));
  Hearing hearing;
  hearing.id = facts.hearing;
  hearing.notice = facts.notice;
  begin_version(c, hearing);
  note_change(c, hearing);
  return hearing;
}

// -- everything after it --------------------------------------------------------------------------

Result<void> move_hearing(const HearingCase& c, const HearingFacts& facts, Hearing& hearing) {
  const HearingNotice& before = hearing.notice;
  if (facts.notice.court != before.court || facts.notice.proceeding != before.proceeding)
    return refuse(RefusalCode::not_your_part, "a hearing stays with its court and its proceeding");
  OBERIH_TRY(check_notice(c, facts.notice));
  hearing.notice = facts.notice;
  hearing.reason.reset();
  hearing.goes_on.reset();
  return {};
}

Result<void> record_outcome(const HearingCase& c, const HearingFacts& facts, Hearing& hearing) {
  const WallTime& start = hearing.goes_on.value_or(hearing.notice.start);
  if (c.place.server_ms < moment_of(start)) return refuse(RefusalCode::hearing_not_begun);
  if (facts.date) OBERIH_TRY(check_time(c, *facts.date));
  hearing.reason = facts.reason;
  hearing.goes_on = facts.date;
  return {};
}

/// A statement of what was done is of the time since the version came, and of no time to come.
Result<void> check_done(const HearingCase& c, const Hearing& hearing, Milliseconds done_ms) {
  if (done_ms > c.place.server_ms)
    return refuse(RefusalCode::hearing_time_invalid, "it is said to be done, and lies ahead");
  if (done_ms + day_ms < hearing.version_ms)
    return refuse(RefusalCode::stale_version, "it was done before this version of the hearing");
  return {};
}

Result<void> take_effect(const HearingCase& c, const HearingFacts& facts, Hearing& hearing) {
  switch (facts.verb) {
    case HearingVerb::reschedule:
      return move_hearing(c, facts, hearing);
    case HearingVerb::cancel:
      hearing.reason = facts.reason;
      hearing.goes_on.reset();
      return {};
    case HearingVerb::propose_date: {
      OBERIH_TRY(check_time(c, facts.date.value_or(WallTime{})));
      HearingService& service = hearing.services[facts.addressee];
      service.proposed = facts.date;
      service.proposed_seq = c.place.channel_seq;
      return {};
    }
    case HearingVerb::record_service: {
      OBERIH_TRY(check_done(c, hearing, facts.done_ms));
      HearingService& service = hearing.services[facts.addressee];
      service.way = facts.way;
      service.served_ms = facts.done_ms;
      service.served_seq = c.place.channel_seq;
      return {};
    }
    case HearingVerb::confirm_told: {
      OBERIH_TRY(check_done(c, hearing, facts.done_ms));
      HearingService& service = hearing.services[facts.addressee];
      service.told_ms = facts.done_ms;
      service.told_seq = c.place.channel_seq;
      return {};
    }
    case HearingVerb::record_held:
    case HearingVerb::record_recess:
    case HearingVerb::record_adjournment:
    case HearingVerb::record_judgment:
      return record_outcome(c, facts, hearing);
    case HearingVerb::schedule:
      return {};
  }
  return {};
}

std::string now_the_hearing_is(const Hearing& hearing) {
  return "it is " + std::string(name_of(hearing.state)) + " (version " +
         std::to_string(hearing.version) + ")";
}

bool names_an_addressee(HearingVerb verb) {
  return verb == HearingVerb::propose_date || verb == HearingVerb::record_service ||
         verb == HearingVerb::confirm_told;
}

}  // namespace

HearingRelations relations_of(const HearingCase& c, const HearingFacts& facts) {
  HearingRelations relations;
  if (facts.verb == HearingVerb::schedule) {
    relations.is_of_the_court = is_of_the_court(c, facts.notice);
    return relations;
  }
  const HearingPointer hearing = c.find(facts.hearing);
  if (!hearing) return relations;
  relations.is_of_the_court = is_of_the_court(c, hearing->notice);
  relations.is_addressee =
      names_an_addressee(facts.verb) && facts.addressee < hearing->notice.addressees.size() &&
      is_addressed(c, hearing->notice.addressees[facts.addressee], facts.acting_for);
  return relations;
}

Result<Hearing> judge_hearing(const HearingCase& c, const HearingFacts& facts) {
  if (c.channel_kind != ChannelKind::hearing)
    return refuse(RefusalCode::entry_type_forbidden, "a hearing stands in a hearing channel");
  if (facts.verb == HearingVerb::schedule) return judge_scheduled(c, facts);
  const HearingPointer before = c.find(facts.hearing);
  if (!before) return refuse(RefusalCode::not_found, "there is no such hearing in this channel");
  Hearing hearing = *before;
  if (facts.expected_version != hearing.version)
    return refuse(RefusalCode::stale_version, now_the_hearing_is(hearing));
  const HearingTransition* row = find_transition(hearing.state, facts.verb);
  if (row == nullptr) return refuse(RefusalCode::transition_unknown, now_the_hearing_is(hearing));
  if (names_an_addressee(facts.verb) && facts.addressee >= hearing.services.size())
    return refuse(RefusalCode::not_found, "the hearing has no such addressee");
  OBERIH_TRY(check_hearing_part(c, row->part, hearing, facts));
  OBERIH_TRY(take_effect(c, facts, hearing));
  hearing.state = row->to;
  if (makes_a_version(facts.verb)) {
    hearing.version += 1;
    begin_version(c, hearing);
  }
  note_change(c, hearing);
  return hearing;
}

Result<Hearing> judge_answer(const HearingCase& c, const Hearing& before,
                             const AcknowledgementFacts& facts) {
  if (facts.entry != before.entry)
    return refuse(RefusalCode::stale_version, now_the_hearing_is(before));
  Hearing hearing = before;
  bool is_answer = false;
  for (std::size_t i = 0; i < hearing.services.size(); ++i) {
    if (!is_addressed(c, hearing.notice.addressees[i], facts.acting_for)) continue;
    is_answer = true;
    hearing.services[i].answer = facts.kind;
    hearing.services[i].answer_seq = c.place.channel_seq;
  }
  if (!is_answer && !facts.acting_for.is_zero()) return refuse(RefusalCode::not_your_part);
  if (is_answer) note_change(c, hearing);
  return hearing;
}

}  // namespace oberih::sealing
