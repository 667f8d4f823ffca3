// SPDX-License-Identifier: Apache-2.0
// The wall clock of a program under test, as much ahead of the true one as a file says that both
// have mapped (stepped_clock.cpp, loaded into the program). Nobody waits for an hour to come.
#pragma once

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <chrono>

#include "tests/support/process.hpp"

namespace oberih::test {

class SteppedClock {
 public:
  explicit SteppedClock(std::filesystem::path file) : file_(std::move(file)) {
    write_file(file_, std::string(sizeof(std::int64_t), '\0'));
    const int descriptor = ::open(file_.c_str(), O_RDWR | O_CLOEXEC);
    ahead_ns_ = static_cast<std::int64_t*>(
        mmap(nullptr, sizeof(std::int64_t), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0));
    ::close(descriptor);
  }
  ~SteppedClock() { munmap(ahead_ns_, sizeof(std::int64_t)); }
  SteppedClock(const SteppedClock&) = delete;
  SteppedClock& operator=(const SteppedClock&) = delete;

  /// With this a program goes by the clock.
  Environment environment() const {
    return {{"LD_PRELOAD", OBERIH_STEPPED_CLOCK}, {"OBERIH_CLOCK_STEP", file_}};
  }
  void step(std::chrono::nanoseconds by) { set(ahead() + by); }
  void set(std::chrono::nanoseconds ahead) {
    __atomic_store_n(ahead_ns_, ahead.count(), __ATOMIC_SEQ_CST);
  }
  std::chrono::nanoseconds ahead() const {
    return std::chrono::nanoseconds(__atomic_load_n(ahead_ns_, __ATOMIC_SEQ_CST));
  }

 private:
  std::filesystem::path file_;
  std::int64_t* ahead_ns_;
};

}  // namespace oberih::test
