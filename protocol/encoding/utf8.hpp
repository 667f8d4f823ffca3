// SPDX-License-Identifier: Apache-2.0
// Text that people wrote: is it UTF-8, is it NFC, and may it reach a terminal or a log?
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace oberih::encoding {

/// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
[[nodiscard]] bool is_valid_utf8(std::string_view text);

/// Nothing when the text is not UTF-8.
std::optional<std::string> to_nfc(std::string_view text);
[[nodiscard]] bool is_nfc(std::string_view text);

/// Characters that move a cursor, change direction or end a line: C0, DEL, C1, U+2028 and U+2029,
/// the bidirectional marks, embeddings, overrides and isolates, U+FEFF. True for text that is not
/// UTF-8.
[[nodiscard]] bool has_control_characters(std::string_view text);

/// Any White_Space character of Unicode.
[[nodiscard]] bool has_white_space(std::string_view text);

/// The text with every control character (see above) and every byte that is not UTF-8 written as an
/// escape (`\n`, `\x1b`, `\u{202e}`), so that it can neither forge a log line nor drive a terminal.
std::string printable(std::string_view text);

}  // namespace oberih::encoding
