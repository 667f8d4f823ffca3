// SPDX-License-Identifier: Apache-2.0
#include "client-cli/witness/judge_checkpoint.hpp"

#include <gtest/gtest.h>

#include "protocol/journal/merkle_tree.hpp"
#include "protocol/journal/witness_request.hpp"

namespace oberih::client {
namespace {

journal::NoteSigner signer_of(const std::string& name, std::uint8_t seed_byte) {
  ByteArray<32> seed;
  seed.fill(seed_byte);
  return {name, crypto::Signer(SignatureSecretKey(seed))};
}

/// A journal of some leaves, and a witness that watches it.
class CheckpointJudge : public testing::Test {
 protected:
  CheckpointJudge() {
    for (std::uint8_t i = 0; i < 20; ++i) leaves_.push_back(journal::hash_leaf(Bytes{i}));
  }
  journal::Checkpoint checkpoint(std::uint64_t size) const {
    journal::MerkleFrontier tree;
    for (std::uint64_t i = 0; i < size; ++i) tree.append(leaves_[i]);
    journal::Checkpoint made{"journal.test", size, tree.root(), 1, leaves_[0]};
    return made;
  }
  std::string note(const journal::Checkpoint& checkpoint) const {
    return journal::sign_checkpoint(checkpoint, journal_);
  }
  journal::ProofPath proof(std::uint64_t old_size, std::uint64_t size) const {
    return journal::prove_consistency(old_size, std::span(leaves_).first(size));
  }
  WitnessAnswer ask(std::uint64_t old_size, journal::ProofPath path,
                    const std::string& signed_note) {
    return ask_body(journal::format_add_checkpoint({old_size, std::move(path), signed_note}));
  }
  WitnessAnswer ask_body(const std::string& body) {
    const WatchedJournal watched{journal_.verifier(), {}};
    return judge_checkpoint({watched, witness_, known_, first_, 1'790'000'000}, body);
  }
  /// A state, as if it had cosigned so many leaves.
  void knows(std::uint64_t size) { known_ = checkpoint(size); }

  std::vector<Digest> leaves_;
  journal::NoteSigner journal_ = signer_of("journal.test", 1);
  journal::NoteSigner witness_ = signer_of("witness.test", 2);
  std::optional<journal::Checkpoint> known_;
  FirstCheckpoint first_ = FirstCheckpoint::refused;
};

TEST_F(CheckpointJudge, cosigns_what_continues_the_journal) {
  knows(7);
  const WitnessAnswer answer = ask(7, proof(7, 12), note(checkpoint(12)));
  ASSERT_EQ(answer.status, 200u) << answer.body;
  const auto own = witness_.verifier(journal::NoteKeyType::cosignature);
  const std::vector<journal::NoteVerifier> witnesses = {own};
  const auto opened =
      journal::open_cosigned_checkpoint(answer.note.value(), journal_.verifier(), witnesses);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->checkpoint, checkpoint(12));
  EXPECT_EQ(opened->cosignatures.front().cosigned_s, 1'790'000'000u);
  EXPECT_EQ(*answer.note, note(checkpoint(12)) + answer.body);
}

TEST_F(CheckpointJudge, cosigns_the_same_checkpoint_again) {
  knows(7);
  EXPECT_EQ(ask(7, {}, note(checkpoint(7))).status, 200u);
  EXPECT_EQ(ask(7, {leaves_[0]}, note(checkpoint(7))).status, 422u);
}

TEST_F(CheckpointJudge, answers_400_to_what_is_malformed_and_to_an_old_size_that_is_larger) {
  knows(7);
  EXPECT_EQ(ask_body("").status, 400u);
  EXPECT_EQ(ask_body("old x\n\n" + note(checkpoint(7))).status, 400u);
  EXPECT_EQ(ask_body("old 7\n\njournal.test\nbroken\n").status, 400u);
  EXPECT_EQ(ask(8, {}, note(checkpoint(7))).status, 400u);
}

TEST_F(CheckpointJudge, answers_403_to_another_key_and_404_to_another_journal) {
  knows(7);
  const auto other_key = signer_of("journal.test", 3);
  EXPECT_EQ(ask(7, {}, journal::sign_checkpoint(checkpoint(7), other_key)).status, 403u);
  journal::Checkpoint foreign = checkpoint(7);
  foreign.origin = "another.test";
  EXPECT_EQ(ask(7, {}, journal::sign_checkpoint(foreign, signer_of("another.test", 1))).status,
            404u);
  std::string false_note = note(checkpoint(7));
  false_note[false_note.find("\n7\n") + 1] = '6';
  EXPECT_EQ(ask(6, {}, false_note).status, 403u) << "a known key that fails";
}

TEST_F(CheckpointJudge, answers_409_with_its_size_where_the_old_size_is_not_its_own) {
  knows(7);
  for (const std::uint64_t old_size : {0, 6, 8}) {
    const WitnessAnswer answer = ask(old_size, {}, note(checkpoint(12)));
    EXPECT_EQ(answer.status, 409u);
    EXPECT_EQ(answer.content_type, "text/x.tlog.size");
    EXPECT_EQ(answer.body, "7\n");
    EXPECT_FALSE(answer.note);
  }
}

TEST_F(CheckpointJudge, catches_a_split_view) {
  knows(7);
  journal::Checkpoint forked = checkpoint(7);
  forked.root = leaves_[3];
  const WitnessAnswer same_size = ask(7, {}, note(forked));
  EXPECT_EQ(same_size.status, 409u);
  EXPECT_NE(same_size.content_type, "text/x.tlog.size");
  forked = checkpoint(12);
  forked.root = leaves_[3];
  EXPECT_EQ(ask(7, proof(7, 12), note(forked)).status, 422u);
  EXPECT_EQ(ask(7, proof(7, 12), note(checkpoint(12))).status, 200u) << "the control";
}

// Two servers go on from one snapshot, each with the journal's key and true proofs of its own.
TEST_F(CheckpointJudge, of_two_servers_from_one_snapshot_one_is_cosigned) {
  std::vector<Digest> other_leaves = leaves_;
  for (std::size_t i = 7; i < other_leaves.size(); ++i) other_leaves[i].bytes[0] ^= 1;
  const auto of_the_other = [&](std::uint64_t old_size, std::uint64_t size) {
    std::swap(leaves_, other_leaves);
    const WitnessAnswer answer = ask(old_size, proof(old_size, size), note(checkpoint(size)));
    std::swap(leaves_, other_leaves);
    return answer;
  };
  knows(7);
  EXPECT_EQ(of_the_other(7, 12).status, 200u) << "the control: either may come first";
  EXPECT_EQ(ask(7, proof(7, 12), note(checkpoint(12))).status, 200u);
  knows(12);
  EXPECT_EQ(of_the_other(7, 12).status, 409u);
  EXPECT_EQ(of_the_other(12, 12).status, 409u);
  EXPECT_EQ(of_the_other(12, 14).status, 422u);
  EXPECT_EQ(ask(12, proof(12, 14), note(checkpoint(14))).status, 200u);
}

TEST_F(CheckpointJudge, answers_422_to_a_proof_that_is_false_too_short_or_too_long) {
  knows(7);
  journal::ProofPath path = proof(7, 12);
  path.front().bytes[0] ^= 1;
  EXPECT_EQ(ask(7, path, note(checkpoint(12))).status, 422u);
  path = proof(7, 12);
  path.pop_back();
  EXPECT_EQ(ask(7, path, note(checkpoint(12))).status, 422u);
  path = proof(7, 12);
  path.push_back(leaves_[0]);
  EXPECT_EQ(ask(7, path, note(checkpoint(12))).status, 422u);
}

TEST_F(CheckpointJudge, answers_422_where_the_directory_shrinks_or_is_another) {
  knows(12);
  known_->directory_count = 3;
  known_->directory_leaf = leaves_[5];
  journal::Checkpoint grown = checkpoint(14);
  const auto with_directory = [&](std::uint64_t count, const Digest& leaf) {
    grown.directory_count = count;
    grown.directory_leaf = leaf;
    return ask(12, proof(12, 14), note(grown)).status;
  };
  EXPECT_EQ(with_directory(2, leaves_[4]), 422u);
  EXPECT_EQ(with_directory(3, leaves_[6]), 422u);
  EXPECT_EQ(with_directory(3, leaves_[5]), 200u);
  EXPECT_EQ(with_directory(4, leaves_[6]), 200u);
  journal::Checkpoint same = *known_;
  same.directory_leaf = leaves_[6];
  EXPECT_EQ(ask(12, {}, note(same)).status, 422u) << "two directory lines for one size";
}

TEST_F(CheckpointJudge, without_a_state_it_cosigns_nothing_unless_its_operator_says_so) {
  EXPECT_EQ(ask(0, {}, note(checkpoint(7))).status, 503u);
  first_ = FirstCheckpoint::accepted;
  EXPECT_EQ(ask(6, proof(6, 7), note(checkpoint(7))).body, "0\n");
  EXPECT_EQ(ask(0, {leaves_[0]}, note(checkpoint(7))).status, 422u);
  EXPECT_EQ(ask(0, {}, note(checkpoint(7))).status, 200u);
}

}  // namespace
}  // namespace oberih::client
