// SPDX-License-Identifier: Apache-2.0
// A journal of one agency as a client meets it: its directory, its checkpoints, and the client.
#pragma once

#include <gtest/gtest.h>

#include <memory>

#include "client-cli/verification/verified_directory.hpp"
#include "protocol/crypto/random_bytes.hpp"
#include "protocol/journal/merkle_tree.hpp"
#include "tests/unit/client/temporary_folder.hpp"

namespace oberih::client {

inline crypto::Signer new_signer() {
  return crypto::Signer(crypto::random_secret<SignatureSecretKey>());
}
inline journal::NoteSigner new_journal_key() { return {"journal.test", new_signer()}; }

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

class ClientOfJournal : public testing::Test {
 protected:
  ClientOfJournal() {
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
    client =
        std::make_unique<VerifiedDirectory>(store, sealing::genesis_hash(content), folder.path());
  }
  std::string note(const journal::NoteSigner& signer) const {
    return journal::sign_checkpoint(
        {"journal.test", journal.frontier.size(), journal.frontier.root(),
         journal.directory.count(), journal.directory.newest_leaf()},
        signer);
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

}  // namespace oberih::client
