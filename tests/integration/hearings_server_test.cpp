// SPDX-License-Identifier: Apache-2.0
// Hearings on a server that is attacked, raced and restarted; and what the check finds where
// somebody with the database's password has altered a row.
#include <thread>

#include "hearing_scene.hpp"
#include "protocol/encoding/hex.hpp"

namespace oberih::test {
namespace {

using sealing::AcknowledgementKind;
using sealing::HearingState;

class HearingsTest : public HearingScene {
 protected:
  HearingsTest() {
    desk_ = found_unit(prosecution, {&prosecutor_, &second_prosecutor_});
    centre_desk_ = found_unit(centre, {&coordinator_});
    channel_ = open_channel(clerk_, {&judge_, &prosecutor_, &second_prosecutor_, &counsel_,
                                     &coordinator_, &foreign_judge_});
    for (Actor* who :
         {&judge_, &prosecutor_, &second_prosecutor_, &counsel_, &coordinator_, &foreign_judge_})
      read(*who, channel_);
  }
  WallTime in_days(unsigned days) { return wall_time(now() + days * day_ms); }
  HearingNotice ordinary_notice(unsigned days = 20) {
    return notice(in_days(days), {called(prosecution, desk_), called(counsel_), stranger()});
  }
  /// Scheduled by the clerk.
  HearingId set_up(const HearingNotice& notice) {
    const HearingFacts facts = schedule(notice);
    const Sent sent = act(clerk_, channel_, facts);
    EXPECT_EQ(outcome_of(sent.outcome), "accepted");
    version_entry_ = sent.entry;
    return facts.hearing;
  }
  HearingId set_up() { return set_up(ordinary_notice()); }
  std::string acts(Actor& who, const HearingFacts& facts) {
    return outcome_of(act(who, channel_, facts).outcome);
  }
  std::string scheduled(HearingNotice notice) { return acts(clerk_, schedule(std::move(notice))); }
  HearingFacts moved(const HearingId& hearing, std::uint64_t version, unsigned days = 40) {
    HearingFacts facts = verb(hearing, HearingVerb::reschedule, version);
    facts.notice = ordinary_notice(days);
    return facts;
  }
  std::uint16_t place_of(const HearingId& hearing, const HearingAddressee& addressee) {
    const auto& all = view(clerk_, channel_, hearing)->notice.addressees;
    return static_cast<std::uint16_t>(std::find(all.begin(), all.end(), addressee) - all.begin());
  }
  const sealing::HearingService& service_of(const HearingId& hearing,
                                            const HearingAddressee& addressee) {
    return view(clerk_, channel_, hearing)->services.at(place_of(hearing, addressee));
  }

