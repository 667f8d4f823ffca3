// SPDX-License-Identifier: Apache-2.0
// What became of all connections, by stage. From many threads.
#pragma once

#include <iosfwd>
#include <mutex>
#include <vector>

#include "tests/garbage/connection_run.hpp"

namespace oberih::garbage {

class Tally {
 public:
  void add(std::uint64_t seed, const Outcome& outcome);
  void print(std::ostream& out) const;
  /// One line each, with the seed that plays the connection again.
  const std::vector<std::string>& violations() const { return violations_; }
  /// Too many connections ended before their stage: the run has shown nothing.
  bool is_hollow() const { return not_reached_ * 5 > connections_; }

 private:
  struct Row {
    std::size_t connections = 0;
    std::size_t not_reached = 0;
    std::array<std::size_t, ending_names.size()> endings{};
    std::map<std::string, std::size_t> details;
  };
  std::mutex mutex_;
  std::array<Row, stage_names.size()> rows_;
  std::vector<std::string> violations_;
  std::size_t connections_ = 0;
  std::size_t not_reached_ = 0;
};

}  // namespace oberih::garbage
