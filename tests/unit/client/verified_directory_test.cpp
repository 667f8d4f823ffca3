// SPDX-License-Identifier: Apache-2.0
// What a client takes of governance: the keys that it names, and a lost tail that it gives up.
#include "client-cli/verification/verified_directory.hpp"

#include "tests/unit/client/client_of_journal.hpp"

namespace oberih::client {
namespace {

using sealing::Governance;
using sealing::GovernanceChange;

class VerifiedDirectoryTest : public ClientOfJournal {
 protected:
  VerifiedDirectoryTest() { journal.append_others(9); }
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
  Result<> read() { return client->add({journal.leaves, journal.directory.count()}); }
  Result<> accept(const std::string& text) {
    Result<journal::Checkpoint> checkpoint = client->open_checkpoint(text);
    if (!checkpoint) return checkpoint.error();
    return client->accept_checkpoint(*checkpoint, text);
  }
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
