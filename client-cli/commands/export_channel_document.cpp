// SPDX-License-Identifier: Apache-2.0
// Of export_document_writer.hpp: one channel in the report on an export.
#include "client-cli/commands/export_document_writer.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::client {
namespace {

void tell_entries(DocumentWriter& w, const evidence::ChannelReport& channel) {
  std::uint64_t entries = 0;
  std::string types;
  for (std::size_t type = 0; type < channel.entries.size(); ++type) {
    if (channel.entries[type] == 0) continue;
    entries += channel.entries[type];
    types += (types.empty() ? "" : ", ") + std::to_string(channel.entries[type]) + ' ' +
             std::string(name_of(static_cast<EntryType>(type)));
  }
  w.add(BlockKind::paragraph, Sentence::export_channel_time,
        {{"from", w.when(channel.first.server_ms)},
         {"to", w.when(channel.newest.server_ms)},
         {"records", std::to_string(channel.records)},
         {"entries", std::to_string(entries)},
         {"events", std::to_string(channel.events)}});
  if (!types.empty()) w.add(BlockKind::paragraph, Sentence::export_entries, {{"list", types}});
  if (channel.is_closed) w.add(BlockKind::paragraph, Sentence::export_channel_closed);
  if (channel.case_named)
    w.add(BlockKind::paragraph, Sentence::export_case_named,
          {{"mandate", encoding::printable(channel.case_named->mandate)},
           {"index", std::to_string(channel.case_named->said.index)},
           {"time", w.when(channel.case_named->said.server_ms)}},
          BlockMark::device);
}

void tell_readers(DocumentWriter& w, const evidence::ChannelReport& channel) {
  if (w.options().by_ms == 0)
    w.add(BlockKind::subheading, Sentence::export_readers);
  else
    w.add(BlockKind::subheading, Sentence::export_readers_by,
          {{"time", w.when(w.options().by_ms)}});
  const auto readers = evidence::readers_by(channel, w.options().by_ms);
  std::size_t told = 0;
  for (const evidence::Stay* stay : readers) {
    if (told++ == w.options().items_at_most) break;
    const std::string until =
        stay->to ? w.text(Sentence::export_until_leaf, {{"to", std::to_string(stay->to->index)},
                                                        {"time", w.when(stay->to->server_ms)}})
                 : w.text(Sentence::export_until_end);
    const bool reads_all = channel.history == History::full;
    w.add(BlockKind::item, Sentence::export_reader,
          {{"who", w.who(stay->device)},
           {"role", std::string(name_of(stay->role))},
           {"from", std::to_string(stay->from.index)},
           {"time", w.when(stay->from.server_ms)},
           {"until", until},
           {"reach", reads_all ? w.text(Sentence::export_reach_all)
                               : w.text(Sentence::export_reach_epoch,
                                        {{"epoch", std::to_string(stay->first_epoch)}})}},
          BlockMark::device);
  }
  w.tell_rest(readers.size(), w.options().items_at_most);
}

void tell_grants(DocumentWriter& w, const evidence::ChannelReport& channel) {
  for (const evidence::GrantFact& grant : channel.grants) {
    if (w.options().by_ms != 0 && grant.said.server_ms > w.options().by_ms) continue;
    const bool is_withdrawn = grant.item.ends_ms == 0;
    w.add(BlockKind::item, is_withdrawn ? Sentence::export_grant_withdrawn : Sentence::export_grant,
          {{"who", w.who(grant.item.auditor_device)},
           {"index", std::to_string(grant.said.index)},
           {"time", w.when(grant.said.server_ms)},
           {"first", std::to_string(grant.item.first_epoch)},
           {"last", std::to_string(grant.item.last_epoch)},
           {"ends", is_withdrawn ? "" : w.when(grant.item.ends_ms)},
           {"order", encoding::printable(grant.item.order)}},
          BlockMark::device);
  }
}

void tell_receipts(DocumentWriter& w, const evidence::ChannelReport& channel) {
  if (channel.receipts.empty()) return;
  w.add(BlockKind::subheading, Sentence::export_receipts);
  std::size_t told = 0;
  for (const auto& [place, fact] : channel.receipts) {
    if (told++ == w.options().items_at_most) break;
    w.add(BlockKind::item,
          place.second == sealing::ReceiptStep::opened ? Sentence::export_receipt_opened
                                                       : Sentence::export_receipt_delivered,
          {{"who", w.who(place.first)},
           {"seq", std::to_string(fact.channel_seq)},
           {"index", std::to_string(fact.said.index)},
           {"time", w.when(fact.said.server_ms)}},
          BlockMark::device);
  }
  w.tell_rest(channel.receipts.size(), w.options().items_at_most);
}

void tell_texts(DocumentWriter& w, const evidence::ChannelReport& channel) {
  if (channel.texts.empty()) return;
  w.add(BlockKind::subheading, Sentence::export_texts);
  std::size_t told = 0;
  for (const evidence::TextFact& text : channel.texts) {
    if (told++ == w.options().items_at_most) break;
    w.add(BlockKind::item, text.words ? Sentence::export_text : Sentence::export_text_unknown,
          {{"seq", std::to_string(text.channel_seq)},
           {"who", w.who(text.sender)},
           {"time", w.when(text.said.server_ms)},
           {"words", text.words ? encoding::printable(*text.words) : ""}},
          BlockMark::device);
  }
  w.tell_rest(channel.texts.size(), w.options().items_at_most);
}

}  // namespace

void write_channel_document(DocumentWriter& w, const evidence::ChannelReport& channel) {
  w.add(BlockKind::heading, Sentence::export_channel,
        {{"id", DocumentWriter::digits(channel.id)},
         {"kind", std::string(name_of(channel.kind))},
         {"seq", std::to_string(channel.newest_seq)},
         {"first", std::to_string(channel.first.index)},
         {"last", std::to_string(channel.newest.index)}});
  w.add_text(BlockKind::paragraph, encoding::encode_hex(channel.id));
  if (channel.existed_by && w.are_authorities_judged())
    w.add(BlockKind::paragraph, Sentence::export_channel_existed,
          {{"time", w.when(channel.existed_by->at_ms)},
           {"authority", w.authority(*channel.existed_by)},
           {"index", std::to_string(channel.existed_by->said.index)}},
          BlockMark::third_party);
  tell_entries(w, channel);
  tell_readers(w, channel);
  tell_grants(w, channel);
  tell_receipts(w, channel);
  w.tell_access(channel.access, Sentence::export_access);
  tell_texts(w, channel);
}

}  // namespace oberih::client
