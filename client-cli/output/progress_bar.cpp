// SPDX-License-Identifier: Apache-2.0
#include "client-cli/output/progress_bar.hpp"

#include <algorithm>

#include "client-cli/output/byte_count.hpp"

namespace oberih::client {
namespace {

constexpr std::size_t cells = 20;
constexpr std::chrono::milliseconds between_lines{100};

}  // namespace

std::string ProgressBar::line(const std::string& label, std::uint64_t done, std::uint64_t in_all,
                              Language language) {
  const std::uint64_t most = std::max<std::uint64_t>(1, in_all);
  const std::uint64_t percent = in_all == 0 ? 100 : std::min(done, in_all) * 100 / most;
  const auto full = static_cast<std::size_t>(percent * cells / 100);
  std::string number = std::to_string(percent);
  number.insert(0, 3 - std::min<std::size_t>(3, number.size()), ' ');
  return label + " [" + std::string(full, '#') + std::string(cells - full, '.') + "] " + number +
         " %  " + format_bytes(done, language) + " / " + format_bytes(in_all, language);
}

void ProgressBar::show(std::uint64_t done, std::uint64_t in_all) {
  if (!console_.may_show_progress()) return;
  const auto now = std::chrono::steady_clock::now();
  if (shown_at_ && now - *shown_at_ < between_lines && done != in_all) return;
  shown_at_ = now;
  console_.rewrite_line(line(label_, done, in_all, console_.language()));
}

void ProgressBar::clear() {
  if (shown_at_) console_.rewrite_line({});
  shown_at_.reset();
}

}  // namespace oberih::client
