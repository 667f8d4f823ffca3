// SPDX-License-Identifier: Apache-2.0
// The hearings that this device knows, in all its channels, each with the newest summons opened and
// whom it calls by name; and which one a person means. Printing, lists and calendars begin here.
#pragma once

#include "client-cli/commands/command_context.hpp"
#include "client-cli/verification/hearing_book.hpp"

namespace oberih::client {

struct HearingInChannel {
  ChannelId channel;
  std::string channel_title;  // as it was written; empty where there is none
  sealing::HearingPointer hearing;
  // Of the newest version. Nothing: this device cannot open it, or it does not fit the facts.
  std::optional<sealing::SummonsText> summons;
  std::vector<std::string> names;  // of each addressee, in their order; safe for a terminal
};

/// `3f2a91c0`
std::string short_id(const HearingId& id);
/// `3f2a91c0 "522/417/26"`, with the case number: safe for a terminal.
std::string describe_hearing(const HearingInChannel& hearing);

/// As this device has verified them.
std::vector<HearingInChannel> hearings_of(ClientSession& session, VerifiedChannel& channel);
/// Of the channel that is named, or of all. Online: with all that is new in them verified.
/// INVARIANT: a session is open.
Result<std::vector<HearingInChannel>> read_hearings(CommandContext& context,
                                                    const std::string& channel,
                                                    CommandContext::Reach reach);
/// By the first digits of its id, four at least. Refusals: not_found, usage when several fit.
Result<HearingInChannel> find_hearing(CommandContext& context, const std::string& digits,
                                      CommandContext::Reach reach);
/// Nothing: the channel has no such hearing.
std::optional<HearingInChannel> look_up_hearing(ClientSession& session, VerifiedChannel& channel,
                                                const HearingId& id);

/// The addressee is this person, someone stood in for, or a unit that this person may act for.
bool is_ones_own(const ClientSession& session, const sealing::HearingAddressee& addressee);
/// Whether this device's person is of the court whose hearing it is.
bool is_of_the_court(const ClientSession& session, const sealing::Hearing& hearing);

/// `Прокуратура Одеси (prosecution)`; of who has no account the name of the summons.
std::string describe_addressee(ClientSession& session, const sealing::HearingAddressee& addressee,
                               const sealing::CalledPerson* called);
/// How people count addressees, on paper, on screen and where they type: from 1.
constexpr std::size_t number_of(std::size_t place) { return place + 1; }
/// When a hearing goes on: the time of a recess or an adjournment, else its start.
const WallTime& next_time_of(const sealing::Hearing& hearing);

}  // namespace oberih::client
