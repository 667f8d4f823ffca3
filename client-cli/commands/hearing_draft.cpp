// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/hearing_draft.hpp"

#include <algorithm>

#include "client-cli/commands/admitted_search.hpp"
#include "client-cli/commands/task_parties.hpp"
#include "client-cli/output/kyiv_date.hpp"
#include "client-cli/output/kyiv_time.hpp"
#include "client-cli/output/wall_time_input.hpp"
#include "protocol/crypto/random_bytes.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::client {
namespace {

using sealing::AddresseeKind;
using sealing::HearingAddressee;

constexpr std::uint64_t usual_minutes = 60;
constexpr Milliseconds answers_before_ms = 3 * day_ms;  // art. 135: served three days before

Refusal not_fit(const std::string& where, const Refusal& refusal) {
  return refuse(refusal.code, where + ": " + refusal.detail);
}

HearingAddressee addressee_of(const sealing::TaskParty& party) {
  if (party.kind == sealing::TaskPartyKind::unit)
    return {AddresseeKind::unit, party.agency, party.unit().bytes};
  return {AddresseeKind::person, party.agency, party.person().bytes};
}

/// The same person without an account keeps the random id through all versions.
HearingAddressee without_account(const std::string& name, const HearingInChannel* before) {
  if (before != nullptr && before->summons)
    for (std::size_t i = 0; i < before->summons->called.size(); ++i)
      if (!before->hearing->notice.addressees[i].has_account() &&
          before->summons->called[i].name == name)
        return before->hearing->notice.addressees[i];
  return {AddresseeKind::no_account, {}, crypto::random_id<PersonId>().bytes};
}

Result<HearingAddressee> find_addressee(ClientSession& session, const Console& console,
                                        const DraftAddressee& draft,
                                        const HearingInChannel* before) {
  const bool has_account = !draft.unit.empty() || !draft.person.empty();
  if (draft.is_through_centre) {
    if (!has_account)
      return refuse(RefusalCode::usage, console.text(Sentence::hearing_needs_centre));
    if (!draft.called.name.empty() || !draft.called.address.empty())
      return refuse(RefusalCode::usage, console.text(Sentence::hearing_protected_has_no_name));
  } else if (draft.called.status == sealing::ProceduralStatus::victim) {
    return refuse(RefusalCode::usage, console.text(Sentence::hearing_victim_through_centre));
  }
  if (!has_account) return without_account(draft.called.name, before);
  Result<sealing::TaskParty> party = draft.unit.empty() ? find_person_party(session, draft.person)
                                                        : find_unit_party(session, draft.unit);
  if (!party) return party.error();
  const sealing::Agency* agency = session.directory().find_agency(party->agency);
  if (draft.is_through_centre &&
      (agency == nullptr || agency->kind != AgencyKind::coordination_centre))
    return refuse(RefusalCode::usage, console.text(Sentence::hearing_needs_centre));
  return addressee_of(*party);
}

struct Called {
  HearingAddressee addressee;
  sealing::CalledPerson person;
  bool is_through_centre = false;
};

/// Who is new keeps the order in which the clerk wrote them, which the random ids alone decide.
void keep_order(std::vector<Called>& all, const HearingInChannel* before) {
  std::vector<Called*> fresh;
  std::vector<ByteArray<16>> ids;
  for (Called& each : all) {
    const bool was_there =
        before != nullptr &&
        std::ranges::binary_search(before->hearing->notice.addressees, each.addressee);
    if (each.addressee.has_account() || was_there) continue;
    fresh.push_back(&each);
    ids.push_back(each.addressee.id);
  }
  std::ranges::sort(ids);
  for (std::size_t i = 0; i < ids.size(); ++i) fresh[i]->addressee.id = ids[i];
}

Result<std::vector<Called>> find_called(CommandContext& context, const HearingDraft& draft,
                                        const HearingInChannel* before) {
  std::vector<Called> all;
  for (const DraftAddressee& each : draft.called) {
    Result<HearingAddressee> found =
        find_addressee(context.session(), context.console(), each, before);
    if (!found) return not_fit(each.where, found.error());
    const bool is_there =
        std::ranges::any_of(all, [&](const Called& other) { return other.addressee == *found; });
    if (is_there)
      return refuse(RefusalCode::usage, each.where + ": is called twice; one line for each");
    all.push_back({*found, each.called, each.is_through_centre});
  }
  if (all.empty() || all.size() > sealing::hearing_addressees_at_most)
    return refuse(RefusalCode::usage,
                  std::to_string(all.size()) + " are called: a hearing calls 1 to 500");
  keep_order(all, before);
  std::ranges::sort(all, {}, &Called::addressee);
  return all;
}

Result<sealing::HearingExclusion> find_exclusion(ClientSession& session, const std::string& text) {
  const std::size_t slash = text.find('/');
  if (slash != std::string::npos) {
    Result<sealing::TaskParty> unit = find_unit_party(session, text.substr(slash + 1));
    if (!unit) return unit.error();
    return sealing::HearingExclusion{unit->agency, unit->unit()};
  }
  Result<sealing::Admitted> agency = find_admitted(session, text);
  if (!agency) return agency.error();
  if (agency->what != sealing::Admitted::What::agency)
    return refuse(RefusalCode::usage, "'" + text + "' is a person: say AGENCY or AGENCY/UNIT");
  return sealing::HearingExclusion{{agency->id}, {}};
}

template <class Id>
Result<Id> read_id(const std::string& field, const std::string& text) {
  const std::optional<Bytes> bytes = encoding::decode_hex(text);
  const std::optional<Id> id = bytes ? Id::from(*bytes) : std::nullopt;
  if (!id) return refuse(RefusalCode::usage, field + " is an id of 32 digits, as --json shows it");
  return *id;
}

/// The hearings that this device knows of the same court are the court's own list: a room and a
/// case are found again by what is written of them, and nobody else learns which they are.
struct KnownIds {
  std::optional<ProceedingId> proceeding;
  std::optional<sealing::RoomId> room;
};
KnownIds find_known_ids(CommandContext& context, const AgencyId& court,
                        const sealing::SummonsText& summons) {
  KnownIds known;
  const auto all = read_hearings(context, {}, CommandContext::Reach::offline);
  if (!all) return known;
  for (const HearingInChannel& each : *all) {
    if (each.hearing->notice.court != court || !each.summons) continue;
    if (each.summons->case_number == summons.case_number)
      known.proceeding = each.hearing->notice.proceeding;
    if (each.summons->place == summons.place && !each.hearing->notice.room.is_zero())
      known.room = each.hearing->notice.room;
  }
  return known;
}

Result<> find_ids(CommandContext& context, const HearingDraft& draft,
                  const HearingInChannel* before, HearingNoticeAndText& made) {
  const KnownIds known = find_known_ids(context, made.notice.court, made.summons);
  made.notice.proceeding = known.proceeding.value_or(crypto::random_id<ProceedingId>());
  made.notice.room = known.room.value_or(crypto::random_id<sealing::RoomId>());
  if (!draft.proceeding.empty()) {
    Result<ProceedingId> id = read_id<ProceedingId>("proceeding", draft.proceeding);
    if (!id) return id.error();
    made.notice.proceeding = *id;
  }
  if (!draft.room_id.empty()) {
    Result<sealing::RoomId> id = read_id<sealing::RoomId>("room_id", draft.room_id);
    if (!id) return id.error();
    made.notice.room = *id;
  }
  if (before != nullptr) made.notice.proceeding = before->hearing->notice.proceeding;
  return {};
}

Result<> read_times(CommandContext& context, const HearingDraft& draft, Milliseconds now_ms,
                    sealing::HearingNotice& notice) {
  if (draft.start.empty())
    return refuse(RefusalCode::usage, "say when it begins with --start or in the file's start");
  Result<WallTime> start = read_hearing_time(context.console(), "start", draft.start, now_ms);
  if (!start) return start.error();
  notice.start = *start;
  const std::uint64_t minutes = draft.minutes.value_or(usual_minutes);
  if (minutes == 0 || minutes > sealing::hearing_minutes_at_most)
    return refuse(RefusalCode::usage, "minutes are 1 to 720: how long the session is to last");
  notice.minutes = static_cast<std::uint16_t>(minutes);
  if (draft.testimony_ordinal.value_or(0) > 255)
    return refuse(RefusalCode::usage, "testimony_ordinal is 0 to 255");
  notice.testimony_ordinal = static_cast<std::uint8_t>(draft.testimony_ordinal.value_or(0));
  const Milliseconds begins_ms = moment_of(*start);
  notice.answer_by_ms =
      begins_ms > now_ms + answers_before_ms ? begins_ms - answers_before_ms : begins_ms;
  if (draft.answer_by.empty()) return {};
  Result<WallTime> answer_by =
      read_hearing_time(context.console(), "answer_by", draft.answer_by, now_ms);
  if (!answer_by) return answer_by.error();
  notice.answer_by_ms = moment_of(*answer_by);
  if (notice.answer_by_ms > begins_ms)
    return refuse(RefusalCode::hearing_time_invalid,
                  context.console().text(Sentence::hearing_answer_by_too_late));
  return {};
}

}  // namespace

