// SPDX-License-Identifier: Apache-2.0
#include "server/application/recorder.hpp"

#include <gtest/gtest.h>

#include "recording.hpp"

namespace oberih::application {
namespace {

using Fault = test::MemoryJournal::Fault;

class RecorderTest : public testing::Test {
 protected:
  /// Starts a process with one channel in the journal.
  Process& start(RecorderSettings settings = {}) {
    process_ = std::make_unique<Process>(journal_, clock_, std::move(settings));
    process_->start();
    EXPECT_TRUE(process_->run(creation(channel_, device_)));
    return *process_;
  }
  /// Holds the recorder's thread, so that what is submitted meanwhile waits together.
  std::unique_ptr<Gate> hold(Process& process) {
    auto gate = std::make_unique<Gate>();
    process.submit([&gate = *gate](BatchView&) -> Result<wire::Appended> {
      gate.pass();
      return refuse(RefusalCode::forbidden);
    });
    gate->wait_until_reached();
    return gate;
  }

  test::MemoryJournal journal_;
  ManualClock clock_;
  const ChannelId channel_ = crypto::random_id<ChannelId>();
  const DeviceId device_ = crypto::random_id<DeviceId>();
  std::unique_ptr<Process> process_;
};

using Recording = RecorderTest;

TEST_F(Recording, commits_what_waits_in_one_batch_and_answers_in_order) {
  Process& process = start();
  auto gate = hold(process);
  const std::size_t batches = journal_.batches();
  std::vector<std::size_t> numbers;
  for (int i = 0; i < 10; ++i) numbers.push_back(process.submit(posting(channel_, device_)));
  gate->open();
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    auto answer = process.answers.wait(numbers[i]);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->channel_seq, 2 + i);
    EXPECT_EQ(answer->index, 1 + i);
  }
  EXPECT_EQ(journal_.batches(), batches + 1);
  EXPECT_EQ(process.newest_seq(channel_), 11u);
  const std::vector<std::size_t> order = process.answers.order();
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
  process.recorder.stop();
  EXPECT_EQ(process.listener.channel_sequences(),
            (std::vector<std::uint64_t>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}));
}

TEST_F(Recording, bounds_a_batch_by_rows_and_bytes) {
  RecorderSettings settings;
  settings.batch_rows = 4;
  settings.batch_bytes = 1'000;
  Process& process = start(settings);
  auto gate = hold(process);
  const std::size_t batches = journal_.batches();
  std::size_t last = 0;
  for (int i = 0; i < 8; ++i) last = process.submit(posting(channel_, device_));
  for (int i = 0; i < 2; ++i) last = process.submit(posting(channel_, device_), 900);
  gate->open();
  EXPECT_TRUE(process.answers.wait(last));
  EXPECT_EQ(journal_.batches(), batches + 4);
}

TEST_F(Recording, a_refused_unit_leaves_no_trace) {
  Process& process = start();
  auto gate = hold(process);
  const std::size_t first = process.submit(posting(channel_, device_));
  const std::size_t refused = process.submit(refusing(RefusalCode::wrong_epoch));
  const std::size_t last = process.submit(posting(channel_, device_));
  gate->open();
  EXPECT_EQ(process.answers.wait_refusal(refused), RefusalCode::wrong_epoch);
  EXPECT_EQ(process.answers.wait(first)->channel_seq, 2u);
  EXPECT_EQ(process.answers.wait(last)->channel_seq, 3u);
}

TEST_F(Recording, one_reused_message_id_never_spoils_its_neighbours) {
  Process& process = start();
  const MessageId id = crypto::random_id<MessageId>();
  ASSERT_TRUE(process.run(posting(channel_, device_, id)));
  auto gate = hold(process);
  const std::size_t batches = journal_.batches();
  const std::size_t before = process.submit(posting(channel_, device_));
  const std::size_t bad = process.submit(posting(channel_, device_, id));
  const std::size_t after = process.submit(posting(channel_, device_));
  gate->open();
  EXPECT_EQ(process.answers.wait(before)->channel_seq, 3u);
  EXPECT_EQ(process.answers.wait_refusal(bad), RefusalCode::message_id_reused);
  EXPECT_EQ(process.answers.wait(after)->channel_seq, 4u);
  EXPECT_EQ(journal_.rows().size(), 4u);
  EXPECT_EQ(journal_.batches(), batches + 1) << "nobody else pays with a commit";
}

TEST_F(Recording, one_unit_that_throws_never_spoils_its_neighbours) {
  Process& process = start();
  auto gate = hold(process);
  const std::size_t before = process.submit(posting(channel_, device_));
  const std::size_t bad = process.submit(
      [](BatchView&) -> Result<wire::Appended> { throw std::runtime_error("no connection"); });
  const std::size_t after = process.submit(posting(channel_, device_));
  gate->open();
  EXPECT_EQ(process.answers.wait(before)->channel_seq, 2u);
  EXPECT_EQ(process.answers.wait_refusal(bad), RefusalCode::unavailable);
  EXPECT_EQ(process.answers.wait(after)->channel_seq, 3u);
}

