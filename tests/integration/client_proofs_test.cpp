// SPDX-License-Identifier: Apache-2.0
// C2: a client that remembers what it was shown, and a server that would rather it did not.
#include <gtest/gtest.h>

#include <cstdlib>

#include "client-cli/verification/tree_guard.hpp"
#include "protocol/crypto/random_bytes.hpp"
#include "tests/support/journal_builder.hpp"

namespace oberih::client {
namespace {

using test::JournalBuilder;

/// A journal and the server that shows it; honest until told otherwise.
class Server {
 public:
  Server() : channel_(journal.open_channel()) { sign(); }

  /// Appends posts and signs.
  void grow(int posts) {
    for (int i = 0; i < posts; ++i) journal.post(channel_, journal.investigator(), "text");
    sign();
  }
  void sign() {
    application::Batch batch = journal.take_batch();
    for (const application::JournalRow& row : batch.rows) {
      hashes.push_back(row.leaf_hash);
      if (journal::is_directory_kind(row.kind)) {
        directory.leaves.push_back({row.index, row.leaf});
        ++directory.directory_count;
      } else {
        wire::ChannelItem item;
        item.index = row.index;
        item.leaf = row.leaf;
        items.push_back(std::move(item));
      }
    }
    note = journal.sign_checkpoint().note;
  }
  Digest root(std::uint64_t size) const {
    return journal::merkle_root(std::span(hashes).first(size));
  }

  ProofSource source() {
    return {[this](const wire::ProofConsistency& request) -> Result<wire::Proofs> {
              ++asked;
              if (refusal) return *refusal;
              wire::Proofs proofs;
              for (const std::uint64_t old_size : request.old_sizes)
                proofs.paths.push_back(
                    journal::prove_consistency(old_size, std::span(hashes).first(request.size)));
              if (lie) lie(proofs);
              return proofs;
            },
            [this](const wire::ProofInclusion& request) -> Result<wire::Proofs> {
              ++asked;
              if (refusal) return *refusal;
              wire::Proofs proofs;
              for (const std::uint64_t index : request.indexes)
                proofs.paths.push_back(
                    journal::prove_inclusion(index, std::span(hashes).first(request.size)));
              if (lie) lie(proofs);
              return proofs;
            }};
  }

  JournalBuilder journal;
  wire::DirectoryPage directory;
  std::vector<wire::ChannelItem> items;
  std::vector<Digest> hashes;
  std::string note;
  std::optional<Refusal> refusal;
  std::function<void(wire::Proofs&)> lie;
  int asked = 0;

 private:
  ChannelId channel_;
};

class ProvingClient {
 public:
  explicit ProvingClient(Server& server) : server_(server) {
    char name[] = "/tmp/oberih-proofs-XXXXXX";
    if (mkdtemp(name) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = name;
    open();
  }
  ~ProvingClient() {
    guard_.reset();
    directory_.reset();
    store_.reset();
    std::filesystem::remove_all(folder_);
  }
  ProvingClient(const ProvingClient&) = delete;
  ProvingClient& operator=(const ProvingClient&) = delete;

  /// As the profile's next command does.
  void open() {
    guard_.reset();
    directory_.reset();
    store_ = std::make_unique<LocalStore>(folder_, key_);
    directory_ =
        std::make_unique<VerifiedDirectory>(*store_, server_.journal.genesis_hash(), folder_);
    EXPECT_TRUE(directory_->load());
    guard_ = std::make_unique<TreeGuard>(*store_, *directory_, folder_, server_.source());
  }
  Result<> accept(const std::string& note) {
    OBERIH_TRY(directory_->add(server_.directory));
    Result<journal::Checkpoint> checkpoint = directory_->open_checkpoint(note);
    if (!checkpoint) return checkpoint.error();
    return guard_->accept(*checkpoint, note);
  }
  Result<> accept() { return accept(server_.note); }
  std::uint64_t size() { return directory_->accepted_size(); }
  LocalStore& store() { return *store_; }
  TreeGuard& guard() { return *guard_; }
  std::size_t evidence() const {
    if (!std::filesystem::exists(folder_ / "evidence")) return 0;
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(folder_ / "evidence"), {}));
  }

 private:
  Server& server_;
  SymmetricKey key_ = crypto::random_secret<SymmetricKey>();
  std::filesystem::path folder_;
  std::unique_ptr<LocalStore> store_;
  std::unique_ptr<VerifiedDirectory> directory_;
  std::unique_ptr<TreeGuard> guard_;
};

class ClientProofs : public testing::Test {
 protected:
  void expect_accusation(const Result<>& result, std::string_view why) {
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, RefusalCode::verification_failed);
    EXPECT_NE(result.error().detail.find(why), std::string::npos) << result.error().detail;
    EXPECT_EQ(client.evidence(), 1u);
  }

