// SPDX-License-Identifier: Apache-2.0
// What a client keeps of entries that ask and of silence: as the channel's chain says, also where
// its store was written before it kept such things.
#include <gtest/gtest.h>

#include <cstdlib>

#include "client-cli/verification/asked_book.hpp"
#include "client-cli/verification/verified_channel.hpp"
#include "protocol/crypto/random_bytes.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/sealing/entry_facts.hpp"
#include "tests/support/journal_builder.hpp"

namespace oberih::client {
namespace {

/// The colleague's client, fed by hand with what stands in the journal.
class ClientSilence : public testing::Test {
 protected:
  ClientSilence() {
    char name[] = "/tmp/oberih-client-XXXXXX";
    if (mkdtemp(name) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = name;
    ring_.device = journal_.colleague().certificate.device;
    ring_.signature_seed = journal_.colleague().signature_key.copy();
    ring_.hpke_secret = journal_.colleague().hpke_key.copy();
    ring_.storage_key = crypto::random_secret<SymmetricKey>();
    id_ = journal_.open_channel();
    open();
    journal_.post_with(id_, journal_.investigator(), EntryType::message,
                       sealing::encode_common_facts({{}, 1, 2}));
    EXPECT_TRUE(take());
  }
  ~ClientSilence() override {
    channel_.reset();
    directory_.reset();
    store_.reset();
    std::filesystem::remove_all(folder_);
  }
  /// As another command of the same profile would.
  void open() {
    channel_.reset();
    directory_.reset();
    store_ = std::make_unique<LocalStore>(folder_, ring_.storage_key);
    directory_ = std::make_unique<VerifiedDirectory>(*store_, journal_.genesis_hash(), folder_);
    EXPECT_TRUE(directory_->load());
    channel_ = std::make_unique<VerifiedChannel>(*store_, *directory_, ring_, folder_, id_);
  }
  Result<> take() {
    const application::Batch batch = journal_.take_batch();
    wire::DirectoryPage page;
    std::vector<wire::ChannelItem> items;
    for (const application::JournalRow& row : batch.rows) {
      if (journal::is_directory_kind(row.kind)) page.leaves.push_back({row.index, row.leaf});
      if (row.channel != id_ || row.channel_seq == 0) continue;
      wire::ChannelItem item;
      item.index = row.index;
      item.leaf = row.leaf;
      for (const application::EntryRow& entry : batch.entries)
        if (entry.index == row.index) item.ciphertext = entry.ciphertext;
      for (const application::EpochRow& epoch : batch.epochs)
        if (epoch.index == row.index) {
          item.wraps = epoch.wraps;
          item.prev_box = epoch.prev_box;
        }
      items.push_back(std::move(item));
    }
    page.directory_count = page.leaves.size();
    if (!page.leaves.empty()) OBERIH_TRY(directory_->add(page));
    return channel_->apply(items);
  }
  AskedBook book() { return AskedBook(*store_, id_); }
  sealing::MissingStep silence(EvidenceStep step) const {
    return journal_.silence(id_, asked_seq, step, {&journal_.prosecutor()});
  }
  void acknowledge() {
    sealing::AcknowledgementFacts facts;
    facts.entry = {asked_seq, book().find(asked_seq)->message_hash};
    facts.kind = sealing::AcknowledgementKind::received;
    journal_.post_with(id_, journal_.prosecutor(), EntryType::acknowledgement,
                       sealing::encode_acknowledgement_facts(facts));
  }

  static constexpr std::uint64_t asked_seq = 3;  // behind two records
  test::JournalBuilder journal_;
  ChannelId id_;
  KeyRing ring_;
  std::filesystem::path folder_;
  std::unique_ptr<LocalStore> store_;
  std::unique_ptr<VerifiedDirectory> directory_;
  std::unique_ptr<VerifiedChannel> channel_;
};

TEST_F(ClientSilence, what_was_said_is_kept_with_the_entry_it_is_about) {
  journal_.announce(id_, silence(EvidenceStep::delivered));
  journal_.announce(id_, silence(EvidenceStep::acknowledged));
  ASSERT_TRUE(take());
  open();
  ASSERT_EQ(book().list().size(), 1u);
  EXPECT_EQ(book().list()[0].people.size(), 2u);
  const auto said = book().said_of(asked_seq);
  ASSERT_EQ(said.size(), 2u);
  EXPECT_EQ(said[1].event.step, EvidenceStep::acknowledged);
  EXPECT_EQ(said[1].seq, asked_seq + 2);
  EXPECT_TRUE(book().said_of(asked_seq + 1).empty());
}

TEST_F(ClientSilence, an_alert_leads_to_the_entry_by_the_digits_of_its_hash) {
  const std::string digits = encoding::encode_hex(book().find(asked_seq)->message_hash);
  const auto found = find_asked_entry(*store_, digits.substr(0, 8));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->channel, id_);
  EXPECT_EQ(found->seq, asked_seq);
  EXPECT_FALSE(find_asked_entry(*store_, "00" + digits.substr(0, 6)));
}

TEST_F(ClientSilence, a_lie_about_somebody_who_has_acknowledged_is_kept_as_evidence) {
  acknowledge();
  ASSERT_TRUE(take());
  journal_.announce(id_, silence(EvidenceStep::acknowledged));
  const Result<> taken = take();
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code, RefusalCode::verification_failed);
  EXPECT_NE(taken.error().detail.find("who has acknowledged"), std::string::npos);
  EXPECT_TRUE(std::filesystem::exists(folder_ / "evidence"));
  EXPECT_TRUE(book().said_of(asked_seq).empty());
}

TEST_F(ClientSilence, a_store_of_before_learns_from_its_items_who_was_asked) {
  acknowledge();
  ASSERT_TRUE(take());
  const sealing::AskedEntry before = *book().find(asked_seq);
  StoredChannel stored = *store_->channels().find(id_);
  stored.state[0] -= 1;  // its version
  store_->channels().put(stored);
  {
    SqliteDatabase database(folder_ / "store.sqlite");
    database.execute("DROP TABLE asked_entry");
  }
  open();
  ASSERT_TRUE(book().find(asked_seq));
  EXPECT_EQ(*book().find(asked_seq), before);
  EXPECT_TRUE(before.has_acknowledged(journal_.prosecutor().certificate.person));
}

}  // namespace
}  // namespace oberih::client
