// SPDX-License-Identifier: Apache-2.0
#include "tests/load/measurement.hpp"

#include <dirent.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <sstream>
#include <stdexcept>

#include "tests/support/process.hpp"

namespace oberih::load {
namespace {

struct ProcessTimes {
  pid_t parent = -1;
  double own = 0;
  double gone_children = 0;
};

/// proc(5), /proc/PID/stat; nothing where the process has ended meanwhile.
std::optional<ProcessTimes> read_times(const std::string& process) {
  const std::string text = test::read_process_file("/proc/" + process + "/stat");
  const auto name_end = text.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream fields(text.substr(name_end + 1));
  std::string state, skipped;
  ProcessTimes times;
  fields >> state >> times.parent;
  for (int field = 5; field < 14; ++field) fields >> skipped;
  double user = 0, system = 0, children_user = 0, children_system = 0;
  fields >> user >> system >> children_user >> children_system;
  const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  times.own = (user + system) / ticks;
  times.gone_children = (children_user + children_system) / ticks;
  return times;
}

double own_seconds(pid_t process) {
  const auto times = read_times(std::to_string(process));
  return times ? times->own : 0;
}

double family_seconds(pid_t parent) {
  const auto head = read_times(std::to_string(parent));
  double seconds = head ? head->own + head->gone_children : 0;
  const std::unique_ptr<DIR, int (*)(DIR*)> processes(opendir("/proc"), closedir);
  while (const dirent* entry = processes ? readdir(processes.get()) : nullptr) {
    const std::string name = entry->d_name;
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    const auto child = read_times(name);
    if (child && child->parent == parent) seconds += child->own;
  }
  return seconds;
}

double at_percentile(const std::vector<double>& sorted, double share) {
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(sorted.size())));
  return sorted[std::clamp<std::size_t>(rank, 1, sorted.size()) - 1];
}

}  // namespace

void Latencies::write_to(Measures& measures) {
  if (milliseconds_.empty()) return;
  std::ranges::sort(milliseconds_);
  measures.full_p50 = at_percentile(milliseconds_, 0.50);
  measures.full_p99 = at_percentile(milliseconds_, 0.99);
  measures.full_max = milliseconds_.back();
}

CpuSeconds read_cpu(pid_t server, pid_t postmaster) {
  return {own_seconds(server), family_seconds(postmaster), own_seconds(getpid())};
}

void write_cpu(Measures& measures, const CpuSeconds& before, const CpuSeconds& after,
               double deliveries) {
  measures.cpu_srv = after.server - before.server;
  measures.cpu_pg = after.database - before.database;
  measures.cpu_gen = after.generator - before.generator;
  if (deliveries > 0) measures.srv_us_del = *measures.cpu_srv * 1e6 / deliveries;
}

double resident_kib(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/smaps_rollup");
  std::string word;
  double kib = 0;
  while (file >> word)
    if (word == "Rss:" && file >> kib) return kib;
  throw std::runtime_error("the server's memory cannot be read");
}

double peak_resident_kib(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/status");
  std::string word;
  double kib = 0;
  while (file >> word)
    if (word == "VmHWM:" && file >> kib) return kib;
  throw std::runtime_error("the server's memory cannot be read");
}

void forget_peak_resident(pid_t process) {
  std::ofstream file("/proc/" + std::to_string(process) + "/clear_refs");
  file << "5" << std::flush;  // proc(5)
  if (!file) throw std::runtime_error("the server's peak cannot be reset");
}

void require_open_files(std::size_t files) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) throw std::runtime_error("getrlimit");
  if (limit.rlim_max < files)
    throw std::runtime_error("This workload needs " + std::to_string(files) +
                             " open files in a process, but the hard limit (ulimit -Hn) is " +
                             std::to_string(limit.rlim_max) + ".");
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) throw std::runtime_error("setrlimit");
}

}  // namespace oberih::load