  Actor& clerk_ = enrol(court, Role::court_clerk);
  Actor& judge_ = enrol(court, Role::judge);
  Actor& prosecutor_ = enrol(prosecution, Role::prosecutor);
  Actor& second_prosecutor_ = enrol(prosecution, Role::prosecutor);
  Actor& counsel_ = enrol(legal_aid, Role::defence_counsel);
  Actor& coordinator_ = enrol(centre, Role::coordinator);
  Actor& foreign_judge_ = enrol(other_court, Role::judge);
  Actor& officer_ = enrol(police, Role::investigator);
  UnitId desk_, centre_desk_;
  ChannelId channel_;
  sealing::EntryReference version_entry_;
};

TEST_F(HearingsTest, go_from_the_notice_to_the_judgment_and_everybody_sees_the_same) {
  const HearingId hearing = set_up();
  const auto notice = version_entry_;
  EXPECT_EQ(outcome_of(answer(counsel_, channel_, notice).outcome), "accepted");
  const HearingAddressee paper = view(clerk_, channel_, hearing)->notice.addressees.back();
  HearingFacts served = verb(hearing, HearingVerb::record_service, 1);
  served.addressee = place_of(hearing, paper);
  served.done_ms = now();
  EXPECT_EQ(acts(judge_, served), "accepted");
  EXPECT_TRUE(service_of(hearing, called(counsel_)).is_served());
  EXPECT_TRUE(service_of(hearing, paper).is_served());
  EXPECT_FALSE(service_of(hearing, called(prosecution, desk_)).is_served());
  stage_.pass(21 * day_ms);
  EXPECT_EQ(acts(judge_, verb(hearing, HearingVerb::record_judgment, 1)), "accepted");
  const HearingPointer at_court = view(clerk_, channel_, hearing);
  EXPECT_EQ(at_court->state, HearingState::closed);
  for (Actor* who : {&judge_, &prosecutor_, &counsel_, &coordinator_})
    EXPECT_EQ(*view(*who, channel_, hearing), *at_court) << who->name();
  EXPECT_EQ(findings(), "");
}

TEST_F(HearingsTest, belong_to_their_court_and_to_hearing_channels) {
  EXPECT_EQ(acts(prosecutor_, schedule(ordinary_notice())), "not_your_part");
  EXPECT_EQ(acts(foreign_judge_, schedule(ordinary_notice())), "not_your_part");
  HearingNotice of_prosecution = ordinary_notice();
  of_prosecution.court = prosecution.agency.id;
  EXPECT_EQ(acts(prosecutor_, schedule(of_prosecution)), "not_your_part");
  const HearingId hearing = set_up();
  for (Actor* who : {&counsel_, &foreign_judge_}) {
    EXPECT_EQ(acts(*who, moved(hearing, 1)), "not_your_part");
    EXPECT_EQ(acts(*who, verb(hearing, HearingVerb::cancel, 1)), "not_your_part");
  }
  const ChannelId group = open_channel(clerk_, {}, ChannelKind::working_group);
  EXPECT_EQ(outcome_of(act(clerk_, group, schedule(ordinary_notice())).outcome),
            "entry_type_forbidden");
  read_directory(officer_);
  EXPECT_EQ(acts(officer_, schedule(ordinary_notice())), "not_found");  // not on the roster
}

TEST_F(HearingsTest, of_another_version_are_stale) {
  const HearingId hearing = set_up();
  const auto first_version = version_entry_;
  EXPECT_EQ(outcome_of(answer(counsel_, channel_, first_version).outcome), "accepted");
  const Sent second = act(clerk_, channel_, moved(hearing, 1));
  ASSERT_EQ(outcome_of(second.outcome), "accepted");
  EXPECT_EQ(acts(judge_, moved(hearing, 1)), "stale_version");
  EXPECT_EQ(acts(judge_, verb(hearing, HearingVerb::cancel, 3)), "stale_version");
  read(counsel_, channel_);
  EXPECT_EQ(outcome_of(answer(counsel_, channel_, first_version).outcome), "stale_version");
  EXPECT_FALSE(service_of(hearing, called(counsel_)).is_served());
  EXPECT_EQ(outcome_of(answer(counsel_, channel_, second.entry).outcome), "accepted");
  EXPECT_EQ(
      outcome_of(
          answer(counsel_, channel_, second.entry, AcknowledgementKind::cannot_attend).outcome),
      "accepted");
  EXPECT_EQ(service_of(hearing, called(counsel_)).answer, AcknowledgementKind::cannot_attend);
  EXPECT_EQ(findings(), "");
}

TEST_F(HearingsTest, are_cancelled_once_and_scheduled_under_an_id_once) {
  const HearingFacts facts = schedule(ordinary_notice());
  ASSERT_EQ(acts(clerk_, facts), "accepted");
  EXPECT_EQ(acts(clerk_, facts), "id_taken");
  ASSERT_EQ(acts(clerk_, verb(facts.hearing, HearingVerb::cancel, 1)), "accepted");
  EXPECT_EQ(acts(clerk_, verb(facts.hearing, HearingVerb::cancel, 1)), "stale_version");
  EXPECT_EQ(acts(clerk_, verb(facts.hearing, HearingVerb::cancel, 2)), "transition_unknown");
  EXPECT_EQ(acts(clerk_, moved(facts.hearing, 2)), "transition_unknown");
  EXPECT_EQ(acts(clerk_, verb(crypto::random_id<HearingId>(), HearingVerb::cancel, 1)),
            "not_found");
}

TEST_F(HearingsTest, take_an_outcome_from_their_start_on) {
  const HearingId hearing = set_up();
  stage_.pass(19 * day_ms);
  EXPECT_EQ(acts(judge_, verb(hearing, HearingVerb::record_held, 1)), "hearing_not_begun");
  stage_.pass(2 * day_ms);
  EXPECT_EQ(acts(judge_, verb(hearing, HearingVerb::record_held, 1)), "accepted");
}

TEST_F(HearingsTest, are_for_times_that_lie_ahead_and_that_clocks_show_once) {
  HearingNotice notice = ordinary_notice();
  notice.start = wall_time(now() - hour_ms);
  EXPECT_EQ(scheduled(notice), "due_in_past");
  for (const WallTime& time : {WallTime{{2027, 3, 28}, 3, 30},   // put forward over it
                               WallTime{{2027, 10, 31}, 3, 30},  // shown twice
                               WallTime{{2027, 2, 30}, 10, 0},   // in no calendar
                               WallTime{{2027, 3, 4}, 24, 0}}) {
    notice.start = time;
    EXPECT_EQ(scheduled(notice), "hearing_time_invalid") << time.date.month << ' ' << time.hour;
  }
  notice = ordinary_notice();
  notice.answer_by_ms = moment_of(notice.start) + 1;
  EXPECT_EQ(scheduled(notice), "hearing_time_invalid");
  const HearingId hearing = set_up();
  HearingFacts proposal = verb(hearing, HearingVerb::propose_date, 1);
  proposal.addressee = place_of(hearing, called(counsel_));
  proposal.date = WallTime{{2027, 3, 28}, 3, 30};
  EXPECT_EQ(acts(counsel_, proposal), "hearing_time_invalid");
  proposal.date = in_days(30);
  EXPECT_EQ(acts(counsel_, proposal), "accepted");
  EXPECT_EQ(acts(prosecutor_, proposal), "not_your_part");
}

TEST_F(HearingsTest, call_whom_the_roster_has_and_at_most_five_hundred) {
  HearingNotice notice = ordinary_notice();
  notice.addressees = {called(officer_)};
  EXPECT_EQ(scheduled(notice), "addressee_not_on_roster");
  notice.addressees = {called(police, crypto::random_id<UnitId>())};
  EXPECT_EQ(scheduled(notice), "addressee_not_on_roster");
  notice.addressees = {called(counsel_)};
  notice.addressees[0].agency = prosecution.agency.id;
  EXPECT_EQ(scheduled(notice), "addressee_not_on_roster");
  notice.addressees = {called(prosecution, desk_)};
  notice.through_centre = {0};
  EXPECT_EQ(scheduled(notice), "addressee_not_on_roster");
  notice.addressees = {called(centre, centre_desk_)};
  EXPECT_EQ(scheduled(notice), "accepted");

  notice = ordinary_notice();
  while (notice.addressees.size() < sealing::hearing_addressees_at_most)
    notice.addressees.push_back(stranger());
  std::sort(notice.addressees.begin(), notice.addressees.end());
  const HearingFacts five_hundred = schedule(notice);
  EXPECT_EQ(acts(clerk_, five_hundred), "accepted");
  EXPECT_EQ(view(counsel_, channel_, five_hundred.hearing)->services.size(), 500u);
  notice.addressees.push_back(stranger());
  std::sort(notice.addressees.begin(), notice.addressees.end());
  EXPECT_EQ(scheduled(notice), "malformed_object");
  EXPECT_EQ(findings(), "");
}

TEST_F(HearingsTest, are_told_through_the_centre_by_the_centre_alone) {
  HearingNotice notice = ordinary_notice();
  notice.addressees = {called(centre, centre_desk_)};
  notice.through_centre = {0};
  const HearingId hearing = set_up(notice);
  HearingFacts told = verb(hearing, HearingVerb::confirm_told, 1);
  told.done_ms = now();
  EXPECT_EQ(acts(prosecutor_, told), "not_your_part");
  EXPECT_EQ(acts(coordinator_, told), "accepted");
  told.done_ms = now() + hour_ms;
  EXPECT_EQ(acts(coordinator_, told), "hearing_time_invalid");
  HearingFacts of_oneself = verb(hearing, HearingVerb::record_service, 1);
  of_oneself.done_ms = now();
  EXPECT_EQ(acts(coordinator_, of_oneself), "not_your_part");
  EXPECT_NE(view(clerk_, channel_, hearing)->services.at(0).told_ms, 0u);
}

TEST_F(HearingsTest, do_not_stand_where_somebody_sits_who_may_not_be_told) {
  HearingNotice notice = ordinary_notice();
  notice.may_not_be_told = {{legal_aid.agency.id, {}}};
  EXPECT_EQ(scheduled(notice), "may_not_be_told");
  notice.may_not_be_told = {{prosecution.agency.id, desk_}};
  EXPECT_EQ(scheduled(notice), "may_not_be_told");
  notice.may_not_be_told = {{police.agency.id, {}}};
  const HearingId hearing = set_up(notice);
  EXPECT_EQ(outcome_of(add(clerk_, channel_, officer_)), "may_not_be_told");
  stage_.restart();  // the ledger comes back from the table
  EXPECT_EQ(outcome_of(add(clerk_, channel_, officer_)), "may_not_be_told");
  ASSERT_EQ(acts(clerk_, verb(hearing, HearingVerb::cancel, 1)), "accepted");
  EXPECT_EQ(outcome_of(add(clerk_, channel_, officer_)), "accepted");
  read(officer_, channel_);
  EXPECT_EQ(findings(), "");
}

TEST_F(HearingsTest, that_two_answer_at_once_stand_both_and_who_lost_a_race_learns_it) {
  for (int round = 0; round < 10; ++round) {
    const HearingId hearing = set_up();
    for (Actor* who : {&prosecutor_, &second_prosecutor_, &counsel_}) read(*who, channel_);
    const auto entry = version_entry_;
    std::string first, second, move, third;
    std::thread one([&] { first = outcome_of(answer(prosecutor_, channel_, entry).outcome); });
    std::thread two(
        [&] { second = outcome_of(answer(second_prosecutor_, channel_, entry).outcome); });
    one.join();
    two.join();
    EXPECT_EQ(first, "accepted");
    EXPECT_EQ(second, "accepted");
    EXPECT_TRUE(service_of(hearing, called(prosecution, desk_)).is_served());
    std::thread mover([&] { move = acts(clerk_, moved(hearing, 1)); });
    std::thread late([&] { third = outcome_of(answer(counsel_, channel_, entry).outcome); });
    mover.join();
    late.join();
    EXPECT_EQ(move, "accepted");
    EXPECT_TRUE(third == "accepted" || third == "stale_version") << third;
    EXPECT_EQ(view(clerk_, channel_, hearing)->version, 2u);
    EXPECT_FALSE(service_of(hearing, called(counsel_)).is_served());
  }
  EXPECT_EQ(findings(), "");
}

TEST_F(HearingsTest, are_there_after_a_restart) {
  const HearingId hearing = set_up();
  stage_.restart();
  EXPECT_EQ(acts(clerk_, moved(hearing, 2)), "stale_version");
  EXPECT_EQ(outcome_of(answer(counsel_, channel_, version_entry_).outcome), "accepted");
  stage_.restart();
  ASSERT_EQ(acts(clerk_, moved(hearing, 1)), "accepted");
  EXPECT_EQ(view(counsel_, channel_, hearing)->version, 2u);
  EXPECT_EQ(findings(), "");
}

TEST_F(HearingsTest, altered_by_a_superuser_are_found) {
  const HearingId hearing = set_up();
  const std::string id = encoding::encode_hex(hearing).substr(0, 8);
  ASSERT_EQ(findings(), "");
  const auto altered = [&](const std::string& statement, const std::string& part) {
    database().run_as_superuser("CREATE TABLE kept AS SELECT * FROM hearing; " + statement);
    const std::string found = findings();
    EXPECT_NE(found.find(part), std::string::npos) << statement << "\n" << found;
    database().run_as_superuser(
        "DELETE FROM hearing; INSERT INTO hearing SELECT * FROM kept; DROP TABLE kept");
  };
  // State and version stand behind the version byte and the id.
  altered("UPDATE hearing SET hearing = set_byte(hearing, 17, 6)",
          "The row of the hearing " + id + " differs from what its entries add up to: state");
  altered("UPDATE hearing SET hearing = set_byte(hearing, 25, 2)", "add up to: version");
  altered("UPDATE hearing SET excludes = true", "excludes");
  altered("UPDATE hearing SET looked_ms = 1", "looked_ms");
  altered("UPDATE hearing SET hearing = substring(hearing FROM 1 FOR 40)",
          "The row of the hearing " + id + " cannot be read");
  altered("DELETE FROM hearing", "The hearing " + id + " is missing in the table hearing");
  altered(
      "INSERT INTO hearing SELECT channel_id, decode(repeat('ab', 16), 'hex'), hearing, excludes, "
      "next_ms, looked_ms FROM hearing",
      "The table hearing has abababab, of which the journal knows nothing");
  EXPECT_EQ(findings(), "");
  // A service that nobody stated.
  const HearingPointer as_it_is = view(clerk_, channel_, hearing);
  sealing::Hearing forged = *as_it_is;
  forged.services.at(1).answer = AcknowledgementKind::understood;
  altered("UPDATE hearing SET hearing = decode('" +
              encoding::encode_hex(ByteView(sealing::encode_hearing(forged))) + "', 'hex')",
          "add up to: addressee 1: answer");
}

TEST_F(HearingsTest, are_reminded_of_once_and_the_alarm_names_who_is_not_served) {
  const HearingId hearing = set_up();
  ASSERT_EQ(outcome_of(answer(counsel_, channel_, version_entry_).outcome), "accepted");
  const HearingId cancelled = set_up();
  ASSERT_EQ(acts(clerk_, verb(cancelled, HearingVerb::cancel, 1)), "accepted");
  stage_.be_down(14 * day_ms);  // over the first reminder
  stage_.restart();
  stage_.pass(7 * day_ms);
  EXPECT_EQ(view(counsel_, channel_, hearing)->state, HearingState::scheduled);
  std::string said;
  for (const sealing::HearingEvent& event : counsel_.conversation(channel_).said_of_hearings) {
    EXPECT_EQ(event.hearing, hearing);
    said += std::string(sealing::name_of(event.what)) + ' ' + std::to_string(event.minutes) + ' ';
    if (event.what != sealing::HearingEventWhat::alarm) continue;
    EXPECT_EQ(event.unserved.size(), 2u);
    EXPECT_EQ(std::count(event.unserved.begin(), event.unserved.end(),
                         place_of(hearing, called(counsel_))),
              0);
  }
  EXPECT_EQ(said, "hearing_reminder 10080 hearing_alarm 4320 hearing_reminder 1440 ");
  const auto alerts =
      must(stage_.ask<wire::AlertPage>(enrol(court, Role::supervisor), wire::AlertList{0, 100}));
  ASSERT_EQ(alerts.leaves.size(), 1u);
  const auto alert =
      sealing::parse_hearing_alert(journal::parse_leaf(alerts.leaves[0].leaf).value().body);
  ASSERT_TRUE(alert);
  EXPECT_EQ(alert->hearing, hearing);
  EXPECT_EQ(alert->count, 2u);
  EXPECT_EQ(findings(), "");
  database().run_as_superuser("UPDATE hearing SET looked_ms = 1");
  EXPECT_NE(findings().find("looked_ms"), std::string::npos);
}

}  // namespace
}  // namespace oberih::test
