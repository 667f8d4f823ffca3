// SPDX-License-Identifier: Apache-2.0
#include "client-cli/verification/channel_history.hpp"

#include "protocol/sealing/message_text.hpp"
#include "protocol/sealing/remark_text.hpp"

namespace oberih::client {

void ChannelHistory::for_each(std::uint64_t after_seq,
                              const std::function<bool(HistoryItem&)>& visit) {
  store_.channels().for_each_item(channel_, after_seq, [&](const StoredItem& stored) {
    HistoryItem item = decode(stored);
    return visit(item);
  });
}

const MessageKey* ChannelHistory::find_message_key(std::uint64_t epoch) {
  auto found = message_keys_.find(epoch);
  if (found == message_keys_.end()) {
    Result<MessageKey> key = keys_.message_key(epoch);
    if (!key) return nullptr;
    found = message_keys_.emplace(epoch, std::move(*key)).first;
  }
  return &found->second;
}

HistoryItem ChannelHistory::decode(const StoredItem& stored) {
  HistoryItem item;
  item.what = HistoryItem::What::server_event;
  item.seq = stored.seq;
  item.index = stored.index;
  Result<journal::Leaf> leaf = journal::parse_leaf(stored.leaf);
  if (!leaf) throw LocalStoreFailure("the local store: an item is damaged");
  item.server_ms = leaf->server_ms;
  if (leaf->kind == journal::LeafKind::channel_record) decode_record(leaf->body, item);
  if (leaf->kind == journal::LeafKind::server_event) {
    if (auto event = sealing::parse_server_event(leaf->body)) item.server_event = *event;
    if (auto event = sealing::parse_missing_step(leaf->body)) item.missing_step = std::move(*event);
    if (auto event = sealing::parse_hearing_event(leaf->body))
      item.said_of_hearing = std::move(*event);
  }
  if (leaf->kind == journal::LeafKind::entry) decode_entry(stored, leaf->body, item);
  return item;
}

void ChannelHistory::decode_record(ByteView body, HistoryItem& item) const {
  Result<sealing::SignedRecord> signed_record = sealing::parse_record_body(body);
  if (!signed_record) throw LocalStoreFailure("the local store: a record is damaged");
  Result<sealing::ChannelRecord> record = sealing::parse_record_content(signed_record->content);
  if (!record) throw LocalStoreFailure("the local store: a record is damaged");
  item.what = HistoryItem::What::record;
  item.author = record->author;
  item.op = record->op;
  if (record->op == sealing::RecordOp::create)
    for (const sealing::RosterLine& line : record->roster) item.added.push_back(line.device);
  if (record->change.add) {
    item.mandate = record->change.add->mandate;
    for (const sealing::RosterLine& line : record->change.add->lines)
      item.added.push_back(line.device);
  }
  if (record->change.remove) {
    item.removed = record->change.remove->devices;
    if (item.mandate.empty()) item.mandate = record->change.remove->reason;
  }
  item.altered.alter = record->change.alter;
  item.altered.policy = record->change.policy;
  item.grant = record->change.grant;
  if (record->change.close_reason) item.mandate = *record->change.close_reason;
}

void ChannelHistory::decode_entry(const StoredItem& stored, ByteView body, HistoryItem& item) {
  Result<sealing::SealedEntry> entry = sealing::parse_entry_body(body);
  if (!entry) throw LocalStoreFailure("the local store: an entry is damaged");
  Result<sealing::EntryHeader> header = sealing::parse_header(entry->header);
  if (!header) throw LocalStoreFailure("the local store: an entry is damaged");
  item.author = header->sender;
  item.message_hash = sealing::message_hash(*entry);
  decode_facts(*header, item);
  switch (header->type) {
    case EntryType::message:
      item.what = HistoryItem::What::withheld;
      if (stored.ciphertext) open_message(*header, *entry, *stored.ciphertext, item);
      return;
    case EntryType::leave:
      item.what = HistoryItem::What::left;
      return;
    case EntryType::wrap_unusable:
      item.what = HistoryItem::What::wrap_unusable;
      return;
    case EntryType::task:
      item.task_event = TaskBook(store_, keys_, channel_).decode(stored);
      item.what = item.task_event ? HistoryItem::What::task : HistoryItem::What::unreadable;
      return;
    case EntryType::acknowledgement:
    case EntryType::consent:
      open_remark(*header, *entry, stored, item);
      return;
    case EntryType::hearing:
      item.hearing_event = HearingBook(store_, keys_, channel_).decode(stored);
      item.what = item.hearing_event ? HistoryItem::What::hearing : HistoryItem::What::unreadable;
      if (item.hearing_event && item.hearing_event->text)
        item.attachments = std::move(item.hearing_event->text->attachments);
      return;
  }
}

void ChannelHistory::decode_facts(const sealing::EntryHeader& header, HistoryItem& item) const {
  item.epoch = header.epoch;
  item.facts = sealing::common_facts_of(header);
  if (header.type == EntryType::message && item.facts.asks(sealing::AsksFor::consent))
    if (auto facts = sealing::parse_request_facts(header.facts)) item.request = *facts;
  if (header.type == EntryType::acknowledgement)
    if (auto facts = sealing::parse_acknowledgement_facts(header.facts))
      item.acknowledgement = *facts;
  if (header.type == EntryType::consent)
    if (auto facts = sealing::parse_consent_facts(header.facts)) item.consent = *facts;
}

/// What was acknowledged or answered stands in the facts: a remark that does not open hides none of
/// it.
void ChannelHistory::open_remark(const sealing::EntryHeader& header,
                                 const sealing::SealedEntry& entry, const StoredItem& stored,
                                 HistoryItem& item) {
  item.what = header.type == EntryType::consent ? HistoryItem::What::consent
                                                : HistoryItem::What::acknowledgement;
  const MessageKey* key = find_message_key(header.epoch);
  if (key == nullptr || !stored.ciphertext) return;
  Result<SecretBuffer> opened = sealing::open_entry(entry, *stored.ciphertext, *key);
  if (!opened) return;
  if (Result<std::string> remark = sealing::parse_remark(opened->view()))
    item.text = std::move(*remark);
}

void ChannelHistory::open_message(const sealing::EntryHeader& header,
                                  const sealing::SealedEntry& entry, ByteView ciphertext,
                                  HistoryItem& item) {
  item.what = HistoryItem::What::unreadable;
  const MessageKey* key = find_message_key(header.epoch);
  if (key == nullptr) return;
  Result<SecretBuffer> opened = sealing::open_entry(entry, ciphertext, *key);
  if (!opened) return;
  Result<sealing::MessageText> text = sealing::parse_message_text(opened->view());
  if (!text) return;
  item.what =
      text->what == sealing::MessageWhat::text ? HistoryItem::What::text : HistoryItem::What::title;
  item.text = std::move(text->text);
  item.attachments = std::move(text->attachments);
}

}  // namespace oberih::client