TEST_F(Recording, runs_each_unit_alone_after_a_failed_commit) {
  Process& process = start();
  auto gate = hold(process);
  journal_.inject({Fault::fail, Fault::none, Fault::fail, Fault::none});
  const std::size_t a = process.submit(posting(channel_, device_));
  const std::size_t b = process.submit(posting(channel_, device_));
  const std::size_t c = process.submit(posting(channel_, device_));
  gate->open();
  EXPECT_EQ(process.answers.wait(a)->channel_seq, 2u);
  EXPECT_EQ(process.answers.wait_refusal(b), RefusalCode::unavailable);
  EXPECT_EQ(process.answers.wait(c)->channel_seq, 3u);
}

TEST_F(Recording, stops_trying_alone_when_nothing_succeeds) {
  Process& process = start();
  auto gate = hold(process);
  journal_.inject({Fault::fail, Fault::fail, Fault::fail, Fault::fail});
  std::vector<std::size_t> numbers;
  for (int i = 0; i < 6; ++i) numbers.push_back(process.submit(posting(channel_, device_)));
  gate->open();
  for (std::size_t number : numbers)
    EXPECT_EQ(process.answers.wait_refusal(number), RefusalCode::unavailable);
  EXPECT_EQ(process.run(posting(channel_, device_))->channel_seq, 2u);
}

TEST_F(Recording, a_creation_that_was_rolled_back_never_existed) {
  Process& process = start();
  const ChannelId other = crypto::random_id<ChannelId>();
  journal_.inject({Fault::fail});
  EXPECT_FALSE(process.run(creation(other, device_)));
  EXPECT_FALSE(process.view.find_channel(other));
  EXPECT_EQ(process.run(creation(other, device_))->channel_seq, 1u);
}

TEST_F(Recording, takes_in_a_commit_whose_answer_was_lost) {
  Process& process = start();
  journal_.inject({Fault::lose_after_commit});
  EXPECT_EQ(process.answers.wait_refusal(process.submit(posting(channel_, device_))),
            RefusalCode::unavailable);
  EXPECT_EQ(process.run(posting(channel_, device_))->channel_seq, 3u);
  process.recorder.stop();
  EXPECT_EQ(process.listener.channel_sequences(), (std::vector<std::uint64_t>{1, 2, 3}));
}

TEST_F(Recording, forgets_a_commit_that_did_not_happen) {
  Process& process = start();
  journal_.inject({Fault::lose_before_commit});
  EXPECT_EQ(process.answers.wait_refusal(process.submit(posting(channel_, device_))),
            RefusalCode::unavailable);
  EXPECT_EQ(process.run(posting(channel_, device_))->channel_seq, 2u);
  EXPECT_EQ(journal_.rows().size(), 2u);
}

TEST_F(Recording, answers_unavailable_until_an_unknown_outcome_is_known) {
  Process& process = start();
  journal_.inject({Fault::lose_after_commit});
  journal_.set_away(true);
  process.submit(posting(channel_, device_));
  EXPECT_EQ(process.answers.wait_refusal(process.submit(posting(channel_, device_))),
            RefusalCode::unavailable);
  EXPECT_EQ(process.newest_seq(channel_), 1u);
  journal_.set_away(false);
  Result<wire::Appended> answer = refuse(RefusalCode::unavailable);
  while (!answer) answer = process.run(posting(channel_, device_));
  EXPECT_EQ(answer->channel_seq, journal_.rows().size());
}

TEST_F(Recording, catches_up_when_another_process_has_written) {
  Process& process = start();
  ASSERT_TRUE(process.run(posting(channel_, device_)));
  const ChannelId other = crypto::random_id<ChannelId>();
  {
    Process second(journal_, clock_);
    second.start();
    EXPECT_EQ(second.run(posting(channel_, device_))->channel_seq, 3u);
    EXPECT_EQ(second.run(creation(other, device_))->channel_seq, 1u);
  }
  // Without waiting for a look: the head row tells.
  EXPECT_EQ(process.run(posting(channel_, device_))->channel_seq, 4u);
  EXPECT_EQ(process.newest_seq(other), 1u);
  EXPECT_TRUE(process.view.find_member(channel_, device_, 0) == std::nullopt);  // not certified
  const std::vector<CommittedBatch> batches = process.listener.batches();
  bool moved = false;
  for (const CommittedBatch& batch : batches)
    for (const ChannelId& channel : batch.moved_channels) moved |= channel == channel_;
  EXPECT_TRUE(moved);
  // The chain goes on from what the other process wrote.
  EXPECT_EQ(process.store.load_sender_head(channel_, device_).sender_seq, 3u);
}

