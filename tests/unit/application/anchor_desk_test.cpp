// SPDX-License-Identifier: Apache-2.0
#include "server/application/anchor_desk.hpp"

#include <gtest/gtest.h>

#include "recording.hpp"
#include "tests/support/test_issuer.hpp"

namespace oberih::application {
namespace {

/// Honest unless it is told otherwise.
class FakeAuthority final : public TimestampLink {
 public:
  enum class Conduct { honest, away, silent, old_answer, other_imprint, stranger, nonsense };

  void stamp(const Bytes& request, Done done) override {
    ++asked;
    switch (conduct) {
      case Conduct::away:
        return done(refuse(RefusalCode::not_connected, "The authority is away."));
      case Conduct::silent:
        waiting.push_back(std::move(done));
        return;
      case Conduct::old_answer:
        return done(authority.answer(crypto::make_timestamp_request(imprint)));
      case Conduct::other_imprint:
        return done(authority.answer(crypto::make_timestamp_request(crypto::random_id<Digest>())));
      case Conduct::stranger:
        return done(stranger.answer(request));
      case Conduct::nonsense:
        return done(Bytes(300, 0x30));
      case Conduct::honest:
        break;
    }
    done(authority.answer(request));
  }

  Conduct conduct = Conduct::honest;
  Digest imprint;  // for old_answer: the right one, in another request
  unsigned asked = 0;
  std::vector<Done> waiting;
  test::TestIssuer issuer{"Test root"};
  test::TestIssuer other_issuer{"Test root"};
  test::TestTimeAuthority authority{issuer};
  test::TestTimeAuthority stranger{other_issuer};
};
using Conduct = FakeAuthority::Conduct;

class MemoryAnchors final : public AnchorArchive {
 public:
  explicit MemoryAnchors(test::MemoryJournal& journal) : journal_(journal) {}
  std::optional<Bytes> load_newest_anchor() override {
    if (is_away) throw std::runtime_error("away");
    std::optional<Bytes> newest;
    for (const JournalRow& row : journal_.rows())
      if (journal::parse_leaf(row.leaf)->kind == journal::LeafKind::timestamp_token)
        newest = row.leaf;
    return newest;
  }
  Milliseconds load_signed_ms(std::uint64_t above_size) override {
    const auto found = signed_ms.upper_bound(above_size);
    return found == signed_ms.end() ? 0 : found->second;
  }
  std::map<std::uint64_t, Milliseconds> signed_ms;
  bool is_away = false;

