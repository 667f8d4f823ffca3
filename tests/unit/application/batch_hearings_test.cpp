// SPDX-License-Identifier: Apache-2.0
// Hearings in the commit batch: they follow the commit, whoever wrote it and however it ended; and
// so does who may not be told.
#include <gtest/gtest.h>

#include "recording.hpp"

namespace oberih::application {
namespace {

const ChannelId hearing_channel = crypto::random_id<ChannelId>();
const DeviceId hearing_sender = crypto::random_id<DeviceId>();
const HearingId one_hearing = crypto::random_id<HearingId>();

/// Schedules the hearing, or moves it on from exactly that version; unjudged but for the version.
TestUnit::Judge scheduling(std::uint64_t version, std::uint64_t* seen = nullptr) {
  return [=](BatchView& batch) -> Result<wire::Appended> {
    const sealing::HearingPointer before = batch.find_hearing(hearing_channel, one_hearing);
    const std::uint64_t found = before ? before->version : 0;
    if (seen != nullptr) *seen = found;
    if (found != version) return refuse(RefusalCode::stale_version);
    sealing::HearingFacts facts;
    facts.hearing = one_hearing;
    facts.verb = version == 0 ? sealing::HearingVerb::schedule : sealing::HearingVerb::reschedule;
    facts.expected_version = version;
    facts.notice.start = {{2027, 3, 4}, 10, 0};
    facts.notice.minutes = 30;
    facts.notice.addressees = {
        {sealing::AddresseeKind::no_account, {}, crypto::random_id<PersonId>().bytes}};
    // Each version excludes another agency, so that it can be told which one is in force.
    facts.notice.may_not_be_told = {{AgencyId{{static_cast<std::uint8_t>(version + 1)}}, {}}};
    sealing::Hearing hearing;
    hearing.id = one_hearing;
    hearing.version = version + 1;
    hearing.notice = facts.notice;
    hearing.services.resize(1);
    batch.stage_hearing({hearing_channel,
                         std::make_shared<const sealing::Hearing>(std::move(hearing)), 0,
                         batch.server_ms()});
    const sealing::SenderHead head = batch.load_sender(hearing_channel, hearing_sender);
    sealing::EntryHeader header;
    header.type = EntryType::hearing;
    header.channel = hearing_channel;
    header.sender = hearing_sender;
    header.sender_seq = head.sender_seq + 1;
    header.sender_prev = head.message_hash;
    header.message_id = crypto::random_id<MessageId>();
    header.facts = sealing::encode_hearing_facts(facts);
    sealing::SealedEntry entry;
    entry.header = sealing::encode_header(header);
    entry.salt = crypto::random_id<Salt>();
    return batch.stage_entry(header, entry, sealing::message_hash(entry), Bytes{1, 2, 3});
  };
}

class BatchHearings : public testing::Test {
 protected:
  void SetUp() override {
    here_.start();
    ASSERT_TRUE(here_.run(creation(hearing_channel, hearing_sender)));
  }
  std::uint64_t stored() const {
    const auto hearings = journal_.hearings();
    const auto found = hearings.find({hearing_channel, one_hearing});
    return found == hearings.end() ? 0 : found->second.hearing->version;
  }
  static RefusalCode refusal_of(Process& process, TestUnit::Judge judge) {
    const auto answer = process.run(std::move(judge));
    return answer ? RefusalCode::usage : answer.error().code;
  }
  /// The agency that the process keeps out; 0: none.
  static int excluded(Process& process) {
    int agency = 0;
    process.run([&](BatchView& batch) -> Result<wire::Appended> {
      for (std::uint8_t number = 1; number < 9; ++number)
        if (batch.channel(hearing_channel)
                .exclusions()
                .names({}, AgencyId{{number}}, batch.directory(), 0, batch.server_ms()))
          agency = number;
      return refuse(RefusalCode::usage);
    });
    return agency;
  }

  test::MemoryJournal journal_;
  ManualClock clock_;
  Process here_{journal_, clock_};
};

TEST_F(BatchHearings, of_two_in_one_batch_the_second_sees_the_first) {
  Gate gate;
  here_.submit([&](BatchView&) -> Result<wire::Appended> {
    gate.pass();
    return refuse(RefusalCode::usage);
  });
  gate.wait_until_reached();
  const std::size_t first = here_.submit(scheduling(0));
  const std::size_t second = here_.submit(scheduling(0));
  const std::size_t third = here_.submit(scheduling(1));
  gate.open();
  EXPECT_TRUE(here_.answers.wait(first));
  EXPECT_EQ(here_.answers.wait_refusal(second), RefusalCode::stale_version);
  EXPECT_TRUE(here_.answers.wait(third));
  EXPECT_EQ(stored(), 2u);
  EXPECT_EQ(excluded(here_), 2);
}

TEST_F(BatchHearings, that_were_rolled_back_never_were) {
  ASSERT_TRUE(here_.run(scheduling(0)));
  journal_.inject({test::MemoryJournal::Fault::fail});
  EXPECT_EQ(refusal_of(here_, scheduling(1)), RefusalCode::unavailable);
  EXPECT_EQ(excluded(here_), 1);
  std::uint64_t seen = 0;
  ASSERT_TRUE(here_.run(scheduling(1, &seen)));
  EXPECT_EQ(seen, 1u);
  EXPECT_EQ(stored(), 2u);
  EXPECT_EQ(excluded(here_), 2);
}

TEST_F(BatchHearings, of_a_commit_whose_answer_was_lost_are_found_as_they_are) {
  ASSERT_TRUE(here_.run(scheduling(0)));
  journal_.inject({test::MemoryJournal::Fault::lose_after_commit});
  EXPECT_EQ(refusal_of(here_, scheduling(1)), RefusalCode::unavailable);
  EXPECT_EQ(refusal_of(here_, scheduling(1)), RefusalCode::stale_version);
  EXPECT_EQ(excluded(here_), 2);
  journal_.inject({test::MemoryJournal::Fault::lose_before_commit});
  EXPECT_EQ(refusal_of(here_, scheduling(2)), RefusalCode::unavailable);
  EXPECT_EQ(excluded(here_), 2);
  ASSERT_TRUE(here_.run(scheduling(2)));
  EXPECT_EQ(stored(), 3u);
}

TEST_F(BatchHearings, that_another_process_moved_on_are_stale_here) {
  ASSERT_TRUE(here_.run(scheduling(0)));
  Process there{journal_, clock_};
  there.start();
  EXPECT_EQ(excluded(there), 1);
  ASSERT_TRUE(there.run(scheduling(1)));
  EXPECT_EQ(refusal_of(here_, scheduling(1)), RefusalCode::stale_version);
  EXPECT_EQ(excluded(here_), 2);
  ASSERT_TRUE(here_.run(scheduling(2)));
  EXPECT_EQ(refusal_of(there, scheduling(2)), RefusalCode::stale_version);
  EXPECT_EQ(excluded(there), 3);
}

TEST_F(BatchHearings, are_there_after_a_restart) {
  ASSERT_TRUE(here_.run(scheduling(0)));
  here_.recorder.stop();
  Process again{journal_, clock_};
  again.start();
  EXPECT_EQ(excluded(again), 1);
  EXPECT_EQ(refusal_of(again, scheduling(0)), RefusalCode::stale_version);
  ASSERT_TRUE(again.run(scheduling(1)));
}

}  // namespace
}  // namespace oberih::application
