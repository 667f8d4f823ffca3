// SPDX-License-Identifier: Apache-2.0
#include "client-cli/verification/asked_book.hpp"

#include "protocol/encoding/hex.hpp"
#include "protocol/journal/leaf.hpp"
#include "protocol/sealing/entry_facts.hpp"

namespace oberih::client {
namespace {

sealing::AskedEntry asked_entry_in(ByteView bytes) {
  Result<sealing::AskedEntry> entry = sealing::parse_asked_entry(bytes);
  if (!entry) throw LocalStoreFailure("the local store: an entry that asks is damaged");
  return std::move(*entry);
}

}  // namespace

std::optional<sealing::AskedEntry> AskedBook::find(std::uint64_t seq) {
  const std::optional<Bytes> stored = store_.asked().find(channel_, seq);
  if (!stored) return std::nullopt;
  return asked_entry_in(*stored);
}

std::vector<sealing::AskedEntry> AskedBook::list() {
  std::vector<sealing::AskedEntry> entries;
  for (const Bytes& stored : store_.asked().list(channel_))
    entries.push_back(asked_entry_in(stored));
  return entries;
}

std::vector<SaidSilence> AskedBook::said_of(std::uint64_t seq) {
  std::vector<SaidSilence> said;
  store_.channels().for_each_item(channel_, seq, [&](const StoredItem& item) {
    const Result<journal::Leaf> leaf = journal::parse_leaf(item.leaf);
    if (!leaf || leaf->kind != journal::LeafKind::server_event ||
        !sealing::is_missing_step(leaf->body))
      return true;
    if (auto event = sealing::parse_missing_step(leaf->body); event && event->channel_seq == seq)
      said.push_back({item.seq, item.index, leaf->server_ms, std::move(*event)});
    return true;
  });
  return said;
}

void AskedBook::put(const sealing::AskedEntry& entry) {
  store_.asked().put(channel_, entry.channel_seq, sealing::encode_asked_entry(entry));
}

void AskedBook::take_entry(const sealing::ChannelState& state, const sealing::Directory& directory,
                           const sealing::EntryHeader& header, const Digest& message_hash,
                           const sealing::Place& place) {
  const sealing::Device* sender = directory.find_device(header.sender);
  if (sender == nullptr) return;
  const PersonId& author = sender->certificate.person;
  if (header.type == EntryType::acknowledgement) {
    const auto facts = sealing::parse_acknowledgement_facts(header.facts);
    if (!facts) return;
    const std::optional<sealing::AskedEntry> entry = find(facts->entry.channel_seq);
    if (!entry) return;
    if (const auto after = sealing::acknowledge(*entry, *facts, author)) put(*after);
    return;
  }
  const sealing::RosterActors actors(state, directory, place);
  if (const auto entry = sealing::asked_entry_of(header, message_hash, author, actors, place))
    put(*entry);
}

Result<> AskedBook::take_event(const sealing::ChannelState& state,
                               const sealing::Directory& directory,
                               const sealing::MissingStep& event, const sealing::Place& place) {
  const std::optional<sealing::AskedEntry> entry = find(event.channel_seq);
  const Result<sealing::AskedEntry> after =
      sealing::judge_missing_step(entry ? &*entry : nullptr, event, state, directory, place);
  if (!after) return after.error();
  put(*after);
  return {};
}

std::optional<AskedPlace> find_asked_entry(LocalStore& store, const std::string& digits) {
  std::optional<AskedPlace> found;
  for (const ChannelId& channel : store.channels().list())
    for (const sealing::AskedEntry& entry : AskedBook(store, channel).list()) {
      if (!encoding::encode_hex(entry.message_hash).starts_with(digits)) continue;
      if (found) return std::nullopt;
      found = AskedPlace{channel, entry.channel_seq};
    }
  return found;
}

}  // namespace oberih::client
