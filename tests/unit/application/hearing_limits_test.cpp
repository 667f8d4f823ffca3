// SPDX-License-Identifier: Apache-2.0
// What is said of a hearing is said once a version: whoever looks, however often, however a commit
// ended and however the clock leapt; and nothing of what nobody awaits.
#include "server/application/hearing_limits.hpp"

#include <gtest/gtest.h>

#include <future>

#include "recording.hpp"
#include "server/application/deadline_watch.hpp"

namespace oberih::application {
namespace {

const ChannelId court_channel = crypto::random_id<ChannelId>();
const DeviceId court_sender = crypto::random_id<DeviceId>();
const HearingId the_hearing = crypto::random_id<HearingId>();
const AgencyId court_agency = crypto::random_id<AgencyId>();
const AgencyId called_agency = crypto::random_id<AgencyId>();
const UnitId called_unit = crypto::random_id<UnitId>();
constexpr Milliseconds one_day = 24ull * 3600 * 1000;
// Fifteen days behind where the clock of these tests begins.
constexpr WallTime first_start{{2027, 1, 30}, 10, 0}, later_start{{2027, 3, 1}, 10, 0};

Policies hearing_policies() {
  domain::DeadlineRows rows;
  rows.evidence = {{{EntryType::message, EntryType::task, EntryType::hearing},
                    {domain::Priority::normal, domain::Priority::urgent},
                    1,
                    1,
                    1,
                    {}}};
  rows.notices = {{{"date"}, {}, {}, {}}};
  rows.hearings = {{7 * 24 * 60, 24 * 60}, {3 * 24 * 60}, "", ""};
  Policies policies;
  policies.deadlines = std::get<domain::DeadlinePolicy>(domain::DeadlinePolicy::make(rows));
  return policies;
}

class HearingLimitsTest : public testing::Test {
 protected:
  void SetUp() override {
    here_.start();
    ASSERT_TRUE(here_.run(creation(court_channel, court_sender)));
    ASSERT_TRUE(move([](sealing::Hearing&) {}));
    ASSERT_EQ(moment_of(first_start), clock_.now_ms() + 15 * one_day);
  }
  /// Unjudged: schedules the hearing, or changes it.
  Result<wire::Appended> move(std::function<void(sealing::Hearing&)> change) {
    return here_.run([this, change, post = posting(court_channel, court_sender)](
                         BatchView& batch) -> Result<wire::Appended> {
      sealing::Hearing hearing;
      if (const auto before = batch.find_hearing(court_channel, the_hearing)) {
        hearing = *before;
      } else {
        hearing.id = the_hearing;
        hearing.notice.court = court_agency;
        hearing.notice.start = first_start;
        hearing.notice.minutes = 60;
        hearing.notice.addressees = {
            {sealing::AddresseeKind::unit, called_agency, called_unit.bytes},
            {sealing::AddresseeKind::no_account, {}, crypto::random_id<PersonId>().bytes}};
        hearing.services.resize(2);
        hearing.version_ms = batch.server_ms();
      }
      change(hearing);
      HearingLimits(policies_).stage_hearing(batch, court_channel, std::move(hearing));
      return post(batch);
    });
  }
  void renew(sealing::HearingState state, const WallTime& start) {
    ASSERT_TRUE(move([&](sealing::Hearing& hearing) {
      hearing.version += 1;
      hearing.state = state;
      hearing.notice.start = start;
      hearing.services.assign(2, {});
      hearing.reminded_ms = hearing.alarmed_ms = 0;
    }));
  }
  void serve(std::size_t addressee) {
    ASSERT_TRUE(move([&](sealing::Hearing& hearing) {
      hearing.services[addressee].way = sealing::ServiceWay::post;
    }));
  }
  std::string look() {
    std::promise<Result<std::size_t>> looked;
    watch_.look([&](Result<std::size_t> outcome) { looked.set_value(std::move(outcome)); });
    const Result<std::size_t> outcome = looked.get_future().get();
    return outcome ? std::to_string(*outcome) : std::string(refusal_row(outcome.error().code).name);
  }
  /// "v1 r10080 a4320(0 1)": what stands in the journal, in order.
  std::string said() const {
    std::string words;
    std::uint64_t version = 0;
    for (const JournalRow& row : journal_.rows()) {
      if (row.kind != journal::LeafKind::server_event || row.channel.is_zero()) continue;
      const auto event = sealing::parse_hearing_event(journal::parse_leaf(row.leaf).value().body);
      if (event->version != version)
        words += (words.empty() ? "v" : " v") + std::to_string(version = event->version);
      words += event->what == sealing::HearingEventWhat::alarm ? " a" : " r";
      words += std::to_string(event->minutes);
      if (event->unserved.empty()) continue;
      words += '(';
      for (const std::uint16_t place : event->unserved) words += std::to_string(place) + ' ';
      words.back() = ')';
    }
    return words;
  }
  /// Counts of the alerts for the agency and unit.
  std::string alerts(const AgencyId& agency, const UnitId& unit) {
    std::string words;
    test::MemoryReader(journal_).read_alerts(
        {}, agency, {unit}, 0, 100, [&](Result<wire::AlertPage> page) {
          for (const wire::DirectoryLeaf& each : page->leaves)
            words += std::to_string(
                sealing::parse_hearing_alert(journal::parse_leaf(each.leaf)->body)->count);
        });
    return words;
  }

