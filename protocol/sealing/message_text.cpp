// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/message_text.hpp"

#include "protocol/base/byte_reader.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::sealing {
namespace {

constexpr std::uint8_t text_version = 1;
// Fits a body of 65,536 bytes with all that is around it.
constexpr std::size_t text_bytes_at_most = 65'000;
constexpr std::size_t title_characters_at_most = 200;
constexpr std::size_t sealed_bytes_at_most = 65'260;  // the text with its attachments, likewise
constexpr std::size_t head_bytes = 1 + 1 + 4;

std::size_t count_characters(std::string_view utf8) {
  std::size_t count = 0;
  for (char c : utf8)
    if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) ++count;
  return count;
}

/// Why the text may not be sent or shown; null when it may.
const char* find_fault(const MessageText& message) {
  const std::string_view text = message.text;
  if (text.empty() && message.attachments.empty()) return "the text is empty";
  if (!encoding::is_valid_utf8(text)) return "the text is not UTF-8";
  if (message.what != MessageWhat::channel_title)
    return find_attachments_fault(message.attachments);
  if (!message.attachments.empty()) return "a title has no attachments";
  if (count_characters(text) > title_characters_at_most) return "the title has over 200 characters";
  if (encoding::has_control_characters(text)) return "the title has control characters";
  return nullptr;
}

}  // namespace

Result<SecretBuffer> encode_message_text(const MessageText& message) {
  if (message.text.size() > text_bytes_at_most) return refuse(RefusalCode::body_too_large);
  if (const char* fault = find_fault(message))
    return refuse(RefusalCode::invalid_parameters, fault);
  // Written in place: a growing writer would leave unwiped copies of the text behind.
  const std::size_t text_end = head_bytes + message.text.size();
  SecretBuffer buffer(text_end + encoded_attachments_bytes(message.attachments));
  if (buffer.size() > sealed_bytes_at_most) return refuse(RefusalCode::body_too_large);
  std::span<std::uint8_t> out = buffer.writable();
  const auto size = static_cast<std::uint32_t>(message.text.size());
  out[0] = text_version;
  out[1] = static_cast<std::uint8_t>(message.what);
  for (int i = 0; i < 4; ++i) out[2 + i] = static_cast<std::uint8_t>(size >> (24 - 8 * i));
  std::copy(message.text.begin(), message.text.end(), out.begin() + head_bytes);
  encode_attachments(message.attachments, out.subspan(text_end));
  return buffer;
}

Result<MessageText> parse_message_text(ByteView bytes) {
  ByteReader reader(bytes);
  if (reader.u8() != text_version)
    return refuse(RefusalCode::malformed_object, "unknown version of a message text");
  const std::uint8_t what = reader.u8();
  const ByteView text = reader.vec(text_bytes_at_most);
  Result<std::vector<Attachment>> attachments = read_attachments(reader);
  if (!attachments) return attachments.error();
  if (!reader.complete() || bytes.size() > sealed_bytes_at_most)
    return refuse(RefusalCode::malformed_object, "a message text of wrong length");
  if (what > 1) return refuse(RefusalCode::malformed_object, "a message text of an unknown sort");
  MessageText message{static_cast<MessageWhat>(what), std::string(as_text(text)),
                      std::move(*attachments)};
  if (const char* fault = find_fault(message)) return refuse(RefusalCode::malformed_object, fault);
  return message;
}

}  // namespace oberih::sealing
