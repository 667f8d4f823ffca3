// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/unit_edit.hpp"

#include <algorithm>

namespace oberih::client {
namespace {

using sealing::UnitDuty;
using sealing::UnitLine;

bool is_same_thing(const UnitLine& a, const UnitLine& b) {
  return a.person == b.person && a.duty == b.duty && a.stands_in_for == b.stands_in_for;
}

bool touches(const UnitLine& a, const UnitLine& b) {
  return (a.to_ms == 0 || b.from_ms <= a.to_ms) && (b.to_ms == 0 || a.from_ms <= b.to_ms);
}

}  // namespace

bool is_of_unit(const std::vector<UnitLine>& lines, const PersonId& person) {
  return std::any_of(lines.begin(), lines.end(), [&](const UnitLine& line) {
    return line.person == person && line.duty != UnitDuty::deputy;
  });
}

void put_line(std::vector<UnitLine>& lines, const UnitLine& line) {
  UnitLine merged = line;
  std::erase_if(lines, [&](const UnitLine& other) {
    if (!is_same_thing(other, line) || !touches(other, merged)) return false;
    merged.from_ms = std::min(merged.from_ms, other.from_ms);
    merged.to_ms = merged.to_ms == 0 || other.to_ms == 0 ? 0 : std::max(merged.to_ms, other.to_ms);
    return true;
  });
  lines.push_back(merged);
  std::sort(lines.begin(), lines.end());
}

void end_duty(std::vector<UnitLine>& lines, const PersonId& person, UnitDuty duty,
              Milliseconds now_ms) {
  const auto is_meant = [&](const UnitLine& line) {
    return line.person == person && line.duty == duty && !line.is_over(now_ms);
  };
  std::erase_if(lines,
                [&](const UnitLine& line) { return is_meant(line) && line.from_ms >= now_ms; });
  for (UnitLine& line : lines)
    if (is_meant(line)) line.to_ms = now_ms;
}

void remove_person(std::vector<UnitLine>& lines, const PersonId& person) {
  std::erase_if(lines, [&](const UnitLine& line) {
    return line.person == person || line.stands_in_for == person;
  });
}

void tidy(std::vector<UnitLine>& lines, Milliseconds now_ms) {
  std::erase_if(lines, [&](const UnitLine& line) { return line.is_over(now_ms); });
  const std::vector<UnitLine> kept = lines;
  std::erase_if(lines, [&](const UnitLine& line) {
    return line.duty == UnitDuty::deputy && !is_of_unit(kept, line.stands_in_for);
  });
  std::sort(lines.begin(), lines.end());
}

}  // namespace oberih::client
