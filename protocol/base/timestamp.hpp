// SPDX-License-Identifier: Apache-2.0
// Times on the wire, in leaves and in SQL: milliseconds since 1970-01-01 UTC.
#pragma once

#include <chrono>
#include <cstdint>

namespace oberih {

using Milliseconds = std::uint64_t;

/// The wall clock. Rules never call this: they are given server_ms (the journal's time).
inline Milliseconds wall_clock_ms() {
  using namespace std::chrono;
  return static_cast<Milliseconds>(
      duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count());
}

}  // namespace oberih
