// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/hearing_clash_view.hpp"

#include <algorithm>

#include "client-cli/calendar/hearing_clashes.hpp"
#include "client-cli/keyring/passphrase_prompt.hpp"
#include "client-cli/output/kyiv_time.hpp"

namespace oberih::client {
namespace {

PlannedHearing plan_of(const sealing::HearingFacts& facts) {
  const sealing::HearingNotice& notice = facts.notice;
  return {facts.hearing,  notice.court, notice.start,
          notice.minutes, notice.room,  notice.addressees};
}

/// `the same room; Прокурор Бондар`
std::string describe_clash(const Console& console, const HearingInChannel& other,
                           const HearingClash& clash) {
  std::string what = clash.is_same_room ? console.text(Sentence::clash_of_room) : std::string();
  const std::vector<sealing::HearingAddressee>& addressees = other.hearing->notice.addressees;
  for (const sealing::HearingAddressee& person : clash.people) {
    const auto at = std::ranges::find(addressees, person) - addressees.begin();
    what += (what.empty() ? "" : "; ") + other.names[static_cast<std::size_t>(at)];
  }
  return what;
}

}  // namespace

Result<> ask_about_clashes(CommandContext& context, const sealing::HearingFacts& facts,
                           bool is_despite) {
  Result<std::vector<HearingInChannel>> known =
      read_hearings(context, {}, CommandContext::Reach::offline);
  if (!known) return known.error();
  std::vector<PlannedHearing> others;
  for (const HearingInChannel& each : *known)
    if (std::optional<PlannedHearing> plan = find_plan(*each.hearing))
      others.push_back(std::move(*plan));
  const std::vector<HearingClash> clashes = find_clashes(plan_of(facts), others);
  if (clashes.empty()) return {};
  Console& console = context.console();
  for (const HearingClash& clash : clashes) {
    const auto with = std::ranges::find_if(
        *known, [&](const HearingInChannel& each) { return each.hearing->id == clash.with; });
    const WallTime start = start_of_session(*with->hearing);
    console.note(Sentence::clash_with, {{"hearing", describe_hearing(*with)},
                                        {"time", format_wall_time(start, console.language())},
                                        {"what", describe_clash(console, *with, clash)}});
  }
  if (is_despite || ask_yes(console.text(Sentence::ask_despite_clashes))) return {};
  return refuse(RefusalCode::hearings_clash);
}

}  // namespace oberih::client
