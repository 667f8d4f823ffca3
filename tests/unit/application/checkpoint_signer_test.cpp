// SPDX-License-Identifier: Apache-2.0
#include "server/application/checkpoint_signer.hpp"

#include <gtest/gtest.h>

#include <future>

#include "recording.hpp"
#include "server/application/append_directory.hpp"
#include "server/application/checkpoint_file.hpp"

namespace oberih::application {
namespace {

class MemoryArchive final : public CheckpointArchive {
 public:
  void write(const std::string& text) override {
    if (is_full) throw std::runtime_error("no space left");
    note = text;
  }
  std::optional<std::string> read() override { return note; }
  std::optional<std::string> note;
  bool is_full = false;
};

class Signing : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(append(genesis()));
    working_ = std::make_unique<WorkingState>();
    ASSERT_TRUE(working_->load(store_));
  }

  Result<wire::Appended> append(const wire::DirectoryAppend& leaf) {
    Process process(journal_, clock_);
    process.start();
    std::promise<Result<wire::Appended>> appended;
    append_directory_leaf(process.recorder, {}, leaf, [&](Result<wire::Appended> result) {
      appended.set_value(std::move(result));
    });
    return appended.get_future().get();
  }
  /// Signed by the only root, and by the new journal key where there is one.
  wire::DirectoryAppend governance(sealing::Governance governance,
                                   const crypto::Signer* new_key = nullptr) const {
    governance.previous = working_->directory()->governance_head();
    sealing::SignedGovernance change{sealing::encode_governance_content(governance), {}, {}};
    change.signatures = {{working_->directory()->agencies().begin()->first,
                          crypto::Signer(root_.secret_key).sign("governance", change.content)}};
    if (new_key != nullptr) change.new_key_signature = new_key->sign("governance", change.content);
    return {journal::LeafKind::governance, sealing::encode_governance_body(change), {}};
  }

  wire::DirectoryAppend genesis() const {
    sealing::Genesis genesis;
    genesis.origin = "journal.test";
    genesis.journal_key = keys_.public_key;
    genesis.server_spki = crypto::random_id<Digest>();
    genesis.governance_quorum = 1;
    genesis.agencies = {
        {crypto::random_id<AgencyId>(), AgencyKind::police, "Police", root_.public_key}};
    sealing::SignedGenesis signed_genesis{sealing::encode_genesis_content(genesis), {}};
    signed_genesis.signatures = {
        {genesis.agencies[0].id,
         crypto::Signer(root_.secret_key).sign("genesis", signed_genesis.content)}};
    return {journal::LeafKind::genesis, sealing::encode_genesis_body(signed_genesis), {}};
  }
  journal::NoteSigner note_signer() const {
    return {"journal.test", crypto::Signer(keys_.secret_key)};
  }
  CheckpointSigner make_signer() { return {note_signer(), archive_, clock_, 900}; }
  std::string note_over(std::uint64_t size, const Digest& root) const {
    return journal::sign_checkpoint(
        {"journal.test", size, root, 1, working_->directory()->newest_leaf()}, note_signer());
  }

  crypto::SignatureKeyPair root_ = crypto::generate_signature_keys();
  crypto::SignatureKeyPair keys_ = crypto::generate_signature_keys();
  test::MemoryJournal journal_;
  test::MemoryStore store_{journal_};
  ManualClock clock_;
  MemoryArchive archive_;
  std::unique_ptr<WorkingState> working_;
};

TEST_F(Signing, signs_the_journal_as_it_is_and_keeps_it_in_two_places) {
  CheckpointSigner signer = make_signer();
  ASSERT_TRUE(signer.compare(*working_, store_));
  EXPECT_EQ(signer.due_ms(*working_), clock_.elapsed_ms());
  const SignedCheckpoint signed_one = signer.sign(*working_, store_);
  EXPECT_EQ(signed_one.size, 1u);
  EXPECT_EQ(signed_one.root, working_->frontier().root());
  EXPECT_EQ(archive_.note, signed_one.note);
  EXPECT_EQ(store_.load_newest_checkpoint()->note, signed_one.note);
  auto opened = journal::open_checkpoint(signed_one.note, note_signer().verifier());
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->directory_count, 1u);
  EXPECT_EQ(signer.due_ms(*working_), std::nullopt) << "nothing has changed";
}

TEST_F(Signing, waits_an_interval_between_two_checkpoints) {
  CheckpointSigner signer = make_signer();
  signer.sign(*working_, store_);
  const std::uint64_t signed_at = clock_.elapsed_ms();
  Process process(journal_, clock_);
  process.start();
  ASSERT_TRUE(process.run(creation(crypto::random_id<ChannelId>(), {})));
  ASSERT_TRUE(working_->load(store_));
  EXPECT_EQ(signer.due_ms(*working_), signed_at + 900);
}

