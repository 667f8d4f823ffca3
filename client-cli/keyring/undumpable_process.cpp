// SPDX-License-Identifier: Apache-2.0
#include "client-cli/keyring/undumpable_process.hpp"

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

namespace oberih::client {

void make_process_undumpable() {
  rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

void keep_memory_out_of_swap() {
  // Only what is there: MCL_FUTURE would make later allocations fail at the usual 8 MiB limit.
  (void)::mlockall(MCL_CURRENT);
}

}  // namespace oberih::client
