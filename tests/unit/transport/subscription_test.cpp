// SPDX-License-Identifier: Apache-2.0
#include "server/transport/subscription.hpp"

#include <gtest/gtest.h>

namespace oberih::transport {
namespace {

using Next = Subscription::Next;

class SubscriptionTest : public testing::Test {
 protected:
  static ItemFrame items(std::uint64_t first, std::uint64_t last) {
    return {
        first, last,
        std::make_shared<const std::string>("[" + std::to_string(first) + "-" +
                                            std::to_string(last) + "]")};
  }
  Subscription following(std::uint64_t after_seq) {
    return Subscription({}, {}, after_seq, outbox_);
  }

  const std::vector<std::string>& sent() {
    outbox_->flush();
    return sent_;
  }

  std::vector<std::string> sent_;
  std::shared_ptr<Outbox> outbox_ = std::make_shared<Outbox>(
      1 << 20, Outbox::Wiring{[this](Frame frame, std::function<void(bool)> done) {
                                sent_.push_back(*frame);
                                done(true);
                              },
                              [] {}});
};

TEST_F(SubscriptionTest, who_has_all_gets_live_items_at_once) {
  auto subscription = following(7);
  EXPECT_EQ(subscription.begin(7), Next::nothing);
  EXPECT_EQ(subscription.deliver(items(8, 9)), Next::nothing);
  EXPECT_EQ(sent(), (std::vector<std::string>{"[8-9]"}));
}

TEST_F(SubscriptionTest, who_was_away_gets_pages_and_then_live_items_without_a_gap) {
  auto subscription = following(0);
  EXPECT_EQ(subscription.begin(3), Next::read_page);
  EXPECT_EQ(subscription.begin_page(), 0U);
  EXPECT_EQ(subscription.deliver(items(4, 5)), Next::nothing) << "not buffered, only noted";
  EXPECT_EQ(subscription.take_page({items(1, 3)}, 3), Next::read_page);
  EXPECT_EQ(subscription.begin_page(), 3U);
  EXPECT_EQ(subscription.take_page({items(4, 5)}, 5), Next::nothing);
  EXPECT_EQ(subscription.deliver(items(6, 6)), Next::nothing);
  EXPECT_EQ(sent(), (std::vector<std::string>{"[1-3,4-5,6-6]"}));
}

TEST_F(SubscriptionTest, a_page_that_was_ahead_of_the_commits_news_brings_nothing_twice) {
  auto subscription = following(0);
  EXPECT_EQ(subscription.begin(1), Next::read_page);
  EXPECT_EQ(subscription.take_page({items(1, 4)}, 4), Next::nothing);
  EXPECT_EQ(subscription.deliver(items(2, 4)), Next::nothing);
  EXPECT_EQ(subscription.deliver(items(5, 5)), Next::nothing);
  EXPECT_EQ(sent(), (std::vector<std::string>{"[1-4,5-5]"}));
}

TEST_F(SubscriptionTest, a_frame_that_does_not_continue_is_read_again_from_the_journal) {
  auto subscription = following(2);
  EXPECT_EQ(subscription.begin(2), Next::nothing);
  EXPECT_EQ(subscription.deliver(items(5, 6)), Next::read_page);
  EXPECT_EQ(subscription.deliver(items(7, 7)), Next::nothing);
  EXPECT_EQ(subscription.begin_page(), 2U);
  EXPECT_EQ(subscription.take_page({items(3, 7)}, 7), Next::nothing);
  EXPECT_EQ(sent(), (std::vector<std::string>{"[3-7]"}));
}

TEST_F(SubscriptionTest, a_channel_moved_on_by_another_process_is_read_again) {
  auto subscription = following(2);
  EXPECT_EQ(subscription.begin(2), Next::nothing);
  EXPECT_EQ(subscription.note_moved(), Next::read_page);
  EXPECT_EQ(subscription.begin_page(), 2U);
  EXPECT_EQ(subscription.note_moved(), Next::nothing) << "a page is being read";
  EXPECT_EQ(subscription.take_page({items(3, 3)}, 3), Next::read_page) << "it moved meanwhile";
  EXPECT_EQ(subscription.begin_page(), 3U);
  EXPECT_EQ(subscription.take_page({}, 3), Next::nothing);
}

TEST_F(SubscriptionTest, says_its_last_words_once_and_nothing_after) {
  auto subscription = following(0);
  EXPECT_EQ(subscription.begin(0), Next::nothing);
  EXPECT_TRUE(subscription.end(items(0, 0).frame));
  EXPECT_FALSE(subscription.end(items(0, 0).frame));
  EXPECT_EQ(subscription.deliver(items(1, 1)), Next::nothing);
  EXPECT_EQ(sent(), (std::vector<std::string>{"[0-0]"}));
}

}  // namespace
}  // namespace oberih::transport
