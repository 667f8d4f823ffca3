// SPDX-License-Identifier: Apache-2.0
// Seeded damage to valid bytes: the same seed does the same damage on every machine.
#pragma once

#include <random>
#include <vector>

#include "protocol/base/bytes.hpp"

namespace oberih::fuzz {

class Mutator {
 public:
  explicit Mutator(std::uint64_t seed) : random_(seed) {}

  /// From 0 to `bound` - 1. By remainder: a distribution of the library differs between libraries.
  std::size_t below(std::size_t bound) { return bound == 0 ? 0 : random_() % bound; }
  bool one_in(std::size_t n) { return below(n) == 0; }

  /// One of the seeds with one to eight damages; now and then spliced with another.
  Bytes mutate(const std::vector<Bytes>& seeds);
  /// The same for a text.
  std::string mutate(const std::string& text);

 private:
  void damage(Bytes& bytes);
  void overwrite_integer(Bytes& bytes);
  void insert_token(Bytes& bytes);
  void copy_piece(Bytes& bytes);
  void splice(Bytes& bytes, const Bytes& other);

  std::mt19937_64 random_;
};

}  // namespace oberih::fuzz
