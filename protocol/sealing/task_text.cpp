// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/task_text.hpp"

#include <algorithm>

#include "protocol/base/byte_reader.hpp"
#include "protocol/base/in_place_writer.hpp"
#include "protocol/encoding/utf8.hpp"
#include "protocol/sealing/attachment.hpp"

namespace oberih::sealing {
namespace {

constexpr std::uint8_t text_version = 1;
// Title and words together fit a body of 65,536 bytes with all that is around them.
constexpr std::size_t text_bytes_at_most = 65'000;
constexpr std::size_t title_characters_at_most = 200;

std::size_t count_characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

/// Why the text may not be sent or shown; null when it may.
const char* find_fault(const TaskText& text) {
  if (!encoding::is_valid_utf8(text.title) || !encoding::is_valid_utf8(text.words))
    return "the text is not UTF-8";
  if (text.action != TaskAction::propose) {
    if (!text.title.empty()) return "only a proposal has a title";
    return needs_words(text.action) && text.words.empty() ? "it needs a reason or a result"
                                                          : nullptr;
  }
  if (text.title.empty()) return "the task has no title";
  if (count_characters(text.title) > title_characters_at_most)
    return "the title has over 200 characters";
  return encoding::has_control_characters(text.title) ? "the title has control characters"
                                                      : nullptr;
}

}  // namespace

bool needs_words(TaskAction action) {
  switch (action) {
    case TaskAction::decline:
    case TaskAction::withdraw:
    case TaskAction::extend:
    case TaskAction::submit:
    case TaskAction::return_:
      return true;
    case TaskAction::propose:
    case TaskAction::accept:
    case TaskAction::reassign:
    case TaskAction::start:
    case TaskAction::pause:  // the reason stands in the facts
    case TaskAction::resume:
    case TaskAction::confirm:
      return false;
  }
  return false;
}

Result<SecretBuffer> encode_task_text(const TaskText& text) {
  if (text.title.size() + text.words.size() > text_bytes_at_most)
    return refuse(RefusalCode::body_too_large);
  if (const char* fault = find_fault(text)) return refuse(RefusalCode::invalid_parameters, fault);
  const bool has_title = text.action == TaskAction::propose;
  SecretBuffer buffer(2 + (has_title ? 4 + text.title.size() : 0) + 4 + text.words.size() +
                      encoded_attachments_bytes({}));
  InPlaceWriter writer(buffer.writable());
  writer.u8(text_version);
  writer.u8(static_cast<std::uint8_t>(text.action));
  if (has_title) writer.vec(text.title);
  writer.vec(text.words);
  encode_attachments({}, writer.rest());
  return buffer;
}

Result<TaskText> parse_task_text(ByteView bytes) {
  ByteReader reader(bytes);
  if (reader.u8() != text_version)
    return refuse(RefusalCode::malformed_object, "unknown version of a task's text");
  const std::optional<TaskAction> action = task_action_of(reader.u8());
  if (!action) return refuse(RefusalCode::malformed_object, "a text of an unknown action");
  TaskText text;
  text.action = *action;
  if (text.action == TaskAction::propose)
    text.title = std::string(as_text(reader.vec(text_bytes_at_most)));
  text.words = std::string(as_text(reader.vec(text_bytes_at_most)));
  const Result<std::vector<Attachment>> attachments = read_attachments(reader);
  if (!attachments) return attachments.error();
  if (!reader.complete() || !attachments->empty())
    return refuse(RefusalCode::malformed_object, "a task's text of wrong length");
  if (text.title.size() + text.words.size() > text_bytes_at_most)
    return refuse(RefusalCode::malformed_object, "a task's text that is too long");
  if (const char* fault = find_fault(text)) return refuse(RefusalCode::malformed_object, fault);
  return text;
}

}  // namespace oberih::sealing
