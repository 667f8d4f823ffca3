// SPDX-License-Identifier: Apache-2.0
// What a client takes of governance: the keys that it names, and a lost tail that it gives up.
#include "client-cli/verification/verified_directory.hpp"

#include <gtest/gtest.h>

#include "protocol/crypto/random_bytes.hpp"
#include "protocol/journal/merkle_tree.hpp"
#include "tests/unit/client/temporary_folder.hpp"

namespace oberih::client {
namespace {

using sealing::Governance;
using sealing::GovernanceChange;

crypto::Signer new_signer() { return crypto::Signer(crypto::random_secret<SignatureSecretKey>()); }
journal::NoteSigner new_journal_key() { return {"journal.test", new_signer()}; }

/// What a database holds; a copy is its backup.
struct Journal {
  sealing::Directory directory;
  journal::MerkleFrontier frontier;
  std::vector<wire::DirectoryLeaf> leaves;

  void append(journal::LeafKind kind, const Bytes& body) {
    const Bytes leaf = journal::encode_leaf(
        {kind, 1'000, {}, directory.count() + 1, directory.newest_leaf(), body});
    const Result<void> applied = directory.apply_leaf(leaf, frontier.size());
    ASSERT_TRUE(applied) << applied.error().detail;
    leaves.push_back({frontier.size(), leaf});
    frontier.append(journal::leaf_hash(leaf));
  }
  void append_others(unsigned count) {
    for (unsigned i = 0; i < count; ++i) frontier.append(crypto::random_id<Digest>());
  }
};

class VerifiedDirectoryTest : public testing::Test {
 protected:
  VerifiedDirectoryTest() {
    sealing::Genesis genesis;
    genesis.origin = "journal.test";
    genesis.journal_key = journal_signer.signer.public_key();
    genesis.server_spki = crypto::random_id<Digest>();
    genesis.governance_quorum = 1;
    genesis.agencies = {{agency, AgencyKind::police, "Police", root.public_key()}};
    const Bytes content = sealing::encode_genesis_content(genesis);
    journal.append(
        journal::LeafKind::genesis,
        sealing::encode_genesis_body({content, {{agency, root.sign("genesis", content)}}}));
    journal.append_others(9);
    client =
        std::make_unique<VerifiedDirectory>(store, sealing::genesis_hash(content), folder.path());
  }
  void govern(Governance governance, const crypto::Signer* new_key = nullptr) {
    governance.previous = journal.directory.governance_head();
    sealing::SignedGovernance change{sealing::encode_governance_content(governance), {}, {}};
    change.signatures = {{agency, root.sign("governance", change.content)}};
    if (new_key != nullptr) change.new_key_signature = new_key->sign("governance", change.content);
    journal.append(journal::LeafKind::governance, sealing::encode_governance_body(change));
  }
  void give_up(std::uint64_t old_size, const Digest& old_root) {
    Governance governance;
    governance.change = GovernanceChange::continuation;
    governance.continuation = {old_size, old_root, journal.frontier.size(),
                               journal.frontier.root()};
    govern(governance);
  }
  std::string note(const journal::NoteSigner& signer) const {
    return journal::sign_checkpoint(
        {"journal.test", journal.frontier.size(), journal.frontier.root(),
         journal.directory.count(), journal.directory.newest_leaf()},
        signer);
  }
  Result<> read() { return client->add({journal.leaves, journal.directory.count()}); }
  Result<> accept(const std::string& text) {
    Result<journal::Checkpoint> checkpoint = client->open_checkpoint(text);
    if (!checkpoint) return checkpoint.error();
    return client->accept_checkpoint(*checkpoint, text);
  }
  std::size_t evidence() const {
    const std::filesystem::path kept = folder.path() / "evidence";
    if (!std::filesystem::exists(kept)) return 0;
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(kept), {}));
  }

  TemporaryFolder folder;
  AgencyId agency = crypto::random_id<AgencyId>();
  crypto::Signer root = new_signer();
  journal::NoteSigner journal_signer = new_journal_key();
  Journal journal;
  LocalStore store{folder.path(), crypto::random_secret<SymmetricKey>()};
  std::unique_ptr<VerifiedDirectory> client;
};

TEST_F(VerifiedDirectoryTest, gives_up_a_tail_that_a_continuation_names_and_keeps_the_evidence) {
  const Journal backup = journal;
  journal.append_others(2);
  const Digest lost_root = journal.frontier.root();
  ASSERT_TRUE(read());
  ASSERT_TRUE(accept(note(journal_signer)));
  journal = backup;
  EXPECT_FALSE(accept(note(journal_signer))) << "smaller, and nobody says why";
  const std::size_t before = evidence();
  give_up(12, lost_root);
  ASSERT_TRUE(read());
  Result<> accepted = accept(note(journal_signer));
  EXPECT_TRUE(accepted) << accepted.error().detail;
  EXPECT_EQ(client->newest_checkpoint()->size, 11u);
  EXPECT_EQ(evidence(), before + 1) << "the old note and the continuation";
}

TEST_F(VerifiedDirectoryTest, refuses_a_continuation_that_hides_a_part_of_what_was_signed) {
  const Journal backup = journal;
  journal.append_others(3);
  ASSERT_TRUE(read());
  ASSERT_TRUE(accept(note(journal_signer)));
  journal = backup;
  give_up(12, crypto::random_id<Digest>());  // this client has seen 13
  Result<> added = read();
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().code, RefusalCode::verification_failed);
  EXPECT_EQ(client->newest_checkpoint()->size, 13u) << "nothing is taken back";
}

TEST_F(VerifiedDirectoryTest, refuses_a_continuation_over_another_root_than_the_client_holds) {
  const Journal backup = journal;
  journal.append_others(2);
  ASSERT_TRUE(read());
  ASSERT_TRUE(accept(note(journal_signer)));
  journal = backup;
  give_up(12, crypto::random_id<Digest>());
  EXPECT_FALSE(read());
  EXPECT_EQ(client->newest_checkpoint()->size, 12u);
}

TEST_F(VerifiedDirectoryTest, takes_checkpoints_of_the_new_journal_key_only_after_its_change) {
  ASSERT_TRUE(read());
  const std::string before = note(journal_signer);
  ASSERT_TRUE(accept(before));
  const journal::NoteSigner next = new_journal_key();
  EXPECT_FALSE(accept(note(next))) << "a key that nobody has named";
  Governance governance;
  governance.change = GovernanceChange::journal_key;
  governance.journal_key = next.signer.public_key();
  govern(governance, &next.signer);
  ASSERT_TRUE(read());
  EXPECT_FALSE(accept(note(journal_signer))) << "the old key signs for nothing after the change";
  EXPECT_TRUE(accept(note(next)));
  EXPECT_TRUE(client->open_checkpoint(before)) << "what it signed before stays signed";
}

}  // namespace
}  // namespace oberih::client
