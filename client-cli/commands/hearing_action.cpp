// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/hearing_action.hpp"

#include <charconv>
#include <nlohmann/json.hpp>

#include "client-cli/commands/hearing_view.hpp"
#include "client-cli/commands/task_parties.hpp"
#include "client-cli/output/kyiv_time.hpp"
#include "client-cli/verification/entry_sender.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::client {
namespace {

Result<> judge_as_it_stands(ClientSession& session, VerifiedChannel& channel,
                            const sealing::HearingFacts& facts) {
  // Behind everything that is known: what the server will judge by, unless somebody is faster.
  const sealing::Place place{UINT64_MAX, channel.state().newest_seq() + 1,
                             session.server_time_ms(channel)};
  const Result<sealing::Hearing> judged = HearingBook(session.store(), channel.keys(), channel.id())
                                              .judge(channel.state(), session.directory(),
                                                     session.ring().device, place, Digest{}, facts);
  if (!judged) return judged.error();
  return {};
}

Refusal explain(CommandContext& context, VerifiedChannel& channel,
                const sealing::HearingFacts& facts, Refusal refusal) {
  const auto hearing = look_up_hearing(context.session(), channel, facts.hearing);
  if (!hearing) return refusal;
  const Console& console = context.console();
  if (refusal.code == RefusalCode::hearing_not_begun)
    refusal.detail = console.text(
        Sentence::hearing_begins_at,
        {{"time", format_wall_time(next_time_of(*hearing->hearing), console.language())}});
  if (refusal.code == RefusalCode::transition_unknown)
    refusal.detail = console.text(Sentence::hearing_is_now,
                                  {{"hearing", describe_hearing(*hearing)},
                                   {"state", state_word(console, hearing->hearing->state)},
                                   {"version", std::to_string(hearing->hearing->version)}});
  return refusal;
}

/// Of an entry that came too late: who was first, when, and what the hearing is now.
Refusal tell_who_was_first(CommandContext& context, VerifiedChannel& channel,
                           const sealing::HearingFacts& facts, const Refusal& refusal) {
  ClientSession& session = context.session();
  if (!session.pull(channel)) return refusal;
  (void)session.read_names();
  const auto hearing = look_up_hearing(session, channel, facts.hearing);
  if (!hearing) return refusal;
  HearingBook book(session.store(), channel.keys(), channel.id());
  const auto newest = book.event_at(hearing->hearing->entry.channel_seq);
  if (!newest || newest->author == session.ring().device) return refusal;
  const Console& console = context.console();
  return refuse(
      refusal.code,
      console.text(Sentence::hearing_others_were_first,
                   {{"who", describe_author(context, newest->author, newest->facts.acting_for)},
                    {"what", describe_event(context, channel, *newest)},
                    {"time", format_time(newest->server_ms, console.language())},
                    {"id", short_id(facts.hearing)}}));
}

}  // namespace

Result<NamedHearing> open_named_hearing(CommandContext& context, const std::string& digits) {
  OBERIH_TRY(context.open_session(CommandContext::Reach::online));
  ClientSession& session = context.session();
  OBERIH_TRY(session.read_names());
  Result<HearingInChannel> hearing = find_hearing(context, digits, CommandContext::Reach::online);
  if (!hearing) return hearing.error();
  VerifiedChannel channel = session.open_channel(hearing->channel);
  return NamedHearing{std::move(channel), std::move(*hearing)};
}

sealing::HearingFacts facts_of(const HearingInChannel& hearing, sealing::HearingVerb verb) {
  sealing::HearingFacts facts;
  facts.hearing = hearing.hearing->id;
  facts.verb = verb;
  facts.expected_version = hearing.hearing->version;
  return facts;
}

Result<std::uint16_t> find_addressee(ClientSession& session, const HearingInChannel& hearing,
                                     const std::string& text) {
  const std::size_t all = hearing.names.size();
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (!text.empty() && error == std::errc() && end == text.data() + text.size()) {
    if (number >= 1 && number <= all) return static_cast<std::uint16_t>(number - 1);
    return refuse(RefusalCode::not_found,
                  "the hearing has no addressee " + text + "; see 'oberih hearing show'");
  }
  const std::string name = encoding::to_nfc(text).value_or(text);
  std::optional<std::uint16_t> found;
  for (std::size_t i = 0; i < all; ++i) {
    const bool is_meant =
        text.empty() ? is_ones_own(session, hearing.hearing->notice.addressees[i])
                     : hearing.names[i].find(name) != std::string::npos ||
                           (hearing.summons &&
                            hearing.summons->called[i].name.find(name) != std::string::npos);
    if (!is_meant) continue;
    if (found)
      return refuse(RefusalCode::usage,
                    "several addressees fit; give the number that "
                    "'oberih hearing show' tells");
    found = static_cast<std::uint16_t>(i);
  }
  if (found) return *found;
  if (text.empty())
    return refuse(RefusalCode::not_your_part, "none of those who are called is you or your unit");
  return refuse(RefusalCode::not_found, "the hearing has no addressee of that name");
}

