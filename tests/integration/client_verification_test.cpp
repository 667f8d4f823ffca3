// SPDX-License-Identifier: Apache-2.0
// What a client takes from a server, and what it refuses: an honest journal first, then the same
// journal in the hands of a server that changes, hides, swaps and forks.
#include <gtest/gtest.h>

#include <cstdlib>

#include "client-cli/verification/channel_history.hpp"
#include "protocol/crypto/random_bytes.hpp"
#include "protocol/sealing/message_text.hpp"
#include "tests/support/journal_builder.hpp"

namespace oberih::client {
namespace {

using test::JournalBuilder;
using test::TestDevice;

std::string sealed_text(const std::string& text,
                        sealing::MessageWhat what = sealing::MessageWhat::text) {
  return std::string(as_text(sealing::encode_message_text({what, text}).value().view()));
}

KeyRing ring_of(const TestDevice& device) {
  KeyRing ring;
  ring.device = device.certificate.device;
  ring.signature_seed = device.signature_key.copy();
  ring.hpke_secret = device.hpke_key.copy();
  ring.storage_key = crypto::random_secret<SymmetricKey>();
  return ring;
}

/// One device's client, fed by hand.
class VerifyingClient {
 public:
  VerifyingClient(const TestDevice& device, const Digest& genesis_hash)
      : ring_(ring_of(device)), genesis_hash_(genesis_hash) {
    char name[] = "/tmp/oberih-client-XXXXXX";
    if (mkdtemp(name) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = name;
    open();
  }
  VerifyingClient(const VerifyingClient&) = delete;
  VerifyingClient& operator=(const VerifyingClient&) = delete;
  ~VerifyingClient() {
    directory_.reset();
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  /// As another command of the same profile would.
  void open() {
    directory_.reset();
    store_ = std::make_unique<LocalStore>(folder_, ring_.storage_key);
    directory_ = std::make_unique<VerifiedDirectory>(*store_, genesis_hash_, folder_);
    EXPECT_TRUE(directory_->load());
  }
  VerifiedDirectory& directory() { return *directory_; }
  VerifiedChannel channel(const ChannelId& id) {
    return VerifiedChannel(*store_, *directory_, ring_, folder_, id);
  }
  std::vector<std::string> texts(VerifiedChannel& channel) {
    std::vector<std::string> texts;
    ChannelHistory(*store_, channel.keys(), channel.id()).for_each(0, [&](const HistoryItem& item) {
      if (item.what == HistoryItem::What::text) texts.push_back(item.text);
      if (item.what == HistoryItem::What::unreadable) texts.emplace_back("(unreadable)");
      return true;
    });
    return texts;
  }
  std::size_t evidence() const {
    if (!std::filesystem::exists(folder_ / "evidence")) return 0;
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(folder_ / "evidence"), {}));
  }

 private:
  KeyRing ring_;
  Digest genesis_hash_;
  std::filesystem::path folder_;
  std::unique_ptr<LocalStore> store_;
  std::unique_ptr<VerifiedDirectory> directory_;
};

/// An honest server's answers.
struct Served {
  wire::DirectoryPage directory;
  std::vector<wire::ChannelItem> items;  // of the one channel

  void take(const application::Batch& batch) {
    for (const application::JournalRow& row : batch.rows) {
      if (journal::is_directory_kind(row.kind)) {
        directory.leaves.push_back({row.index, row.leaf});
        ++directory.directory_count;
        continue;
      }
      wire::ChannelItem item;
      item.index = row.index;
      item.leaf = row.leaf;
      for (const application::EntryRow& entry : batch.entries)
        if (entry.index == row.index && !entry.ciphertext.empty())
          item.ciphertext = entry.ciphertext;
      for (const application::EpochRow& epoch : batch.epochs)
        if (epoch.index == row.index) {
          item.wraps = epoch.wraps;
          item.prev_box = epoch.prev_box;
        }
      items.push_back(std::move(item));
    }
  }
};

class ClientVerification : public testing::Test {
 protected:
  ClientVerification() {
    first_note = journal.sign_checkpoint().note;
    channel_id = journal.open_channel();
    journal.post(channel_id, journal.investigator(),
                 sealed_text("417", sealing::MessageWhat::channel_title));
    journal.post(channel_id, journal.investigator(), sealed_text("Потрібне погодження."));
    journal.post(channel_id, journal.prosecutor(), sealed_text("Погоджено."));
    served.take(journal.take_batch());
    note = journal.sign_checkpoint().note;
  }

