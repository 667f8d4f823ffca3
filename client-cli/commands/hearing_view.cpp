// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/hearing_view.hpp"

#include <map>

#include "client-cli/commands/device_search.hpp"
#include "client-cli/commands/hearing_words.hpp"
#include "client-cli/commands/id_digits.hpp"
#include "client-cli/commands/task_parties.hpp"
#include "client-cli/output/display_width.hpp"
#include "client-cli/output/kyiv_time.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::client {
namespace {

using encoding::encode_hex;
using encoding::printable;
using sealing::HearingVerb;

constexpr std::size_t hearing_author_width = 30;
constexpr std::size_t names_in_a_line = 6;

/// A notice and its summons, as an entry about them meant them.
struct NoticeAt {
  sealing::HearingNotice notice;
  std::optional<sealing::SummonsText> summons;

  const sealing::CalledPerson* called(std::size_t addressee) const {
    return summons && addressee < summons->called.size() ? &summons->called[addressee] : nullptr;
  }
};

NoticeAt notice_of(const HearingEvent& event) {
  NoticeAt found{event.facts.notice, {}};
  if (event.text && event.text->summons && fits(*event.text->summons, found.notice))
    found.summons = event.text->summons;
  return found;
}

/// The newest notice that stands before the entry, or the one that the entry brings.
NoticeAt notice_at(ClientSession& session, VerifiedChannel& channel, const HearingEvent& event) {
  if (!event.facts.notice.addressees.empty()) return notice_of(event);
  HearingBook book(session.store(), channel.keys(), channel.id());
  const sealing::HearingPointer hearing = book.find(event.facts.hearing);
  if (!hearing) return {};
  if (event.facts.expected_version == hearing->version)
    if (const auto newest = book.event_at(hearing->entry.channel_seq);
        newest && !newest->facts.notice.addressees.empty())
      return notice_of(*newest);
  NoticeAt found;
  for (const HearingEvent& each : book.events(event.facts.hearing)) {
    if (each.seq >= event.seq) break;
    if (!each.facts.notice.addressees.empty()) found = notice_of(each);
  }
  return found;
}

std::string name_at(ClientSession& session, const NoticeAt& at, std::size_t addressee) {
  if (addressee >= at.notice.addressees.size()) return std::to_string(addressee);
  return describe_addressee(session, at.notice.addressees[addressee], at.called(addressee));
}

std::string names_at(CommandContext& context, const NoticeAt& at) {
  std::string names;
  const std::size_t all = at.notice.addressees.size();
  for (std::size_t i = 0; i < all && i < names_in_a_line; ++i)
    names += (names.empty() ? "" : ", ") + name_at(context.session(), at, i);
  if (all > names_in_a_line)
    names += ", " + context.console().text(Sentence::hearing_and_more,
                                           {{"count", std::to_string(all - names_in_a_line)}});
  return names;
}

std::string time_or_none(const Console& console, const std::optional<WallTime>& time) {
  return time ? format_wall_time(*time, console.language())
              : console.text(Sentence::hearing_no_date);
}

std::string short_name(const HearingEvent& event, const NoticeAt& at) {
  const std::string id = encode_hex(event.facts.hearing).substr(0, fewest_digits);
  return at.summons ? id + " \"" + printable(at.summons->case_number) + "\"" : id;
}

void show_addressee(CommandContext& context, const HearingInChannel& hearing, std::size_t i) {
  Console& console = context.console();
  const sealing::Hearing& held = *hearing.hearing;
  const sealing::HearingService& service = held.services[i];
  std::string state =
      console.text(service.is_served() ? Sentence::hearing_served : Sentence::hearing_not_served);
  if (service.answer) state += ", " + console.text(answer_word(*service.answer));
  if (service.way) state += ", " + console.text(word_of(*service.way));
  if (service.told_ms != 0)
    state += ", " + console.text(Sentence::hearing_person_told,
                                 {{"time", format_time(service.told_ms, console.language())}});
  if (service.proposed)
    state += ", " + console.text(Sentence::hearing_proposes,
                                 {{"time", time_or_none(console, service.proposed)}});
  std::string who = hearing.names[i];
  if (hearing.summons && held.notice.addressees[i].has_account() &&
      !hearing.summons->called[i].name.empty())
    who += ", " + printable(hearing.summons->called[i].name);
  if (held.notice.goes_through_centre(i))
    who += " " + console.text(Sentence::hearing_protected_person);
  console.say(Sentence::hearing_shown_addressee,
              {{"number", std::to_string(number_of(i))},
               {"who", who},
               {"status",
                describe_status(console, hearing.summons ? &hearing.summons->called[i] : nullptr)},
               {"state", state}});
}

std::string describe_exclusion(ClientSession& session, const sealing::HearingExclusion& each) {
  if (!each.unit.is_zero())
    return describe_party(session, sealing::TaskParty::of(each.agency, each.unit));
  const sealing::Agency* agency = session.directory().find_agency(each.agency);
  return agency == nullptr ? encode_hex(each.agency).substr(0, fewest_digits)
                           : printable(agency->name);
}

void show_summons(CommandContext& context, const HearingInChannel& hearing) {
  Console& console = context.console();
  const sealing::HearingNotice& notice = hearing.hearing->notice;
  console.say(Sentence::hearing_shown_when,
              {{"time", format_wall_time(notice.start, console.language())},
               {"minutes", std::to_string(notice.minutes)},
               {"answer_by", format_time(notice.answer_by_ms, console.language())}});
  if (hearing.hearing->goes_on)
    console.say(Sentence::hearing_shown_goes_on,
                {{"time", format_wall_time(*hearing.hearing->goes_on, console.language())}});
  if (notice.testimony_ordinal != 0)
    console.say(Sentence::hearing_shown_testimony,
                {{"ordinal", std::to_string(notice.testimony_ordinal)}});
  if (!hearing.summons) return console.say(Sentence::hearing_summons_unreadable);
  const sealing::SummonsText& summons = *hearing.summons;
  console.say(Sentence::hearing_shown_summons, {{"place", printable(summons.place)},
                                                {"court", printable(summons.court_name)},
                                                {"address", printable(summons.court_address)},
                                                {"phone", printable(summons.court_phone)},
                                                {"by", printable(summons.summoned_by)},
                                                {"act", printable(summons.act)},
                                                {"consequences", printable(summons.consequences)},
                                                {"reasons", printable(summons.valid_reasons)}});
}

std::string history_line(const Console& console, Milliseconds server_ms, const std::string& who,
                         const std::string& what) {
  return format_time(server_ms, console.language()) + "  " + pad_to(who, hearing_author_width) +
         "  " + what;
}

}  // namespace

