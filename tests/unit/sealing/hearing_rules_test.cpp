// SPDX-License-Identifier: Apache-2.0
// What the rules of hearings say besides the table: times, versions, addressees, who may not be
// told, answers and proofs of service.
#include "hearing_stage.hpp"

namespace oberih::sealing {
namespace {

using Verb = HearingVerb;

/// What scheduling says where the notice is spoiled so.
template <class Spoil>
std::string scheduled_with(Spoil spoil) {
  HearingStage stage;
  HearingFacts facts = stage.facts(Verb::schedule);
  spoil(facts.notice);
  return stage.act(court_clerk, facts);
}

TEST(HearingRules, only_a_court_schedules_and_only_its_own) {
  HearingStage stage;
  for (const PersonId& person :
       {judge_of_other_court, trial_prosecutor, defence_counsel, centre_coordinator})
    EXPECT_EQ(stage.act(person, Verb::schedule), "not_your_part");
  EXPECT_EQ(stage.act(court_clerk, Verb::schedule), "accepted");
  EXPECT_EQ(stage.act(court_clerk, Verb::schedule), "id_taken");
  EXPECT_EQ(stage.act(judge_of_other_court, Verb::cancel), "not_your_part");
  stage.channel_kind = ChannelKind::case_;
  EXPECT_EQ(stage.act(court_clerk, Verb::cancel), "entry_type_forbidden");
}

TEST(HearingRules, what_calls_itself_a_court_and_is_none_schedules_nothing) {
  HearingStage stage;
  HearingFacts facts = stage.facts(Verb::schedule);
  facts.notice.court = the_prosecution;
  EXPECT_EQ(stage.act(trial_prosecutor, facts), "not_your_part");
}

TEST(HearingRules, time_is_one_that_the_clocks_in_kyiv_show_once_and_lies_ahead) {
  const auto at = [](const WallTime& start) {
    return scheduled_with([&](HearingNotice& notice) {
      notice.start = start;
      notice.answer_by_ms = 0;
    });
  };
  EXPECT_EQ(at({{2027, 3, 28}, 3, 30}), "hearing_time_invalid");
  EXPECT_EQ(at({{2027, 10, 31}, 3, 30}), "hearing_time_invalid");
  EXPECT_EQ(at({{2027, 2, 29}, 10, 0}), "hearing_time_invalid");
  EXPECT_EQ(at({{2027, 1, 31}, 10, 0}), "due_in_past");
  EXPECT_EQ(at({{2027, 2, 1}, 9, 0}), "due_in_past") << "now";
  EXPECT_EQ(at({{2027, 2, 1}, 9, 1}), "accepted");
  EXPECT_EQ(scheduled_with(
                [](HearingNotice& notice) { notice.answer_by_ms = moment_of(notice.start) + 1; }),
            "hearing_time_invalid");
}

TEST(HearingRules, whoever_is_called_is_there_or_has_no_account) {
  const auto calling = [](const HearingAddressee& addressee) {
    return scheduled_with([&](HearingNotice& notice) {
      notice.addressees = {addressee};
      notice.through_centre.clear();
    });
  };
  EXPECT_EQ(calling({AddresseeKind::unit, the_prosecution, absent_desk.bytes}),
            "addressee_not_on_roster");
  EXPECT_EQ(calling({AddresseeKind::unit, the_defence, prosecution_desk.bytes}),
            "addressee_not_on_roster");
  EXPECT_EQ(calling({AddresseeKind::person, the_court, defence_counsel.bytes}),
            "addressee_not_on_roster");
  EXPECT_EQ(calling({AddresseeKind::person, absent_agency, made_of<PersonId>(99).bytes}),
            "addressee_not_on_roster");
  EXPECT_EQ(calling({AddresseeKind::no_account, {}, made_of<PersonId>(99).bytes}), "accepted");
}

TEST(HearingRules, a_protected_person_is_told_by_the_coordination_centre_alone) {
  EXPECT_EQ(scheduled_with(
                [](HearingNotice& notice) { notice.through_centre = {HearingStage::counsel}; }),
            "addressee_not_on_roster");
  HearingStage stage;
  stage.bring_to(HearingState::scheduled);
  HearingFacts told = stage.facts(Verb::confirm_told);
  told.addressee = HearingStage::counsel;
  EXPECT_EQ(stage.act(defence_counsel, told), "not_your_part");
  EXPECT_EQ(stage.act(court_clerk, Verb::confirm_told), "not_your_part");
  EXPECT_EQ(stage.act(centre_coordinator, Verb::confirm_told), "accepted");
  EXPECT_NE(stage.hearing().services[HearingStage::through_centre].told_ms, 0u);
}

TEST(HearingRules, who_may_not_be_told_neither_sits_there_nor_is_called) {
  const auto without = [](const HearingExclusion& excluded) {
    return scheduled_with([&](HearingNotice& notice) { notice.may_not_be_told = {excluded}; });
  };
  EXPECT_EQ(without({the_defence, {}}), "may_not_be_told");
  EXPECT_EQ(without({the_prosecution, prosecution_desk}), "may_not_be_told");
  EXPECT_EQ(without({the_prosecution, absent_desk}), "accepted");
  EXPECT_EQ(without({absent_agency, {}}), "accepted");
}

TEST(HearingRules, an_answer_is_to_the_newest_version_and_a_new_one_is_answered_anew) {
  HearingStage stage;
  stage.bring_to(HearingState::scheduled);
  const EntryReference first = stage.hearing().entry;
  EXPECT_EQ(stage.answer(defence_counsel, first, AcknowledgementKind::cannot_attend), "accepted");
  EXPECT_EQ(stage.hearing().services[HearingStage::counsel].answer,
            AcknowledgementKind::cannot_attend);
  EXPECT_FALSE(stage.hearing().services[HearingStage::desk].is_served());
  EXPECT_EQ(stage.answer(trial_prosecutor, first), "accepted") << "for the unit";
  EXPECT_TRUE(stage.hearing().services[HearingStage::desk].is_served());

  EXPECT_EQ(stage.act(court_clerk, Verb::reschedule), "accepted");
  for (const HearingService& service : stage.hearing().services)
    EXPECT_EQ(service, HearingService{});
  EXPECT_EQ(stage.answer(defence_counsel, first), "stale_version");
  EXPECT_EQ(stage.answer(defence_counsel, stage.hearing().entry), "accepted");
  EXPECT_EQ(stage.act(court_clerk, Verb::cancel), "accepted");
  EXPECT_EQ(stage.hearing().version, 3u);
  EXPECT_FALSE(stage.hearing().services[HearingStage::counsel].is_served());
}

TEST(HearingRules, whoever_reads_along_answers_for_nobody) {
  HearingStage stage;
  stage.bring_to(HearingState::scheduled);
  const Hearing before = stage.hearing();
  EXPECT_EQ(stage.answer(counsels_deputy, before.entry), "accepted");
  EXPECT_EQ(stage.hearing(), before);
}

TEST(HearingRules, a_deputys_answer_counts_for_whom_they_stand_in_and_for_nobody_else) {
  HearingStage stage;
  stage.bring_to(HearingState::scheduled);
  const auto answer = [&](const PersonId& author, const PersonId& acting_for) {
    return stage.answer(author, stage.hearing().entry, AcknowledgementKind::understood, acting_for);
  };
  EXPECT_EQ(answer(trial_prosecutor, defence_counsel), "not_your_part");
  EXPECT_EQ(answer(defence_counsel, defence_counsel), "not_your_part") << "nobody's own deputy";
  EXPECT_EQ(answer(counsels_deputy, trial_prosecutor), "not_your_part");
  EXPECT_FALSE(stage.hearing().services[HearingStage::counsel].is_served());
  EXPECT_EQ(answer(counsels_deputy, defence_counsel), "accepted");
  for (const auto place : {HearingStage::desk, HearingStage::through_centre, HearingStage::victim})
    EXPECT_FALSE(stage.hearing().services[place].is_served()) << place;
  EXPECT_EQ(stage.hearing().services[HearingStage::counsel].answer,
            AcknowledgementKind::understood);
}

TEST(HearingRules, a_deputy_proposes_a_date_for_whom_they_stand_in) {
  HearingStage stage;
  stage.bring_to(HearingState::scheduled);
  HearingFacts facts = stage.facts(Verb::propose_date);
  EXPECT_EQ(stage.act(counsels_deputy, facts), "not_your_part");
  facts.acting_for = defence_counsel;
  EXPECT_EQ(stage.act(trial_prosecutor, facts), "not_your_part");
  EXPECT_EQ(stage.act(counsels_deputy, facts), "accepted");
  EXPECT_EQ(stage.hearing().services[HearingStage::counsel].proposed, HearingStage::later);
  EXPECT_EQ(stage.hearing().notice.start, HearingStage::start) << "the court decides";
  facts.date = WallTime{{2027, 1, 4}, 10, 0};
  EXPECT_EQ(stage.act(counsels_deputy, facts), "due_in_past");
}

TEST(HearingRules, service_is_stated_by_another_for_each_addressee_and_of_what_is_past) {
  HearingStage stage;
  stage.bring_to(HearingState::scheduled);
  HearingFacts facts = stage.facts(Verb::record_service, HearingStage::victim);
  EXPECT_EQ(stage.act(trial_prosecutor, facts), "accepted");
  EXPECT_EQ(stage.hearing().services[HearingStage::victim].way, ServiceWay::signature);
  EXPECT_EQ(stage.act(defence_counsel, Verb::record_service), "not_your_part")
      << "whoever is called acknowledges";
  facts.done_ms = stage.now_ms + 1;
  EXPECT_EQ(stage.act(court_clerk, facts), "hearing_time_invalid");
  facts.done_ms = stage.hearing().version_ms - 2 * static_cast<Milliseconds>(day_ms);
  EXPECT_EQ(stage.act(court_clerk, facts), "stale_version");
  facts = stage.facts(Verb::record_service, 4);
  EXPECT_EQ(stage.act(court_clerk, facts), "not_found");
}

TEST(HearingRules, in_nobodys_name_is_done_what_only_oneself_may_do) {
  HearingStage stage;
  HearingFacts facts = stage.facts(Verb::schedule);
  facts.acting_for = judge_of_other_court;
  EXPECT_EQ(stage.act(court_clerk, facts), "not_your_part");
  stage.bring_to(HearingState::scheduled);
  facts = stage.facts(Verb::cancel);
  facts.acting_for = judge_of_other_court;
  EXPECT_EQ(stage.act(court_clerk, facts), "not_your_part");
  // Who is called would else be an officer under any other name.
  facts = stage.facts(Verb::record_service);
  for (const PersonId& name : {counsels_deputy, court_clerk, made_of<PersonId>(99)}) {
    facts.acting_for = name;
    EXPECT_EQ(stage.act(defence_counsel, facts), "not_your_part");
  }
  facts = stage.facts(Verb::record_service, HearingStage::desk);
  facts.acting_for = court_clerk;
  EXPECT_EQ(stage.act(trial_prosecutor, facts), "not_your_part") << "a member of the unit";
  EXPECT_FALSE(stage.hearing().services[HearingStage::counsel].is_served());
}

TEST(HearingRules, an_outcome_is_recorded_from_the_start_on) {
  HearingStage stage;
  EXPECT_EQ(stage.act(court_clerk, Verb::schedule), "accepted");
  for (const Verb verb :
       {Verb::record_held, Verb::record_recess, Verb::record_adjournment, Verb::record_judgment})
    EXPECT_EQ(stage.act(court_clerk, verb), "hearing_not_begun") << name_of(verb);
  stage.now_ms = moment_of(HearingStage::start);
  HearingFacts recess = stage.facts(Verb::record_recess);
  recess.date = WallTime{{2027, 3, 4}, 14, 0};
  EXPECT_EQ(stage.act(court_clerk, recess), "accepted");
  EXPECT_EQ(stage.act(court_clerk, Verb::record_held), "hearing_not_begun")
      << "it goes on in the afternoon";
  stage.now_ms = moment_of({{2027, 3, 4}, 14, 0});
  HearingFacts adjourned = stage.facts(Verb::record_adjournment);
  adjourned.date = WallTime{{2027, 3, 4}, 13, 0};
  EXPECT_EQ(stage.act(court_clerk, adjourned), "due_in_past");
  adjourned.date.reset();
  EXPECT_EQ(stage.act(court_clerk, adjourned), "accepted") << "without a date";
  EXPECT_EQ(stage.hearing().reason, HearingReason::witness_absent);
  EXPECT_FALSE(stage.hearing().goes_on);
}

TEST(HearingRules, nothing_is_cancelled_twice_and_no_old_version_acted_on) {
  HearingStage stage;
  stage.bring_to(HearingState::scheduled);
  const HearingFacts old = stage.facts(Verb::cancel);
  EXPECT_EQ(stage.act(court_clerk, Verb::reschedule), "accepted");
  EXPECT_EQ(stage.act(court_clerk, old), "stale_version");
  EXPECT_EQ(stage.act(court_clerk, Verb::cancel), "accepted");
  EXPECT_EQ(stage.act(court_clerk, Verb::cancel), "transition_unknown");
  HearingFacts other = stage.facts(Verb::reschedule);
  other.hearing = made_of<HearingId>(92);
  EXPECT_EQ(stage.act(court_clerk, other), "not_found");
}

TEST(HearingRules, a_hearing_stays_with_its_court_and_its_proceeding) {
  HearingStage stage;
  stage.bring_to(HearingState::scheduled);
  HearingFacts facts = stage.facts(Verb::reschedule);
  facts.notice.proceeding = made_of<ProceedingId>(8);
  EXPECT_EQ(stage.act(court_clerk, facts), "not_your_part");
  facts = stage.facts(Verb::reschedule);
  facts.notice.court = other_court;
  EXPECT_EQ(stage.act(court_clerk, facts), "not_your_part");
}

// -- bytes ----------------------------------------------------------------------------------------

HearingFacts known_hearing_facts(Verb verb) {
  HearingStage stage;
  stage.bring_to(HearingState::scheduled);
  HearingFacts facts = stage.facts(verb);
  facts.handling = 2;
  facts.priority = 1;
  facts.asks_for = 2;
  facts.acting_for = made_of<PersonId>(5);
  if (verb == Verb::schedule || verb == Verb::reschedule) {
    facts.notice.room = made_of<RoomId>(3);
    facts.notice.testimony_ordinal = 2;
    facts.notice.may_not_be_told = {{absent_agency, {}}, {absent_agency, absent_desk}};
  }
  if (verb == Verb::record_adjournment) facts.date = HearingStage::later;
  return facts;
}

TEST(HearingFacts, every_verb_has_one_form) {
  for (const Verb verb : all_hearing_verbs) {
    Bytes bytes = encode_hearing_facts(known_hearing_facts(verb));
    const Result<HearingFacts> parsed = parse_hearing_facts(bytes);
    ASSERT_TRUE(parsed) << name_of(verb);
    EXPECT_EQ(encode_hearing_facts(*parsed), bytes) << name_of(verb);
    for (std::size_t size = 0; size < bytes.size(); ++size)
      EXPECT_EQ(outcome_of(parse_hearing_facts(ByteView(bytes).first(size))), "malformed_object")
          << name_of(verb) << " " << size;
    bytes.push_back(0);
    EXPECT_EQ(outcome_of(parse_hearing_facts(bytes)), "malformed_object") << name_of(verb);
    bytes.pop_back();
    bytes[0] = 2;
    EXPECT_EQ(outcome_of(parse_hearing_facts(bytes)), "malformed_object") << name_of(verb);
  }
}

TEST(HearingFacts, of_a_notice_are_refused_without_order_bounds_or_known_words) {
  const auto spoiled = [](auto spoil) {
    HearingFacts facts = known_hearing_facts(Verb::schedule);
    spoil(facts.notice);
    return outcome_of(parse_hearing_facts(encode_hearing_facts(facts)));
  };
  EXPECT_EQ(spoiled([](HearingNotice&) {}), "accepted");
  EXPECT_EQ(spoiled([](HearingNotice& n) { n.addressees.clear(); }), "malformed_object");
  EXPECT_EQ(spoiled([](HearingNotice& n) { std::swap(n.addressees[0], n.addressees[1]); }),
            "malformed_object");
  EXPECT_EQ(spoiled([](HearingNotice& n) { n.addressees[1] = n.addressees[0]; }),
            "malformed_object");
  EXPECT_EQ(spoiled([](HearingNotice& n) { n.addressees[0].agency = {}; }), "malformed_object");
  EXPECT_EQ(spoiled([](HearingNotice& n) { n.addressees[3].agency = the_court; }),
            "malformed_object")
      << "who has no account has no agency";
  EXPECT_EQ(spoiled([](HearingNotice& n) { n.through_centre = {HearingStage::victim}; }),
            "malformed_object");
  EXPECT_EQ(spoiled([](HearingNotice& n) { n.through_centre = {9}; }), "malformed_object");
  EXPECT_EQ(spoiled([](HearingNotice& n) { n.through_centre = {1, 1}; }), "malformed_object");
  EXPECT_EQ(spoiled([](HearingNotice& n) { n.minutes = 0; }), "malformed_object");
  EXPECT_EQ(spoiled([](HearingNotice& n) { n.minutes = 721; }), "malformed_object");
  EXPECT_EQ(spoiled([](HearingNotice& n) { n.answer_by_ms = UINT64_MAX; }), "malformed_object");
  EXPECT_EQ(spoiled([](HearingNotice& n) { n.may_not_be_told.resize(33); }), "malformed_object");
}

TEST(HearingFacts, five_hundred_addressees_fit_and_one_more_does_not) {
  HearingFacts facts = known_hearing_facts(Verb::schedule);
  facts.notice.through_centre.clear();
  facts.notice.addressees.clear();
  for (unsigned i = 0; i < 500; ++i) {
    HearingAddressee each{AddresseeKind::no_account, {}, {}};
    each.id[0] = static_cast<std::uint8_t>(i >> 8);
    each.id[1] = static_cast<std::uint8_t>(i);
    facts.notice.addressees.push_back(each);
  }
  EXPECT_TRUE(parse_hearing_facts(encode_hearing_facts(facts)));
  facts.notice.addressees.push_back({AddresseeKind::no_account, {}, made_of<PersonId>(255).bytes});
  EXPECT_EQ(outcome_of(parse_hearing_facts(encode_hearing_facts(facts))), "malformed_object");
}

TEST(HearingFacts, another_zone_than_kyivs_is_malformed) {
  Bytes bytes = encode_hearing_facts(known_hearing_facts(Verb::propose_date));
  bytes[bytes.size() - 7] = 2;
  EXPECT_EQ(outcome_of(parse_hearing_facts(bytes)), "malformed_object");
}

}  // namespace
}  // namespace oberih::sealing
