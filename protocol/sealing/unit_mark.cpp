// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/unit_mark.hpp"

#include <algorithm>

#include "protocol/encoding/hex.hpp"

namespace oberih::sealing {
namespace {

// ON DISK: it stands in signed records.
constexpr std::string_view opening = "[unit ";
constexpr std::string_view closing = "]";
constexpr std::size_t mark_bytes = opening.size() + 2 * UnitId::size + closing.size();

/// The unit whose mark the text ends with.
std::optional<UnitId> find_last_mark(std::string_view text) {
  if (text.size() < mark_bytes) return std::nullopt;
  // Behind a text stands a space, and never before nothing: there is one form.
  const std::string_view before = text.substr(0, text.size() - mark_bytes);
  if (!before.empty() && (before.size() == 1 || before.back() != ' ')) return std::nullopt;
  std::string_view mark = text.substr(text.size() - mark_bytes);
  if (!mark.starts_with(opening) || !mark.ends_with(closing)) return std::nullopt;
  return encoding::decode_hex_as<UnitId>(mark.substr(opening.size(), 2 * UnitId::size));
}

}  // namespace

MarkedMandate read_unit_marks(std::string_view mandate) {
  MarkedMandate marked;
  std::string_view rest = mandate;
  while (const std::optional<UnitId> unit = find_last_mark(rest)) {
    marked.units.push_back(*unit);
    rest.remove_suffix(std::min(rest.size(), mark_bytes + 1));
  }
  std::reverse(marked.units.begin(), marked.units.end());
  const auto not_ascending = std::adjacent_find(
      marked.units.begin(), marked.units.end(),
      [](const UnitId& before, const UnitId& after) { return !(before < after); });
  if (not_ascending != marked.units.end()) return {std::string(mandate), {}};
  marked.text = std::string(rest);
  return marked;
}

std::string with_unit_marks(std::string_view text, const std::vector<UnitId>& units) {
  std::string marked(text);
  for (const UnitId& unit : units) {
    if (!marked.empty()) marked += ' ';
    marked += std::string(opening) + encoding::encode_hex(unit) + std::string(closing);
  }
  return marked;
}

}  // namespace oberih::sealing
