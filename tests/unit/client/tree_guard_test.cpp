// SPDX-License-Identifier: Apache-2.0
// What a client makes of a proof that it does not get: an accusation, unless the refusal speaks of
// the asker or of the moment.
#include "client-cli/verification/tree_guard.hpp"

#include "tests/unit/client/client_of_journal.hpp"

namespace oberih::client {
namespace {

class TreeGuardTest : public ClientOfJournal {
 protected:
  /// What comes of the first checkpoint when the proof of its directory is answered so.
  Result<> accept_with(const Result<wire::Proofs>& answer) {
    require_ok(client->add({journal.leaves, journal.directory.count()}));
    TreeGuard guard(store, *client, folder.path(),
                    {[&](const wire::ProofConsistency&) { return answer; },
                     [&](const wire::ProofInclusion&) { return answer; }});
    const std::string text = note(journal_signer);
    Result<journal::Checkpoint> checkpoint = client->open_checkpoint(text);
    require_ok(checkpoint);
    return guard.accept(*checkpoint, text);
  }
  template <class Value>
  static void require_ok(const Result<Value>& result) {
    ASSERT_TRUE(result) << result.error().detail;
  }
};

TEST_F(TreeGuardTest, accepts_what_is_proven) {
  const Result<> accepted = accept_with(wire::Proofs{{journal::ProofPath{}}});
  EXPECT_TRUE(accepted) << accepted.error().detail;
  EXPECT_EQ(client->accepted_size(), 1u);
}

TEST_F(TreeGuardTest, a_refusal_that_speaks_of_the_asker_accuses_nobody_and_proves_nothing) {
  for (const RefusalCode code :
       {RefusalCode::device_revoked, RefusalCode::certificate_expired, RefusalCode::unknown_device,
        RefusalCode::server_busy, RefusalCode::unavailable, RefusalCode::not_connected}) {
    const Result<> accepted = accept_with(refuse(code));
    ASSERT_FALSE(accepted);
    EXPECT_EQ(accepted.error().code, code);
    EXPECT_EQ(evidence(), 0u) << refusal_row(code).name;
    EXPECT_EQ(client->accepted_size(), 0u);
  }
}

TEST_F(TreeGuardTest, a_proof_that_is_refused_otherwise_is_kept_as_evidence) {
  const Result<> accepted = accept_with(refuse(RefusalCode::not_found));
  ASSERT_FALSE(accepted);
  EXPECT_EQ(accepted.error().code, RefusalCode::verification_failed);
  EXPECT_EQ(evidence(), 1u);
  EXPECT_EQ(client->accepted_size(), 0u);
}

}  // namespace
}  // namespace oberih::client
