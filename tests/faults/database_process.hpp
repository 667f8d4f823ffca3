// SPDX-License-Identifier: Apache-2.0
// The private PostgreSQL of the fault runs as processes: killed, paused, started again; and its
// superuser's SQL.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace oberih::faults {

class DatabaseProcess {
 public:
  /// `cluster`: as ops/postgres-cluster made it.
  explicit DatabaseProcess(std::filesystem::path cluster);

  /// The first column of the first row, empty where there is none. Throws std::runtime_error.
  std::string ask(const std::string& database, const std::string& statement) const;

  pid_t postmaster() const;  // 0: none
  std::vector<pid_t> backends() const;
  void signal_all(int signal) const;
  /// SIGKILL to the postmaster, and to all of its children too.
  void kill() const;
  /// Waits until it answers. Throws std::runtime_error when it does not.
  void start() const;
  void stop(const std::string& mode) const;  // fast, immediate
  bool is_running() const;

  /// The beginning of a command line: a program of this PostgreSQL, run as the cluster's user.
  std::vector<std::string> command(const std::string& program) const;
  const std::filesystem::path& cluster() const { return cluster_; }

 private:
  std::filesystem::path cluster_;
};

}  // namespace oberih::faults
