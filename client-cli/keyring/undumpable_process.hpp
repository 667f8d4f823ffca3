// SPDX-License-Identifier: Apache-2.0
// A process that holds keys leaves no core and lets nobody of the same user trace it.
#pragma once

namespace oberih::client {

/// No core dumps, no ptrace, no /proc/self/mem for others.
void make_process_undumpable();
/// Besides, keeps all memory out of swap, as far as the limit of the user permits.
void keep_memory_out_of_swap();

}  // namespace oberih::client
