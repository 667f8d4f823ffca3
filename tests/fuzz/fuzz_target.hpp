// SPDX-License-Identifier: Apache-2.0
// What every target is: one function that takes any bytes. It refuses them, or accepts them and
// then proves an invariant of what it accepted. A broken invariant ends the process.
#pragma once

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "protocol/base/bytes.hpp"

namespace oberih::fuzz {

/// Defined once by each *_target.cpp. True when some decoder accepted the bytes: the replay asks
/// for it, so that a corpus that has gone stale does not pass for a test.
bool judge(ByteView input);

/// libFuzzer and the replay both keep the input of a process that aborts.
inline void require(bool holds, const char* sentence) {
  if (holds) return;
  std::fprintf(stderr, "INVARIANT BROKEN: %s\n", sentence);
  std::abort();
}

inline bool equal(ByteView a, ByteView b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

/// `encode(parse(bytes)) == bytes`: every accepted object has exactly one form.
template <class Parse, class Encode>
bool round_trip(ByteView bytes, Parse parse, Encode encode, const char* sentence) {
  const auto parsed = parse(bytes);
  if (!parsed) return false;
  require(equal(encode(*parsed), bytes), sentence);
  return true;
}

}  // namespace oberih::fuzz