 private:
  test::MemoryJournal& journal_;
};

class Anchoring : public testing::Test {
 protected:
  void SetUp() override {
    process_.start();
    desk_.resume(archive_);
  }
  std::unique_ptr<AnchorDesk> make_desk() {
    AnchorDeskSettings settings;
    settings.interval_ms = interval_ms;
    settings.first_pause_ms = 2'000;
    settings.longest_pause_ms = 10'000;
    settings.answer_ms = answer_ms_;
    return std::make_unique<AnchorDesk>(process_.view, process_.recorder, link_, clock_, clock_,
                                        link_.issuer.pem(), settings,
                                        [this](const AnchorNews& each) { news_.push_back(each); });
  }
  journal::Checkpoint checkpoint_of(std::uint64_t size) const {
    journal::Checkpoint checkpoint{"journal.test", size, {}, 1, {}};
    checkpoint.root.bytes.fill(static_cast<std::uint8_t>(size));
    checkpoint.directory_leaf.bytes.fill(1);
    return checkpoint;
  }
  void sign(std::uint64_t size) {
    const journal::Checkpoint checkpoint = checkpoint_of(size);
    archive_.signed_ms[size] = clock_.now_ms();
    process_.view.publish(SignedCheckpoint{
        size, checkpoint.root,
        journal::sign_checkpoint(checkpoint, {"journal.test", crypto::Signer(keys_.secret_key)})});
    link_.imprint = sealing::anchored_hash(checkpoint);
  }
  void pass(std::uint64_t ms) {
    clock_.pass(ms);
    link_.authority.now_s = static_cast<std::time_t>(clock_.now_ms() / 1000);
  }
  /// Those that stand in the journal.
  std::vector<sealing::AnchorLeaf> anchors() const {
    std::vector<sealing::AnchorLeaf> found;
    for (const JournalRow& row : journal_.rows()) {
      const auto leaf = journal::parse_leaf(row.leaf);
      if (leaf->kind == journal::LeafKind::timestamp_token)
        found.push_back(sealing::parse_anchor_leaf(leaf->body).value());
    }
    return found;
  }
  AnchoredHead head() const { return process_.view.anchored().value(); }
  /// The next try, after whatever pause; nothing of the refused one is in the journal.
  void expect_refused(Conduct conduct) {
    sign(5);
    link_.conduct = conduct;
    EXPECT_TRUE(desk_.look());
    EXPECT_TRUE(anchors().empty());
    ASSERT_EQ(news_.size(), 1U);
    EXPECT_FALSE(news_[0].is_anchored);
    link_.conduct = Conduct::honest;
    pass(10'000);
    EXPECT_TRUE(desk_.look());
    EXPECT_EQ(anchors().size(), 1U) << "the control";
  }

  static constexpr std::uint64_t interval_ms = 3'600'000;
  std::uint64_t answer_ms_ = 20'000;
  ManualClock clock_;
  test::MemoryJournal journal_;
  Process process_{journal_, clock_};
  FakeAuthority link_;
  MemoryAnchors archive_{journal_};
  crypto::SignatureKeyPair keys_ = crypto::generate_signature_keys();
  std::vector<AnchorNews> news_;
  std::unique_ptr<AnchorDesk> made_ = make_desk();
  AnchorDesk& desk_ = *made_;
};

TEST_F(Anchoring, newest_checkpoint_is_stamped_and_its_token_stands_in_the_journal) {
  EXPECT_FALSE(desk_.look()) << "nothing is signed yet";
  sign(5);
  ASSERT_TRUE(desk_.look());
  ASSERT_EQ(anchors().size(), 1U);
  const auto stamped = sealing::verify_anchor(anchors()[0], checkpoint_of(5), link_.issuer.pem());
  ASSERT_TRUE(stamped) << stamped.error().detail;
  EXPECT_EQ(stamped->at_ms, clock_.now_ms());
  EXPECT_EQ(head().size, 5U);
  EXPECT_EQ(head().at_ms, clock_.now_ms());
  EXPECT_EQ(head().unanchored_ms, 0U);
}

TEST_F(Anchoring, one_token_an_interval_and_none_where_nothing_is_new) {
  sign(5);
  ASSERT_TRUE(desk_.look());
  sign(6);
  EXPECT_FALSE(desk_.look());
  pass(interval_ms - 1);
  EXPECT_FALSE(desk_.look());
  pass(1);
  EXPECT_TRUE(desk_.look());
  EXPECT_EQ(anchors().back().size, 6U);
  pass(interval_ms);
  EXPECT_FALSE(desk_.look()) << "that one is stamped already";
  EXPECT_EQ(link_.asked, 2U);
}

TEST_F(Anchoring, authority_that_is_away_is_asked_less_often_and_then_stamps_what_is_newest) {
  sign(5);
  const Milliseconds since = clock_.now_ms();
  link_.conduct = Conduct::away;
  EXPECT_TRUE(desk_.look());
  EXPECT_FALSE(desk_.look()) << "it has its pause";
  for (const std::uint64_t pause : {2'000, 4'000, 8'000, 10'000, 10'000}) {
    pass(pause - 1);
    EXPECT_FALSE(desk_.look()) << pause;
    pass(1);
    sign(6 + pause / 1'000);
    EXPECT_TRUE(desk_.look()) << pause;
  }
  EXPECT_EQ(news_.size(), 1U) << "the same reason is told once";
  EXPECT_EQ(head().size, 0U);
  EXPECT_EQ(head().unanchored_ms, since) << "since the oldest that waits";
  link_.conduct = Conduct::honest;
  pass(10'000);
  sign(40);
  EXPECT_TRUE(desk_.look());
  ASSERT_EQ(anchors().size(), 1U) << "nothing is made up for";
  EXPECT_EQ(anchors()[0].size, 40U);
  EXPECT_EQ(head().unanchored_ms, 0U);
  sign(41);
  EXPECT_FALSE(desk_.look());
  EXPECT_EQ(head().unanchored_ms, 0U) << "not due yet";
}

TEST_F(Anchoring, answer_to_another_request_is_refused) { expect_refused(Conduct::old_answer); }
TEST_F(Anchoring, token_over_another_imprint_is_refused) { expect_refused(Conduct::other_imprint); }
TEST_F(Anchoring, authority_under_another_certificate_is_refused) {
  expect_refused(Conduct::stranger);
}
TEST_F(Anchoring, nonsense_is_refused) { expect_refused(Conduct::nonsense); }

TEST_F(Anchoring, restart_goes_on_where_the_journals_newest_token_ends) {
  sign(5);
  ASSERT_TRUE(desk_.look());
  const Milliseconds stamped_ms = clock_.now_ms();
  pass(interval_ms / 2);
  sign(6);
  process_.view.publish(AnchoredHead{});
  auto restarted = make_desk();
  restarted->resume(archive_);
  EXPECT_EQ(head().size, 5U);
  EXPECT_EQ(head().at_ms, stamped_ms);
  EXPECT_FALSE(restarted->look()) << "half an interval is left";
  pass(interval_ms / 2);
  EXPECT_TRUE(restarted->look());
  EXPECT_EQ(anchors().size(), 2U);
}

TEST_F(Anchoring, restart_while_a_token_is_overdue_says_since_when) {
  sign(5);
  ASSERT_TRUE(desk_.look());
  pass(1'000);
  sign(6);
  const Milliseconds since = clock_.now_ms();
  pass(2 * interval_ms);
  sign(7);
  link_.conduct = Conduct::away;
  auto restarted = make_desk();
  restarted->resume(archive_);
  EXPECT_TRUE(restarted->look());
  EXPECT_EQ(head().unanchored_ms, since);
}

TEST_F(Anchoring, journal_that_cannot_be_read_at_the_start_stops_nothing) {
  archive_.is_away = true;
  auto restarted = make_desk();
  restarted->resume(archive_);
  ASSERT_EQ(news_.size(), 1U);
  EXPECT_EQ(news_[0].reason, "away");
  sign(5);
  EXPECT_TRUE(restarted->look());
  EXPECT_EQ(anchors().size(), 1U);
}

TEST_F(Anchoring, authority_that_never_answers_is_given_up_and_holds_nobody_who_stops) {
  answer_ms_ = 1;
  auto impatient = make_desk();
  impatient->resume(archive_);
  sign(5);
  link_.conduct = Conduct::silent;
  EXPECT_TRUE(impatient->look());
  ASSERT_EQ(news_.size(), 1U);
  EXPECT_EQ(news_[0].reason, "The authority does not answer.");
  link_.waiting[0](Bytes(3, 1));  // too late: nobody looks any more
  EXPECT_TRUE(anchors().empty());

  answer_ms_ = 3'600'000;
  auto patient = make_desk();
  patient->start(archive_);
  while (link_.asked < 2) std::this_thread::yield();
  patient->stop();  // returns
  EXPECT_TRUE(anchors().empty());
}

}  // namespace
}  // namespace oberih::application
