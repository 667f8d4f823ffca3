// SPDX-License-Identifier: Apache-2.0
// What the command line of oberih-load says.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

namespace oberih::load {

struct Options {
  std::vector<std::string> workloads;
  std::string json_file;
  unsigned runs = 5;
  double seconds = 10;
  double scale = 1;  // of people, channels and history: a smoke pass takes a hundredth
  std::size_t witnesses = 0;  // W1 a second time with so many
  std::vector<std::string> attacks;  // of abuse; none: all
  std::vector<std::uint64_t> sizes{10'000, 100'000, 1'000'000};  // W6, journal leaves

  std::size_t scaled(std::size_t full, std::size_t least) const {
    const auto some = static_cast<std::size_t>(std::llround(static_cast<double>(full) * scale));
    return std::max(least, some);
  }
};

inline constexpr std::size_t text_bytes = 512;  // of every message, unless a workload says else

}  // namespace oberih::load