  /// Where nobody quotes more than the client has.
  const std::function<Result<>()> no_need = []() -> Result<> {
    ADD_FAILURE() << "the newest checkpoint is asked for in vain";
    return {};
  };

  Server server;
  ProvingClient client{server};
};

TEST_F(ClientProofs, an_honest_journal_grows_and_every_checkpoint_is_proven) {
  ASSERT_TRUE(client.accept());
  for (int posts : {1, 5, 300}) {
    server.grow(posts);
    const Result<> accepted = client.accept();
    ASSERT_TRUE(accepted) << accepted.error().detail;
    EXPECT_EQ(client.size(), server.hashes.size());
  }
  EXPECT_EQ(client.store().proofs().proven_directory(), server.directory.directory_count);
  const int before = server.asked;
  ASSERT_TRUE(client.accept()) << "the same again";
  EXPECT_EQ(server.asked, before) << "and nothing is asked twice";
  EXPECT_EQ(client.evidence(), 0u);
}

TEST_F(ClientProofs, a_journal_that_exchanged_an_old_leaf_has_no_proof_and_is_refused) {
  server.grow(1);  // nine leaves: of eight the root itself would be the proof's beginning
  ASSERT_TRUE(client.accept());
  const std::uint64_t before = client.size();
  server.grow(3);
  // A leaf that the client has never seen is exchanged.
  server.hashes[7] = crypto::random_id<Digest>();
  expect_accusation(client.accept(), "is not proven");
  EXPECT_EQ(client.size(), before);
  client.open();
  EXPECT_EQ(client.size(), before) << "nor after the next start";
}

TEST_F(ClientProofs, a_proof_too_long_too_short_changed_or_missing_accepts_nothing) {
  ASSERT_TRUE(client.accept());
  const std::uint64_t before = client.size();
  server.grow(3);
  const std::function<void(wire::Proofs&)> lies[] = {
      [](wire::Proofs& proofs) { proofs.paths[0].push_back(crypto::random_id<Digest>()); },
      [](wire::Proofs& proofs) { proofs.paths[0].pop_back(); },
      [](wire::Proofs& proofs) { proofs.paths[0].clear(); },
      [](wire::Proofs& proofs) { proofs.paths[0].front().bytes[0] ^= 1; },
      [](wire::Proofs& proofs) { proofs.paths.clear(); },
      [](wire::Proofs& proofs) { proofs.paths.push_back(proofs.paths[0]); },
  };
  for (const auto& lie : lies) {
    server.lie = lie;
    const Result<> refused = client.accept();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, RefusalCode::verification_failed);
    EXPECT_EQ(client.size(), before);
  }
  EXPECT_GE(client.evidence(), 1u);
  server.lie = nullptr;
  EXPECT_TRUE(client.accept());
}

TEST_F(ClientProofs, a_server_that_answers_errors_blocks_acceptance_and_not_the_check) {
  ASSERT_TRUE(client.accept());
  const std::uint64_t before = client.size();
  server.grow(3);
  for (RefusalCode code :
       {RefusalCode::unavailable, RefusalCode::server_busy, RefusalCode::not_connected}) {
    server.refusal = refuse(code);
    const Result<> refused = client.accept();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, code) << "to be asked again";
    EXPECT_EQ(client.size(), before);
  }
  EXPECT_EQ(client.evidence(), 0u);
  for (RefusalCode code : {RefusalCode::not_found, RefusalCode::unknown_method,
                           RefusalCode::forbidden, RefusalCode::invalid_parameters}) {
    server.refusal = refuse(code);
    const Result<> refused = client.accept();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, RefusalCode::verification_failed);
    EXPECT_EQ(client.size(), before);
  }
  EXPECT_EQ(client.evidence(), 1u);
}

TEST_F(ClientProofs, a_directory_that_does_not_stand_in_the_tree_is_refused) {
  server.hashes[2] = crypto::random_id<Digest>();  // of a certificate that the client was given
  server.lie = nullptr;
  expect_accusation(client.accept(), "of the directory");
  EXPECT_EQ(client.size(), 0u);
}

TEST_F(ClientProofs, what_was_confirmed_and_then_dropped_is_found_at_the_next_checkpoint) {
  ASSERT_TRUE(client.accept());
  // The server says so, and the journal that it signs next has another leaf there.
  ASSERT_TRUE(client.store().proofs().await({client.size(), crypto::random_id<Digest>(), 1}));
  server.grow(2);
  expect_accusation(client.accept(), "that this device signed");
}

