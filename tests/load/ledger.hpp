// SPDX-License-Identifier: Apache-2.0
// Every post from its preparation to the last member who got it. What is missing at the end is
// lost.
#pragma once

#include <unordered_map>
#include <vector>

#include "tests/load/load_client.hpp"
#include "tests/load/measurement.hpp"

namespace oberih::load {

class Ledger {
 public:
  /// Numbers for `count` posts to be prepared; the first.
  std::uint64_t reserve(std::size_t count);

  // -- one run
  // --------------------------------------------------------------------------------------
  void begin_run();
  /// `due`: when it was to be sent, so that a generator that is late cannot hide it.
  void note_sent(const PreparedPost& post, std::size_t readers, Clock::time_point due);
  void note_acknowledged(std::uint64_t number);
  void note_delivered(PostIdentity identity);
  void note_doubled() { ++doubled_; }

  /// Of a post of this run.
  Clock::time_point due_of(PostIdentity identity) const { return due_.at(identity); }
  std::uint64_t sent() const { return sent_; }
  std::uint64_t acknowledged() const { return acknowledged_; }
  std::uint64_t delivered() const { return delivered_; }
  /// Everything sent is acknowledged, and delivered to all.
  bool is_settled() const { return acknowledged_ == sent_ && delivered_ == expected_; }
  /// Latencies, lost and doubled. Throws std::runtime_error where a post was never answered.
  void write_to(Measures& measures);

 private:
  struct Post {
    Clock::time_point due{};
    std::uint32_t readers = 0;
    std::uint32_t delivered = 0;
    bool is_acknowledged = false;
  };
  Post& post(std::uint64_t number) { return posts_.at(number - first_free_request_id); }

  std::vector<Post> posts_;  // by number
  std::unordered_map<PostIdentity, std::uint64_t> under_way_;
  std::unordered_map<PostIdentity, Clock::time_point> due_;
  Latencies latencies_;
  std::uint64_t sent_ = 0;
  std::uint64_t acknowledged_ = 0;
  std::uint64_t expected_ = 0;  // deliveries
  std::uint64_t delivered_ = 0;
  std::uint64_t doubled_ = 0;
};

}  // namespace oberih::load