Sentence answer_word(sealing::AcknowledgementKind kind) {
  switch (kind) {
    case sealing::AcknowledgementKind::received:
      return Sentence::word_received;
    case sealing::AcknowledgementKind::understood:
      return Sentence::word_understood;
    case sealing::AcknowledgementKind::cannot_attend:
      return Sentence::word_cannot_attend;
  }
  return Sentence::word_received;
}

std::string state_word(const Console& console, sealing::HearingState state) {
  return console.text(word_of(state));
}

std::string status_word(const Console& console, sealing::ProceduralStatus status) {
  return console.text(word_of(status));
}

std::string reason_word(const Console& console, sealing::HearingReason reason) {
  return console.text(word_of(reason));
}

std::string describe_status(const Console& console, const sealing::CalledPerson* called) {
  if (called == nullptr) return {};
  std::string text = status_word(console, called->status);
  for (const auto& row : sealing::protective_measures)
    if (called->has(row.measure)) text += ", " + console.text(word_of(row.measure));
  return text;
}

std::string describe_next_time(const Console& console, const sealing::Hearing& hearing) {
  if (hearing.state == sealing::HearingState::adjourned && !hearing.goes_on)
    return console.text(Sentence::hearing_no_date);
  return format_wall_time(next_time_of(hearing), console.language());
}

