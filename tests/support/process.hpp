// SPDX-License-Identifier: Apache-2.0
// Real processes under test: started by argument vector, their output kept, ended by id.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace oberih::test {

struct Finished {
  int exit_code = -1;  // 128 + signal where a signal ended it
  std::string out;
  std::string err;
};

using Environment = std::map<std::string, std::string>;  // added to this process's own

/// Runs to the end; kills it after `limit` and reports exit code 124.
Finished run_process(const std::vector<std::string>& arguments, const Environment& environment = {},
                     std::string_view input = {},
                     std::chrono::seconds limit = std::chrono::seconds(120));

/// A process that goes on while the test works. Output goes to files.
class BackgroundProcess {
 public:
  BackgroundProcess(const std::vector<std::string>& arguments, const Environment& environment,
                    std::filesystem::path output_file);
  ~BackgroundProcess();  // SIGKILL if it still runs
  BackgroundProcess(const BackgroundProcess&) = delete;
  BackgroundProcess& operator=(const BackgroundProcess&) = delete;

  /// True as soon as the output holds `text`; false after `limit` or when the process ended.
  bool wait_for_output(std::string_view text,
                       std::chrono::seconds limit = std::chrono::seconds(30)) const;
  std::string output() const;
  bool is_running() const;
  void signal(int number) const;
  /// Sends the signal and waits for the end; SIGKILL after 20 s. The exit code, or 128 + signal.
  int stop(int number);
  pid_t id() const { return id_; }

 private:
  pid_t id_ = -1;
  mutable int status_ = -1;
  mutable bool ended_ = false;
  std::filesystem::path output_file_;
};

/// A folder of mode 0700 that goes when this does.
class TemporaryFolder {
 public:
  TemporaryFolder() : TemporaryFolder("/tmp") {}
  /// Below another folder, which is there.
  explicit TemporaryFolder(const std::filesystem::path& parent);
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// A file of /proc/PID. Empty where the process has ended, be it between opening and reading.
std::string read_process_file(const std::filesystem::path& path);
std::string read_file(const std::filesystem::path& path);
void write_file(const std::filesystem::path& path, std::string_view text);

}  // namespace oberih::test
