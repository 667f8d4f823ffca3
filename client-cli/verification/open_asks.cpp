// SPDX-License-Identifier: Apache-2.0
#include "client-cli/verification/open_asks.hpp"

#include <algorithm>

#include "client-cli/verification/stored_entries.hpp"
#include "protocol/journal/leaf.hpp"
#include "protocol/sealing/channel_record.hpp"

namespace oberih::client {
namespace {

using sealing::AsksFor;

LocalStoreFailure damaged_leaf() {
  return LocalStoreFailure("the local store: an item is damaged");
}

}  // namespace

struct OpenAsks::Look {
  ChannelId channel;
  AskMark mark;
  std::size_t leaves = 0;
};

OpenAsks::OpenAsks(LocalStore& store, const sealing::Directory& directory, const DeviceId& own)
    : store_(store), directory_(directory) {
  const sealing::Device* device = directory.find_device(own);
  if (device == nullptr) return;
  person_ = device->certificate.person;
  agency_ = device->certificate.agency;
  is_supervisor_ = device->certificate.role == Role::supervisor;
}

PersonId OpenAsks::person_of(const DeviceId& device) const {
  const sealing::Device* found = directory_.find_device(device);
  return found == nullptr ? PersonId{} : found->certificate.person;
}

std::size_t OpenAsks::catch_up(const ChannelId& channel) {
  if (person_.is_zero()) return 0;
  Look look{channel, store_.asks().mark(channel), 0};
  if (look.mark.read_seq >= store_.channels().newest_seq(channel)) return 0;
  Transaction transaction = store_.begin();
  look.mark = store_.asks().mark(channel);  // another command may have been faster
  store_.channels().for_each_leaf(channel, look.mark.read_seq,
                                  [&](std::uint64_t seq, const Bytes& bytes) {
                                    const Result<journal::Leaf> leaf = journal::parse_leaf(bytes);
                                    if (!leaf) throw damaged_leaf();
                                    if (leaf->kind == journal::LeafKind::channel_record)
                                      take_record(*leaf, look);
                                    if (leaf->kind == journal::LeafKind::entry)
                                      take_entry(seq, *leaf, bytes, look);
                                    look.mark.read_seq = seq;
                                    ++look.leaves;
                                  });
  store_.asks().put_mark(channel, look.mark);
  transaction.commit();
  return look.leaves;
}

void OpenAsks::take_record(const journal::Leaf& leaf, Look& look) const {
  const Result<sealing::SignedRecord> body = sealing::parse_record_body(leaf.body);
  if (!body) throw damaged_leaf();
  const Result<sealing::ChannelRecord> record = sealing::parse_record_content(body->content);
  if (!record) throw damaged_leaf();
  look.mark.member_until_ms = 0;
  for (const sealing::RosterLine& line : record->roster) {
    if (person_of(line.device) != person_) continue;
    const Milliseconds until = line.ends_ms == 0 ? without_end_ms : line.ends_ms;
    look.mark.member_until_ms = std::max(look.mark.member_until_ms, until);
  }
}

void OpenAsks::take_entry(std::uint64_t seq, const journal::Leaf& leaf, ByteView bytes,
                          Look& look) {
  const std::optional<sealing::PlacedEntry> entry = sealing::placed_entry_of(bytes);
  if (!entry) throw damaged_leaf();
  const bool is_own = person_of(entry->sender) == person_;
  if (is_own && entry->type == EntryType::leave) look.mark.member_until_ms = 0;
  take_answer(*entry, look);
  if (is_own || !sealing::is_content(entry->type) || leaf.server_ms >= look.mark.member_until_ms)
    return;
  const Result<sealing::CommonFacts> facts = sealing::parse_common_facts(entry->facts);
  if (!facts) return;
  StoredAsk ask{look.channel, seq, {}, facts->is_urgent(), leaf.server_ms};
  if (facts->asks(AsksFor::acknowledgement)) {
    ask.what = AsksFor::acknowledgement;
    store_.asks().add(ask);
  }
  if (facts->asks(AsksFor::consent) && may_consent(look.channel, *entry)) {
    ask.what = AsksFor::consent;
    store_.asks().add(ask);
  }
}

/// The entry that is named stands there with that hash: it was judged when it was verified.
void OpenAsks::take_answer(const sealing::PlacedEntry& entry, const Look& look) {
  if (entry.type == EntryType::acknowledgement && person_of(entry.sender) == person_)
    if (const auto facts = sealing::parse_acknowledgement_facts(entry.facts))
      store_.asks().remove(look.channel, facts->entry.channel_seq, AsksFor::acknowledgement);
  if (entry.type == EntryType::consent)
    if (const auto facts = sealing::parse_consent_facts(entry.facts))
      store_.asks().remove(look.channel, facts->request.channel_seq, AsksFor::consent);
}

bool OpenAsks::may_consent(const ChannelId& channel, const sealing::PlacedEntry& request) {
  if (request.type != EntryType::message) return false;
  const Result<sealing::RequestFacts> facts = sealing::parse_request_facts(request.facts);
  if (!facts) return false;
  const std::optional<sealing::PlacedEntry> entry =
      find_stored_entry(store_.channels(), channel, facts->entry.channel_seq);
  const sealing::Device* author = entry ? directory_.find_device(entry->sender) : nullptr;
  if (author == nullptr) return false;
  return author->certificate.person == person_ ||
         (is_supervisor_ && author->certificate.agency == agency_);
}

}  // namespace oberih::client
