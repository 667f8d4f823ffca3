// SPDX-License-Identifier: Apache-2.0
// What verification costs those who read: one who catches up alone, and ten who follow 200 posts a
// second.
#include <cstdio>
#include <exception>
#include <thread>

#include "tests/load/posting.hpp"
#include "tests/load/verifying_client.hpp"
#include "tests/load/workloads.hpp"

namespace oberih::load {
namespace {

constexpr double posts_per_second = 200;
constexpr double patience_seconds = 60;

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

/// Ten verifying followers, each on a thread of its own.
class Followers {
 public:
  Followers(Stage& stage, const Channel& channel) {
    for (const Member* member : channel.members) {
      const auto name = "follower-" + std::to_string(clients_.size());
      clients_.push_back(std::make_unique<VerifyingClient>(*member, channel, stage.genesis_hash(),
                                                           stage.port(), folder_.path() / name));
      threads_.emplace_back([this, client = clients_.back().get()] { run(*client); });
    }
  }
  ~Followers() { is_over_ = true; }

  std::uint64_t slowest() const {
    std::uint64_t seq = clients_[0]->newest_seq();
    for (const auto& client : clients_) seq = std::min(seq, client->newest_seq());
    return seq;
  }
  /// How long until all of them have verified so far. Throws where one of them failed.
  double wait_for(std::uint64_t seq) const {
    const auto start = Clock::now();
    while (slowest() < seq) {
      if (has_failed_) throw std::runtime_error("a follower has failed, see above");
      if (seconds_between(start, Clock::now()) > patience_seconds)
        throw std::runtime_error("the followers do not keep up");
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return seconds_between(start, Clock::now());
  }

 private:
  void run(VerifyingClient& client) try {
    client.follow(is_over_);
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "  %s\n", failure.what());
    has_failed_ = true;
  }

  test::TemporaryFolder folder_;
  std::atomic<bool> is_over_ = false;
  std::atomic<bool> has_failed_ = false;
  std::vector<std::unique_ptr<VerifyingClient>> clients_;
  std::vector<std::jthread> threads_;  // last: they end first
};

Row run_following(const Options& options) {
  Stage stage;
  const auto channels = stage.open_channels(1, people_in_channel);
  stage.start_server();
  Posting posting(stage, channels);
  Followers followers(stage, *channels[0]);
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