  test::MemoryJournal journal_;
  ManualClock clock_;
  const PoliciesInForce policies_{hearing_policies()};
  Process here_{journal_, clock_};
  DeadlineWatch watch_{here_.recorder, policies_};
};

TEST_F(HearingLimitsTest, each_is_said_when_it_is_due_and_no_more) {
  clock_.pass(8 * one_day - 1);
  EXPECT_EQ(look(), "0");
  clock_.pass(1);
  EXPECT_EQ(look(), "1");
  EXPECT_EQ(said(), "v1 r10080");
  EXPECT_EQ(look(), "0");
  serve(1);
  clock_.pass(4 * one_day);
  EXPECT_EQ(look(), "1");
  EXPECT_EQ(said(), "v1 r10080 a4320(0)");
  EXPECT_EQ(alerts(court_agency, {}), "1");
  EXPECT_EQ(alerts(called_agency, called_unit), "1");
  EXPECT_EQ(alerts(called_agency, {}), "");
  clock_.pass(2 * one_day);
  look();
  clock_.pass(2 * one_day);
  look();
  EXPECT_EQ(said(), "v1 r10080 a4320(0) r1440");
  EXPECT_EQ(alerts(court_agency, {}), "1");
}

TEST_F(HearingLimitsTest, nobody_is_alarmed_where_everybody_is_served) {
  serve(0);
  serve(1);
  clock_.pass(12 * one_day);
  EXPECT_EQ(look(), "1");
  EXPECT_EQ(said(), "v1 r10080");
  EXPECT_EQ(alerts(court_agency, {}), "");
}

TEST_F(HearingLimitsTest, what_was_missed_is_said_once_while_it_is_to_the_point) {
  clock_.pass(14 * one_day + 1);  // over all three
  EXPECT_EQ(look(), "1");
  EXPECT_EQ(said(), "v1 a4320(0 1) r1440");
  EXPECT_EQ(look(), "0");
}

TEST_F(HearingLimitsTest, behind_the_start_nobody_is_reminded) {
  clock_.pass(15 * one_day);
  EXPECT_EQ(look(), "1");
  EXPECT_EQ(said(), "");
  EXPECT_EQ(look(), "0");
}

TEST_F(HearingLimitsTest, another_version_begins_anew_with_what_lies_ahead) {
  clock_.pass(8 * one_day);
  look();
  renew(sealing::HearingState::scheduled, later_start);
  clock_.pass(7 * one_day);  // the first start is over
  EXPECT_EQ(look(), "0");
  clock_.pass(moment_of(later_start) - one_day - 1 - clock_.now_ms());
  look();
  EXPECT_EQ(said(), "v1 r10080 v2 r10080 a4320(0 1)");
}

TEST_F(HearingLimitsTest, a_version_made_late_is_reminded_of_what_is_still_to_come) {
  clock_.pass(13 * one_day);
  renew(sealing::HearingState::scheduled, first_start);
  EXPECT_EQ(look(), "0");
  clock_.pass(one_day);
  look();
  EXPECT_EQ(said(), "v2 r1440");
}

TEST_F(HearingLimitsTest, nothing_is_said_of_what_nobody_awaits) {
  using sealing::HearingState;
  for (const HearingState state :
       {HearingState::held, HearingState::recessed, HearingState::adjourned, HearingState::closed})
    ASSERT_TRUE(move([&](sealing::Hearing& hearing) { hearing.state = state; }));
  clock_.pass(9 * one_day);
  EXPECT_EQ(look(), "0");
  renew(HearingState::cancelled, first_start);
  clock_.pass(one_day);
  EXPECT_EQ(look(), "0");
  EXPECT_EQ(said(), "");
}

TEST_F(HearingLimitsTest, a_commit_of_unknown_outcome_neither_loses_nor_doubles) {
  using Fault = test::MemoryJournal::Fault;
  clock_.pass(8 * one_day);
  journal_.inject({Fault::lose_after_commit});
  EXPECT_EQ(look(), "unavailable");
  look();
  EXPECT_EQ(said(), "v1 r10080");
  clock_.pass(4 * one_day);
  journal_.inject({Fault::lose_before_commit});
  EXPECT_EQ(look(), "unavailable");
  EXPECT_EQ(look(), "1");
  EXPECT_EQ(said(), "v1 r10080 a4320(0 1)");
  EXPECT_EQ(alerts(court_agency, {}), "2");
}

TEST_F(HearingLimitsTest,
       of_two_servers_that_look_one_speaks_and_a_clock_put_back_repeats_nothing) {
  Process there(journal_, clock_);
  there.start();
  DeadlineWatch other(there.recorder, policies_);
  clock_.pass(8 * one_day);
  EXPECT_EQ(look(), "1");
  std::promise<void> looked;
  other.look([&](Result<std::size_t>) { looked.set_value(); });
  looked.get_future().wait();
  EXPECT_EQ(said(), "v1 r10080");
  clock_.wall_ms -= one_day;
  look();
  clock_.pass(one_day + 1);
  look();
  EXPECT_EQ(said(), "v1 r10080");
}

TEST_F(HearingLimitsTest, is_the_same_after_a_restart) {
  clock_.pass(8 * one_day);
  look();
  here_.recorder.stop();
  Process again{journal_, clock_};
  again.start();
  DeadlineWatch watch(again.recorder, policies_);
  const auto look_again = [&] {
    std::promise<Result<std::size_t>> looked;
    watch.look([&](Result<std::size_t> outcome) { looked.set_value(std::move(outcome)); });
    return looked.get_future().get().value();
  };
  EXPECT_EQ(look_again(), 0u);
  clock_.pass(4 * one_day);
  EXPECT_EQ(look_again(), 1u);
  EXPECT_EQ(said(), "v1 r10080 a4320(0 1)");
}

}  // namespace
}  // namespace oberih::application
