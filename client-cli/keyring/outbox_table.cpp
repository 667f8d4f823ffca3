// SPDX-License-Identifier: Apache-2.0
#include "client-cli/keyring/outbox_table.hpp"

#include "protocol/base/byte_writer.hpp"

namespace oberih::client {
namespace {

Bytes row_name(const ChannelId& channel, const MessageId& message) {
  return ByteWriter().raw(channel).raw(message).take();
}

}  // namespace

void OutboxTable::put(const OutboxEntry& entry) {
  Bytes sealed = seal_.seal("outbox", row_name(entry.channel, entry.message), entry.text.view());
  database_.prepare("INSERT OR REPLACE INTO outbox VALUES(?, ?, ?, ?, ?)")
      .bind(entry.channel)
      .bind(entry.message)
      .bind(static_cast<std::uint64_t>(entry.type))
      .bind(sealed)
      .bind(entry.created_ms)
      .run();
}

void OutboxTable::remove(const ChannelId& channel, const MessageId& message) {
  database_.prepare("DELETE FROM outbox WHERE channel = ? AND message_id = ?")
      .bind(channel)
      .bind(message)
      .run();
}

std::vector<OutboxEntry> OutboxTable::list(const ChannelId& channel) {
  std::vector<OutboxEntry> entries;
  Statement statement = database_.prepare(
      "SELECT message_id, type, sealed_text, created_ms FROM outbox WHERE channel = ?"
      " ORDER BY created_ms, message_id");
  statement.bind(channel);
  while (statement.step()) {
    OutboxEntry entry;
    entry.channel = channel;
    entry.message = statement.id<MessageId>(0);
    std::optional<EntryType> type = entry_type_of(static_cast<std::uint8_t>(statement.integer(1)));
    if (!type) throw LocalStoreFailure("the local store: an outbox entry is damaged");
    entry.type = *type;
    entry.text = seal_.open("outbox", row_name(channel, entry.message), statement.blob(2));
    entry.created_ms = statement.integer(3);
    entries.push_back(std::move(entry));
  }
  return entries;
}

std::vector<ChannelId> OutboxTable::channels() {
  std::vector<ChannelId> channels;
  Statement statement = database_.prepare("SELECT DISTINCT channel FROM outbox");
  while (statement.step()) channels.push_back(statement.id<ChannelId>(0));
  return channels;
}

std::uint64_t OutboxTable::size() {
  Statement statement = database_.prepare("SELECT count(*) FROM outbox");
  return statement.step() ? statement.integer(0) : 0;
}

}  // namespace oberih::client
