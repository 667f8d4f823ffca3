// SPDX-License-Identifier: Apache-2.0
#include "client-cli/keyring/outbox_table.hpp"

#include <algorithm>

#include "protocol/base/byte_reader.hpp"
#include "protocol/base/byte_writer.hpp"
#include "protocol/base/limits.hpp"

namespace oberih::client {
namespace {

Bytes row_name(const ChannelId& channel, const MessageId& message) {
  return ByteWriter().raw(channel).raw(message).take();
}

// What is sealed is `u8 2 || vec(facts) || text`. Older versions knew no facts and sealed the text
// alone, which begins with 1 or is empty.
constexpr std::uint8_t version_with_facts = 2;

SecretBuffer join(const OutboxEntry& entry) {
  const Bytes before = ByteWriter().u8(version_with_facts).vec(entry.facts).take();
  SecretBuffer joined(before.size() + entry.text.size());
  const auto behind = std::copy(before.begin(), before.end(), joined.writable().begin());
  std::copy(entry.text.view().begin(), entry.text.view().end(), behind);
  return joined;
}

void split(SecretBuffer opened, OutboxEntry& entry) {
  if (opened.view().empty() || opened.view().front() != version_with_facts) {
    entry.text = std::move(opened);
    return;
  }
  ByteReader reader(opened.view().subspan(1));
  entry.facts = to_bytes(reader.vec(limits::facts_bytes));
  if (reader.failed()) throw LocalStoreFailure("the local store: an outbox entry is damaged");
  entry.text = SecretBuffer(reader.remaining());
}

}  // namespace

void OutboxTable::put(const OutboxEntry& entry) {
  const Bytes row = row_name(entry.channel, entry.message);
  database_.prepare("INSERT OR REPLACE INTO outbox VALUES(?, ?, ?, ?, ?)")
      .bind(entry.channel)
      .bind(entry.message)
      .bind(static_cast<std::uint64_t>(entry.type))
      .bind(seal_.seal("outbox", row, join(entry).view()))
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
    split(seal_.open("outbox", row_name(channel, entry.message), statement.blob(2)), entry);
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
