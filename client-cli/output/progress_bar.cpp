// SPDX-License-Identifier: Apache-2.0
#include "client-cli/output/progress_bar.hpp"

#include <algorithm>

#include "client-cli/output/byte_count.hpp"

namespace oberih::client {
namespace {

constexpr std::size_t cells = 20;
constexpr std::chrono::milliseconds between_lines{100};

std::string amount(std::uint64_t value, Language language, ProgressBar::Unit unit) {
  return unit == ProgressBar::Unit::bytes ? format_bytes(value, language) : std::to_string(value);
}

/// `7:04`, `1:07:04`: the same in both languages.
std::string clock_of(std::chrono::seconds span) {
  const auto two = [](long long number) {
    return (number < 10 ? "0" : "") + std::to_string(number);
  };
  const long long seconds = span.count();
  const std::string tail = two(seconds % 60);
  if (seconds < 3'600) return std::to_string(seconds / 60) + ":" + tail;
  return std::to_string(seconds / 3'600) + ":" + two(seconds / 60 % 60) + ":" + tail;
}

}  // namespace

std::optional<ProgressBar::Pace> ProgressBar::pace_of(std::uint64_t done, std::uint64_t rest,
                                                      std::chrono::milliseconds elapsed) {
  if (elapsed < std::chrono::seconds(1) || done == 0) return std::nullopt;
  const double per_second =
      static_cast<double>(done) * 1'000 / static_cast<double>(elapsed.count());
  if (per_second < 1) return std::nullopt;
  return Pace{static_cast<std::uint64_t>(per_second),
              std::chrono::seconds(static_cast<long long>(static_cast<double>(rest) / per_second))};
}

std::string ProgressBar::line(const std::string& label, std::uint64_t done, std::uint64_t in_all,
                              Language language, Unit unit, const std::optional<Pace>& pace) {
  const std::uint64_t most = std::max<std::uint64_t>(1, in_all);
  const std::uint64_t percent = in_all == 0 ? 100 : std::min(done, in_all) * 100 / most;
  const auto full = static_cast<std::size_t>(percent * cells / 100);
  std::string number = std::to_string(percent);
  number.insert(0, 3 - std::min<std::size_t>(3, number.size()), ' ');
  return label + " [" + std::string(full, '#') + std::string(cells - full, '.') + "] " + number +
         " %  " + amount(done, language, unit) + " / " + amount(in_all, language, unit) +
         (pace ? "  " + compose(language, Sentence::progress_pace,
                                {{"pace", amount(pace->per_second, language, unit)},
                                 {"rest", clock_of(pace->rest)}})
               : std::string());
}

void ProgressBar::show(std::uint64_t done, std::uint64_t in_all) {
  if (!console_.may_show_progress()) return;
  const auto now = std::chrono::steady_clock::now();
  if (shown_at_ && now - *shown_at_ < between_lines && done != in_all) return;
  shown_at_ = now;
  if (!began_at_) {
    began_at_ = now;
    began_with_ = done;
  }
  const auto pace =
      pace_of(done - std::min(done, began_with_), in_all - std::min(in_all, done),
              std::chrono::duration_cast<std::chrono::milliseconds>(now - *began_at_));
  console_.rewrite_line(line(label_, done, in_all, console_.language(), unit_, pace));
}

void ProgressBar::clear() {
  if (shown_at_) console_.rewrite_line({});
  shown_at_.reset();
}

}  // namespace oberih::client
