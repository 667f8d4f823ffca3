// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/process_hardening.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <stdexcept>

namespace oberih::runtime {

void harden_process() {
  if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
    throw std::runtime_error("The kernel does not let this process forbid memory dumps of itself.");
  rlimit none{0, 0};
  if (setrlimit(RLIMIT_CORE, &none) != 0)
    throw std::runtime_error("The kernel does not let this process forbid core dumps.");
  umask(077);
  // A peer that goes away while we write is an error code, not the end of the process.
  std::signal(SIGPIPE, SIG_IGN);
}

}  // namespace oberih::runtime
