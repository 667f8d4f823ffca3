// SPDX-License-Identifier: Apache-2.0
// The sealed text of a message (type 1): `u8 1 || u8 what || vec(UTF-8) || u16 n || n attachments`.
#pragma once

#include <string>

#include "protocol/base/result.hpp"
#include "protocol/base/secret.hpp"
#include "protocol/sealing/attachment.hpp"

namespace oberih::sealing {

enum class MessageWhat : std::uint8_t { text = 0, channel_title = 1 };

struct MessageText {
  MessageWhat what = MessageWhat::text;
  std::string text;  // valid UTF-8; a title has 1 to 200 characters and no control characters
  std::vector<Attachment> attachments = {};  // of a text; with one the text itself may be empty
};

/// Refuses invalid_parameters (not UTF-8, empty, title too long) and body_too_large.
Result<SecretBuffer> encode_message_text(const MessageText& message);
Result<MessageText> parse_message_text(ByteView bytes);

}  // namespace oberih::sealing