TEST_F(Signing, tries_again_when_the_archive_is_full) {
  CheckpointSigner signer = make_signer();
  archive_.is_full = true;
  EXPECT_THROW(signer.sign(*working_, store_), std::runtime_error);
  EXPECT_EQ(signer.newest(), std::nullopt);
  EXPECT_EQ(signer.due_ms(*working_), clock_.elapsed_ms() + 900);
  archive_.is_full = false;
  EXPECT_EQ(signer.sign(*working_, store_).size, 1u);
  EXPECT_EQ(journal_.checkpoints().size(), 1u);
}

TEST_F(Signing, refuses_a_database_that_is_older_than_the_last_checkpoint) {
  archive_.note = note_over(7, crypto::random_id<Digest>());
  CheckpointSigner signer = make_signer();
  auto compared = signer.compare(*working_, store_);
  ASSERT_FALSE(compared);
  EXPECT_EQ(compared.error().code, RefusalCode::verification_failed);
  EXPECT_NE(compared.error().detail.find("restored to an older state"), std::string::npos);
}

TEST_F(Signing, refuses_another_root_at_the_same_size) {
  store_.store_checkpoint({1, {}, note_over(1, crypto::random_id<Digest>())});
  CheckpointSigner signer = make_signer();
  auto compared = signer.compare(*working_, store_);
  ASSERT_FALSE(compared);
  EXPECT_NE(compared.error().detail.find("another root"), std::string::npos);
}

TEST_F(Signing, refuses_a_checkpoint_of_another_key_and_a_key_that_is_not_the_genesis_one) {
  const auto other = crypto::generate_signature_keys();
  archive_.note = journal::sign_checkpoint(
      {"journal.test", 1, working_->frontier().root(), 1, working_->directory()->newest_leaf()},
      {"journal.test", crypto::Signer(other.secret_key)});
  CheckpointSigner signer = make_signer();
  EXPECT_FALSE(signer.compare(*working_, store_));
  archive_.note.reset();
  CheckpointSigner stranger({"journal.test", crypto::Signer(other.secret_key)}, archive_, clock_);
  EXPECT_FALSE(stranger.compare(*working_, store_));
}

TEST_F(Signing, refuses_a_database_that_was_restored_and_went_on_past_the_last_checkpoint) {
  archive_.note = note_over(1, crypto::random_id<Digest>());
  Process process(journal_, clock_);
  process.start();
  ASSERT_TRUE(process.run(creation(crypto::random_id<ChannelId>(), {})));
  ASSERT_TRUE(working_->load(store_));
  CheckpointSigner signer = make_signer();
  auto compared = signer.compare(*working_, store_);
  ASSERT_FALSE(compared) << "the database is larger, but never knew that checkpoint";
  EXPECT_NE(compared.error().detail.find("went on from there"), std::string::npos);
}

TEST_F(Signing, signs_with_the_key_that_the_directory_names_and_with_no_other) {
  CheckpointSigner old_one = make_signer();
  old_one.sign(*working_, store_);
  const auto next = crypto::generate_signature_keys();
  const crypto::Signer next_signer(next.secret_key);
  sealing::Governance change;
  change.change = sealing::GovernanceChange::journal_key;
  change.journal_key = next.public_key;
  ASSERT_TRUE(append(governance(change, &next_signer)));
  ASSERT_TRUE(working_->load(store_));
  EXPECT_THROW(old_one.sign(*working_, store_), std::runtime_error);
  EXPECT_FALSE(make_signer().compare(*working_, store_));

  CheckpointSigner signer(
      note_signer(), archive_, clock_, 900,
      [&](const SignaturePublicKey& key) -> std::optional<journal::NoteSigner> {
        if (key != next.public_key) return std::nullopt;
        return journal::NoteSigner{"journal.test", crypto::Signer(next.secret_key)};
      });
  EXPECT_TRUE(signer.compare(*working_, store_)) << "the old note was signed by the old key";
  const SignedCheckpoint made = signer.sign(*working_, store_);
  EXPECT_TRUE(sealing::open_checkpoint(made.note, *working_->directory()));
  EXPECT_FALSE(journal::open_checkpoint(made.note, note_signer().verifier()));
  const std::string forged = note_over(made.size, made.root);
  EXPECT_FALSE(sealing::open_checkpoint(forged, *working_->directory()))
      << "the old key signs for nothing that came after it";
}