TEST_F(Recording, refuses_nothing_because_it_missed_what_another_process_wrote) {
  Process& process = start();
  ASSERT_TRUE(process.run(posting(channel_, device_)));
  {
    Process second(journal_, clock_);
    second.start();
    ASSERT_TRUE(second.run(posting(channel_, device_)));
  }
  // The third of its chain: whoever knows the first one only would call the chain broken.
  const TestUnit::Judge post = posting(channel_, device_);
  const auto third = process.run([&](BatchView& batch) -> Result<wire::Appended> {
    if (batch.load_sender(channel_, device_).sender_seq != 2)
      return refuse(RefusalCode::sender_chain_broken);
    return post(batch);
  });
  ASSERT_TRUE(third) << third.error().detail;
  EXPECT_EQ(third->channel_seq, 4u);
}

TEST_F(Recording, notices_by_itself_what_another_process_wrote) {
  RecorderSettings settings;
  settings.poll_ms = 5;
  Process& process = start(settings);
  {
    Process second(journal_, clock_);
    second.start();
    ASSERT_TRUE(second.run(posting(channel_, device_)));
  }
  while (process.newest_seq(channel_) < 2) {
    clock_.pass(10);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  EXPECT_EQ(process.view.size(), 2u);
}

TEST_F(Recording, asks_the_store_once_for_a_checkpoint_that_everybody_quotes) {
  Process& process = start();
  const Digest root = crypto::random_id<Digest>();
  test::MemoryStore(journal_).store_checkpoint({1, root, "a note"});
  const auto quotes = [&](const Digest& quoted) {
    bool is_signed = false;
    EXPECT_FALSE(process.run([&](BatchView& batch) -> Result<wire::Appended> {
      is_signed = batch.is_signed_checkpoint(1, quoted);
      return refuse(RefusalCode::forbidden);
    }));
    return is_signed;
  };
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(quotes(root));
  EXPECT_FALSE(quotes(Digest{}));
  EXPECT_EQ(journal_.checkpoint_root_reads(), 1u);
}

TEST_F(Recording, refuses_at_once_when_the_queue_is_full) {
  RecorderSettings settings;
  settings.queue_units = 3;
  Process& process = start(settings);
  auto gate = hold(process);
  for (int i = 0; i < 3; ++i) process.submit(posting(channel_, device_));
  const std::size_t fourth = process.submit(posting(channel_, device_));
  EXPECT_EQ(process.answers.wait_refusal(fourth), RefusalCode::server_busy);
  gate->open();
  EXPECT_TRUE(process.answers.wait(fourth - 1));
}

TEST_F(Recording, writes_what_waits_before_it_stops_and_nothing_after) {
  Process& process = start();
  auto gate = hold(process);
  const std::size_t waiting = process.submit(posting(channel_, device_));
  std::thread stopper([&] { process.recorder.stop(); });
  gate->open();
  stopper.join();
  EXPECT_TRUE(process.answers.wait(waiting));
  EXPECT_EQ(process.answers.wait_refusal(process.submit(posting(channel_, device_))),
            RefusalCode::unavailable);
}

TEST_F(Recording, goes_on_from_a_stored_journal) {
  ASSERT_TRUE(start().run(posting(channel_, device_)));
  process_->recorder.stop();
  Process second(journal_, clock_);
  second.start();
  EXPECT_EQ(second.newest_seq(channel_), 2u);
  auto answer = second.run(posting(channel_, device_));
  EXPECT_EQ(answer->channel_seq, 3u);
  EXPECT_EQ(second.store.load_sender_head(channel_, device_).sender_seq, 2u);
}

TEST_F(Recording, refuses_to_start_on_a_head_row_that_does_not_fit) {
  ASSERT_TRUE(start().run(posting(channel_, device_)));
  process_->recorder.stop();
  JournalHead head = test::MemoryStore(journal_).load_head();
  head.directory_count = 5;
  journal_.overwrite_head(head);
  Process second(journal_, clock_);
  auto started = second.recorder.start();
  ASSERT_FALSE(started);
  EXPECT_NE(started.error().detail.find("contradicts itself"), std::string::npos);
}

TEST_F(Recording, writes_nothing_while_the_clock_has_stepped) {
  Process& process = start();
  clock_.wall_ms += 6 * 60 * 1000;
  EXPECT_EQ(process.answers.wait_refusal(process.submit(posting(channel_, device_))),
            RefusalCode::clock_unreliable);
  EXPECT_FALSE(process.recorder.is_clock_reliable());
  clock_.wall_ms -= 6 * 60 * 1000;
  EXPECT_EQ(process.answers.wait_refusal(process.submit(posting(channel_, device_))),
            RefusalCode::clock_unreliable);
  process.recorder.confirm_clock();
  while (!process.recorder.is_clock_reliable())
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  EXPECT_TRUE(process.run(posting(channel_, device_)));
}

TEST_F(Recording, never_lets_the_journals_time_fall) {
  Process& process = start();
  clock_.pass(10'000);
  const Milliseconds first = process.run(posting(channel_, device_))->server_ms;
  clock_.wall_ms -= 5'000;  // a step that is permitted
  EXPECT_EQ(process.run(posting(channel_, device_))->server_ms, first);
}

}  // namespace
}  // namespace oberih::application
