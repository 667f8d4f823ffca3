// SPDX-License-Identifier: Apache-2.0
// One attack under way, in a thread of the lowest priority: what honest clients suffer from is the
// server's work, not the attackers'.
#pragma once

#include <atomic>
#include <memory>
#include <thread>

#include "tests/load/attacks.hpp"
#include "tests/load/population.hpp"

namespace oberih::load {

class AttackThread {
 public:
  struct Counts {
    std::atomic<std::uint64_t> opened{0};   // connections that went as deep as they wanted
    std::atomic<std::uint64_t> ended{0};    // by the server, at any depth
    std::atomic<std::uint64_t> refused{0};  // requests
  };

  /// `people`: the attack's devices. Begins at once, from the address `source`.
  AttackThread(const Attack& attack, const std::vector<Member*>& people, std::uint16_t port,
               in_addr_t source);
  /// Ends it.
  ~AttackThread();

  const Counts& counts() const { return counts_; }

 private:
  class Connection;
  void run();

  const Attack& attack_;
  const std::vector<Member*>& people_;
  const std::uint16_t port_;
  const in_addr_t source_;
  Counts counts_;
  std::atomic<bool> is_over_{false};
  std::thread thread_;  // last: it uses the others
};

}  // namespace oberih::load
