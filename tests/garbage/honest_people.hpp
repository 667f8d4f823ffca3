// SPDX-License-Identifier: Apache-2.0
// Those who work through the same server all the while, and the judge of what became of their work:
// the posters, followers and the checker of the fault runs.
#pragma once

#include <atomic>
#include <thread>

#include "tests/faults/history_checker.hpp"
#include "tests/garbage/target.hpp"

namespace oberih::garbage {

class HonestPeople {
 public:
  static constexpr std::size_t posters = 2;
  static constexpr std::size_t followers = 2;

  HonestPeople(faults::Ground& ground, const faults::Room& room, std::uint64_t seed);
  ~HonestPeople();

  /// They finish; then every promise is looked up, and whether anything is stored that is neither
  /// theirs nor in the book of the hostile members.
  faults::Verdict finish(const Book& book);

 private:
  void post(std::size_t number, std::uint64_t seed);
  void end();
  void compare_with_book(const Book& book, faults::Verdict& verdict) const;

  faults::Ground& ground_;
  const faults::Room& room_;
  std::size_t directory_leaves_ = 0;
  std::atomic<bool> is_over_{false};
  std::array<std::string, posters> failures_;
  std::vector<std::thread> threads_;
  std::vector<std::unique_ptr<faults::Follower>> followers_;
};

}  // namespace oberih::garbage
