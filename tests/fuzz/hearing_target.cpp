// SPDX-License-Identifier: Apache-2.0
// Hearings: the facts that a server judges by, the sealed summons, and the form in which a client
// keeps what they add up to. Whatever is accepted has one form and keeps the bounds that the rules
// rely on.
#include "protocol/sealing/hearing.hpp"
#include "protocol/sealing/hearing_text.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace oberih::fuzz {
namespace {

bool judge_text(ByteView input) {
  const auto text = sealing::parse_hearing_text(input);
  if (!text) return false;
  const auto encoded = sealing::encode_hearing_text(*text);
  require(encoded.has_value() && equal(encoded->view(), input), "a hearing's text has one form");
  require(text->summons.has_value() == (text->verb == sealing::HearingVerb::schedule ||
                                        text->verb == sealing::HearingVerb::reschedule),
          "a notice and nothing else has a summons");
  if (text->summons)
    require(!text->summons->called.empty() &&
                text->summons->called.size() <= sealing::hearing_addressees_at_most,
            "a summons calls 1 to 500");
  return true;
}

bool judge_facts(ByteView input) {
  const auto facts = sealing::parse_hearing_facts(input);
  if (!facts) return false;
  require(equal(sealing::encode_hearing_facts(*facts), input), "a hearing's facts have one form");
  const sealing::HearingNotice& notice = facts->notice;
  const bool has_notice = facts->verb == sealing::HearingVerb::schedule ||
                          facts->verb == sealing::HearingVerb::reschedule;
  require(notice.addressees.empty() != has_notice, "a notice and nothing else calls somebody");
  require(notice.addressees.size() <= sealing::hearing_addressees_at_most,
          "at most 500 are called");
  for (const std::uint16_t place : notice.through_centre)
    require(place < notice.addressees.size() && notice.addressees[place].has_account(),
            "the Centre is an addressee with an account");
  // No time, however odd, is more than refused.
  if (facts->date && !find_fault(*facts->date)) (void)moment_of(*facts->date);
  if (has_notice && !find_fault(notice.start)) (void)moment_of(notice.start);
  return true;
}

}  // namespace

bool judge(ByteView input) {
  bool accepted = judge_facts(input);
  accepted |= judge_text(input);
  accepted |= round_trip(input, sealing::parse_hearing, sealing::encode_hearing,
                         "a stored hearing has one form");
  return accepted;
}

}  // namespace oberih::fuzz
