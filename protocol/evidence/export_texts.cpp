// SPDX-License-Identifier: Apache-2.0
#include "protocol/evidence/export_texts.hpp"

#include "protocol/evidence/failed_leaf.hpp"
#include "protocol/sealing/hearing_text.hpp"
#include "protocol/sealing/message_text.hpp"
#include "protocol/sealing/remark_text.hpp"
#include "protocol/sealing/task_text.hpp"

namespace oberih::evidence {
namespace {

Refusal no_text(std::uint64_t index, std::string why) {
  return refuse(RefusalCode::proof_invalid,
                "texts: that of leaf " + std::to_string(index) + ' ' + std::move(why));
}

void append_line(std::string& words, const std::string& line) {
  if (line.empty()) return;
  if (!words.empty()) words += '\n';
  words += line;
}

std::string names_of(const std::vector<sealing::Attachment>& attachments) {
  std::string names;
  for (const sealing::Attachment& each : attachments) append_line(names, "[" + each.name + "]");
  return names;
}

}  // namespace

std::optional<std::string> words_of_entry(const sealing::EntryHeader& header, ByteView text) {
  std::string words;
  switch (header.type) {
    case EntryType::message:
      if (const auto message = sealing::parse_message_text(text)) {
        append_line(words, message->text);
        append_line(words, names_of(message->attachments));
        return words;
      }
      return std::nullopt;
    case EntryType::task:
      if (const auto task = sealing::parse_task_text(text)) {
        append_line(words, task->title);
        append_line(words, task->words);
        return words;
      }
      return std::nullopt;
    case EntryType::hearing:
      if (const auto hearing = sealing::parse_hearing_text(text)) {
        if (hearing->summons) append_line(words, hearing->summons->case_number);
        if (hearing->summons) append_line(words, hearing->summons->act);
        append_line(words, hearing->words);
        append_line(words, names_of(hearing->attachments));
        return words;
      }
      return std::nullopt;
    case EntryType::acknowledgement:
    case EntryType::consent:
      if (auto remark = sealing::parse_remark(text)) return std::move(*remark);
      return std::nullopt;
    case EntryType::leave:
    case EntryType::wrap_unusable:
      break;
  }
  return std::nullopt;
}

ExportTexts::ExportTexts(const ExportFiles& files)
    : stream_(files, *files.find(export_name::texts)) {}

Result<> ExportTexts::load_next() {
  if (next_) least_index_ = next_->index + 1;
  Result<std::optional<ExportedText>> next = read_exported_text(stream_);
  if (!next) return next.error();
  next_ = std::move(*next);
  is_begun_ = true;
  if (next_ && next_->index < least_index_)
    return no_text(next_->index, "is not in the order of the leaves");
  return {};
}

Result<> ExportTexts::take(std::uint64_t index, const ReplayedEntry* entry, ExportReport& report) {
  if (!is_begun_) OBERIH_TRY(load_next());
  if (!next_ || next_->index > index) return {};
  if (next_->index < index) return no_text(next_->index, "is of a leaf that is not shown");
  if (entry == nullptr) return no_text(index, "is of a leaf that is no entry");
  const Result<SecretBuffer> opened =
      sealing::open_entry_with_prk(entry->entry, next_->ciphertext, next_->prk.view());
  if (!opened)
    return no_text(index,
                   "(sequence " + std::to_string(entry->place.channel_seq) +
                       ") does not open: ciphertext or key are of another entry, or changed");
  ++report.texts;
  ChannelReport& channel = report.channels[entry->header.channel];
  TextFact fact{entry->place.channel_seq,
                entry->header.sender,
                entry->header.type,
                {index, entry->place.server_ms},
                words_of_entry(entry->header, opened->view())};
  bytes_ += fact.words ? fact.words->size() : 0;
  if (bytes_ <= text_bytes_at_most) channel.texts.push_back(std::move(fact));
  return load_next();
}

Result<> ExportTexts::finish() {
  if (!is_begun_) OBERIH_TRY(load_next());
  if (next_) return no_text(next_->index, "is of a leaf that is not shown");
  return {};
}

}  // namespace oberih::evidence
