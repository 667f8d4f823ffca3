// SPDX-License-Identifier: Apache-2.0
// W1, W2 and W3: people who post, and everybody who reads them.
#include <cmath>
#include <cstdio>

#include "tests/load/posting.hpp"
#include "tests/load/workloads.hpp"

namespace oberih::load {
namespace {

constexpr std::size_t outstanding_posts = 64;

Row run_closed_loop_in(const Options& options, std::size_t channels, std::size_t witnesses) {
  Stage stage(Stage::Limits::raised, 0, witnesses);
  const auto opened =
      stage.open_channels(channels == 1 ? 1 : options.scaled(channels, 2), people_in_channel);
  stage.start_server();
  Posting posting(stage, opened);
  Row row{"W1",
          std::to_string(channels) + (channels == 1 ? " channel of 10" : " channels of 10") +
              (witnesses == 0 ? "" : ", " + std::to_string(witnesses) + " witnesses"),
          {}};
  for (unsigned run = 0; run < options.runs; ++run)
    row.runs.push_back(posting.run_closed(outstanding_posts, options.seconds));
  return row;
}

}  // namespace

std::vector<Row> run_closed_loop(const Options& options) {
  std::vector<Row> rows{run_closed_loop_in(options, 1, 0), run_closed_loop_in(options, 50, 0)};
  if (options.witnesses > 0)
    for (const std::size_t channels : {1, 50})
      rows.push_back(run_closed_loop_in(options, channels, options.witnesses));
  return rows;
}

std::vector<Row> run_open_loop(const Options& options) {
  Stage stage;
  const auto opened = stage.open_channels(options.scaled(50, 2), people_in_channel);
  stage.start_server();
  Posting posting(stage, opened);
  posting.leave_out(
      posting.run_open(200, std::min(1.0, options.seconds)));  // sender heads come into memory
  Row row{"W2", "200 posts/s, 50 channels of 10", {}};
  for (unsigned run = 0; run < options.runs; ++run)
    row.runs.push_back(posting.run_open(200, options.seconds));
  return {row};
}

namespace {

constexpr double first_deliveries = 20'000;  // a second
constexpr double raise = 1.25;
constexpr double kept_share = 0.95;        // of what was offered, delivered in time
constexpr double bearable_p99_ms = 1'000;  // beyond it people would call it broken

bool is_saturated(const Measures& step, double rate, double seconds, std::size_t readers) {
  const double offered = std::floor(rate * seconds) / seconds * static_cast<double>(readers);
  return step.deliv_s.value_or(0) < kept_share * offered ||
         step.full_p99.value_or(0) > bearable_p99_ms;
}

struct Climb {
  Measures kept;
  Measures saturated;
  double last_rate = 0;
  double lost = 0;  // in all steps, also those that are no row's
  double doubled = 0;
};

Climb raise_until_saturated(Posting& posting, double rate, double seconds, std::size_t readers) {
  Climb climb;
  // Twice at one rate: a hiccup of the machine is no saturation.
  for (unsigned failures = 0; failures < 2;) {
    const std::uint64_t cuts_before = posting.cuts();
    const Measures step = posting.run_open(rate, seconds);
    const bool kept_up = posting.cuts() == cuts_before;
    std::fprintf(stderr, "  W3 %.0f posts/s: %.0f deliveries/s, p99 %.1f ms\n", rate,
                 step.deliv_s.value_or(0), step.full_p99.value_or(0));
    climb.last_rate = rate;
    climb.lost += step.lost.value_or(0);
    climb.doubled += step.doubled.value_or(0);
    if (!kept_up || is_saturated(step, rate, seconds, readers)) {
      if (failures++ == 0 || step.deliv_s > climb.saturated.deliv_s) climb.saturated = step;
      continue;
    }
    climb.kept = step;
    failures = 0;
    rate *= raise;
  }
  climb.saturated.lost = climb.lost;
  climb.saturated.doubled = climb.doubled;
  return climb;
}

}  // namespace

std::vector<Row> run_large_channel(const Options& options) {
  Stage stage;
  const std::size_t people = options.scaled(1'000, 20);
  Channel& channel = stage.open_channel(stage.enrol(people));
  stage.history().wait();
  stage.start_server();
  Posting posting(stage, {&channel});
  const double step_seconds = std::max(0.2, options.seconds / 5);
  const double first_rate = first_deliveries / static_cast<double>(people);
  posting.leave_out(posting.run_open(first_rate, step_seconds));
  Row kept{"W3", "1,000 members, highest rate kept", {}};
  Row saturated{"W3", "1,000 members, saturated", {}};
  double begin_rate = first_rate;
  for (unsigned run = 0; run < options.runs; ++run) {
    const Climb climb = raise_until_saturated(posting, begin_rate, step_seconds, people);
    kept.runs.push_back(climb.kept);
    saturated.runs.push_back(climb.saturated);
    // Later runs need not climb from the bottom again.
    if (run == 0) begin_rate = std::max(first_rate, climb.last_rate / std::pow(raise, 4));
  }
  return {kept, saturated};
}

std::string with_commas(std::uint64_t number) {
  const std::string digits = std::to_string(number);
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i != 0 && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}

}  // namespace oberih::load
