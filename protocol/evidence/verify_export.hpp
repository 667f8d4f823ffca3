// SPDX-License-Identifier: Apache-2.0
// Whether an export holds: from the pinned genesis to each leaf, the tree and the checkpoint, by
// nothing but its own files. Reads no clock, asks nobody. One pass; what is kept is the state of
// the directory and channels and some 80 bytes for each leaf of a channel, never the leaves.
#pragma once

#include <functional>

#include "protocol/evidence/export_report.hpp"

namespace oberih::evidence {

/// Called now and then.
using ExportProgress = std::function<void(std::uint64_t leaves_done, std::uint64_t leaves_in_all)>;

/// `timestamp_ca` (PEM): the certificates under which the authorities of time-stamps must stand.
/// Without it the tokens must hold by themselves, and who signed them is not judged.
///
/// Every file is verified but the manifest and the README, whose whole text follows from the others
/// and from the format: the caller compares them. Refusal: proof_invalid, which names what does not
/// hold: file, leaf, channel, sequence, and what was expected.
Result<ExportReport> verify_export(const ExportFiles& files, const Digest& genesis_hash,
                                   const ExportProgress& progress = {},
                                   const std::optional<std::string>& timestamp_ca = {});

}  // namespace oberih::evidence
