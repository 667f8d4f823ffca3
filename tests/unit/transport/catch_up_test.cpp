// SPDX-License-Identifier: Apache-2.0
#include "server/transport/catch_up.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "tests/unit/application/recording.hpp"

namespace oberih::transport {
namespace {

constexpr std::size_t plenty = 1'000'000;

/// Answers when it is told to, and remembers who asked for which channel.
class HeldReader final : public application::JournalReader {
 public:
  using Done = std::function<void(Result<wire::ItemPage>)>;

  void read_channel(const domain::Origin&, const ChannelId& channel, std::uint64_t, std::uint32_t,
                    bool, Done done) override {
    asked_.push_back(channel);
    done_ = std::move(done);
  }
  void read_directory(const domain::Origin&, std::uint64_t, std::uint32_t,
                      std::function<void(Result<wire::DirectoryPage>)>) override {}
  void read_name_cards(const domain::Origin&, std::vector<DeviceId>,
                       std::function<void(Result<wire::NameCards>)>) override {}
  void find_entries(const domain::Origin&, const DeviceId&, const ChannelId&,
                    std::vector<MessageId>,
                    std::function<void(Result<wire::FoundEntries>)>) override {}
  void read_receipts(const domain::Origin&, const ChannelId&, std::uint64_t, const DeviceId&,
                     std::function<void(Result<wire::ReceiptPage>)>) override {}
  void read_alerts(const domain::Origin&, const AgencyId&, std::vector<UnitId>, std::uint64_t,
                   std::uint32_t, std::function<void(Result<wire::AlertPage>)>) override {}
  void read_tile(const domain::Origin&, std::uint64_t, const journal::TileAddress&,
                 std::function<void(Result<Bytes>)>) override {}
  void read_leaf(const domain::Origin&, std::uint64_t,
                 std::function<void(Result<Bytes>)>) override {}
  void find_leaves(const domain::Origin&, application::AuditWish,
                   std::function<void(Result<wire::AuditPage>)>) override {}
  void read_proofs(const domain::Origin&, std::vector<application::ProofWish>,
                   std::function<void(Result<std::vector<journal::ProofPath>>)>) override {}

  const std::vector<ChannelId>& asked() const { return asked_; }
  void answer(wire::ItemPage page) { std::exchange(done_, nullptr)(std::move(page)); }

 private:
  std::vector<ChannelId> asked_;
  Done done_;
};

class CatchUpTest : public testing::Test {
 protected:
  ~CatchUpTest() override {
    catch_up_->stop();
    loop_.stop();
    loop_.join();
  }

  static ChannelId channel(std::uint8_t number) { return ChannelId{{number}}; }
  SubscriptionPointer subscription(std::uint8_t number) {
    return std::make_shared<Subscription>(channel(number), DeviceId{}, 0, outbox_);
  }

  test::MemoryJournal journal_;
  application::ManualClock clock_;
  application::Process process_{journal_, clock_};
  HeldReader reader_;
  application::PoliciesInForce policies_;
  application::Services services_{process_.view, reader_,   process_.recorder,
                                  clock_,        policies_, "test"};
  socket::EventLoop loop_{1};
  std::shared_ptr<Outbox> outbox_ = std::make_shared<Outbox>(
      1 << 20,
      Outbox::Wiring{[](Frame, const std::function<void(bool)>& done) { done(true); }, [] {}});
  RateLimits limits_{plenty, plenty, plenty, plenty, plenty, plenty, plenty, plenty};
  std::shared_ptr<RateLimiter> limiter_ =
      std::make_shared<RateLimiter>(limits_, std::make_shared<AgencyLimiter>(limits_));
  std::shared_ptr<CatchUp> catch_up_ =
      std::make_shared<CatchUp>(loop_, services_, domain::Origin{}, outbox_, limiter_);
};

TEST_F(CatchUpTest, reads_one_page_at_a_time) {
  catch_up_->add(subscription(1));
  catch_up_->add(subscription(2));
  EXPECT_EQ(reader_.asked(), (std::vector{channel(1)}));
  EXPECT_EQ(catch_up_->waiting_count(), 1U);
}

TEST_F(CatchUpTest, who_follows_and_unfollows_in_a_loop_leaves_nothing_waiting) {
  catch_up_->add(subscription(1));  // its page never comes
  for (int i = 0; i < 1'000; ++i) {
    const auto each = subscription(2);
    catch_up_->add(each);
    each->end();
    catch_up_->remove(each);
  }
  EXPECT_EQ(catch_up_->waiting_count(), 0U);
}

TEST_F(CatchUpTest, any_number_that_ended_while_waiting_is_passed_over) {
  catch_up_->add(subscription(1));
  for (int i = 0; i < 200'000; ++i) {
    const auto each = subscription(2);
    catch_up_->add(each);
    each->end();
  }
  catch_up_->add(subscription(3));
  reader_.answer({});  // not a member: it ends, and the next one's turn comes
  EXPECT_EQ(reader_.asked(), (std::vector{channel(1), channel(3)}));
  EXPECT_EQ(catch_up_->waiting_count(), 0U);
}

TEST_F(CatchUpTest, a_device_that_has_read_too_much_waits_for_its_pages) {
  // Twice two seconds' worth: what is owed is bounded, and paid after two seconds.
  limiter_->charge_read(4 * plenty, std::chrono::steady_clock::now());
  catch_up_->add(subscription(1));
  EXPECT_TRUE(reader_.asked().empty());
}

}  // namespace
}  // namespace oberih::transport
