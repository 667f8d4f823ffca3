// SPDX-License-Identifier: Apache-2.0
#include "tests/support/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <thread>

extern char** environ;

namespace oberih::test {
namespace {

using Clock = std::chrono::steady_clock;

/// What execve wants, made before fork: between fork and exec only async-signal-safe calls are
/// made.
struct ExecArguments {
  std::vector<std::string> strings;
  std::vector<char*> argv;
  std::vector<char*> envp;

  ExecArguments(const std::vector<std::string>& arguments, const Environment& environment)
      : strings(arguments) {
    for (char** entry = environ; *entry != nullptr; ++entry) {
      const std::string text = *entry;
      if (!environment.contains(text.substr(0, text.find('=')))) strings.push_back(text);
    }
    for (const auto& [name, value] : environment) strings.push_back(name + "=" + value);
    for (std::size_t i = 0; i < strings.size(); ++i)
      (i < arguments.size() ? argv : envp).push_back(strings[i].data());
    argv.push_back(nullptr);
    envp.push_back(nullptr);
  }
};

int exit_code_of(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

struct Pipe {
  int ends[2] = {-1, -1};
  Pipe() {
    if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("pipe2");
  }
  ~Pipe() {
    close_end(0);
    close_end(1);
  }
  void close_end(int end) {
    if (ends[end] >= 0) ::close(ends[end]);
    ends[end] = -1;
  }
};

/// Appends what is there; false at the end of the stream.
bool drain(int descriptor, std::string& text) {
  char buffer[16384];
  const ssize_t count = ::read(descriptor, buffer, sizeof buffer);
  if (count <= 0) return false;
  text.append(buffer, static_cast<std::size_t>(count));
  return true;
}

/// Feeds `input`, collects both outputs, until both are closed. False when the limit passed.
bool exchange(Pipe& in, Pipe& out, Pipe& err, std::string_view input, Clock::time_point deadline,
              Finished& finished) {
  if (input.empty()) in.close_end(1);
  while (out.ends[0] >= 0 || err.ends[0] >= 0) {
    pollfd watched[3] = {
        {out.ends[0], POLLIN, 0}, {err.ends[0], POLLIN, 0}, {in.ends[1], POLLOUT, 0}};
    if (Clock::now() >= deadline) return false;
    if (::poll(watched, 3, 100) <= 0) continue;
    if (watched[0].revents != 0 && !drain(out.ends[0], finished.out)) out.close_end(0);
    if (watched[1].revents != 0 && !drain(err.ends[0], finished.err)) err.close_end(0);
    if (watched[2].revents != 0) {
      const ssize_t count = ::write(in.ends[1], input.data(), input.size());
      if (count > 0) input.remove_prefix(static_cast<std::size_t>(count));
      if (count <= 0 || input.empty()) in.close_end(1);
    }
  }
  return true;
}

}  // namespace

Finished run_process(const std::vector<std::string>& arguments, const Environment& environment,
                     std::string_view input, std::chrono::seconds limit) {
  ::signal(SIGPIPE, SIG_IGN);
  ExecArguments exec(arguments, environment);
  Pipe in, out, err;
  const pid_t id = fork();
  if (id < 0) throw std::runtime_error("fork");
  if (id == 0) {
    dup2(in.ends[0], 0);
    dup2(out.ends[1], 1);
    dup2(err.ends[1], 2);
    execvpe(exec.argv[0], exec.argv.data(), exec.envp.data());
    _exit(127);
  }
  in.close_end(0);
  out.close_end(1);
  err.close_end(1);
  Finished finished;
  const bool in_time = exchange(in, out, err, input, Clock::now() + limit, finished);
  if (!in_time) kill(id, SIGKILL);
  int status = 0;
  waitpid(id, &status, 0);
  finished.exit_code = in_time ? exit_code_of(status) : 124;
  return finished;
}

BackgroundProcess::BackgroundProcess(const std::vector<std::string>& arguments,
                                     const Environment& environment,
                                     std::filesystem::path output_file)
    : output_file_(std::move(output_file)) {
  ExecArguments exec(arguments, environment);
  const int output = open(output_file_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (output < 0 || nothing < 0) throw std::runtime_error("open " + output_file_.string());
  id_ = fork();
  if (id_ < 0) throw std::runtime_error("fork");
  if (id_ == 0) {
    dup2(nothing, 0);
    dup2(output, 1);
    dup2(output, 2);
    execvpe(exec.argv[0], exec.argv.data(), exec.envp.data());
    _exit(127);
  }
  ::close(output);
  ::close(nothing);
}

BackgroundProcess::~BackgroundProcess() {
  if (is_running()) stop(SIGKILL);
}

bool BackgroundProcess::wait_for_output(std::string_view text, std::chrono::seconds limit) const {
  const auto deadline = Clock::now() + limit;
  while (Clock::now() < deadline) {
    const bool running = is_running();
    if (output().find(text) != std::string::npos) return true;
    if (!running) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return false;
}

std::string BackgroundProcess::output() const { return read_file(output_file_); }

bool BackgroundProcess::is_running() const {
  if (!ended_ && waitpid(id_, &status_, WNOHANG) == id_) ended_ = true;
  return !ended_;
}

void BackgroundProcess::signal(int number) const {
  if (is_running()) kill(id_, number);
}

int BackgroundProcess::stop(int number) {
  signal(number);
  const auto deadline = Clock::now() + std::chrono::seconds(20);
  while (is_running()) {
    if (Clock::now() >= deadline) kill(id_, SIGKILL);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return exit_code_of(status_);
}

TemporaryFolder::TemporaryFolder(const std::filesystem::path& parent) {
  // Not below a long path: a Unix socket's name has at most 107 bytes.
  std::string name = parent / "oberih-test.XXXXXX";
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp");
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string read_process_file(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();  // an inserter keeps the exception that a failing read throws
  return text.str();
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void write_file(const std::filesystem::path& path, std::string_view text) {
  std::ofstream(path, std::ios::binary) << text;
}

}  // namespace oberih::test
