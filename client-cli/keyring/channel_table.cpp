// SPDX-License-Identifier: Apache-2.0
#include "client-cli/keyring/channel_table.hpp"

#include "protocol/base/byte_writer.hpp"

namespace oberih::client {
namespace {

Bytes epoch_row(const ChannelId& channel, std::uint64_t epoch) {
  return ByteWriter().raw(channel).u64(epoch).take();
}

}  // namespace

std::vector<ChannelId> ChannelTable::list() {
  std::vector<ChannelId> channels;
  Statement statement = database_.prepare("SELECT channel FROM channel ORDER BY newest_index DESC");
  while (statement.step()) channels.push_back(statement.id<ChannelId>(0));
  return channels;
}

std::optional<StoredChannel> ChannelTable::find(const ChannelId& channel) {
  Statement statement = database_.prepare(
      "SELECT state, newest_seq, newest_index, newest_ms FROM channel WHERE channel = ?");
  statement.bind(channel);
  if (!statement.step()) return std::nullopt;
  return StoredChannel{channel, statement.blob(0), statement.integer(1), statement.integer(2),
                       statement.integer(3)};
}

std::uint64_t ChannelTable::newest_seq(const ChannelId& channel) {
  Statement statement = database_.prepare("SELECT newest_seq FROM channel WHERE channel = ?");
  statement.bind(channel);
  return statement.step() ? statement.integer(0) : 0;
}

void ChannelTable::put(const StoredChannel& channel) {
  database_
      .prepare(
          "INSERT INTO channel(channel, state, newest_seq, newest_index, newest_ms)"
          " VALUES(?, ?, ?, ?, ?) ON CONFLICT(channel) DO UPDATE SET state = excluded.state,"
          " newest_seq = excluded.newest_seq, newest_index = excluded.newest_index,"
          " newest_ms = excluded.newest_ms")
      .bind(channel.channel)
      .bind(channel.state)
      .bind(channel.newest_seq)
      .bind(channel.newest_index)
      .bind(channel.newest_ms)
      .run();
}

void ChannelTable::put_title(const ChannelId& channel, std::string_view title) {
  database_.prepare("UPDATE channel SET sealed_title = ? WHERE channel = ?")
      .bind(seal_.seal("title", channel.view(), as_bytes(title)))
      .bind(channel)
      .run();
}

std::optional<std::string> ChannelTable::title(const ChannelId& channel) {
  Statement statement = database_.prepare("SELECT sealed_title FROM channel WHERE channel = ?");
  statement.bind(channel);
  if (!statement.step() || statement.is_null(0)) return std::nullopt;
  SecretBuffer title = seal_.open("title", channel.view(), statement.blob(0));
  return std::string(as_text(title.view()));
}

std::uint64_t ChannelTable::shown_seq(const ChannelId& channel) {
  Statement statement = database_.prepare("SELECT shown_seq FROM channel WHERE channel = ?");
  statement.bind(channel);
  return statement.step() ? statement.integer(0) : 0;
}

void ChannelTable::put_shown_seq(const ChannelId& channel, std::uint64_t seq) {
  database_.prepare("UPDATE channel SET shown_seq = max(shown_seq, ?) WHERE channel = ?")
      .bind(seq)
      .bind(channel)
      .run();
}

void ChannelTable::add_item(const ChannelId& channel, const StoredItem& item,
                            const Digest& leaf_hash) {
  Statement statement = database_.prepare("INSERT INTO item VALUES(?, ?, ?, ?, ?, ?)");
  statement.bind(channel).bind(item.seq).bind(item.index).bind(item.leaf).bind(leaf_hash);
  item.ciphertext ? statement.bind(*item.ciphertext) : statement.bind_null();
  statement.run();
}

std::optional<Digest> ChannelTable::leaf_hash_at(const ChannelId& channel, std::uint64_t seq) {
  Statement statement =
      database_.prepare("SELECT leaf_hash FROM item WHERE channel = ? AND seq = ?");
  statement.bind(channel).bind(seq);
  if (!statement.step()) return std::nullopt;
  return statement.id<Digest>(0);
}

std::optional<StoredItem> ChannelTable::find_item(const ChannelId& channel, std::uint64_t seq) {
  Statement statement = database_.prepare(
      "SELECT seq, journal_index, leaf, ciphertext FROM item WHERE channel = ? AND seq = ?");
  statement.bind(channel).bind(seq);
  if (!statement.step()) return std::nullopt;
  StoredItem item{statement.integer(0), statement.integer(1), statement.blob(2), std::nullopt};
  if (!statement.is_null(3)) item.ciphertext = statement.blob(3);
  return item;
}

void ChannelTable::for_each_item(const ChannelId& channel, std::uint64_t after_seq,
                                 const std::function<bool(const StoredItem&)>& visit) {
  Statement statement = database_.prepare(
      "SELECT seq, journal_index, leaf, ciphertext FROM item WHERE channel = ? AND seq > ?"
      " ORDER BY seq");
  statement.bind(channel).bind(after_seq);
  while (statement.step()) {
    StoredItem item{statement.integer(0), statement.integer(1), statement.blob(2), std::nullopt};
    if (!statement.is_null(3)) item.ciphertext = statement.blob(3);
    if (!visit(item)) return;
  }
}

void ChannelTable::for_each_leaf(
    const ChannelId& channel, std::uint64_t after_seq,
    const std::function<void(std::uint64_t seq, const Bytes& leaf)>& visit) {
  Statement statement =
      database_.prepare("SELECT seq, leaf FROM item WHERE channel = ? AND seq > ? ORDER BY seq");
  statement.bind(channel).bind(after_seq);
  while (statement.step()) visit(statement.integer(0), statement.blob(1));
}

bool ChannelTable::has_message(const DeviceId& sender, const MessageId& message) {
  Statement statement =
      database_.prepare("SELECT 1 FROM sent_message WHERE sender = ? AND message_id = ?");
  statement.bind(sender).bind(message);
  return statement.step();
}

void ChannelTable::add_message(const DeviceId& sender, const MessageId& message,
                               const ChannelId& channel, std::uint64_t seq) {
  database_.prepare("INSERT INTO sent_message VALUES(?, ?, ?, ?)")
      .bind(sender)
      .bind(message)
      .bind(channel)
      .bind(seq)
      .run();
}

void ChannelTable::add_epoch(const ChannelId& channel, const StoredEpoch& epoch) {
  database_.prepare("INSERT INTO epoch VALUES(?, ?, ?, ?, ?, ?, NULL)")
      .bind(channel)
      .bind(epoch.epoch)
      .bind(epoch.key_commitment)
      .bind(epoch.message_key_commitment)
      .bind(epoch.previous_epoch)
      .bind(epoch.previous_box)
      .run();
}

std::optional<StoredEpoch> ChannelTable::find_epoch(const ChannelId& channel, std::uint64_t epoch) {
  Statement statement = database_.prepare(
      "SELECT key_commitment, message_key_commitment, previous_epoch, previous_box FROM epoch"
      " WHERE channel = ? AND epoch = ?");
  statement.bind(channel).bind(epoch);
  if (!statement.step()) return std::nullopt;
  return StoredEpoch{epoch, statement.id<Digest>(0), statement.id<Digest>(1), statement.integer(2),
                     statement.blob(3)};
}

void ChannelTable::put_key(const ChannelId& channel, std::uint64_t epoch, const EpochKey& key) {
  Bytes row = epoch_row(channel, epoch);
  database_.prepare("UPDATE epoch SET sealed_key = ? WHERE channel = ? AND epoch = ?")
      .bind(seal_.seal("epoch", row, key.view()))
      .bind(channel)
      .bind(epoch)
      .run();
}

std::optional<EpochKey> ChannelTable::key(const ChannelId& channel, std::uint64_t epoch) {
  Statement statement =
      database_.prepare("SELECT sealed_key FROM epoch WHERE channel = ? AND epoch = ?");
  statement.bind(channel).bind(epoch);
  if (!statement.step() || statement.is_null(0)) return std::nullopt;
  SecretBuffer opened = seal_.open("epoch", epoch_row(channel, epoch), statement.blob(0));
  EpochKey key;
  if (opened.size() != key.view().size())
    throw LocalStoreFailure("the local store: an epoch key is damaged");
  std::copy(opened.view().begin(), opened.view().end(), key.writable().begin());
  return key;
}

std::uint64_t ChannelTable::newest_key_epoch(const ChannelId& channel) {
  Statement statement = database_.prepare(
      "SELECT max(epoch) FROM epoch WHERE channel = ? AND sealed_key IS NOT NULL");
  statement.bind(channel);
  return statement.step() ? statement.integer(0) : 0;
}

}  // namespace oberih::client
