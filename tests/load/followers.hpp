// SPDX-License-Identifier: Apache-2.0
// Members who follow and verify with the client's own library, each on a thread of its own.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "tests/load/stage.hpp"
#include "tests/load/verifying_client.hpp"

namespace oberih::load {

class Followers {
 public:
  /// An entry, and when it was verified and opened.
  struct Sighting {
    PostIdentity identity = 0;
    Clock::time_point at;
  };

  explicit Followers(Stage& stage) : stage_(stage) {}
  ~Followers() { is_over_ = true; }

  void add(const Member& member, const Channel& channel);
  /// How long until all of them have verified so far. Throws where one of them failed.
  double wait_for(std::uint64_t seq) const;
  /// Since it was last asked.
  std::vector<Sighting> take_sightings();

 private:
  void run(VerifyingClient& client);
  std::uint64_t slowest() const;

  Stage& stage_;
  // A reader's disk is its own: what it writes must not stand in line with the server's journal.
  test::TemporaryFolder folder_{"/dev/shm"};
  std::atomic<bool> is_over_ = false;
  std::atomic<bool> has_failed_ = false;
  std::mutex mutex_;
  std::vector<Sighting> sightings_;
  std::vector<std::unique_ptr<VerifyingClient>> clients_;
  std::vector<std::jthread> threads_;  // last: they end first
};

}  // namespace oberih::load
