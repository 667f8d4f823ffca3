// SPDX-License-Identifier: Apache-2.0
#include "client-cli/verification/verified_channel.hpp"

#include "client-cli/verification/asked_book.hpp"
#include "client-cli/verification/evidence.hpp"
#include "client-cli/verification/hearing_book.hpp"
#include "client-cli/verification/stored_entries.hpp"
#include "protocol/crypto/digest.hpp"
#include "protocol/sealing/entry_references.hpp"
#include "protocol/sealing/key_wrap.hpp"
#include "protocol/sealing/message_text.hpp"
#include "protocol/sealing/record_rules.hpp"

namespace oberih::client {
namespace {

Refusal item_not_verified(std::string why) {
  return refuse(RefusalCode::verification_failed, std::move(why));
}

/// The record stands and is valid; that its key does not open here may accuse its author.
void keep_against_author(const std::filesystem::path& profile_folder,
                         const sealing::ChannelRecord& record, const wire::ChannelItem& item) {
  (void)keep_evidence(
      profile_folder, "leaf " + std::to_string(item.index) + " of the journal",
      "the key of epoch " + std::to_string(record.epoch) + " does not open on this device",
      {{"leaf", item.leaf}, {"wraps", item.wraps}, {"prev_box", item.prev_box}});
}

/// A hearing channel carries no messages: the case number of its newest summons names it.
std::optional<std::string> case_number_of(const sealing::EntryHeader& header, ByteView opened) {
  const Result<sealing::HearingFacts> facts = sealing::parse_hearing_facts(header.facts);
  Result<sealing::HearingText> text = sealing::parse_hearing_text(opened);
  if (!facts || !text || !text->summons || text->verb != facts->verb ||
      !fits(*text->summons, facts->notice))
    return std::nullopt;
  return std::move(text->summons->case_number);
}

}  // namespace

VerifiedChannel::VerifiedChannel(LocalStore& store, VerifiedDirectory& directory,
                                 const KeyRing& ring, std::filesystem::path profile_folder,
                                 const ChannelId& channel)
    : store_(store),
      directory_(directory),
      ring_(ring),
      profile_folder_(std::move(profile_folder)),
      id_(channel),
      keys_(store.channels(), channel) {
  refresh();
}

void VerifiedChannel::refresh() {
  if (store_.channels().newest_seq(id_) == state_.newest_seq()) return;
  std::optional<StoredChannel> stored = store_.channels().find(id_);
  if (!stored) {
    state_ = {};  // what was rolled back
    return;
  }
  if (sealing::ChannelState::is_outdated(stored->state)) return rebuild();
  Result<sealing::ChannelState> state = sealing::ChannelState::parse(stored->state);
  if (!state) throw LocalStoreFailure("the local store: the state of a channel is damaged");
  state_ = std::move(*state);
  newest_index_ = stored->newest_index;
  newest_ms_ = stored->newest_ms;
}

const FollowedUnits& VerifiedChannel::followed_units() {
  if (followed_seq_ > state_.newest_seq()) {  // of a tail that was given up
    followed_units_ = {};
    followed_seq_ = 0;
  }
  store_.channels().for_each_item(id_, followed_seq_, [&](const StoredItem& stored) {
    const auto damaged = [] { return LocalStoreFailure("the local store: an item is damaged"); };
    const Result<journal::Leaf> leaf = journal::parse_leaf(stored.leaf);
    if (!leaf) throw damaged();
    followed_seq_ = stored.seq;
    if (leaf->kind != journal::LeafKind::channel_record) return true;
    const auto signed_record = sealing::parse_record_body(leaf->body);
    if (!signed_record) throw damaged();
    const auto record = sealing::parse_record_content(signed_record->content);
    if (!record) throw damaged();
    followed_units_.take(*record, directory_.directory(), stored.index, leaf->server_ms);
    return true;
  });
  return followed_units_;
}

void VerifiedChannel::save() {
  if (!state_.exists()) return;
  store_.channels().put({id_, state_.encode(), state_.newest_seq(), newest_index_, newest_ms_});
  store_.receipts().reach(id_, sealing::ReceiptStep::delivered, state_.newest_seq(),
                          wall_clock_ms());
  if (std::exchange(has_older_keys_, false)) find_older_title();
  if (new_title_) store_.channels().put_title(id_, *new_title_);
  new_title_.reset();
}

Result<> VerifiedChannel::apply(std::span<const wire::ChannelItem> items) {
  Transaction transaction = store_.begin();
  refresh();
  Result<> result;
  for (const wire::ChannelItem& item : items) {
    result = apply_one(item);
    if (result) continue;
    std::string why = std::string(refusal_row(result.error().code).name);
    if (!result.error().detail.empty()) why += ", " + result.error().detail;
    result = keep_evidence(profile_folder_,
                           "leaf " + std::to_string(item.index) + " of the journal", why,
                           {{"leaf", item.leaf},
                            {"ciphertext", item.ciphertext.value_or(Bytes{})},
                            {"wraps", item.wraps},
                            {"prev_box", item.prev_box}},
                           {id_, item.index, notes_at_hand()});
    break;
  }
  save();
  transaction.commit();
  return result;
}

std::vector<std::string> VerifiedChannel::notes_at_hand() const {
  std::optional<StoredCheckpoint> newest = directory_.newest_checkpoint();
  if (!newest) return {};
  return {newest->note};
}

Result<> VerifiedChannel::check_chain(const journal::Leaf& leaf, std::uint64_t index) const {
  if (leaf.channel_seq != state_.newest_seq() + 1)
    return item_not_verified("a leaf of the channel is missing before it");
  if (leaf.prev_leaf != state_.newest_leaf())
    return item_not_verified("it does not continue the channel's chain");
  if (state_.newest_seq() != 0 && index <= newest_index_)
    return item_not_verified("its journal index does not rise");
  if (leaf.server_ms < newest_ms_) return item_not_verified("its server time goes back");
  return {};
}

Result<> VerifiedChannel::apply_one(const wire::ChannelItem& item) {
  Result<journal::Leaf> leaf = journal::parse_leaf(item.leaf);
  if (!leaf) return leaf.error();
  if (leaf->channel_id != id_) return item_not_verified("it belongs to another channel");
  Digest hash = journal::leaf_hash(item.leaf);
  if (leaf->channel_seq <= state_.newest_seq()) {
    if (store_.channels().leaf_hash_at(id_, leaf->channel_seq) == hash) return {};
    return item_not_verified("the server has shown another leaf at this place");
  }
  OBERIH_TRY(check_chain(*leaf, item.index));
  sealing::Place place{item.index, leaf->channel_seq, leaf->server_ms};
  if (leaf->kind == journal::LeafKind::channel_record) {
    OBERIH_TRY(apply_record(item, *leaf, place, hash));
  } else if (leaf->kind == journal::LeafKind::entry) {
    OBERIH_TRY(apply_entry(item, *leaf, place, hash));
  } else if (leaf->kind == journal::LeafKind::server_event && state_.exists()) {
    OBERIH_TRY(apply_server_event(*leaf, place, hash));
  } else if (journal::takes_channel_sequence(leaf->kind) && state_.exists()) {
    state_.apply_other(place, hash);
  } else {
    return item_not_verified("leaves of this kind do not stand in a channel");
  }
  newest_index_ = item.index;
  newest_ms_ = leaf->server_ms;
  store_.channels().add_item(id_, {leaf->channel_seq, item.index, item.leaf, item.ciphertext},
                             hash);
  return {};
}

Result<> VerifiedChannel::apply_record(const wire::ChannelItem& item, const journal::Leaf& leaf,
                                       const sealing::Place& place, const Digest& leaf_hash) {
  const sealing::Directory& directory = directory_.directory();
  Result<sealing::SignedRecord> signed_record = sealing::parse_record_body(leaf.body);
  if (!signed_record) return signed_record.error();
  Result<sealing::ChannelRecord> record = sealing::parse_record_content(signed_record->content);
  if (!record) return record.error();
  if (record->channel != id_) return item_not_verified("the record is of another channel");
  const sealing::Device* author = directory.find_device(record->author);
  if (author == nullptr) return refuse(RefusalCode::unknown_device);
  if (!sealing::verify_record_signature(*signed_record, author->certificate.signature_key))
    return refuse(RefusalCode::bad_signature);
  OBERIH_TRY(state_.judge_record(*record, *signed_record, directory, place));
  OBERIH_TRY(sealing::check_wraps(*record, item.wraps));
  OBERIH_TRY(sealing::check_prev_box(*record, item.prev_box));
  if (directory_.contradicts(record->log_size, record->log_root))
    return item_not_verified("its author was shown another journal");
  OBERIH_TRY(await_proof(record->author, place, leaf_hash));
  state_.apply_record(*record, *signed_record, directory, place, leaf_hash);
  if (!sealing::begins_epoch(record->op)) return {};
  const bool had_previous = keys_.key(record->prev_epoch).has_value();
  keys_.take_epoch(*record, item.wraps, item.prev_box, ring_, directory);
  if (sealing::find_line(record->roster, ring_.device) && !keys_.key(record->epoch))
    keep_against_author(profile_folder_, *record, item);
  has_older_keys_ |= record->prev_epoch != 0 && !had_previous;
  return {};
}

Result<> VerifiedChannel::await_proof(const DeviceId& author, const sealing::Place& place,
                                      const Digest& leaf_hash) {
  if (author != ring_.device || store_.proofs().await({place.index, leaf_hash, wall_clock_ms()}))
    return {};
  return item_not_verified("the server has confirmed another leaf of ours at this place");
}

Result<> VerifiedChannel::apply_entry(const wire::ChannelItem& item, const journal::Leaf& leaf,
                                      const sealing::Place& place, const Digest& leaf_hash) {
  const sealing::Directory& directory = directory_.directory();
  Result<sealing::SealedEntry> entry = sealing::parse_entry_body(leaf.body);
  if (!entry) return entry.error();
  Result<sealing::EntryHeader> header = sealing::parse_header(entry->header);
  if (!header) return header.error();
  if (header->channel != id_) return item_not_verified("the entry is of another channel");
  const sealing::Device* sender = directory.find_device(header->sender);
  if (sender == nullptr) return refuse(RefusalCode::unknown_device);
  if (!sealing::verify_entry_signature(*entry, sender->certificate.signature_key))
    return refuse(RefusalCode::bad_signature);
  auto leaf_hash_at = [this](std::uint64_t seq) {
    return store_.channels().leaf_hash_at(id_, seq);
  };
  OBERIH_TRY(state_.judge_entry(*header, directory, place, leaf_hash_at));
  OBERIH_TRY(sealing::judge_references(*header, directory, [this](std::uint64_t seq) {
    return find_stored_entry(store_.channels(), id_, seq);
  }));
  if (store_.channels().has_message(header->sender, header->message_id))
    return refuse(RefusalCode::message_id_reused);
  if (directory_.contradicts(header->log_size, header->log_root))
    return item_not_verified("its sender was shown another journal");
  if (item.ciphertext && crypto::sha256(*item.ciphertext) != entry->ciphertext_hash)
    return item_not_verified("the ciphertext is not the one that was signed");
  if (header->type == EntryType::task) OBERIH_TRY(apply_task(*header, place));
  const Digest message_hash = sealing::message_hash(*entry);
  OBERIH_TRY(await_proof(header->sender, place, leaf_hash));
  OBERIH_TRY(apply_hearing(*header, message_hash, place));  // the last that may refuse: it keeps
  AskedBook(store_, id_).take_entry(state_, directory, *header, message_hash, place);
  state_.apply_entry(*header, message_hash, directory, place, leaf_hash);
  store_.channels().add_message(header->sender, header->message_id, id_, place.channel_seq);
  if (item.ciphertext)
    if (auto title = open_title(*header, *entry, *item.ciphertext)) new_title_ = std::move(title);
  return {};
}

std::optional<std::string> VerifiedChannel::open_title(const sealing::EntryHeader& header,
                                                       const sealing::SealedEntry& entry,
                                                       ByteView ciphertext) {
  if (header.type != EntryType::message && header.type != EntryType::hearing) return std::nullopt;
  Result<MessageKey> key = keys_.message_key(header.epoch);
  if (!key) return std::nullopt;
  Result<SecretBuffer> opened = sealing::open_entry(entry, ciphertext, *key);
  if (!opened) return std::nullopt;  // shown as unreadable, and kept
  if (header.type == EntryType::hearing) return case_number_of(header, opened->view());
  Result<sealing::MessageText> text = sealing::parse_message_text(opened->view());
  if (!text || text->what != sealing::MessageWhat::channel_title) return std::nullopt;
  return std::move(text->text);
}

void VerifiedChannel::find_older_title() {
  // Who joins later receives the title before the key that opens it.
  store_.channels().for_each_item(id_, 0, [this](const StoredItem& item) {
    Result<journal::Leaf> leaf = journal::parse_leaf(item.leaf);
    if (!leaf || leaf->kind != journal::LeafKind::entry || !item.ciphertext) return true;
    Result<sealing::SealedEntry> entry = sealing::parse_entry_body(leaf->body);
    if (!entry) return true;
    Result<sealing::EntryHeader> header = sealing::parse_header(entry->header);
    if (!header) return true;
    if (auto title = open_title(*header, *entry, *item.ciphertext)) new_title_ = std::move(title);
    return true;
  });
}

}  // namespace oberih::client
