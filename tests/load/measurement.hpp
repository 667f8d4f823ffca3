// SPDX-License-Identifier: Apache-2.0
// Time, processor and memory as the kernel accounts for them.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

#include "tests/load/report.hpp"

namespace oberih::load {

using Clock = std::chrono::steady_clock;

inline double seconds_between(Clock::time_point from, Clock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}
inline Clock::duration of_seconds(double seconds) {
  return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
}

/// Milliseconds, in any order; empties itself into the measures.
class Latencies {
 public:
  void add(Clock::duration latency) {
    milliseconds_.push_back(std::chrono::duration<double, std::milli>(latency).count());
  }
  void clear() { milliseconds_.clear(); }
  std::size_t size() const { return milliseconds_.size(); }
  void write_to(Measures& measures);

 private:
  std::vector<double> milliseconds_;
};

struct CpuSeconds {
  double server = 0;
  double database = 0;  // postmaster and all its children, living and gone
  double generator = 0;
};
CpuSeconds read_cpu(pid_t server, pid_t postmaster);

/// Writes what was used since `before`, and the server's share of each delivery.
void write_cpu(Measures& measures, const CpuSeconds& before, const CpuSeconds& after,
               double deliveries);

/// Resident set of a process, from /proc/PID/smaps_rollup.
double resident_kib(pid_t process);

/// The most that a process had resident since it began or since it was forgotten.
double peak_resident_kib(pid_t process);
void forget_peak_resident(pid_t process);

/// Raises the soft limit of open files to the hard one. Throws std::runtime_error where that is
/// less than `files`.
void require_open_files(std::size_t files);

}  // namespace oberih::load
