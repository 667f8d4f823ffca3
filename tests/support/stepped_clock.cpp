// SPDX-License-Identifier: Apache-2.0
// Loaded before the C library into a server under test: its wall clock is the true one plus what
// stands in the file that OBERIH_CLOCK_STEP names (nanoseconds, shared memory). All other clocks
// are the true ones.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>

namespace {

constexpr std::int64_t second_ns = 1'000'000'000;

const std::int64_t* map_step() {
  const char* path = std::getenv("OBERIH_CLOCK_STEP");
  const int file = path == nullptr ? -1 : ::open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return nullptr;
  void* memory = mmap(nullptr, sizeof(std::int64_t), PROT_READ, MAP_SHARED, file, 0);
  ::close(file);
  return memory == MAP_FAILED ? nullptr : static_cast<const std::int64_t*>(memory);
}

std::int64_t step_ns() {
  static const std::int64_t* const step = map_step();
  return step == nullptr ? 0 : __atomic_load_n(step, __ATOMIC_SEQ_CST);
}

}  // namespace

extern "C" int clock_gettime(clockid_t clock, timespec* time) noexcept {
  const long result = syscall(SYS_clock_gettime, clock, time);
  if (result != 0 || (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE))
    return static_cast<int>(result);
  const std::int64_t all = time->tv_sec * second_ns + time->tv_nsec + step_ns();
  time->tv_sec = all / second_ns;
  time->tv_nsec = all % second_ns;
  return 0;
}

extern "C" int gettimeofday(timeval* time, void*) noexcept {
  timespec precise{};
  clock_gettime(CLOCK_REALTIME, &precise);
  time->tv_sec = precise.tv_sec;
  time->tv_usec = precise.tv_nsec / 1000;
  return 0;
}

extern "C" time_t time(time_t* result) noexcept {
  timespec precise{};
  clock_gettime(CLOCK_REALTIME, &precise);
  if (result != nullptr) *result = precise.tv_sec;
  return precise.tv_sec;
}