TEST_F(ClientProofs, own_leaves_are_proven_once_and_in_portions) {
  ASSERT_TRUE(client.accept());
  const std::uint64_t first = client.size();
  server.grow(300);
  for (std::uint64_t index = first; index < server.hashes.size(); ++index)
    ASSERT_TRUE(client.store().proofs().await({index, server.hashes[index], 1}));
  EXPECT_TRUE(client.store().proofs().oldest_awaited());
  server.asked = 0;
  ASSERT_TRUE(client.accept());
  EXPECT_EQ(server.asked, 1 + 3) << "one for the checkpoint, three for 300 leaves";
  EXPECT_FALSE(client.store().proofs().oldest_awaited());
  ASSERT_TRUE(client.store().proofs().await({first, server.hashes[first], 2}));
  EXPECT_FALSE(client.store().proofs().oldest_awaited()) << "proven stays proven";
  EXPECT_FALSE(client.store().proofs().await({first, crypto::random_id<Digest>(), 2}))
      << "and no other leaf stands there";
}

TEST_F(ClientProofs, a_leaf_beyond_the_checkpoint_waits_for_the_next_one) {
  ASSERT_TRUE(client.accept());
  ASSERT_TRUE(client.store().proofs().await({client.size(), crypto::random_id<Digest>(), 1}));
  ASSERT_TRUE(client.accept());
  ASSERT_TRUE(client.store().proofs().oldest_awaited());
}

TEST_F(ClientProofs, what_members_quote_is_proven_once_per_size) {
  server.grow(2);  // quotes the first checkpoint
  server.grow(2);  // and the second
  ASSERT_TRUE(client.accept());
  server.asked = 0;
  const Result<> checked = client.guard().check_quotes(server.items, no_need);
  ASSERT_TRUE(checked) << checked.error().detail;
  EXPECT_EQ(server.asked, 1);
  ASSERT_TRUE(client.guard().check_quotes(server.items, no_need));
  client.open();
  ASSERT_TRUE(client.guard().check_quotes(server.items, no_need));
  EXPECT_EQ(server.asked, 1);
}

TEST_F(ClientProofs, catching_up_asks_one_question_a_page_however_many_checkpoints_it_quotes) {
  constexpr int checkpoints = 40, posts_each = 100;
  constexpr std::size_t page = 500;
  for (int i = 0; i < checkpoints; ++i) server.grow(posts_each);
  ASSERT_TRUE(client.accept());
  server.asked = 0;
  const auto start = std::chrono::steady_clock::now();
  const std::span<const wire::ChannelItem> items = server.items;
  for (std::size_t at = 0; at < items.size(); at += page)
    ASSERT_TRUE(
        client.guard().check_quotes(items.subspan(at, std::min(page, items.size() - at)), no_need));
  const std::chrono::duration<double, std::micro> spent = std::chrono::steady_clock::now() - start;
  EXPECT_LE(server.asked, static_cast<int>(items.size() / page + 1));
  std::printf("quotes of %zu entries: %.1f microseconds an entry, with the server's part\n",
              items.size(), spent.count() / static_cast<double>(items.size()));
}

TEST_F(ClientProofs, a_member_who_was_shown_another_journal_is_noticed) {
  server.grow(2);
  server.grow(2);
  // The view of this client is forked off before what its colleagues quote.
  Server forked;
  ProvingClient other(forked);
  forked.grow(4);
  ASSERT_TRUE(other.accept());
  const Result<> split = other.guard().check_quotes(server.items, no_need);
  ASSERT_FALSE(split);
  EXPECT_EQ(split.error().code, RefusalCode::verification_failed);
  EXPECT_EQ(other.evidence(), 1u);
}

TEST_F(ClientProofs, a_quote_beyond_what_this_device_has_brings_the_newer_checkpoint) {
  ASSERT_TRUE(client.accept());
  server.grow(2);
  server.grow(2);
  const Result<> checked =
      client.guard().check_quotes(server.items, [&] { return client.accept(); });
  EXPECT_TRUE(checked) << (checked ? "" : checked.error().detail);
  EXPECT_EQ(client.size(), server.hashes.size());
}

TEST_F(ClientProofs, a_quote_beyond_what_the_server_shows_is_refused) {
  ASSERT_TRUE(client.accept());
  server.grow(2);
  server.grow(2);
  int reads = 0;
  const Result<> refused = client.guard().check_quotes(server.items, [&]() -> Result<> {
    ++reads;  // the server shows the old one again
    return {};
  });
  EXPECT_EQ(reads, 1);
  expect_accusation(refused, "the server shows this device fewer");
}

}  // namespace
}  // namespace oberih::client