Result<WallTime> read_hearing_time(const Console& console, const std::string& option,
                                   const std::string& text, Milliseconds now_ms) {
  const std::optional<WallTime> time = parse_wall_time(text);
  if (!time)
    return refuse(RefusalCode::usage,
                  console.text(Sentence::hearing_time_form, {{"option", option}}));
  const std::string shown = encoding::printable(text);
  if (const std::optional<WallTimeFault> fault = find_fault(*time)) {
    const auto said = [&](Sentence sentence) {
      return refuse(RefusalCode::hearing_time_invalid,
                    console.text(sentence, {{"option", option}, {"time", shown}}));
    };
    switch (*fault) {
      case WallTimeFault::not_a_time:
        return said(Sentence::hearing_time_no_such);
      case WallTimeFault::skipped:
        return said(Sentence::hearing_time_skipped);
      case WallTimeFault::doubled:
        return said(Sentence::hearing_time_doubled);
    }
  }
  if (moment_of(*time) <= now_ms)
    return refuse(RefusalCode::due_in_past,
                  console.text(Sentence::hearing_time_over,
                               {{"option", option},
                                {"time", shown},
                                {"now", format_time(now_ms, console.language())}}));
  return *time;
}

Result<HearingNoticeAndText> resolve_draft(CommandContext& context, VerifiedChannel& channel,
                                           HearingDraft draft, const HearingInChannel* before) {
  ClientSession& session = context.session();
  const sealing::Device* own = session.directory().find_device(session.ring().device);
  if (own == nullptr) return refuse(RefusalCode::unknown_device);
  HearingNoticeAndText made;
  made.notice.court = before == nullptr ? own->certificate.agency : before->hearing->notice.court;
  OBERIH_TRY(read_times(context, draft, session.server_time_ms(channel), made.notice));
  made.summons = std::move(draft.summons);
  const sealing::Agency* court = session.directory().find_agency(made.notice.court);
  if (made.summons.court_name.empty() && court != nullptr) made.summons.court_name = court->name;
  if (made.summons.consequences.empty()) made.summons.consequences = usual_consequences;
  if (made.summons.valid_reasons.empty()) made.summons.valid_reasons = usual_valid_reasons;
  OBERIH_TRY(check_summons_lines(made.summons));
  Result<std::vector<Called>> called = find_called(context, draft, before);
  if (!called) return called.error();
  made.summons.called.clear();
  for (std::size_t i = 0; i < called->size(); ++i) {
    const Called& each = (*called)[i];
    made.notice.addressees.push_back(each.addressee);
    made.summons.called.push_back(each.person);
    if (each.is_through_centre) made.notice.through_centre.push_back(static_cast<std::uint16_t>(i));
  }
  for (const std::string& text : draft.not_told) {
    Result<sealing::HearingExclusion> exclusion = find_exclusion(session, text);
    if (!exclusion) return not_fit("not_told", exclusion.error());
    made.notice.may_not_be_told.push_back(*exclusion);
  }
  std::ranges::sort(made.notice.may_not_be_told);
  auto& not_told = made.notice.may_not_be_told;
  not_told.erase(std::unique(not_told.begin(), not_told.end()), not_told.end());
  OBERIH_TRY(find_ids(context, draft, before, made));
  return made;
}

