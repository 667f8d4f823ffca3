// SPDX-License-Identifier: Apache-2.0
// From what a clerk has written to the notice and the summons of a hearing: times read, people and
// units looked up, the room and the proceeding found again. What cannot be called is refused here,
// before anything is sealed.
#pragma once

#include "client-cli/commands/hearing_file.hpp"
#include "client-cli/commands/hearing_search.hpp"

namespace oberih::client {

struct HearingNoticeAndText {
  sealing::HearingNotice notice;
  sealing::SummonsText summons;
};

/// A time of a hearing that a person has typed. Refusals: usage (not of the form),
/// hearing_time_invalid (no clock in Kyiv shows it, or twice), due_in_past; each says what to do.
Result<WallTime> read_hearing_time(const Console& console, const std::string& option,
                                   const std::string& text, Milliseconds now_ms);

/// `before`: the hearing that is moved; its people without an account keep their ids.
Result<HearingNoticeAndText> resolve_draft(CommandContext& context, VerifiedChannel& channel,
                                           HearingDraft draft, const HearingInChannel* before);

/// What stands in a hearing as a draft again, to be changed.
HearingDraft draft_of(const HearingInChannel& hearing);

}  // namespace oberih::client
