// SPDX-License-Identifier: Apache-2.0
#include "tests/load/followers.hpp"

#include <algorithm>
#include <cstdio>
#include <exception>

namespace oberih::load {
namespace {

constexpr double patience_seconds = 60;

}  // namespace

void Followers::add(const Member& member, const Channel& channel) {
  const auto name = "follower-" + std::to_string(clients_.size());
  clients_.push_back(std::make_unique<VerifyingClient>(member, channel, stage_.genesis_hash(),
                                                       stage_.port(), folder_.path() / name));
  threads_.emplace_back([this, client = clients_.back().get()] { run(*client); });
}

void Followers::run(VerifyingClient& client) try {
  client.follow(is_over_, [this](PostIdentity identity) {
    const std::lock_guard lock(mutex_);
    sightings_.push_back({identity, Clock::now()});
  });
} catch (const std::exception& failure) {
  std::fprintf(stderr, "  %s\n", failure.what());
  has_failed_ = true;
}

std::uint64_t Followers::slowest() const {
  std::uint64_t seq = clients_[0]->newest_seq();
  for (const auto& client : clients_) seq = std::min(seq, client->newest_seq());
  return seq;
}

double Followers::wait_for(std::uint64_t seq) const {
  const auto start = Clock::now();
  while (slowest() < seq) {
    if (has_failed_) throw std::runtime_error("a follower has failed, see above");
    if (seconds_between(start, Clock::now()) > patience_seconds)
      throw std::runtime_error("the followers do not keep up");
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return seconds_between(start, Clock::now());
}

std::vector<Followers::Sighting> Followers::take_sightings() {
  const std::lock_guard lock(mutex_);
  return std::exchange(sightings_, {});
}

}  // namespace oberih::load
