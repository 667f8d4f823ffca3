// SPDX-License-Identifier: Apache-2.0
// Hearings: the facts that a server judges by. Whatever is accepted has one form and keeps the
// bounds that the rules rely on.
#include "protocol/sealing/hearing_facts.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace oberih::fuzz {

bool judge(ByteView input) {
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

}  // namespace oberih::fuzz
