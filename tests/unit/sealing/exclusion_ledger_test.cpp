// SPDX-License-Identifier: Apache-2.0
// Whoever may not be told of a hearing is kept out of its channel for as long as it is not over.
#include "protocol/sealing/exclusion_ledger.hpp"

#include "protocol/sealing/proposal_rules.hpp"
#include "world.hpp"

namespace oberih::sealing {
namespace {

class ExclusionLedgerTest : public testing::Test {
 protected:
  ExclusionLedgerTest() {
    channel_.policy = {ChannelKind::hearing, 1, History::full};
    EXPECT_EQ(channel_.append(channel_.create(clerk_, {clerk_.line(RosterRole::admin)})),
              "accepted");
    EXPECT_EQ(add(prosecutor_), "accepted");
  }

  /// What the ledger asks of it alone.
  std::string say(HearingVerb verb, std::vector<HearingExclusion> exclusions = {},
                  std::uint32_t hearing = 1) {
    HearingFacts facts;
    facts.hearing = made_of<HearingId>(hearing);
    facts.verb = verb;
    facts.expected_version = verb == HearingVerb::schedule ? 0 : 1;
    facts.reason = HearingReason::other;
    facts.date = WallTime{{2027, 3, 4}, 10, 0};
    facts.way = ServiceWay::post;
    facts.notice.proceeding = made_of<ProceedingId>(7);
    facts.notice.court = clerk_.certificate.agency;
    facts.notice.start = *facts.date;
    facts.notice.minutes = 30;
    facts.notice.addressees = {{AddresseeKind::no_account, {}, made_of<PersonId>(77).bytes}};
    facts.notice.may_not_be_told = std::move(exclusions);
    EntryHeader header = channel_.entry(clerk_, EntryType::hearing);
    header.facts = encode_hearing_facts(facts);
    return channel_.post(header);
  }
  TestChannel::Draft adding_draft(const TestDevice& who) {
    return channel_.follow(clerk_, RecordOp::change, adding({who.line(RosterRole::member)}));
  }
  std::string add_judged(const TestDevice& who) {
    return outcome(channel_.judge(channel_.approved_by(adding_draft(who), {&clerk_})));
  }
  std::string add(const TestDevice& who) {
    return channel_.append(channel_.approved_by(adding_draft(who), {&clerk_}));
  }
  UnitId found_unit(const TestAgency& agency, const PersonId& person) {
    Unit unit;
    unit.agency = agency.agency.id;
    unit.unit = made_of<UnitId>(++units_);
    unit.version = 1;
    unit.name = "Unit";
    unit.lines = {{person, UnitDuty::member, {}, 0, 0}};
    unit.signer = world_.admin_of(agency).id();
    const Bytes content = encode_unit_content(unit);
    const Bytes body =
        encode_unit_body({content, world_.admin_of(agency).signer.sign("unit", content)});
    EXPECT_EQ(outcome(world_.append(body, journal::LeafKind::unit)), "accepted");
    return unit.unit;
  }

  World world_;
  TestDevice& clerk_ = world_.enrol(world_.court(), Role::court_clerk);
  TestDevice& prosecutor_ = world_.enrol(world_.prosecution(), Role::prosecutor);
  TestDevice& officer_ = world_.enrol(world_.police(), Role::investigator);
  TestDevice& colleague_ = world_.enrol(world_.police(), Role::investigator);
  TestDevice& dawn_ = world_.enrol(world_.ngo(), Role::caseworker);
  TestChannel channel_{world_};
  std::uint32_t units_ = 100;
};

TEST_F(ExclusionLedgerTest, nobody_of_an_excluded_agency_is_let_in) {
  ASSERT_EQ(say(HearingVerb::schedule, {{officer_.certificate.agency, {}}}), "accepted");
  EXPECT_EQ(add_judged(officer_), "may_not_be_told");
  EXPECT_EQ(add_judged(colleague_), "may_not_be_told");
  EXPECT_EQ(add_judged(dawn_), "accepted");
}

TEST_F(ExclusionLedgerTest, of_an_excluded_unit_its_people_are_kept_out_and_nobody_else) {
  const UnitId unit = found_unit(world_.police(), officer_.certificate.person);
  ASSERT_EQ(say(HearingVerb::schedule, {{officer_.certificate.agency, unit}}), "accepted");
  EXPECT_EQ(add_judged(officer_), "may_not_be_told");
  EXPECT_EQ(add_judged(colleague_), "accepted");
}

TEST_F(ExclusionLedgerTest, until_the_hearing_is_over_and_through_what_happens_before) {
  const HearingExclusion police{officer_.certificate.agency, {}};
  ASSERT_EQ(say(HearingVerb::schedule, {police}), "accepted");
  for (const HearingVerb verb :
       {HearingVerb::propose_date, HearingVerb::record_service, HearingVerb::confirm_told,
        HearingVerb::record_held, HearingVerb::record_recess, HearingVerb::record_adjournment}) {
    ASSERT_EQ(say(verb), "accepted");
    EXPECT_EQ(add_judged(officer_), "may_not_be_told") << name_of(verb);
  }
  for (const HearingVerb verb : {HearingVerb::cancel, HearingVerb::record_judgment}) {
    ASSERT_EQ(say(HearingVerb::reschedule, {police}), "accepted");
    ASSERT_EQ(say(verb), "accepted");
    EXPECT_EQ(add_judged(officer_), "accepted") << name_of(verb);
  }
}

TEST_F(ExclusionLedgerTest, the_newest_version_decides_and_of_several_hearings_any) {
  const HearingExclusion police{officer_.certificate.agency, {}};
  const HearingExclusion dawn{dawn_.certificate.agency, {}};
  ASSERT_EQ(say(HearingVerb::schedule, {police}, 1), "accepted");
  ASSERT_EQ(say(HearingVerb::schedule, {dawn}, 2), "accepted");
  EXPECT_EQ(add_judged(officer_), "may_not_be_told");
  EXPECT_EQ(add_judged(dawn_), "may_not_be_told");
  ASSERT_EQ(say(HearingVerb::reschedule, {}, 1), "accepted");
  EXPECT_EQ(add_judged(officer_), "accepted");
  EXPECT_EQ(add_judged(dawn_), "may_not_be_told");
}

TEST_F(ExclusionLedgerTest, a_further_device_of_who_is_there_tells_nobody) {
  TestDevice& second =
      world_.enrol(world_.prosecution(), Role::prosecutor, prosecutor_.certificate.person);
  ASSERT_EQ(say(HearingVerb::schedule, {{prosecutor_.certificate.agency, {}}}), "accepted");
  EXPECT_EQ(add_judged(second), "accepted");
}

TEST_F(ExclusionLedgerTest, stays_in_the_bytes_of_the_state) {
  ASSERT_EQ(say(HearingVerb::schedule, {{officer_.certificate.agency, {}}}), "accepted");
  const Result<ChannelState> back = ChannelState::parse(channel_.state.encode());
  ASSERT_TRUE(back);
  EXPECT_EQ(back->exclusions(), channel_.state.exclusions());
  EXPECT_FALSE(back->exclusions().is_empty());
}

}  // namespace
}  // namespace oberih::sealing
