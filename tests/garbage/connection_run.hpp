// SPDX-License-Identifier: Apache-2.0
// One connection from its seed to its end.
#pragma once

#include <map>
#include <string>

#include "tests/garbage/mischief.hpp"

namespace oberih::garbage {

enum class Ending {
  alerted,       // a TLS alert
  http_refused,  // an HTTP answer, then the end
  closed,        // a close frame
  cut,           // ended without a word
  answered,      // a genuine request was answered afterwards
  left,          // cut from this side
  hung,          // none of these in time: a violation
};
inline constexpr std::array ending_names = {"alert",    "http", "closed", "cut",
                                            "answered", "left", "hung"};

struct Outcome {
  const Mischief* mischief = nullptr;
  Ending ending = Ending::hung;
  std::string detail;  // "alert 42", "http 400", "close 1002"
  bool has_reached_stage = true;
  std::map<std::string, std::size_t> replies;
  std::string violation;  // empty: none
};

/// The same seed chooses the same mischief and takes the same decisions; keys and times are those
/// of the target. Never throws.
Outcome run_connection(Target& target, std::uint64_t seed);
/// A mischief that need not stand in the table.
Outcome run_connection(Target& target, std::uint64_t seed, const Mischief& mischief);

}  // namespace oberih::garbage
