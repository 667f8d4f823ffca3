// SPDX-License-Identifier: Apache-2.0
#include "client-cli/keyring/local_store.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>
#include <sstream>

#include "protocol/crypto/random_bytes.hpp"
#include "tests/unit/client/temporary_folder.hpp"

namespace oberih::client {
namespace {

class LocalStoreTest : public testing::Test {
 protected:
  StoredChannel channel(std::uint64_t newest_seq = 1) {
    return {crypto::random_id<ChannelId>(), Bytes{1, 2, 3}, newest_seq, 7, 8};
  }
  std::string everything_on_disk() const {
    std::string all;
    for (const auto& file : std::filesystem::directory_iterator(folder.path())) {
      std::ifstream stream(file.path(), std::ios::binary);
      all.append(std::istreambuf_iterator<char>(stream), {});
    }
    return all;
  }

  TemporaryFolder folder;
  SymmetricKey key = crypto::random_secret<SymmetricKey>();
};

TEST_F(LocalStoreTest, sets_a_lost_tail_aside_and_keeps_what_stood_before_it) {
  LocalStore store(folder.path(), key);
  StoredChannel before = channel();
  before.newest_index = 9;
  StoredChannel behind = channel();
  behind.newest_index = 12;
  for (const StoredChannel& each : {before, behind}) {
    store.channels().put(each);
    store.channels().add_item(each.channel, {1, 7, Bytes{1}, std::nullopt}, {});
    store.channels().add_item(each.channel, {2, each.newest_index, Bytes{2}, std::nullopt}, {});
  }
  store.directory().add_checkpoint({10, {}, "ten"});
  store.directory().keep_quoted(10);
  store.directory().add_checkpoint({13, {}, "thirteen"});
  Transaction transaction = store.begin();
  store.set_tail_aside(10);
  transaction.commit();
  EXPECT_EQ(store.directory().newest_checkpoint()->note, "ten");
  EXPECT_TRUE(store.channels().find(before.channel));
  EXPECT_FALSE(store.channels().find(behind.channel)) << "it is read anew from its beginning";
  unsigned items = 0;
  const auto count = [&](const StoredItem&) {
    ++items;
    return true;
  };
  store.channels().for_each_item(before.channel, 0, count);
  EXPECT_EQ(items, 2u);
  store.channels().for_each_item(behind.channel, 0, count);
  EXPECT_EQ(items, 2u);
  SqliteDatabase database(folder.path() / "store.sqlite");
  Statement lost = database.prepare("SELECT count(*) FROM lost_item WHERE new_size = 10");
  ASSERT_TRUE(lost.step());
  EXPECT_EQ(lost.integer(0), 2u) << "evidence is kept";
}

TEST_F(LocalStoreTest, keeps_titles_keys_and_outbox_sealed) {
  const std::string canary = "Затримано двох";
  auto epoch_key = crypto::random_secret<EpochKey>();
  {
    LocalStore store(folder.path(), key);
    StoredChannel stored = channel();
    store.channels().put(stored);
    store.channels().put_title(stored.channel, canary);
    store.channels().add_epoch(stored.channel, {1, {}, {}, 0, {}});
    store.channels().put_key(stored.channel, 1, epoch_key);
    store.outbox().put({stored.channel, crypto::random_id<MessageId>(), EntryType::message,
                        SecretBuffer(as_bytes(canary)), 1});
    store.directory().put_name_card(
        {crypto::random_id<DeviceId>(), crypto::random_id<NameSalt>(), canary, "uk"});
    EXPECT_EQ(store.channels().title(stored.channel), canary);
    EXPECT_EQ(as_text(store.outbox().list(stored.channel).at(0).text.view()), canary);
    EXPECT_EQ(store.directory().name_cards().at(0).name, canary);
    EXPECT_TRUE(crypto::constant_time_equal(store.channels().key(stored.channel, 1)->view(),
                                            epoch_key.view()));
    EXPECT_EQ(everything_on_disk().find(canary), std::string::npos);
  }
  std::string disk = everything_on_disk();
  EXPECT_EQ(disk.find(canary), std::string::npos);
  EXPECT_EQ(disk.find(as_text(epoch_key.view())), std::string::npos);
}

TEST_F(LocalStoreTest, keeps_the_facts_of_an_outbox_entry_sealed_with_its_text) {
  const std::string canary = "whom it is for";
  LocalStore store(folder.path(), key);
  const OutboxEntry entry{crypto::random_id<ChannelId>(),
                          crypto::random_id<MessageId>(),
                          EntryType::message,
                          SecretBuffer(as_bytes("text")),
                          1,
                          to_bytes(as_bytes(canary))};
  store.outbox().put(entry);
  const std::vector<OutboxEntry> kept = store.outbox().list(entry.channel);
  ASSERT_EQ(kept.size(), 1u);
  EXPECT_EQ(kept[0].facts, entry.facts);
  EXPECT_EQ(as_text(kept[0].text.view()), "text");
  EXPECT_EQ(everything_on_disk().find(canary), std::string::npos);
}

TEST_F(LocalStoreTest, reads_outbox_entries_of_versions_that_knew_no_facts) {
  LocalStore store(folder.path(), key);
  SqliteDatabase database(folder.path() / "store.sqlite");
  const auto channel_id = crypto::random_id<ChannelId>();
  const Bytes post{1, 1, 0, 0, 0, 1, 'a', 0, 0};
  for (const Bytes& text : {post, Bytes()}) {
    const auto message = crypto::random_id<MessageId>();
    Bytes row = to_bytes(channel_id.view());
    row.insert(row.end(), message.bytes.begin(), message.bytes.end());
    database.prepare("INSERT INTO outbox VALUES(?, ?, ?, ?, ?)")
        .bind(channel_id)
        .bind(message)
        .bind(static_cast<std::uint64_t>(text.empty() ? EntryType::leave : EntryType::message))
        .bind(ByteView(RowSeal(key).seal("outbox", row, text)))
        .bind(std::uint64_t{text.empty() ? 2u : 1u})
        .run();
  }
  const std::vector<OutboxEntry> kept = store.outbox().list(channel_id);
  ASSERT_EQ(kept.size(), 2u);
  EXPECT_EQ(to_bytes(kept[0].text.view()), post);
  EXPECT_TRUE(kept[0].facts.empty());
  EXPECT_EQ(kept[1].type, EntryType::leave);
  EXPECT_EQ(kept[1].text.size(), 0u);
}

TEST_F(LocalStoreTest, belongs_to_its_owner_alone) {
  LocalStore store(folder.path(), key);
  struct stat status {};
  ASSERT_EQ(::stat((folder.path() / "store.sqlite").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST_F(LocalStoreTest, another_storage_key_opens_nothing) {
  StoredChannel stored = channel();
  {
    LocalStore store(folder.path(), key);
    store.channels().put(stored);
    store.channels().put_title(stored.channel, "417");
  }
  LocalStore store(folder.path(), crypto::random_secret<SymmetricKey>());
  EXPECT_THROW(store.channels().title(stored.channel), LocalStoreFailure);
}

TEST_F(LocalStoreTest, forgets_what_was_not_committed) {
  LocalStore store(folder.path(), key);
  StoredChannel stored = channel();
  {
    Transaction transaction = store.begin();
    store.channels().put(stored);
  }
  EXPECT_EQ(store.channels().newest_seq(stored.channel), 0u);
}

TEST_F(LocalStoreTest, two_commands_see_each_others_work) {
  LocalStore first(folder.path(), key), second(folder.path(), key);
  StoredChannel stored = channel(5);
  first.channels().put(stored);
  EXPECT_EQ(second.channels().newest_seq(stored.channel), 5u);
  stored.newest_seq = 6;
  second.channels().put(stored);
  EXPECT_EQ(first.channels().newest_seq(stored.channel), 6u);
}

TEST_F(LocalStoreTest, items_can_be_asked_for_while_items_are_shown) {
  LocalStore store(folder.path(), key);
  const StoredChannel shown = channel();
  store.channels().put(shown);
  for (std::uint64_t seq = 1; seq <= 3; ++seq)
    store.channels().add_item(shown.channel, {seq, 7 + seq, Bytes{1}, std::nullopt}, {});
  std::vector<std::uint64_t> seen;
  store.channels().for_each_item(shown.channel, 0, [&](const StoredItem& outer) {
    store.channels().for_each_item(shown.channel, outer.seq, [&](const StoredItem& inner) {
      seen.push_back(10 * outer.seq + inner.seq);
      return true;
    });
    return true;
  });
  EXPECT_EQ(seen, (std::vector<std::uint64_t>{12, 13, 23}));
}

TEST_F(LocalStoreTest, what_was_shown_never_goes_back) {
  LocalStore store(folder.path(), key);
  StoredChannel stored = channel();
  store.channels().put(stored);
  store.channels().put_shown_seq(stored.channel, 9);
  store.channels().put_shown_seq(stored.channel, 4);
  EXPECT_EQ(store.channels().shown_seq(stored.channel), 9u);
}

TEST_F(LocalStoreTest, what_was_shown_of_alerts_goes_back_with_a_lost_tail_alone) {
  LocalStore store(folder.path(), key);
  EXPECT_EQ(store.alerts().shown_index(), 0u);
  store.alerts().put_shown_index(9);
  store.alerts().put_shown_index(4);
  EXPECT_EQ(store.alerts().shown_index(), 9u);
  Transaction transaction = store.begin();
  store.set_tail_aside(20);
  EXPECT_EQ(store.alerts().shown_index(), 9u);
  store.set_tail_aside(6);
  EXPECT_EQ(store.alerts().shown_index(), 5u) << "what comes in its place is new";
  transaction.commit();
}

TEST_F(LocalStoreTest, keeps_the_newest_checkpoint_and_those_it_quoted) {
  LocalStore store(folder.path(), key);
  for (std::uint64_t size : {10, 20, 30}) {
    store.directory().add_checkpoint({size, crypto::random_id<Digest>(), "note"});
    if (size == 10) store.directory().keep_quoted(size);
  }
  EXPECT_TRUE(store.directory().root_at(10));
  EXPECT_FALSE(store.directory().root_at(20));
  EXPECT_EQ(store.directory().newest_checkpoint()->size, 30u);
}

TEST(RowSeal, a_value_does_not_open_in_another_row_or_table) {
  RowSeal seal(crypto::random_secret<SymmetricKey>());
  Bytes sealed = seal.seal("title", as_bytes("row 1"), as_bytes("value"));
  EXPECT_EQ(as_text(seal.open("title", as_bytes("row 1"), sealed).view()), "value");
  EXPECT_THROW(seal.open("title", as_bytes("row 2"), sealed), LocalStoreFailure);
  EXPECT_THROW(seal.open("epoch", as_bytes("row 1"), sealed), LocalStoreFailure);
  EXPECT_THROW(seal.open("title", as_bytes("row 1"), Bytes(3)), LocalStoreFailure);
}

}  // namespace
}  // namespace oberih::client