  /// A client that has the directory and has taken the newest checkpoint.
  std::unique_ptr<VerifyingClient> client_of(const TestDevice& device) {
    auto client = std::make_unique<VerifyingClient>(device, journal.genesis_hash());
    EXPECT_TRUE(client->directory().add(served.directory));
    EXPECT_TRUE(take(*client, note));
    return client;
  }
  static Result<> take(VerifyingClient& client, const std::string& note) {
    Result<journal::Checkpoint> checkpoint = client.directory().open_checkpoint(note);
    if (!checkpoint) return checkpoint.error();
    return client.directory().accept_checkpoint(*checkpoint, note);
  }
  /// INVARIANT of every lie: refused, kept as evidence, and nothing behind it taken.
  void expect_refused(std::vector<wire::ChannelItem> items, std::uint64_t good) {
    std::unique_ptr<VerifyingClient> client = client_of(journal.prosecutor());
    VerifiedChannel channel = client->channel(channel_id);
    Result<> applied = channel.apply(items);
    ASSERT_FALSE(applied);
    EXPECT_EQ(applied.error().code, RefusalCode::verification_failed);
    EXPECT_EQ(channel.state().newest_seq(), good);
    EXPECT_EQ(client->evidence(), 1u);
  }

  JournalBuilder journal;
  ChannelId channel_id;
  Served served;
  std::string first_note, note;
};

TEST_F(ClientVerification, takes_an_honest_channel_and_opens_what_was_said) {
  for (const TestDevice* device :
       {&journal.investigator(), &journal.colleague(), &journal.prosecutor()}) {
    std::unique_ptr<VerifyingClient> client = client_of(*device);
    VerifiedChannel channel = client->channel(channel_id);
    Result<> applied = channel.apply(served.items);
    ASSERT_TRUE(applied) << applied.error().detail;
    EXPECT_EQ(client->texts(channel),
              (std::vector<std::string>{"Потрібне погодження.", "Погоджено."}));
    EXPECT_EQ(channel.title(), "417");
    EXPECT_EQ(client->evidence(), 0u);
  }
}

TEST_F(ClientVerification, who_was_added_later_opens_the_epochs_before_it) {
  std::unique_ptr<VerifyingClient> client = client_of(journal.prosecutor());
  VerifiedChannel channel = client->channel(channel_id);
  ASSERT_TRUE(channel.apply(served.items));
  EXPECT_TRUE(channel.keys().key(1));
  EXPECT_TRUE(channel.keys().key(2));
  EXPECT_FALSE(channel.keys().key(3));
}

TEST_F(ClientVerification, items_may_come_again_and_in_any_portions) {
  std::unique_ptr<VerifyingClient> client = client_of(journal.prosecutor());
  VerifiedChannel channel = client->channel(channel_id);
  for (const wire::ChannelItem& item : served.items) ASSERT_TRUE(channel.apply({&item, 1}));
  ASSERT_TRUE(channel.apply(served.items));
  EXPECT_EQ(client->texts(channel).size(), 2u);
  client->open();
  VerifiedChannel again = client->channel(channel_id);
  EXPECT_EQ(again.state().newest_seq(), served.items.size());
  EXPECT_EQ(client->texts(again).size(), 2u);
}

TEST_F(ClientVerification, who_holds_another_key_takes_the_chain_but_opens_nothing) {
  TestDevice thief;
  thief.certificate = journal.prosecutor().certificate;
  thief.hpke_key = crypto::random_secret<HpkeSecretKey>();
  std::unique_ptr<VerifyingClient> client = client_of(thief);
  VerifiedChannel channel = client->channel(channel_id);
  ASSERT_TRUE(channel.apply(served.items));
  EXPECT_FALSE(channel.keys().key(1));
  EXPECT_FALSE(channel.keys().key(2));
  EXPECT_EQ(channel.title(), std::nullopt);
  EXPECT_EQ(client->texts(channel),
            (std::vector<std::string>{"(unreadable)", "(unreadable)", "(unreadable)"}));
}

TEST_F(ClientVerification, refuses_every_changed_byte_of_a_leaf) {
  // The newest entry: a fault in an earlier one is found at that one, as the next test shows.
  const std::size_t size = served.items.back().leaf.size();
  for (std::size_t at = 0; at < size; at += 7) {
    std::vector<wire::ChannelItem> items = served.items;
    items.back().leaf[at] ^= 0x01;
    if (at >= 2 && at < 10) continue;  // server_ms: the server's own word, held by the checkpoint
    SCOPED_TRACE(at);
    expect_refused(items, served.items.size() - 1);
  }
}

TEST_F(ClientVerification, refuses_a_changed_ciphertext_wrap_and_box) {
  std::vector<wire::ChannelItem> items = served.items;
  items.back().ciphertext->front() ^= 1;
  expect_refused(items, items.size() - 1);
  items = served.items;
  items[1].wraps.back() ^= 1;
  expect_refused(items, 1);
  items = served.items;
  items[1].wraps.resize(items[1].wraps.size() - sealing::key_wrap_bytes);
  expect_refused(items, 1);
  items = served.items;
  items[1].prev_box.front() ^= 1;
  expect_refused(items, 1);
}

TEST_F(ClientVerification, refuses_a_gap_a_swap_and_a_fork) {
  std::vector<wire::ChannelItem> items = served.items;
  items.erase(items.begin() + 2);
  expect_refused(items, 2);
  items = served.items;
  std::swap(items[2], items[3]);
  expect_refused(items, 2);

  std::unique_ptr<VerifyingClient> client = client_of(journal.prosecutor());
  VerifiedChannel channel = client->channel(channel_id);
  ASSERT_TRUE(channel.apply(served.items));
  wire::ChannelItem other = served.items[3];
  other.leaf[5] ^= 1;  // the same place, told with another time
  Result<> applied = channel.apply({&other, 1});
  ASSERT_FALSE(applied);
  EXPECT_EQ(applied.error().code, RefusalCode::verification_failed);
}

TEST_F(ClientVerification, refuses_an_entry_whose_sender_the_directory_does_not_have) {
  VerifyingClient client(journal.investigator(), journal.genesis_hash());
  wire::DirectoryPage shorter = served.directory;
  shorter.leaves.pop_back();  // the prosecutor's certificate is withheld
  ASSERT_TRUE(client.directory().add(shorter));
  VerifiedChannel channel = client.channel(channel_id);
  Result<> applied = channel.apply(served.items);
  ASSERT_FALSE(applied);
  EXPECT_EQ(applied.error().code, RefusalCode::verification_failed);
  EXPECT_EQ(channel.state().newest_seq(), 1u);
}

TEST_F(ClientVerification, refuses_another_genesis_than_the_pinned_one) {
  VerifyingClient client(journal.investigator(), crypto::random_id<Digest>());
  Result<> added = client.directory().add(served.directory);
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().code, RefusalCode::verification_failed);
  EXPECT_TRUE(client.directory().directory().is_empty());
}

TEST_F(ClientVerification, refuses_a_changed_or_missing_leaf_of_the_directory) {
  for (std::size_t which = 1; which < served.directory.leaves.size(); ++which) {
    wire::DirectoryPage page = served.directory;
    page.leaves[which].leaf[100] ^= 1;
    VerifyingClient client(journal.investigator(), journal.genesis_hash());
    EXPECT_FALSE(client.directory().add(page));
    EXPECT_EQ(client.directory().directory().count(), which);
    page = served.directory;
    page.leaves.erase(page.leaves.begin() + static_cast<std::ptrdiff_t>(which));
    VerifyingClient other(journal.investigator(), journal.genesis_hash());
    EXPECT_EQ(other.directory().add(page).has_value(), which + 1 == served.directory.leaves.size());
  }
}

TEST_F(ClientVerification, refuses_a_journal_that_shrinks_or_shows_two_roots) {
  std::unique_ptr<VerifyingClient> client = client_of(journal.investigator());
  EXPECT_TRUE(take(*client, note));  // the same again
  Result<> smaller = take(*client, first_note);
  ASSERT_FALSE(smaller);
  EXPECT_EQ(smaller.error().code, RefusalCode::verification_failed);
  std::string forged = note;
  forged[forged.find('\n') + 1] = '9';
  EXPECT_FALSE(take(*client, forged));
  EXPECT_EQ(client->evidence(), 2u);
}

TEST_F(ClientVerification, refuses_a_checkpoint_of_another_journal_key) {
  JournalBuilder stranger;
  std::unique_ptr<VerifyingClient> client = client_of(journal.investigator());
  EXPECT_FALSE(take(*client, stranger.sign_checkpoint().note));
}

TEST_F(ClientVerification, refuses_a_checkpoint_that_leaves_out_a_leaf_of_the_directory) {
  // The journal signs a directory line of five leaves where six stand before its size.
  VerifyingClient client(journal.investigator(), journal.genesis_hash());
  ASSERT_TRUE(client.directory().add(served.directory));
  Result<journal::Checkpoint> honest = client.directory().open_checkpoint(note);
  ASSERT_TRUE(honest);
  journal::Checkpoint lying = *honest;
  lying.directory_count -= 1;
  Result<journal::Leaf> last = journal::parse_leaf(served.directory.leaves.back().leaf);
  ASSERT_TRUE(last);
  lying.directory_leaf = last->prev_leaf;
  Result<> accepted = client.directory().accept_checkpoint(lying, note);
  ASSERT_FALSE(accepted);
  EXPECT_NE(accepted.error().detail.find("leaves out"), std::string::npos);
}

TEST_F(ClientVerification, takes_no_name_that_the_certificate_does_not_hash) {
  std::unique_ptr<VerifyingClient> client = client_of(journal.investigator());
  DeviceId device = journal.prosecutor().certificate.device;
  client->directory().add_name_cards(
      {{{device, crypto::random_id<NameSalt>(), "Хтось Інший", "uk"}}});
  EXPECT_EQ(client->directory().find_name(device), std::nullopt);
}

}  // namespace
}  // namespace oberih::client
