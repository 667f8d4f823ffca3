// SPDX-License-Identifier: Apache-2.0
// What verification costs those who read: one who catches up alone, and ten who follow 200 posts a
// second.
#include <cstdio>

#include "tests/load/followers.hpp"
#include "tests/load/posting.hpp"
#include "tests/load/workloads.hpp"

namespace oberih::load {
namespace {

constexpr double posts_per_second = 200;

Row run_catching_up(const Options& options) {
  Stage stage;
  Channel& channel = *stage.open_channels(1, people_in_channel)[0];
  std::vector<SenderChain> chains;
  for (const Member* member : channel.members)
    chains.emplace_back(*member, channel, stage.checkpoint());
  const std::uint64_t count = options.scaled(50'000, 500);
  lay_entries(stage.history(), channel, chains, count, text_bytes);
  stage.start_server();
  Row row{"verify", "one catches up with 50,000 entries", {}};
  test::TemporaryFolder folder;
  for (unsigned run = 0; run < options.runs; ++run) {
    VerifyingClient reader(*channel.members[run % people_in_channel], channel, stage.genesis_hash(),
                           stage.port(), folder.path() / ("run-" + std::to_string(run)));
    const CpuSeconds before = stage.cpu();
    const auto start = Clock::now();
    reader.catch_up();
    Measures measures;
    measures.deliv_s = static_cast<double>(reader.opened()) / seconds_between(start, Clock::now());
    measures.lost = static_cast<double>(count) - static_cast<double>(reader.opened());
    measures.doubled = 0;
    write_cpu(measures, before, stage.cpu(), static_cast<double>(reader.opened()));
    row.runs.push_back(measures);
  }
  return row;
}

Row run_following(const Options& options) {
  Stage stage;
  const auto channels = stage.open_channels(1, people_in_channel);
  stage.start_server();
  Posting posting(stage, channels);
  Followers followers(stage);
  for (const Member* member : channels[0]->members) followers.add(*member, *channels[0]);
  std::uint64_t newest = channels[0]->newest_seq;
  followers.wait_for(newest);
  Row row{"verify", "ten follow 200 posts/s (max: how far behind at the end)", {}};
  for (unsigned run = 0; run < options.runs; ++run) {
    Measures measures = posting.run_open(posts_per_second, options.seconds);
    newest += static_cast<std::uint64_t>(posts_per_second * options.seconds);
    measures.full_max = 1'000 * followers.wait_for(newest);
    row.runs.push_back(measures);
  }
  return row;
}

}  // namespace

std::vector<Row> run_verification(const Options& options) {
  return {run_catching_up(options), run_following(options)};
}

}  // namespace oberih::load