Result<> judge_here(CommandContext& context, VerifiedChannel& channel,
                    sealing::HearingFacts& facts) {
  ClientSession& session = context.session();
  facts.acting_for = {};
  const Result<> as_oneself = judge_as_it_stands(session, channel, facts);
  if (as_oneself) return {};
  if (as_oneself.error().code != RefusalCode::not_your_part)
    return explain(context, channel, facts, as_oneself.error());
  for (const PersonId& person : stood_in_for(session)) {
    facts.acting_for = person;
    if (judge_as_it_stands(session, channel, facts)) return {};
  }
  facts.acting_for = {};
  return as_oneself.error();
}

Result<> answer_for_whom(ClientSession& session, NamedHearing& named,
                         std::optional<std::uint16_t> place, sealing::AcknowledgementFacts& facts) {
  VerifiedChannel& channel = named.channel;
  const sealing::Hearing& before = *named.hearing.hearing;
  const sealing::Place next{UINT64_MAX, channel.state().newest_seq() + 1,
                            session.server_time_ms(channel)};
  HearingBook book(session.store(), channel.keys(), channel.id());
  const auto gives_an_answer = [&](bool is_new) {
    const auto after =
        book.judge_answer(channel.state(), session.directory(), session.ring().device, next, facts);
    if (!after || !*after) return false;
    for (std::size_t i = 0; i < before.services.size(); ++i) {
      if (place && *place != i) continue;
      if ((*after)->services[i].answer_seq != next.channel_seq) continue;
      if (!is_new || !before.services[i].answer) return true;
    }
    return false;
  };
  std::vector<PersonId> people = stood_in_for(session);
  people.insert(people.begin(), PersonId{});
  for (const bool is_new : {true, false})
    for (const PersonId& person : people) {
      facts.acting_for = person;
      if (gives_an_answer(is_new)) return {};
    }
  facts.acting_for = {};
  if (place) return refuse(RefusalCode::not_your_part, "that addressee is neither you nor yours");
  return {};
}

Result<HearingInChannel> act_on_hearing(CommandContext& context, VerifiedChannel& channel,
                                        const sealing::HearingFacts& facts,
                                        const sealing::HearingText& text) {
  ClientSession& session = context.session();
  const Result<wire::Appended> appended = EntrySender(session).act(channel, facts, text);
  if (!appended) {
    if (!session.store().outbox().list(channel.id()).empty())
      context.console().note(Sentence::post_outcome_unknown);
    if (appended.error().code == RefusalCode::stale_version)
      return tell_who_was_first(context, channel, facts, appended.error());
    return explain(context, channel, facts, appended.error());
  }
  OBERIH_TRY(session.pull(channel));
  std::optional<HearingInChannel> hearing = look_up_hearing(session, channel, facts.hearing);
  if (!hearing) return refuse(RefusalCode::verification_failed, "the hearing was not shown");
  return std::move(*hearing);
}

void tell_hearing(CommandContext& context, const HearingInChannel& hearing, Sentence sentence) {
  Console& console = context.console();
  console.say(sentence, {{"hearing", describe_hearing(hearing)},
                         {"state", state_word(console, hearing.hearing->state)},
                         {"version", std::to_string(hearing.hearing->version)},
                         {"time", describe_next_time(console, *hearing.hearing)}});
  console.object(hearing_json(context, hearing));
}

Result<> post_about_hearing(CommandContext& context, NamedHearing& named,
                            sealing::HearingFacts& facts, const std::string& words, Sentence said) {
  sealing::HearingText text;
  text.verb = facts.verb;
  text.words = words;
  OBERIH_TRY(check_text(text));
  OBERIH_TRY(judge_here(context, named.channel, facts));
  Result<HearingInChannel> hearing = act_on_hearing(context, named.channel, facts, text);
  if (!hearing) return hearing.error();
  tell_hearing(context, *hearing, said);
  return {};
}

Result<> check_text(const sealing::HearingText& text) {
  const Result<SecretBuffer> encoded = sealing::encode_hearing_text(text);
  if (encoded) return {};
  const bool is_unfit = encoded.error().code == RefusalCode::invalid_parameters;
  return refuse(is_unfit ? RefusalCode::usage : encoded.error().code, encoded.error().detail);
}

}  // namespace oberih::client
