// SPDX-License-Identifier: Apache-2.0
// Hearings in words a court uses, and as JSON.
#pragma once

#include <nlohmann/json.hpp>

#include "client-cli/commands/hearing_search.hpp"

namespace oberih::client {

std::string state_word(const Console& console, sealing::HearingState state);
std::string status_word(const Console& console, sealing::ProceduralStatus status);
std::string reason_word(const Console& console, sealing::HearingReason reason);
Sentence answer_word(sealing::AcknowledgementKind kind);
/// `witness, video link, interpreter`; empty where the summons does not open.
std::string describe_status(const Console& console, const sealing::CalledPerson* called);
/// `Thu 10.12.2026 10:00`, or the time to which it is interrupted or adjourned; a dash where an
/// adjournment has no date.
std::string describe_next_time(const Console& console, const sealing::Hearing& hearing);

/// What somebody did, without who and when: `records that it was held: ...`.
std::string describe_event(CommandContext& context, VerifiedChannel& channel,
                           const HearingEvent& event);
/// The line of a channel's history.
std::string describe_event(CommandContext& context, const ChannelId& channel,
                           const HearingEvent& event);

/// What the server says by itself: a reminder, or an alarm with who is not served.
std::string describe_hearing_event(CommandContext& context, const ChannelId& channel,
                                   const sealing::HearingEvent& event);

nlohmann::ordered_json hearing_json(CommandContext& context, const HearingInChannel& hearing);
nlohmann::ordered_json event_json(const HearingEvent& event);
nlohmann::ordered_json hearing_event_json(const sealing::HearingEvent& event);
/// Everything about it: the summons, who is called, each version, who did what and when.
void show_hearing(CommandContext& context, const HearingInChannel& hearing);

}  // namespace oberih::client
