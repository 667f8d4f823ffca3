// SPDX-License-Identifier: Apache-2.0
// From a person's wish to a posted entry about a hearing: in whose place, judged here before
// anything is sent, by the rules of the server; and what to say when somebody else was first.
#pragma once

#include "client-cli/commands/hearing_search.hpp"

namespace oberih::client {

/// A hearing that the device knows, in its channel, with the newest of it verified.
struct NamedHearing {
  VerifiedChannel channel;
  HearingInChannel hearing;
};
/// Opens a session. Refusals: those of find_hearing.
Result<NamedHearing> open_named_hearing(CommandContext& context, const std::string& digits);

/// Facts for a verb by whoever has read everything.
sealing::HearingFacts facts_of(const HearingInChannel& hearing, sealing::HearingVerb verb);

/// Which addressee is meant: a number as `show` tells it, a name, or the one that is one's own
/// (`text` empty). Refusals: usage, not_found.
Result<std::uint16_t> find_addressee(ClientSession& session, const HearingInChannel& hearing,
                                     const std::string& text);

/// Sets acting_for where the entry stands only as somebody's deputy. Refusal: that of acting as
/// oneself, with more words where one can help.
Result<> judge_here(CommandContext& context, VerifiedChannel& channel,
                    sealing::HearingFacts& facts);

/// Sets acting_for of an answer: oneself, or the first person stood in for, who has not answered
/// yet; where `place` is given, whoever has the part of that addressee. A reader stays oneself.
/// Refusal: not_your_part of a place that is none of one's own.
Result<> answer_for_whom(ClientSession& session, NamedHearing& named,
                         std::optional<std::uint16_t> place, sealing::AcknowledgementFacts& facts);

/// Posts; the hearing as it is then. Refusal stale_version says who was first.
Result<HearingInChannel> act_on_hearing(CommandContext& context, VerifiedChannel& channel,
                                        const sealing::HearingFacts& facts,
                                        const sealing::HearingText& text);

/// Judges, posts with these words, and says what the hearing is then.
Result<> post_about_hearing(CommandContext& context, NamedHearing& named,
                            sealing::HearingFacts& facts, const std::string& words, Sentence said);
void tell_hearing(CommandContext& context, const HearingInChannel& hearing, Sentence sentence);

/// Whether it can be sealed. Refusal: usage where a field does not fit.
Result<> check_text(const sealing::HearingText& text);

}  // namespace oberih::client
