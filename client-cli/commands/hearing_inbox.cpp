// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/hearing_inbox.hpp"

#include "client-cli/commands/hearing_view.hpp"
#include "client-cli/commands/task_parties.hpp"
#include "client-cli/output/kyiv_time.hpp"

namespace oberih::client {
namespace {

using sealing::HearingState;

constexpr Milliseconds pressing_before_ms = 3 * day_ms;

struct Wanted {
  Sentence what{};
  std::string_view name;
  std::string command;
  Milliseconds by_ms = 0;
  std::optional<std::size_t> addressee;  // nothing: the court
};

bool is_awaited(HearingState state) {
  return state == HearingState::scheduled || state == HearingState::recessed ||
         state == HearingState::adjourned;
}

/// Of addressees who are oneself, one's unit, or somebody stood in for.
void add_wanted_of_addressees(const ClientSession& session, const sealing::Hearing& hearing,
                              Milliseconds now_ms, std::vector<Wanted>& all) {
  const std::string id = short_id(hearing.id);
  const Milliseconds begins_ms = moment_of(hearing.notice.start);
  for (std::size_t i = 0; i < hearing.services.size(); ++i) {
    if (!is_ones_own(session, hearing.notice.addressees[i])) continue;
    const sealing::HearingService& service = hearing.services[i];
    const bool is_cancelled = hearing.state == HearingState::cancelled && now_ms < begins_ms;
    if (!service.answer && (is_awaited(hearing.state) || is_cancelled))
      all.push_back(
          {is_cancelled ? Sentence::inbox_hearing_cancelled : Sentence::inbox_hearing_answer,
           "hearing_answer",
           "oberih hearing acknowledge " + id + (is_cancelled ? "" : " --understood"),
           hearing.notice.answer_by_ms, i});
    if (hearing.notice.goes_through_centre(i) && service.told_ms == 0 &&
        (is_awaited(hearing.state) || is_cancelled))
      all.push_back({Sentence::inbox_hearing_told, "hearing_told",
                     "oberih hearing told " + id + " --as " + std::to_string(number_of(i)),
                     hearing.notice.answer_by_ms, i});
  }
}

std::vector<Wanted> wanted_of(const ClientSession& session, const sealing::Hearing& hearing,
                              Milliseconds now_ms) {
  std::vector<Wanted> all;
  add_wanted_of_addressees(session, hearing, now_ms, all);
  const bool has_begun = (hearing.state == HearingState::scheduled ||
                          (hearing.state == HearingState::recessed && hearing.goes_on)) &&
                         moment_of(next_time_of(hearing)) <= now_ms;
  if (has_begun && is_of_the_court(session, hearing))
    all.push_back({Sentence::inbox_hearing_outcome, "hearing_outcome",
                   "oberih hearing outcome " + short_id(hearing.id) + " held",
                   moment_of(next_time_of(hearing)), std::nullopt});
  return all;
}

}  // namespace

std::vector<HearingNeed> needs_of_hearings(CommandContext& context, VerifiedChannel& channel) {
  ClientSession& session = context.session();
  const Console& console = context.console();
  const sealing::ChannelState& state = channel.state();
  if (state.find_member(session.ring().device) == nullptr || state.is_closed()) return {};
  const Milliseconds now_ms = session.server_time_ms(channel);
  std::vector<HearingNeed> needs;
  for (const sealing::HearingPointer& each :
       HearingBook(session.store(), channel.keys(), channel.id()).list()) {
    const std::vector<Wanted> all = wanted_of(session, *each, now_ms);
    if (all.empty()) continue;
    const auto hearing = look_up_hearing(session, channel, each->id);
    for (const Wanted& wanted : all) {
      const bool is_pressing =
          now_ms + pressing_before_ms > moment_of(next_time_of(*each)) || now_ms > wanted.by_ms;
      nlohmann::ordered_json object = hearing_json(context, *hearing);
      object["needs"] = wanted.name;
      object["urgent"] = is_pressing;
      object["command"] = wanted.command;
      needs.push_back(
          {is_pressing,
           wanted.by_ms,
           {console.text(wanted.what),
            describe_hearing(*hearing) + " " + describe_next_time(console, *each),
            wanted.addressee ? hearing->names[*wanted.addressee] : hearing->channel_title,
            format_time(wanted.by_ms, console.language()), hearing->channel_title, wanted.command},
           std::move(object)});
    }
  }
  return needs;
}

}  // namespace oberih::client
