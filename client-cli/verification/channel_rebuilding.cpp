// SPDX-License-Identifier: Apache-2.0
// Of verified_channel.hpp: the state made anew from items that an older version of this client has
// verified and kept. Nothing is judged a second time.
#include "client-cli/verification/asked_book.hpp"
#include "client-cli/verification/verified_channel.hpp"

namespace oberih::client {
namespace {

LocalStoreFailure damaged() {
  return LocalStoreFailure("the local store: an item of a channel is damaged");
}

}  // namespace

void VerifiedChannel::rebuild() {
  state_ = {};
  store_.channels().for_each_item(id_, 0, [this](const StoredItem& item) {
    take_again(item);
    return true;
  });
}

void VerifiedChannel::take_again(const StoredItem& item) {
  const sealing::Directory& directory = directory_.directory();
  const Result<journal::Leaf> leaf = journal::parse_leaf(item.leaf);
  if (!leaf) throw damaged();
  const sealing::Place place{item.index, leaf->channel_seq, leaf->server_ms};
  const Digest hash = journal::leaf_hash(item.leaf);
  if (leaf->kind == journal::LeafKind::channel_record) {
    const Result<sealing::SignedRecord> body = sealing::parse_record_body(leaf->body);
    if (!body) throw damaged();
    const Result<sealing::ChannelRecord> record = sealing::parse_record_content(body->content);
    if (!record) throw damaged();
    state_.apply_record(*record, *body, directory, place, hash);
  } else if (leaf->kind == journal::LeafKind::entry) {
    const Result<sealing::SealedEntry> entry = sealing::parse_entry_body(leaf->body);
    if (!entry) throw damaged();
    const Result<sealing::EntryHeader> header = sealing::parse_header(entry->header);
    if (!header) throw damaged();
    const Digest message_hash = sealing::message_hash(*entry);
    AskedBook(store_, id_).take_entry(state_, directory, *header, message_hash, place);
    state_.apply_entry(*header, message_hash, directory, place, hash);
  } else {
    state_.apply_other(place, hash);
  }
  newest_index_ = item.index;
  newest_ms_ = leaf->server_ms;
}

}  // namespace oberih::client
