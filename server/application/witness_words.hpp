// SPDX-License-Identifier: Apache-2.0
// Why a witness does not cosign, in words for the operator's log. What came from outside is made
// printable here.
#pragma once

#include <algorithm>
#include <string>

#include "protocol/base/result.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::application {

inline constexpr std::size_t most_reason_bytes = 200;

inline std::string first_line(const std::string& text) {
  return encoding::printable(text.substr(0, std::min(text.find('\n'), most_reason_bytes)));
}

/// The journal signs first; what this desk has published has cosignatures behind it.
inline std::string journal_line_alone(const std::string& note) {
  return note.substr(0, note.find('\n', note.find("\n\n") + 2) + 1);
}

inline std::string reason_of(const Refusal& refusal) {
  if (refusal.code == RefusalCode::wrong_server)
    return "It shows another TLS key than the directory names.";
  return refusal.detail.empty() ? std::string(refusal_row(refusal.code).sentence)
                                : encoding::printable(refusal.detail);
}

}  // namespace oberih::application
