// SPDX-License-Identifier: Apache-2.0
// The table of hearings, written once more as a lawyer reads it; and that the judge follows it: a
// row more or less makes one of these fail.
#include "protocol/sealing/hearing_transitions.hpp"

#include "hearing_stage.hpp"

namespace oberih::sealing {
namespace {

using S = HearingState;
using V = HearingVerb;

struct HearingLine {
  std::set<S> from;
  V verb;
  std::set<PersonId> who;  // may
  std::optional<S> to;     // nothing: the same
};

/// INVARIANT: nothing here is derived from the table under test.
const std::vector<HearingLine>& lines_of_the_law() {
  static const std::set<PersonId> court{court_clerk};
  static const std::set<PersonId> all_but_counsel{
      court_clerk, judge_of_other_court, trial_prosecutor, counsels_deputy, centre_coordinator};
  static const std::vector<HearingLine> lines{
      {{S::scheduled, S::held, S::recessed, S::adjourned}, V::reschedule, court, S::scheduled},
      {{S::scheduled, S::recessed, S::adjourned}, V::cancel, court, S::cancelled},
      {{S::scheduled, S::recessed, S::adjourned}, V::propose_date, {defence_counsel}, std::nullopt},
      {{S::scheduled, S::held, S::recessed, S::adjourned, S::closed},
       V::record_service,
       all_but_counsel,
       std::nullopt},
      {{S::scheduled, S::held, S::recessed, S::adjourned, S::closed, S::cancelled},
       V::confirm_told,
       {centre_coordinator},
       std::nullopt},
      {{S::scheduled, S::recessed}, V::record_held, court, S::held},
      {{S::scheduled, S::recessed}, V::record_recess, court, S::recessed},
      {{S::scheduled, S::recessed}, V::record_adjournment, court, S::adjourned},
      {{S::scheduled, S::recessed, S::held}, V::record_judgment, court, S::closed},
  };
  return lines;
}

const HearingLine* find_line_of_the_law(S from, V verb) {
  for (const HearingLine& line : lines_of_the_law())
    if (line.verb == verb && line.from.contains(from)) return &line;
  return nullptr;
}

TEST(HearingTransitions, every_pair_of_state_and_verb_goes_as_the_law_says) {
  for (const S from : all_hearing_states)
    for (const V verb : all_hearing_verbs) {
      if (verb == V::schedule) continue;
      HearingStage stage;
      stage.bring_to(from);
      ASSERT_EQ(stage.hearing().state, from) << name_of(from);
      const HearingLine* line = find_line_of_the_law(from, verb);
      for (const auto& [person, agency] : stage.actors.people) {
        HearingStage copy = stage;
        const std::string answer = copy.act(person, verb);
        const std::string what = std::string(name_of(from)) + " " + std::string(name_of(verb));
        if (line == nullptr) {
          EXPECT_EQ(answer, "transition_unknown") << what;
        } else if (line->who.contains(person)) {
          EXPECT_EQ(answer, "accepted") << what;
          EXPECT_EQ(copy.hearing().state, line->to.value_or(from)) << what;
        } else {
          EXPECT_EQ(answer, "not_your_part") << what;
          EXPECT_EQ(copy.hearing(), stage.hearing()) << what;
        }
      }
    }
}

TEST(HearingTransitions, the_table_holds_no_row_that_the_law_has_not) {
  std::size_t rows = 0;
  for (const HearingLine& line : lines_of_the_law()) rows += line.from.size();
  EXPECT_EQ(hearing_transitions.size(), rows);
}

TEST(HearingTransitions, the_version_rises_with_what_everybody_has_to_answer_anew) {
  for (const V verb : all_hearing_verbs) {
    if (verb == V::schedule) continue;
    HearingStage stage;
    stage.bring_to(verb == V::record_judgment ? S::held : S::scheduled);
    const std::uint64_t before = stage.hearing().version;
    const PersonId who = verb == V::propose_date   ? defence_counsel
                         : verb == V::confirm_told ? centre_coordinator
                                                   : court_clerk;
    ASSERT_EQ(stage.act(who, verb), "accepted") << name_of(verb);
    const bool rises = verb == V::reschedule || verb == V::cancel;
    EXPECT_EQ(stage.hearing().version, before + (rises ? 1 : 0)) << name_of(verb);
  }
}

TEST(HearingTransitions, every_word_has_one_number_and_one_name) {
  for (const S state : all_hearing_states) {
    EXPECT_EQ(hearing_state_of(static_cast<std::uint8_t>(state)), state);
    EXPECT_EQ(find_hearing_state(name_of(state)), state);
  }
  for (const V verb : all_hearing_verbs) {
    EXPECT_EQ(hearing_verb_of(static_cast<std::uint8_t>(verb)), verb);
    EXPECT_EQ(find_hearing_verb(name_of(verb)), verb);
  }
  EXPECT_FALSE(hearing_state_of(0) || hearing_state_of(7) || hearing_verb_of(0) ||
               hearing_verb_of(11) || find_hearing_verb("acknowledge"));
  EXPECT_EQ(find_service_way("post"), ServiceWay::post);
  EXPECT_EQ(find_hearing_reason("danger"), HearingReason::danger);
  EXPECT_FALSE(service_way_of(8) || hearing_reason_of(10) || hearing_reason_of(0));
}

}  // namespace
}  // namespace oberih::sealing
