// SPDX-License-Identifier: Apache-2.0
#include "tests/garbage/tally.hpp"

#include <iomanip>
#include <ostream>

namespace oberih::garbage {

void Tally::add(std::uint64_t seed, const Outcome& outcome) {
  std::lock_guard lock(mutex_);
  Row& row = rows_[static_cast<std::size_t>(outcome.mischief->stage)];
  ++connections_;
  ++row.connections;
  if (!outcome.has_reached_stage) ++row.not_reached, ++not_reached_;
  ++row.endings[static_cast<std::size_t>(outcome.ending)];
  if (!outcome.detail.empty() && outcome.detail != "cut") ++row.details[outcome.detail];
  for (const auto& [name, count] : outcome.replies) row.details[name] += count;
  if (!outcome.violation.empty())
    violations_.push_back("connection " + std::to_string(seed) + ", " +
                          std::string(outcome.mischief->name) + ": " + outcome.violation);
}

void Tally::print(std::ostream& out) const {
  out << std::left << std::setw(11) << "stage" << std::right << std::setw(8) << "total";
  for (const char* name : ending_names) out << std::setw(9) << name;
  out << std::setw(13) << "not reached" << '\n';
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const Row& row = rows_[i];
    out << std::left << std::setw(11) << stage_names[i] << std::right << std::setw(8)
        << row.connections;
    for (const std::size_t count : row.endings) out << std::setw(9) << count;
    out << std::setw(13) << row.not_reached << '\n';
  }
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    out << stage_names[i] << ':';
    for (const auto& [name, count] : rows_[i].details) out << "  " << name << " x" << count;
    out << '\n';
  }
}

}  // namespace oberih::garbage
