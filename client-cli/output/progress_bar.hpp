// SPDX-License-Identifier: Apache-2.0
// One line on a terminal that says how far something long has come, how fast, and how long the rest
// will take; nothing where standard error is no terminal or programs read the output.
#pragma once

#include <chrono>
#include <optional>

#include "client-cli/output/console.hpp"

namespace oberih::client {

class ProgressBar {
 public:
  enum class Unit { bytes, pieces };
  /// How fast, and how long it goes on at that; nothing until that can be said.
  struct Pace {
    std::uint64_t per_second = 0;
    std::chrono::seconds rest{0};
  };

  /// `label` is safe for a terminal.
  ProgressBar(Console& console, std::string label, Unit unit = Unit::bytes)
      : console_(console), label_(std::move(label)), unit_(unit) {}
  ~ProgressBar() { clear(); }
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  void show(std::uint64_t done, std::uint64_t in_all);
  /// Before another line is written.
  void clear();

  /// `[#####...............]  25 %  64.0 MiB of ...`; for the tests too.
  static std::string line(const std::string& label, std::uint64_t done, std::uint64_t in_all,
                          Language language, Unit unit = Unit::bytes,
                          const std::optional<Pace>& pace = {});
  /// Of `done` in `elapsed`. Nothing in the first second, or where nothing moves.
  static std::optional<Pace> pace_of(std::uint64_t done, std::uint64_t rest,
                                     std::chrono::milliseconds elapsed);

 private:
  Console& console_;
  std::string label_;
  Unit unit_;
  std::optional<std::chrono::steady_clock::time_point> shown_at_;
  std::optional<std::chrono::steady_clock::time_point> began_at_;
  std::uint64_t began_with_ = 0;  // what was there already is no pace
};

}  // namespace oberih::client
