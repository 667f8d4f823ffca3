// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/history_checker.hpp"

#include <algorithm>

#include "protocol/encoding/hex.hpp"
#include "protocol/sealing/sealed_entry.hpp"

namespace oberih::faults {

HistoryChecker::HistoryChecker(Ground& ground, const Room& room) : ground_(ground), room_(room) {}

std::uint64_t HistoryChecker::read_channel() {
  client::ServerConnection connection(ground_.loop());
  require(connection.open(room_.server, room_.server_spki, ground_.members().back().identity(), 0));
  for (;;) {
    const auto page =
        require(connection.call(wire::ChannelRead{room_.channel, leaves_.size(), 100, false}));
    for (const wire::ChannelItem& item : page.items) take(item);
    if (page.items.empty()) {
      if (page.newest_seq != leaves_.size()) object("the pages end before the newest sequence");
      return leaves_.size();
    }
  }
}

void HistoryChecker::take(const wire::ChannelItem& item) {
  const auto leaf = require(journal::parse_leaf(item.leaf));
  const std::string at = " at sequence " + std::to_string(leaf.channel_seq);
  if (leaf.channel_seq != leaves_.size() + 1) object("a gap or a double is read" + at);
  if (leaf.prev_leaf != (leaves_.empty() ? Digest{} : leaves_.back()))
    object("the chain of leaves is broken" + at);
  leaves_.push_back(journal::leaf_hash(item.leaf));
  if (leaf.kind != journal::LeafKind::entry) return;
  const auto entry = require(sealing::parse_entry_body(leaf.body));
  const auto header = require(sealing::parse_header(entry.header));
  Stored stored{item.index,       leaf.channel_seq,  leaves_.back(),
                header.sender,    header.sender_seq, sealing::message_hash(entry),
                header.message_id};
  const auto author = std::ranges::find(ground_.members(), header.sender, &Member::device);
  if (author == ground_.members().end() ||
      !verify_entry_signature(entry, author->signature.public_key))
    object("a signature is wrong" + at);
  if (!item.ciphertext || !sealing::open_entry(entry, *item.ciphertext, room_.message_key))
    object("an entry does not open" + at);
  const auto earlier = std::find_if(entries_.rbegin(), entries_.rend(), [&](const Stored& other) {
    return other.sender == stored.sender;
  });
  const bool is_first = earlier == entries_.rend();
  if (stored.sender_seq != (is_first ? 1 : earlier->sender_seq + 1) ||
      header.sender_prev != (is_first ? Digest{} : earlier->message_hash))
    object("a sender's chain is broken" + at);
  entries_.push_back(stored);
}

void HistoryChecker::compare_with(const Ledger& ledger, const Member& author) {
  for (const Intent& intent : ledger.intents()) {
    const std::string name = "entry " + std::to_string(intent.sender_seq) + " of " +
                             encoding::encode_hex(author.device).substr(0, 8);
    ++verdict_.posts;
    const auto known = ledger.outcomes().find(intent.sender_seq);
    const Outcome outcome = known == ledger.outcomes().end() ? Outcome{} : known->second;
    verdict_.unknown += outcome.unknown;
    verdict_.found += outcome.found;
    verdict_.absent += outcome.absent;
    verdict_.refused += outcome.refused;
    if (outcome.is_contradicted) object(name + " was acknowledged in two places");
    const auto times = std::ranges::count(entries_, intent.message_id, &Stored::message_id);
    if (!outcome.acknowledged) {
      object(name + " never had an answer");
      continue;
    }
    ++verdict_.acknowledged;
    if (times != 1) {
      object(name + " was acknowledged and is there " + std::to_string(times) + " times");
      continue;
    }
    const auto stored = std::ranges::find(entries_, intent.message_id, &Stored::message_id);
    if (stored->message_hash != intent.message_hash) object(name + " is stored changed");
    if (stored->index != outcome.acknowledged->index ||
        stored->channel_seq != outcome.acknowledged->channel_seq ||
        stored->leaf_hash != outcome.acknowledged->leaf_hash)
      object(name + " is not where its acknowledgement says");
  }
  const auto stored = std::ranges::count(entries_, author.device, &Stored::sender);
  if (static_cast<std::size_t>(stored) != ledger.intents().size())
    object("the channel has " + std::to_string(stored) + " entries of a poster of " +
           std::to_string(ledger.intents().size()));
}

void HistoryChecker::compare_with(const Follower& follower) {
  if (!follower.violation().empty()) object(follower.violation());
  const std::size_t common = std::min(follower.seen().size(), leaves_.size());
  for (std::size_t i = 0; i < common; ++i)
    if (follower.seen()[i] != leaves_[i])
      return object("a follower and a reader differ at sequence " + std::to_string(i + 1));
  if (follower.violation().empty() && follower.seen().size() != leaves_.size())
    object("a follower has " + std::to_string(follower.seen().size()) + " of " +
           std::to_string(leaves_.size()) + " items");
}

void HistoryChecker::compare_with_database() {
  std::string read;
  for (const Digest& leaf : leaves_) read += encoding::encode_hex(leaf);
  const std::string stored = ground_.database().ask(
      "oberih",
      "SELECT string_agg(encode(leaf_hash, 'hex'), '' ORDER BY channel_seq) FROM journal WHERE "
      "channel_seq > 0 AND channel_id = decode('" +
          encoding::encode_hex(room_.channel) + "', 'hex')");
  if (read != stored) object("what is read is not what the database holds");
}

void HistoryChecker::ask_oberihd_check() {
  const test::Finished checked = ground_.deployment().oberihd("check");
  if (checked.exit_code != 0) object("oberihd check: " + checked.out + checked.err);
}

}  // namespace oberih::faults
