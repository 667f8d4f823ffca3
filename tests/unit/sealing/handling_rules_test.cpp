// SPDX-License-Identifier: Apache-2.0
// H2, TLP RED and AMBER+STRICT bind who may be let in; the originator's consent unlocks exactly
// what was asked.
#include "world.hpp"

namespace oberih::sealing {
namespace {

constexpr HandlingCode h2{Restriction::not_passed_on, TrafficLight::amber};
constexpr HandlingCode red{Restriction::none, TrafficLight::red};
constexpr HandlingCode strict{Restriction::none, TrafficLight::amber_strict};

class HandlingRulesTest : public testing::Test {
 protected:
  void open(History history = History::full) {
    channel_.policy = {ChannelKind::ordinary, 1, history};
    ASSERT_EQ(channel_.append(channel_.create(chief_, {chief_.line(RosterRole::admin)})),
              "accepted");
  }
  std::string say(const TestDevice& sender, const HandlingCode& code) {
    EntryHeader header = channel_.entry(sender);
    header.facts = encode_common_facts({code, 0, 0});
    return channel_.post(header);
  }
  TestChannel::Draft adding_draft(const TestDevice& who) {
    return channel_.follow(chief_, RecordOp::change, adding({who.line(RosterRole::member)}));
  }
  std::string add(const TestDevice& who) { return channel_.append(adding_draft(who)); }
  std::string add_judged(const TestDevice& who) {
    return outcome(channel_.judge(adding_draft(who)));
  }
  std::string detail_of_adding(const TestDevice& who) {
    const Result<void> judged = channel_.judge(adding_draft(who));
    return judged ? "accepted" : judged.error().detail;
  }
  std::string remove(const TestDevice& who) {
    return channel_.append(channel_.follow(chief_, RecordOp::change, removing({who.id()})));
  }
  void answer(std::uint64_t entry_seq, const Admitted& admitted, bool agrees) {
    EntryHeader header = channel_.entry(chief_, EntryType::consent);
    ConsentFacts facts;
    facts.request = {entry_seq, made_of<Digest>(1)};
    facts.entry = {entry_seq, made_of<Digest>(2)};
    facts.admitted = admitted;
    facts.agrees = agrees;
    header.facts = encode_consent_facts(facts);
    ASSERT_EQ(channel_.post(header), "accepted");
  }

