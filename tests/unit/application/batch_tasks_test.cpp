// SPDX-License-Identifier: Apache-2.0
// Tasks in the commit batch: they follow the commit, whoever wrote it and however it ended.
#include <gtest/gtest.h>

#include "recording.hpp"

namespace oberih::application {
namespace {

const ChannelId channel = crypto::random_id<ChannelId>();
const DeviceId sender = crypto::random_id<DeviceId>();
const TaskId task = crypto::random_id<TaskId>();

/// Proposes the task, or moves it on from exactly that version; unjudged but for the version.
TestUnit::Judge moving(std::uint64_t version, std::uint64_t* seen = nullptr) {
  const TestUnit::Judge post = posting(channel, sender);
  return [=](BatchView& batch) -> Result<wire::Appended> {
    const sealing::TaskPointer before = batch.load_task(channel, task);
    const std::uint64_t found = before ? before->slots.at(0).version : 0;
    if (seen != nullptr) *seen = found;
    if (found != version) return refuse(RefusalCode::stale_version);
    sealing::Task after;
    if (before) after = *before;
    if (!before) {
      after.id = task;
      after.proposed_seq = batch.channel(channel).newest_seq() + 1;
      after.slots.resize(1);
      after.slots[0].version = 0;
    }
    after.slots[0].version += 1;
    batch.stage_task(channel, after);
    return post(batch);
  };
}

class BatchTasks : public testing::Test {
 protected:
  void SetUp() override {
    here_.start();
    ASSERT_TRUE(here_.run(creation(channel, sender)));
  }
  std::uint64_t stored() const {
    const auto tasks = journal_.tasks();
    const auto found = tasks.find({channel, task});
    return found == tasks.end() ? 0 : found->second.slots.at(0).version;
  }
  RefusalCode refusal_of(Process& process, TestUnit::Judge judge) {
    const auto answer = process.run(std::move(judge));
    return answer ? RefusalCode::usage : answer.error().code;
  }

  test::MemoryJournal journal_;
  ManualClock clock_;
  Process here_{journal_, clock_};
};

TEST_F(BatchTasks, stand_where_the_commit_stands) {
  ASSERT_TRUE(here_.run(moving(0)));
  ASSERT_TRUE(here_.run(moving(1)));
  EXPECT_EQ(stored(), 2u);
  EXPECT_EQ(refusal_of(here_, moving(1)), RefusalCode::stale_version);
}

TEST_F(BatchTasks, of_two_in_one_batch_the_second_sees_the_first) {
  Gate gate;
  here_.submit([&](BatchView&) -> Result<wire::Appended> {
    gate.pass();
    return refuse(RefusalCode::usage);
  });
  gate.wait_until_reached();
  const std::size_t first = here_.submit(moving(0));
  const std::size_t second = here_.submit(moving(0));
  gate.open();
  EXPECT_TRUE(here_.answers.wait(first));
  EXPECT_EQ(here_.answers.wait_refusal(second), RefusalCode::stale_version);
  EXPECT_EQ(stored(), 1u);
}

TEST_F(BatchTasks, that_were_rolled_back_never_were) {
  ASSERT_TRUE(here_.run(moving(0)));
  journal_.inject({test::MemoryJournal::Fault::fail});
  EXPECT_EQ(refusal_of(here_, moving(1)), RefusalCode::unavailable);
  std::uint64_t seen = 0;
  ASSERT_TRUE(here_.run(moving(1, &seen)));
  EXPECT_EQ(seen, 1u);
  EXPECT_EQ(stored(), 2u);
}

TEST_F(BatchTasks, of_a_commit_whose_answer_was_lost_are_found_as_they_are) {
  ASSERT_TRUE(here_.run(moving(0)));
  journal_.inject({test::MemoryJournal::Fault::lose_after_commit});
  EXPECT_EQ(refusal_of(here_, moving(1)), RefusalCode::unavailable);
  EXPECT_EQ(refusal_of(here_, moving(1)), RefusalCode::stale_version);
  ASSERT_TRUE(here_.run(moving(2)));
  journal_.inject({test::MemoryJournal::Fault::lose_before_commit});
  EXPECT_EQ(refusal_of(here_, moving(3)), RefusalCode::unavailable);
  ASSERT_TRUE(here_.run(moving(3)));
  EXPECT_EQ(stored(), 4u);
}

TEST_F(BatchTasks, that_another_process_moved_on_are_stale_here) {
  ASSERT_TRUE(here_.run(moving(0)));
  Process there{journal_, clock_};
  there.start();
  ASSERT_TRUE(there.run(moving(1)));
  EXPECT_EQ(refusal_of(here_, moving(1)), RefusalCode::stale_version);
  ASSERT_TRUE(here_.run(moving(2)));
  ASSERT_TRUE(there.run(moving(3)));
  EXPECT_EQ(stored(), 4u);
}

TEST_F(BatchTasks, are_there_after_a_restart) {
  ASSERT_TRUE(here_.run(moving(0)));
  here_.recorder.stop();
  Process again{journal_, clock_};
  again.start();
  EXPECT_EQ(refusal_of(again, moving(0)), RefusalCode::stale_version);
  ASSERT_TRUE(again.run(moving(1)));
}

}  // namespace
}  // namespace oberih::application
