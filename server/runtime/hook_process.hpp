// SPDX-License-Identifier: Apache-2.0
// A program of the operator's that is run beside the server: without a shell, without the server's
// files, environment and signals, in a process group of its own. It has the server's user, though:
// whoever may write the program has the server.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "protocol/base/result.hpp"

namespace oberih::runtime {

/// Why this file is not run; empty: it may be. It is a regular file that may be executed, and that
/// nobody but root and this user may write.
std::string hook_fault(const std::string& program);

class HookProcess {
 public:
  /// Refusal: unavailable, with a sentence.
  static Result<HookProcess> start(const std::string& program,
                                   const std::vector<std::string>& arguments);
  HookProcess(HookProcess&& other) noexcept;
  HookProcess& operator=(HookProcess&&) = delete;
  ~HookProcess();  // kills and waits, where nobody has taken its end

  /// Becomes readable when it ends.
  int descriptor() const { return descriptor_; }
  /// The whole group: what it has started goes, too.
  void kill() const;
  /// Waits for the end. Empty: it ended well; else how it did.
  std::string take_end();

 private:
  HookProcess(pid_t id, int descriptor) : id_(id), descriptor_(descriptor) {}

  pid_t id_ = -1;  // -1: its end was taken
  int descriptor_ = -1;
};

}  // namespace oberih::runtime
