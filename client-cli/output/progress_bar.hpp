// SPDX-License-Identifier: Apache-2.0
// One line on a terminal that says how far something long has come; nothing where standard error is
// no terminal or programs read the output.
#pragma once

#include <chrono>
#include <optional>

#include "client-cli/output/console.hpp"

namespace oberih::client {

class ProgressBar {
 public:
  /// `label` is safe for a terminal.
  ProgressBar(Console& console, std::string label) : console_(console), label_(std::move(label)) {}
  ~ProgressBar() { clear(); }
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  void show(std::uint64_t done, std::uint64_t in_all);
  /// Before another line is written.
  void clear();

  /// `[#####...............]  25 %  64.0 MiB of ...`; for the tests too.
  static std::string line(const std::string& label, std::uint64_t done, std::uint64_t in_all,
                          Language language);

 private:
  Console& console_;
  std::string label_;
  std::optional<std::chrono::steady_clock::time_point> shown_at_;
};

}  // namespace oberih::client
