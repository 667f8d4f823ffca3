// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <future>

#include "protocol/base/limits.hpp"
#include "server/storage/database_session.hpp"
#include "server/storage/journal_reader.hpp"
#include "server/storage/journal_store.hpp"
#include "tests/support/journal_builder.hpp"
#include "tests/support/postgres_fixture.hpp"

namespace oberih::test {
namespace {

using storage::PostgresJournalReader;

class JournalReaderTest : public testing::Test {
 protected:
  JournalReaderTest() : store_(database_.settings(), nullptr) {}

  application::Batch append_all() {
    application::Batch batch = builder_.take_batch();
    EXPECT_EQ(store_.append(batch), application::CommitOutcome::committed);
    return batch;
  }
  std::unique_ptr<PostgresJournalReader> make_reader() {
    return std::make_unique<PostgresJournalReader>(database_.settings(), nullptr);
  }
  static Result<wire::ItemPage> read(PostgresJournalReader& reader, const ChannelId& channel,
                                     std::uint64_t after, std::uint32_t limit,
                                     bool latest = false) {
    std::promise<Result<wire::ItemPage>> promise;
    reader.read_channel({}, channel, after, limit, latest,
                        [&](Result<wire::ItemPage> page) { promise.set_value(std::move(page)); });
    return promise.get_future().get();
  }