HearingDraft draft_of(const HearingInChannel& hearing) {
  const sealing::HearingNotice& notice = hearing.hearing->notice;
  HearingDraft draft;
  draft.start = write_wall_time(notice.start);
  draft.minutes = notice.minutes;
  draft.testimony_ordinal = notice.testimony_ordinal;
  if (!notice.room.is_zero()) draft.room_id = encoding::encode_hex(notice.room);
  if (hearing.summons) draft.summons = *hearing.summons;
  for (std::size_t i = 0; i < notice.addressees.size(); ++i) {
    const HearingAddressee& addressee = notice.addressees[i];
    DraftAddressee each;
    each.where = "called[" + std::to_string(i) + "]";
    if (hearing.summons) each.called = hearing.summons->called[i];
    const std::string id = encoding::encode_hex(ByteView(addressee.id));
    if (addressee.kind == AddresseeKind::unit) each.unit = id;
    if (addressee.kind == AddresseeKind::person) each.person = id;
    each.is_through_centre = notice.goes_through_centre(i);
    draft.called.push_back(std::move(each));
  }
  for (const sealing::HearingExclusion& each : notice.may_not_be_told)
    draft.not_told.push_back(encoding::encode_hex(each.agency) +
                             (each.unit.is_zero() ? "" : "/" + encoding::encode_hex(each.unit)));
  return draft;
}

}  // namespace oberih::client
