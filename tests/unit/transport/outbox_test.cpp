// SPDX-License-Identifier: Apache-2.0
#include "server/transport/outbox.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace oberih::transport {
namespace {

/// A connection that sends when it is told to.
class OutboxTest : public testing::Test {
 protected:
  std::shared_ptr<Outbox> make(std::size_t limit) {
    return std::make_shared<Outbox>(
        limit, Outbox::Wiring{[this](Frame frame, std::function<void(bool)> done) {
                                EXPECT_FALSE(done_) << "two frames at once";
                                sent_.push_back(*frame);
                                done_ = std::move(done);
                              },
                              [this] { ++full_; }});
  }
  void finish(bool sent = true) {
    ASSERT_TRUE(done_);
    auto done = std::exchange(done_, nullptr);
    done(sent);
  }
  static Frame frame(std::string text) { return std::make_shared<const std::string>(text); }

  std::vector<std::string> sent_;
  std::function<void(bool)> done_;
  int full_ = 0;
};

TEST_F(OutboxTest, sends_one_frame_at_a_time_in_order) {
  auto outbox = make(1000);
  outbox->push_reply("1");
  outbox->push_reply("2");
  EXPECT_EQ(sent_, (std::vector<std::string>{"1"}));
  finish();
  EXPECT_EQ(sent_, (std::vector<std::string>{"1", "2"}));
  finish();
  EXPECT_EQ(outbox->waiting_bytes(), 0U);
}

TEST_F(OutboxTest, joins_batches_that_wait_side_by_side_but_never_across_a_reply) {
  auto outbox = make(1000);
  outbox->push_reply("first");
  outbox->push_batch(frame("[1]"));
  outbox->push_batch(frame("[2,3]"));
  outbox->push_reply("between");
  outbox->push_batch(frame("[4]"));
  for (int i = 0; i < 4; ++i) finish();
  EXPECT_EQ(sent_, (std::vector<std::string>{"first", "[1,2,3]", "between", "[4]"}));
}

TEST_F(OutboxTest, joins_up_to_64_kib_only) {
  auto outbox = make(1 << 20);
  outbox->push_reply("first");
  std::string large = "[\"" + std::string(40'000, 'x') + "\"]";
  outbox->push_batch(frame(large));
  outbox->push_batch(frame(large));
  finish();
  EXPECT_EQ(sent_.back(), large);
}

TEST_F(OutboxTest, is_closed_once_when_it_would_hold_more_than_its_limit) {
  auto outbox = make(10);
  outbox->push_reply("12345");
  outbox->push_reply("67890");
  EXPECT_EQ(full_, 0);
  outbox->push_reply("x");
  outbox->push_reply("y");
  EXPECT_EQ(full_, 1);
  finish();
  EXPECT_EQ(sent_.size(), 1U) << "what waited was dropped";
}

TEST_F(OutboxTest, grants_a_wish_for_room_when_room_is_there) {
  auto outbox = make(1000);
  int granted = 0;
  outbox->when_below(10, [&] { ++granted; });
  EXPECT_EQ(granted, 1) << "at once";
  outbox->push_reply(std::string(20, 'x'));
  outbox->push_reply(std::string(5, 'y'));
  outbox->when_below(10, [&] { ++granted; });
  EXPECT_EQ(granted, 1);
  finish();
  EXPECT_EQ(granted, 2);
  finish();
  EXPECT_EQ(granted, 2) << "once only";
}

TEST_F(OutboxTest, sends_nothing_more_after_a_failed_send) {
  auto outbox = make(1000);
  outbox->push_reply("1");
  outbox->push_reply("2");
  finish(false);
  outbox->push_reply("3");
  EXPECT_EQ(sent_.size(), 1U);
}

TEST_F(OutboxTest, batches_wait_for_a_flush) {
  auto outbox = make(1000);
  outbox->push_batch(frame("[1]"));
  outbox->push_batch(frame("[2]"));
  EXPECT_TRUE(sent_.empty());
  outbox->flush();
  EXPECT_EQ(sent_, (std::vector<std::string>{"[1,2]"}));
}

TEST(OutboxOfAFastPeer, does_not_nest_when_every_send_is_done_inside_the_call) {
  constexpr std::size_t count = 200'000;  // as many nested calls would overflow the stack
  std::size_t sent = 0, nested = 0, deepest = 0;
  auto outbox =
      std::make_shared<Outbox>(count * 2, Outbox::Wiring{[&](Frame, auto done) {
                                                           deepest = std::max(deepest, ++nested);
                                                           ++sent;
                                                           done(true);
                                                           --nested;
                                                         },
                                                         [] {}});
  std::function<void(bool)> first_done;
  bool is_first = true;
  auto slow_at_first = std::make_shared<Outbox>(
      count * 2, Outbox::Wiring{[&](Frame, std::function<void(bool)> done) {
                                  deepest = std::max(deepest, ++nested);
                                  ++sent;
                                  if (std::exchange(is_first, false))
                                    first_done = std::move(done);
                                  else
                                    done(true);
                                  --nested;
                                },
                                [] {}});
  for (std::size_t i = 0; i < count; ++i) slow_at_first->push_reply("1");
  EXPECT_EQ(sent, 1U);
  first_done(true);
  EXPECT_EQ(sent, count);
  outbox->push_reply("1");
  EXPECT_EQ(sent, count + 1);
  EXPECT_EQ(deepest, 1U);
}

}  // namespace
}  // namespace oberih::transport
