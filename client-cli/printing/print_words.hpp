// SPDX-License-Identifier: Apache-2.0
// The words of papers for courts: in Ukrainian whatever language the person at the terminal reads.
#pragma once

#include <string>
#include <string_view>

#include "protocol/base/kyiv_clock.hpp"
#include "protocol/sealing/entry_facts.hpp"
#include "protocol/sealing/hearing_text.hpp"
#include "protocol/sealing/hearing_transitions.hpp"

namespace oberih::client {

std::string_view printed_status(sealing::ProceduralStatus status);
std::string_view printed_state(sealing::HearingState state);
std::string_view printed_answer(sealing::AcknowledgementKind answer);
/// `четвер, 4 березня 2027 року`.
std::string printed_day(const CivilDate& date);
/// `10 год. 00 хв.`
std::string printed_clock(const WallTime& time);
/// `04.03.2027 10:00`, for columns.
std::string printed_short(const WallTime& time);
/// The same of a moment.
std::string printed_short(Milliseconds time);

}  // namespace oberih::client
