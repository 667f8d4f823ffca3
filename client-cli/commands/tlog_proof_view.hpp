// SPDX-License-Identifier: Apache-2.0
// What a proof of one leaf says, for people and programs.
#pragma once

#include "client-cli/output/console.hpp"
#include "protocol/journal/tlog_proof.hpp"

namespace oberih::client {

/// INVARIANT: the proof is verified, and the checkpoint is its own.
void print_tlog_report(Console& console, const journal::TlogProof& proof,
                       const journal::Checkpoint& checkpoint);

}  // namespace oberih::client