  World world_;
  TestDevice& chief_ = world_.enrol(world_.police(), Role::investigator);
  TestDevice& colleague_ = world_.enrol(world_.police(), Role::investigator);
  TestDevice& prosecutor_ = world_.enrol(world_.prosecution(), Role::prosecutor);
  TestDevice& second_prosecutor_ = world_.enrol(world_.prosecution(), Role::prosecutor);
  TestDevice& dawn_ = world_.enrol(world_.ngo(), Role::caseworker);
  TestChannel channel_{world_};
};

TEST_F(HandlingRulesTest, h2_keeps_out_agencies_that_were_not_there) {
  open();
  ASSERT_EQ(add(prosecutor_), "accepted");
  ASSERT_EQ(say(chief_, h2), "accepted");
  EXPECT_EQ(add_judged(dawn_), "handling_code_forbids");
  EXPECT_EQ(detail_of_adding(dawn_), "entry 3");
  EXPECT_EQ(add_judged(second_prosecutor_), "accepted");  // the agency was there
  EXPECT_EQ(add_judged(colleague_), "accepted");
}

TEST_F(HandlingRulesTest, an_agency_that_came_after_the_entry_was_not_there) {
  open();
  ASSERT_EQ(add(prosecutor_), "accepted");
  ASSERT_EQ(remove(prosecutor_), "accepted");
  ASSERT_EQ(say(chief_, h2), "accepted");
  EXPECT_EQ(add_judged(prosecutor_), "handling_code_forbids");
}

TEST_F(HandlingRulesTest, who_was_there_may_come_back) {
  open();
  ASSERT_EQ(add(prosecutor_), "accepted");
  ASSERT_EQ(say(chief_, red), "accepted");
  ASSERT_EQ(remove(prosecutor_), "accepted");
  EXPECT_EQ(add_judged(prosecutor_), "accepted");
  EXPECT_EQ(add_judged(second_prosecutor_), "handling_code_forbids");
}

TEST_F(HandlingRulesTest, red_keeps_out_persons_of_the_own_agency_too) {
  open();
  ASSERT_EQ(say(chief_, red), "accepted");
  EXPECT_EQ(add_judged(colleague_), "handling_code_forbids");
  EXPECT_EQ(add_judged(dawn_), "handling_code_forbids");
}

TEST_F(HandlingRulesTest, amber_strict_is_for_one_agency) {
  open();
  ASSERT_EQ(say(chief_, strict), "accepted");
  EXPECT_EQ(add_judged(prosecutor_), "handling_code_forbids");
  ASSERT_EQ(add(colleague_), "accepted");
  EXPECT_EQ(say(colleague_, strict), "accepted");
}

TEST_F(HandlingRulesTest, amber_strict_is_not_written_where_another_agency_reads) {
  open();
  ASSERT_EQ(add(prosecutor_), "accepted");
  EXPECT_EQ(say(chief_, strict), "handling_code_forbids");
  EXPECT_EQ(say(prosecutor_, strict), "handling_code_forbids");
  EXPECT_EQ(say(chief_, h2), "accepted");
}

TEST_F(HandlingRulesTest, a_new_device_of_the_same_person_is_not_an_add) {
  open();
  ASSERT_EQ(add(prosecutor_), "accepted");
  ASSERT_EQ(say(chief_, red), "accepted");
  TestDevice& second =
      world_.enrol(world_.prosecution(), Role::prosecutor, prosecutor_.certificate.person);
  EXPECT_EQ(add_judged(second), "accepted");
}

TEST_F(HandlingRulesTest, consent_unlocks_exactly_that_entry_for_exactly_that_agency) {
  open();
  ASSERT_EQ(say(chief_, h2), "accepted");  // 2
  ASSERT_EQ(say(chief_, h2), "accepted");  // 3
  EXPECT_EQ(detail_of_adding(dawn_), "entries 2, 3");
  answer(2, Admitted::of(world_.ngo().agency.id), true);
  EXPECT_EQ(detail_of_adding(dawn_), "entry 3");
  answer(3, Admitted::of(world_.prosecution().agency.id), true);
  EXPECT_EQ(detail_of_adding(dawn_), "entry 3");
  EXPECT_EQ(detail_of_adding(prosecutor_), "entry 2");
  answer(3, Admitted::of(world_.ngo().agency.id), true);
  EXPECT_EQ(add_judged(dawn_), "accepted");
  answer(3, Admitted::of(world_.ngo().agency.id), false);  // the newest answer counts
  EXPECT_EQ(detail_of_adding(dawn_), "entry 3");
}

TEST_F(HandlingRulesTest, red_is_unlocked_for_a_person_and_for_no_agency) {
  open();
  ASSERT_EQ(say(chief_, red), "accepted");
  answer(2, Admitted::of(world_.prosecution().agency.id), true);
  EXPECT_EQ(add_judged(prosecutor_), "handling_code_forbids");
  answer(2, Admitted::of(prosecutor_.certificate.person), true);
  EXPECT_EQ(add_judged(prosecutor_), "accepted");
  EXPECT_EQ(add_judged(second_prosecutor_), "handling_code_forbids");
}

TEST_F(HandlingRulesTest, where_history_begins_with_joining_nothing_is_opened) {
  open(History::from_joining);
  ASSERT_EQ(say(chief_, red), "accepted");
  EXPECT_EQ(add_judged(dawn_), "accepted");
}

TEST_F(HandlingRulesTest, other_codes_bind_nobody) {
  open();
  for (const HandlingCode& code :
       {HandlingCode{Restriction::not_as_evidence, TrafficLight::amber},
        HandlingCode{Restriction::in_words, TrafficLight::green}, HandlingCode{}})
    ASSERT_EQ(say(chief_, code), "accepted");
  EXPECT_TRUE(channel_.state.handling().entries().empty());
  EXPECT_EQ(add_judged(dawn_), "accepted");
}

TEST_F(HandlingRulesTest, what_binds_outlives_the_store) {
  open();
  ASSERT_EQ(add(prosecutor_), "accepted");
  ASSERT_EQ(say(chief_, h2), "accepted");
  answer(3, Admitted::of(world_.court().agency.id), true);
  Result<ChannelState> back = ChannelState::parse(channel_.state.encode());
  ASSERT_TRUE(back);
  EXPECT_EQ(back->encode(), channel_.state.encode());
  channel_.state = *back;
  EXPECT_EQ(detail_of_adding(dawn_), "entry 3");
  EXPECT_EQ(add_judged(second_prosecutor_), "accepted");
}

TEST_F(HandlingRulesTest, a_commit_that_did_not_happen_binds_nobody) {
  open();
  ASSERT_EQ(say(chief_, h2), "accepted");
  channel_.state.forget_handling_from(2);
  EXPECT_TRUE(channel_.state.handling().entries().empty());
}

TEST_F(HandlingRulesTest, a_refusal_names_some_entries_and_counts_the_others) {
  open();
  for (int i = 0; i < 20; ++i) ASSERT_EQ(say(chief_, h2), "accepted");
  const std::string detail = detail_of_adding(dawn_);
  EXPECT_TRUE(detail.starts_with("entries 2, 3, ")) << detail;
  EXPECT_TRUE(detail.ends_with(", 17 and 4 more")) << detail;
}

}  // namespace
}  // namespace oberih::sealing