TEST_F(Signing, goes_on_after_a_continuation_and_only_for_the_tail_that_it_names) {
  const Digest lost_root = crypto::random_id<Digest>();
  archive_.note = note_over(7, lost_root);
  ASSERT_FALSE(make_signer().compare(*working_, store_));
  sealing::Governance change;
  change.change = sealing::GovernanceChange::continuation;
  change.continuation = {7, lost_root, 1, crypto::random_id<Digest>()};
  EXPECT_FALSE(append(governance(change))) << "another root than the journal has";
  change.continuation.new_root = working_->frontier().root();
  ASSERT_TRUE(append(governance(change)));
  ASSERT_TRUE(working_->load(store_));
  EXPECT_TRUE(make_signer().compare(*working_, store_));
  archive_.note = note_over(8, lost_root);
  EXPECT_FALSE(make_signer().compare(*working_, store_));
}

TEST_F(Signing, goes_on_from_the_newer_of_the_two_places) {
  {
    CheckpointSigner signer = make_signer();
    signer.sign(*working_, store_);
  }
  CheckpointSigner next = make_signer();
  ASSERT_TRUE(next.compare(*working_, store_));
  EXPECT_EQ(next.newest()->size, 1u);
  EXPECT_EQ(next.due_ms(*working_), std::nullopt);
}

TEST_F(Signing, publishes_the_first_checkpoint_with_the_start_and_the_last_with_the_stop) {
  CheckpointSigner signer = make_signer();
  Process process(journal_, clock_, {}, &signer);
  process.start();
  ASSERT_TRUE(process.view.checkpoint());
  EXPECT_EQ(process.view.checkpoint()->size, 1u);
  ASSERT_TRUE(process.run(creation(crypto::random_id<ChannelId>(), {})));
  process.recorder.stop();
  EXPECT_EQ(process.view.checkpoint()->size, 2u);
  EXPECT_EQ(process.view.checkpoint_root(1), store_.load_checkpoint_root(1));
}

TEST_F(Signing, never_signs_a_size_whose_commit_is_unknown) {
  CheckpointSigner signer = make_signer();
  Process process(journal_, clock_, {}, &signer);
  process.start();
  journal_.inject({test::MemoryJournal::Fault::lose_before_commit});
  journal_.set_away(true);
  EXPECT_FALSE(process.run(creation(crypto::random_id<ChannelId>(), {})));
  clock_.pass(10'000);
  process.recorder.stop();
  EXPECT_EQ(process.view.checkpoint()->size, 1u);
  EXPECT_EQ(journal_.checkpoints().size(), 1u);
}

// `kill -9` between the steps of a checkpoint: commit, signature, database, file. What ends here is
// as far as the process came; the next one begins with what is stored.

TEST_F(Signing, killed_between_commit_and_signature_it_is_signed_at_the_next_start) {
  {
    Process killed(journal_, clock_);
    killed.start();
    ASSERT_TRUE(killed.run(creation(crypto::random_id<ChannelId>(), {})));
  }
  ASSERT_TRUE(journal_.checkpoints().empty());
  CheckpointSigner signer = make_signer();
  Process next(journal_, clock_, {}, &signer);
  next.start();
  ASSERT_TRUE(next.view.checkpoint());
  EXPECT_EQ(next.view.checkpoint()->size, 2u);
  EXPECT_EQ(archive_.note, next.view.checkpoint()->note);
}

TEST_F(Signing, killed_between_database_and_file_it_goes_on_from_the_database) {
  CheckpointSigner killed = make_signer();
  archive_.is_full = true;
  EXPECT_THROW(killed.sign(*working_, store_), std::runtime_error);
  ASSERT_EQ(journal_.checkpoints().size(), 1u);
  ASSERT_FALSE(archive_.note);
  archive_.is_full = false;
  CheckpointSigner next = make_signer();
  ASSERT_TRUE(next.compare(*working_, store_));
  EXPECT_EQ(next.newest()->note, store_.load_newest_checkpoint()->note) << "no second one";
  EXPECT_EQ(next.due_ms(*working_), std::nullopt);
}

TEST(CheckpointFile, is_replaced_as_a_whole) {
  const std::filesystem::path path =
      std::filesystem::path(testing::TempDir()) / "checkpoint-file-test";
  std::filesystem::remove(path);
  CheckpointFile file(path);
  EXPECT_EQ(file.read(), std::nullopt);
  file.write("one\n");
  file.write("two\n");
  EXPECT_EQ(file.read(), "two\n");
  EXPECT_FALSE(std::filesystem::exists(path.string() + ".new"));
  std::filesystem::resize_file(path, 0);
  EXPECT_THROW(file.read(), std::runtime_error) << "an empty file is no missing one";
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace oberih::application
