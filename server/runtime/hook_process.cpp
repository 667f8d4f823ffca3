// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/hook_process.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstring>
#include <utility>

namespace oberih::runtime {
namespace {

// All that it gets. Nothing of the server's own: secrets stand in files, but paths tell, too.
constexpr std::array<const char*, 3> hook_environment = {
    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8", nullptr};

/// posix_spawn's two lists, freed with this.
class SpawnPlan {
 public:
  SpawnPlan() {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_addopen(&actions_, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions_, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions_, 2, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(&actions_, 3);
    posix_spawn_file_actions_addchdir_np(&actions_, "/");
    posix_spawnattr_init(&attributes_);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;
  ~SpawnPlan() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  const posix_spawn_file_actions_t* actions() const { return &actions_; }
  const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

}  // namespace

std::string hook_fault(const std::string& program) {
  struct stat file {};
  if (::stat(program.c_str(), &file) != 0) return program + ": " + std::strerror(errno);
  if (!S_ISREG(file.st_mode)) return program + " is no file.";
  if ((file.st_uid != 0 && file.st_uid != ::geteuid()) || (file.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    return program + " can be written by others: it would give them the server's rights.";
  if (::access(program.c_str(), X_OK) != 0) return program + ": " + std::strerror(errno);
  return {};
}

Result<HookProcess> HookProcess::start(const std::string& program,
                                       const std::vector<std::string>& arguments) {
  if (std::string fault = hook_fault(program); !fault.empty())
    return refuse(RefusalCode::unavailable, std::move(fault));
  std::vector<char*> words{const_cast<char*>(program.c_str())};
  for (const std::string& word : arguments) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  const SpawnPlan plan;
  pid_t id = -1;
  const int failure = posix_spawn(&id, program.c_str(), plan.actions(), plan.attributes(),
                                  words.data(), const_cast<char* const*>(hook_environment.data()));
  if (failure != 0)
    return refuse(RefusalCode::unavailable, program + ": " + std::strerror(failure));
  // glibc 2.36 declares pidfd_open() for C alone.
  HookProcess started(id, static_cast<int>(::syscall(SYS_pidfd_open, id, 0)));
  if (started.descriptor_ < 0)
    return refuse(RefusalCode::unavailable, program + ": the kernel gives no pidfd");
  return started;
}

HookProcess::HookProcess(HookProcess&& other) noexcept
    : id_(std::exchange(other.id_, -1)), descriptor_(std::exchange(other.descriptor_, -1)) {}

HookProcess::~HookProcess() {
  if (id_ > 0) {
    kill();
    take_end();
  }
  if (descriptor_ >= 0) ::close(descriptor_);
}

// INVARIANT: not waited for yet, so that the number still means this group.
void HookProcess::kill() const { ::kill(-id_, SIGKILL); }

std::string HookProcess::take_end() {
  int status = 0;
  while (::waitpid(id_, &status, 0) < 0 && errno == EINTR) {
  }
  id_ = -1;
  if (WIFSIGNALED(status)) return "ended by signal " + std::to_string(WTERMSIG(status));
  if (WEXITSTATUS(status) != 0)
    return "ended with exit code " + std::to_string(WEXITSTATUS(status));
  return {};
}

}  // namespace oberih::runtime