std::string describe_event(CommandContext& context, VerifiedChannel& channel,
                           const HearingEvent& event) {
  const Console& console = context.console();
  ClientSession& session = context.session();
  const NoticeAt at = notice_at(session, channel, event);
  const sealing::HearingFacts& facts = event.facts;
  const bool has_notice = !facts.notice.addressees.empty();
  const std::string time = has_notice ? format_wall_time(facts.notice.start, console.language())
                                      : time_or_none(console, facts.date);
  const bool names_one = facts.verb == HearingVerb::propose_date ||
                         facts.verb == HearingVerb::record_service ||
                         facts.verb == HearingVerb::confirm_told;
  std::string line = console.text(
      word_of(facts.verb),
      {{"hearing", short_name(event, at)},
       {"time", time},
       {"minutes", std::to_string(facts.notice.minutes)},
       {"place", at.summons ? printable(at.summons->place) : std::string("-")},
       {"act", at.summons ? printable(at.summons->act) : std::string("-")},
       {"who", names_one ? name_at(session, at, facts.addressee) : names_at(context, at)},
       {"reason", facts.reason ? reason_word(console, *facts.reason) : std::string()},
       {"done", format_time(facts.done_ms, console.language())},
       {"way", facts.verb == HearingVerb::record_service ? console.text(word_of(facts.way))
                                                         : std::string()}});
  if (!event.text) return line + " " + console.text(Sentence::item_unreadable);
  if (!event.text->words.empty()) line += ": " + printable(event.text->words);
  return line;
}

std::string describe_event(CommandContext& context, const ChannelId& channel_id,
                           const HearingEvent& event) {
  VerifiedChannel channel = context.session().open_channel(channel_id);
  std::string line = describe_event(context, channel, event);
  if (!event.facts.acting_for.is_zero())
    line += " " + context.console().text(
                      Sentence::task_on_behalf,
                      {{"for", describe_holder(context.session(), event.facts.acting_for)}});
  return line;
}

std::string describe_hearing_event(CommandContext& context, const ChannelId& channel_id,
                                   const sealing::HearingEvent& event) {
  const Console& console = context.console();
  VerifiedChannel channel = context.session().open_channel(channel_id);
  const auto hearing = look_up_hearing(context.session(), channel, event.hearing);
  const std::string id = encode_hex(event.hearing).substr(0, fewest_digits);
  std::string missing;  // by name as long as it is of the newest version
  for (const std::uint16_t place : event.unserved) {
    const bool is_known =
        hearing && hearing->hearing->version == event.version && place < hearing->names.size();
    missing +=
        (missing.empty() ? "" : "; ") + (is_known ? hearing->names[place] : std::to_string(place));
  }
  const bool is_alarm = event.what == sealing::HearingEventWhat::alarm;
  return console.text(is_alarm ? Sentence::hearing_alarm : Sentence::hearing_reminder,
                      {{"hearing", hearing ? describe_hearing(*hearing) : id},
                       {"time", format_time(event.start_ms, console.language())},
                       {"who", missing}});
}

void show_hearing(CommandContext& context, const HearingInChannel& hearing) {
  Console& console = context.console();
  ClientSession& session = context.session();
  const sealing::Hearing& held = *hearing.hearing;
  std::string state = state_word(console, held.state);
  if (held.reason) state += " (" + reason_word(console, *held.reason) + ")";
  console.say(Sentence::hearing_shown, {{"hearing", describe_hearing(hearing)},
                                        {"state", state},
                                        {"version", std::to_string(held.version)},
                                        {"channel", printable(hearing.channel_title)}});
  show_summons(context, hearing);
  for (std::size_t i = 0; i < held.services.size(); ++i) show_addressee(context, hearing, i);
  if (!held.notice.through_centre.empty()) console.say(Sentence::hearing_centre_legend);
  for (const sealing::HearingExclusion& each : held.notice.may_not_be_told)
    console.say(Sentence::hearing_shown_excluded, {{"who", describe_exclusion(session, each)}});
  VerifiedChannel channel = session.open_channel(hearing.channel);
  HearingBook book(session.store(), channel.keys(), hearing.channel);
  std::map<std::uint64_t, std::string> lines;  // by place in the channel
  for (const HearingEvent& event : book.events(held.id))
    lines[event.seq] = history_line(console, event.server_ms,
                                    describe_author(context, event.author, event.facts.acting_for),
                                    describe_event(context, channel, event));
  for (const HearingAnswer& answer : book.answers(held.id)) {
    std::string what = console.text(answer_word(answer.facts.kind));
    if (!answer.remark.empty()) what += ": " + printable(answer.remark);
    lines[answer.seq] =
        history_line(console, answer.server_ms,
                     describe_author(context, answer.author, answer.facts.acting_for), what);
  }
  for (const SaidOfHearing& said : book.said_by_server(held.id))
    lines[said.seq] = history_line(console, said.server_ms, console.text(Sentence::word_server),
                                   describe_hearing_event(context, hearing.channel, said.event));
  for (const auto& [seq, text] : lines) console.line(text);
}

}  // namespace oberih::client