  PostgresDatabase database_;
  storage::PostgresJournalStore store_;
  JournalBuilder builder_;
};

TEST_F(JournalReaderTest, a_page_holds_leaves_with_what_lies_beside_them) {
  ChannelId channel = builder_.open_channel();
  builder_.post(channel, builder_.investigator(), std::string("NUL \0 inside", 12));
  builder_.leave(channel, builder_.colleague());
  application::Batch batch = append_all();
  auto reader = make_reader();
  wire::ItemPage page = read(*reader, channel, 0, 1000).value();
  EXPECT_EQ(page.newest_seq, 4u);
  EXPECT_EQ(page.directory_count, 6u);
  ASSERT_EQ(page.items.size(), 4u);
  for (const wire::ChannelItem& item : page.items)
    EXPECT_EQ(item.leaf, batch.rows.at(item.index).leaf);
  EXPECT_EQ(page.items[0].wraps, batch.epochs[0].wraps);
  EXPECT_TRUE(page.items[0].prev_box.empty());
  EXPECT_FALSE(page.items[0].ciphertext);
  EXPECT_EQ(page.items[1].wraps, batch.epochs[1].wraps);
  EXPECT_EQ(page.items[1].prev_box, batch.epochs[1].prev_box);
  EXPECT_EQ(page.items[2].ciphertext, batch.entries[0].ciphertext);
  EXPECT_TRUE(page.items[2].wraps.empty());
  EXPECT_FALSE(page.items[3].ciphertext);
}

TEST_F(JournalReaderTest, pages_follow_each_other_and_latest_takes_the_end) {
  ChannelId channel = builder_.open_channel();
  for (int post = 0; post < 30; ++post) builder_.post(channel, builder_.investigator(), "text");
  application::Batch batch = append_all();
  auto reader = make_reader();
  std::vector<std::uint64_t> seen;
  for (std::uint64_t after = 0; after < 32; after += 10)
    for (const wire::ChannelItem& item : read(*reader, channel, after, 10).value().items)
      seen.push_back(batch.rows.at(item.index).channel_seq);
  ASSERT_EQ(seen.size(), 32u);
  for (std::size_t place = 0; place < seen.size(); ++place) EXPECT_EQ(seen[place], place + 1);

  wire::ItemPage latest = read(*reader, channel, 0, 5, true).value();
  ASSERT_EQ(latest.items.size(), 5u);
  EXPECT_EQ(batch.rows.at(latest.items.front().index).channel_seq, 28u);
  EXPECT_EQ(batch.rows.at(latest.items.back().index).channel_seq, 32u);
  EXPECT_EQ(read(*reader, channel, 30, 5, true).value().items.size(), 2u);
  EXPECT_EQ(read(*reader, channel, 32, 5).value().items.size(), 0u);
  EXPECT_EQ(read(*reader, channel, 32, 5).value().newest_seq, 32u);
  EXPECT_EQ(read(*reader, channel, UINT64_MAX, 5).value().items.size(), 0u);
}

TEST_F(JournalReaderTest, a_page_is_bounded_in_bytes_but_never_empty) {
  ChannelId channel = builder_.open_channel();
  for (int post = 0; post < 8; ++post)
    builder_.post(channel, builder_.investigator(), std::string(60'000, 'x'));
  application::Batch batch = append_all();
  auto reader = make_reader();
  wire::ItemPage page = read(*reader, channel, 2, 1000).value();
  std::size_t bytes = 0;
  for (const wire::ChannelItem& item : page.items)
    bytes += (item.leaf.size() + item.ciphertext->size()) * 4 / 3;
  EXPECT_EQ(page.items.size(), 2u);
  EXPECT_LE(bytes, limits::page_bytes);
  EXPECT_EQ(page.items.front().index, batch.rows.at(batch.rows.size() - 8).index);
  wire::ItemPage latest = read(*reader, channel, 0, 1000, true).value();
  ASSERT_EQ(latest.items.size(), 2u);
  EXPECT_EQ(latest.items.back().index, batch.rows.back().index);
  EXPECT_LT(latest.items.front().index, latest.items.back().index);
}

// More than one statement looks up, from either end.
TEST_F(JournalReaderTest, a_page_of_many_small_items_is_full_and_has_no_gap) {
  ChannelId channel = builder_.open_channel();
  for (int post = 0; post < 400; ++post) builder_.post(channel, builder_.investigator(), "text");
  application::Batch batch = append_all();
  auto reader = make_reader();
  const auto sequences = [&](const wire::ItemPage& page) {
    std::vector<std::uint64_t> seen;
    for (const wire::ChannelItem& item : page.items)
      seen.push_back(batch.rows.at(item.index).channel_seq);
    return seen;
  };
  const auto weight = [](const wire::ChannelItem& item) {
    return (item.leaf.size() + item.ciphertext.value_or(Bytes{}).size()) * 4 / 3 + 100;
  };
  for (bool from_newest : {false, true}) {
    wire::ItemPage page = read(*reader, channel, 2, 1000, from_newest).value();
    const std::vector<std::uint64_t> seen = sequences(page);
    ASSERT_GT(seen.size(), 170u) << "as many as the bytes allow";
    ASSERT_LT(seen.size(), 400u) << "the bytes must be what ends the page";
    EXPECT_EQ(from_newest ? seen.back() : seen.front(), from_newest ? 402u : 3u);
    for (std::size_t i = 1; i < seen.size(); ++i) ASSERT_EQ(seen[i], seen[i - 1] + 1);
    std::size_t bytes = 0;
    for (const wire::ChannelItem& item : page.items) bytes += weight(item);
    EXPECT_LE(bytes, limits::page_bytes);
    EXPECT_GT(bytes + weight(page.items.front()), limits::page_bytes) << "another one would fit";
    EXPECT_EQ(page.newest_seq, 402u);
    EXPECT_EQ(page.directory_count, 6u);
    EXPECT_EQ(sequences(read(*reader, channel, 2, 165, from_newest).value()).size(), 165u);
  }
}

TEST_F(JournalReaderTest, a_channel_that_does_not_exist_has_an_empty_page) {
  append_all();
  auto reader = make_reader();
  ChannelId nowhere;
  nowhere.bytes[0] = 1;
  wire::ItemPage page = read(*reader, nowhere, 0, 10).value();
  EXPECT_TRUE(page.items.empty());
  EXPECT_EQ(page.newest_seq, 0u);
  EXPECT_EQ(page.directory_count, 6u);
}

TEST_F(JournalReaderTest, the_directory_is_read_by_its_own_count) {
  builder_.open_channel();
  application::Batch batch = append_all();
  auto reader = make_reader();
  std::promise<Result<wire::DirectoryPage>> promise;
  reader->read_directory({}, 2, 3, [&](auto page) { promise.set_value(std::move(page)); });
  wire::DirectoryPage page = promise.get_future().get().value();
  EXPECT_EQ(page.directory_count, 6u);
  ASSERT_EQ(page.leaves.size(), 3u);
  EXPECT_EQ(page.leaves[0].index, 2u);
  EXPECT_EQ(page.leaves[2].leaf, batch.rows[4].leaf);
}

TEST_F(JournalReaderTest, name_cards_of_the_asked_devices_alone) {
  application::Batch batch = append_all();
  auto reader = make_reader();
  auto ask = [&](std::vector<DeviceId> devices) {
    std::promise<Result<wire::NameCards>> promise;
    reader->read_name_cards({}, std::move(devices),
                            [&](auto cards) { promise.set_value(std::move(cards)); });
    return promise.get_future().get().value().cards;
  };
  DeviceId device = builder_.investigator().certificate.device;
  std::vector<sealing::NameCard> cards = ask({device, DeviceId{}});
  ASSERT_EQ(cards.size(), 1u);
  EXPECT_EQ(cards[0].name, "Oksana");
  EXPECT_EQ(cards[0].device, device);
  EXPECT_EQ(sealing::name_hash(cards[0].salt, cards[0].name),
            builder_.investigator().certificate.name_hash);
  EXPECT_TRUE(ask({}).empty());
}

TEST_F(JournalReaderTest, only_the_sender_finds_entries_and_only_in_their_channel) {
  ChannelId channel = builder_.open_channel();
  builder_.post(channel, builder_.investigator(), "mine");
  application::Batch batch = append_all();
  auto reader = make_reader();
  auto ask = [&](const DeviceId& sender, const ChannelId& where) {
    std::promise<Result<wire::FoundEntries>> promise;
    reader->find_entries({}, sender, where, {batch.entries[0].message_id, MessageId{}},
                         [&](auto entries) { promise.set_value(std::move(entries)); });
    return promise.get_future().get().value().entries;
  };
  auto found = ask(builder_.investigator().certificate.device, channel);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].message_hash, batch.entries[0].message_hash);
  EXPECT_EQ(found[0].appended.index, batch.entries[0].index);
  EXPECT_EQ(found[0].appended.leaf_hash, batch.rows.back().leaf_hash);
  EXPECT_TRUE(ask(builder_.colleague().certificate.device, channel).empty());
  EXPECT_TRUE(ask(builder_.investigator().certificate.device, ChannelId{}).empty());
}

TEST_F(JournalReaderTest, killed_backends_are_replaced_and_the_question_asked_again) {
  ChannelId channel = builder_.open_channel();
  append_all();
  auto reader = make_reader();
  for (int round = 0; round < 5; ++round) {
    ASSERT_TRUE(read(*reader, channel, 0, 10));
    database_.run_as_superuser(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
        "WHERE usename = 'oberih_reader' AND datname = current_database()");
  }
}

TEST_F(JournalReaderTest, a_database_that_is_away_is_unavailable_and_comes_back) {
  ChannelId channel = builder_.open_channel();
  append_all();
  auto reader = make_reader();
  database_.run_as_superuser("ALTER ROLE oberih_reader NOLOGIN");
  database_.run_as_superuser(
      "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
      "WHERE usename = 'oberih_reader'");
  Result<wire::ItemPage> page = read(*reader, channel, 0, 10);
  database_.run_as_superuser("ALTER ROLE oberih_reader LOGIN");
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().code, RefusalCode::unavailable);
  EXPECT_TRUE(page.error().detail.empty());
  EXPECT_TRUE(read(*reader, channel, 0, 10));
}

TEST_F(JournalReaderTest, a_full_queue_answers_busy_and_a_stop_answers_unavailable) {
  ChannelId channel = builder_.open_channel();
  append_all();
  storage::DatabaseSettings settings = database_.settings();
  settings.reader_connections = 1;
  settings.reader_queue = 3;
  auto reader = std::make_unique<PostgresJournalReader>(settings, nullptr);
  std::mutex mutex;
  std::promise<void> first_begun, go_on;
  std::vector<std::optional<RefusalCode>> outcomes;
  auto count = [&](Result<wire::ItemPage> page) {
    std::lock_guard lock(mutex);
    outcomes.push_back(page ? std::nullopt : std::optional(page.error().code));
  };
  // The only reader thread stands still in the first answer.
  reader->read_channel({}, channel, 0, 10, false, [&](Result<wire::ItemPage> page) {
    first_begun.set_value();
    go_on.get_future().wait();
    count(std::move(page));
  });
  first_begun.get_future().wait();
  for (int request = 0; request < 5; ++request)
    reader->read_channel({}, channel, 0, 10, false, count);
  std::thread stopper([&] { reader.reset(); });
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  go_on.set_value();
  stopper.join();
  ASSERT_EQ(outcomes.size(), 6u);
  EXPECT_EQ(std::count(outcomes.begin(), outcomes.end(), RefusalCode::server_busy), 2);
  EXPECT_EQ(std::count(outcomes.begin(), outcomes.end(), RefusalCode::unavailable), 3);
}

TEST_F(JournalReaderTest, a_page_of_a_large_channel_is_found_by_index) {
  append_all();
  // Rows that no client would take, but enough of them to make a scan show: rows read, not time.
  database_.run_as_superuser(
      "INSERT INTO journal SELECT i, 5, 1, decode(repeat('ab', 32), 'hex'), i - 99, "
      "decode(repeat('cd', 32), 'hex'), decode(repeat('ef', 100), 'hex') "
      "FROM generate_series(100, 100099) AS i;"
      "INSERT INTO ciphertext SELECT i, decode(repeat('ab', 300), 'hex') "
      "FROM generate_series(100, 100099) AS i; ANALYZE;");
  ChannelId channel;
  channel.bytes.fill(0xab);
  auto reader = make_reader();
  // Often enough that PostgreSQL goes over to its generic plan.
  for (int round = 0; round < 20; ++round) {
    EXPECT_EQ(read(*reader, channel, 0, 20, true).value().items.size(), 20u);
    EXPECT_EQ(read(*reader, channel, 50'000, 20).value().items.size(), 20u);
  }
  EXPECT_EQ(read(*reader, channel, 0, 20, true).value().newest_seq, 100'000u);
  reader.reset();  // a backend reports its statistics when it ends, at the latest
  database_.ask("oberih_superuser", "SELECT pg_sleep(0.3)");
  std::string scanned =
      database_.ask("oberih_superuser",
                    "SELECT coalesce(sum(seq_tup_read), 0) FROM pg_stat_user_tables "
                    "WHERE relname IN ('journal', 'ciphertext')");
  EXPECT_LT(std::stoll(scanned), 10'000) << "rows were read one after the other";
}

}  // namespace
}  // namespace oberih::test
