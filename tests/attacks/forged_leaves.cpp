// SPDX-License-Identifier: Apache-2.0
#include "tests/attacks/forged_leaves.hpp"

#include "protocol/crypto/digest.hpp"

namespace oberih::attacks {
namespace {

template <class T>
T require(Result<T> result) {
  if (!result) throw std::logic_error("an honest object does not parse");
  return std::move(*result);
}

/// Index and time rise along a chain; whatever stood there before.
struct Ascending {
  std::uint64_t next_index = 0;
  Milliseconds least_ms = 0;

  void place(std::uint64_t& index, journal::Leaf& leaf) {
    index = std::max(index, next_index);
    next_index = index + 1;
    leaf.server_ms = least_ms = std::max(leaf.server_ms, least_ms);
  }
};

}  // namespace

journal::Leaf leaf_of(ByteView leaf) { return require(journal::parse_leaf(leaf)); }

sealing::SealedEntry entry_of(const wire::ChannelItem& item) {
  return require(sealing::parse_entry_body(leaf_of(item.leaf).body));
}

sealing::EntryHeader header_of(const wire::ChannelItem& item) {
  return require(sealing::parse_header(entry_of(item).header));
}

sealing::SignedRecord signed_record_of(const wire::ChannelItem& item) {
  return require(sealing::parse_record_body(leaf_of(item.leaf).body));
}

sealing::ChannelRecord record_of(const wire::ChannelItem& item) {
  return require(sealing::parse_record_content(signed_record_of(item).content));
}

void change_leaf(Bytes& bytes, const std::function<void(journal::Leaf&)>& change) {
  journal::Leaf leaf = leaf_of(bytes);
  change(leaf);
  bytes = journal::encode_leaf(leaf);
}

void change_entry(wire::ChannelItem& item,
                  const std::function<void(sealing::SealedEntry&)>& change) {
  sealing::SealedEntry entry = entry_of(item);
  change(entry);
  change_leaf(item.leaf,
              [&](journal::Leaf& leaf) { leaf.body = sealing::encode_entry_body(entry); });
}

void change_header(wire::ChannelItem& item,
                   const std::function<void(sealing::EntryHeader&)>& change) {
  change_entry(item, [&](sealing::SealedEntry& entry) {
    sealing::EntryHeader header = require(sealing::parse_header(entry.header));
    change(header);
    entry.header = sealing::encode_header(header);
  });
}

void change_record(wire::ChannelItem& item,
                   const std::function<void(sealing::ChannelRecord&)>& change) {
  sealing::SignedRecord signed_record = signed_record_of(item);
  sealing::ChannelRecord record = require(sealing::parse_record_content(signed_record.content));
  change(record);
  signed_record.content = sealing::encode_record_content(record);
  change_leaf(item.leaf,
              [&](journal::Leaf& leaf) { leaf.body = sealing::encode_record_body(signed_record); });
}

void relink(Items& items) {
  Ascending ascending;
  Digest previous;
  std::uint64_t seq = 0;
  for (wire::ChannelItem& item : items) {
    change_leaf(item.leaf, [&](journal::Leaf& leaf) {
      leaf.channel_seq = ++seq;
      leaf.prev_leaf = previous;
      ascending.place(item.index, leaf);
    });
    previous = journal::leaf_hash(item.leaf);
  }
}

void relink(std::vector<wire::DirectoryLeaf>& leaves) {
  Ascending ascending;
  Digest previous;
  std::uint64_t seq = 0;
  for (wire::DirectoryLeaf& each : leaves) {
    change_leaf(each.leaf, [&](journal::Leaf& leaf) {
      leaf.channel_seq = ++seq;
      leaf.prev_leaf = previous;
      ascending.place(each.index, leaf);
    });
    previous = journal::leaf_hash(each.leaf);
  }
}

wire::ChannelItem item_of(const ChannelId& channel, const wire::EntryPost& post) {
  const Digest hash = post.ciphertext.empty() ? Digest{} : crypto::sha256(post.ciphertext);
  journal::Leaf leaf;
  leaf.kind = journal::LeafKind::entry;
  leaf.channel_id = channel;
  leaf.channel_seq = 1;
  leaf.body =
      sealing::encode_entry_body({post.header, post.salt, post.commitment, hash, post.signature});
  wire::ChannelItem item;
  item.leaf = journal::encode_leaf(leaf);
  if (!post.ciphertext.empty()) item.ciphertext = post.ciphertext;
  return item;
}

wire::ChannelItem item_of(const ChannelId& channel, const wire::ChannelAppend& append) {
  journal::Leaf leaf;
  leaf.kind = journal::LeafKind::channel_record;
  leaf.channel_id = channel;
  leaf.channel_seq = 1;
  leaf.body = sealing::encode_record_body(
      {append.content, append.signature, require(sealing::parse_approvals(append.approvals))});
  wire::ChannelItem item;
  item.leaf = journal::encode_leaf(leaf);
  item.wraps = append.wraps;
  item.prev_box = append.prev_box;
  return item;
}

wire::DirectoryLeaf directory_leaf_of(const wire::DirectoryAppend& append) {
  journal::Leaf leaf;
  leaf.kind = append.kind;
  leaf.channel_seq = 1;
  leaf.body = append.body;
  return {0, journal::encode_leaf(leaf)};
}

}  // namespace oberih::attacks
