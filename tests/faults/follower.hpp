// SPDX-License-Identifier: Apache-2.0
// A client that follows the channel through all faults, resumes where it was, and takes nothing
// that leaves a gap, comes twice or breaks a chain.
#pragma once

#include <atomic>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "tests/faults/member.hpp"

namespace oberih::faults {

class Follower {
 public:
  Follower(socket::EventLoop& loop, const Room& room, const Member& member, std::uint64_t seed);
  ~Follower();
  Follower(const Follower&) = delete;
  Follower& operator=(const Follower&) = delete;

  /// Waits until it has everything up to `newest_seq`, then ends.
  void finish(std::uint64_t newest_seq);
  /// Hashes of the leaves, in order of their channel_seq. After finish().
  const std::vector<Digest>& seen() const { return seen_; }
  /// What was wrong; empty: nothing. After finish().
  const std::string& violation() const { return violation_; }
  unsigned connections() const { return connections_; }

 private:
  void run();
  void follow();
  void take(const wire::ChannelItem& item);
  void read_again();

  socket::EventLoop& loop_;
  const Room& room_;
  const Member& member_;
  std::mt19937_64 random_;
  client::ServerConnection connection_;
  std::vector<Digest> seen_;
  std::map<DeviceId, std::uint64_t> sender_seq_;
  Milliseconds newest_ms_ = 0;
  std::string violation_;
  unsigned connections_ = 0;
  std::atomic<std::uint64_t> until_{UINT64_MAX};
  std::atomic<bool> gives_up_{false};
  std::thread thread_;
};

}  // namespace oberih::faults
