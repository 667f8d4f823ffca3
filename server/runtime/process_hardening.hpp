// SPDX-License-Identifier: Apache-2.0
// What a process that holds keys does before it reads the first one.
#pragma once

namespace oberih::runtime {

/// No core dumps, no ptrace by the same user, files readable by their owner alone. Throws
/// std::runtime_error when the kernel refuses.
void harden_process();

}  // namespace oberih::runtime
