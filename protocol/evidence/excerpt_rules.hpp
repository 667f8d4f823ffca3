// SPDX-License-Identifier: Apache-2.0
// Who may stand behind which form of an export, and what belongs into a member's.
#pragma once

#include "protocol/evidence/export_report.hpp"
#include "protocol/journal/leaf.hpp"
#include "protocol/sealing/directory.hpp"

namespace oberih::evidence {

/// A member has the chain of the channel and the directory; of what stands beside the chain nobody
/// could say whether it is all there. Refusal: proof_invalid.
Result<> check_excerpt_leaf(const ExportHead& head, std::uint64_t index, const journal::Leaf& leaf);

/// An excerpt is a member's who sat there; the other forms are an auditor's. `report`: of all
/// leaves. Refusal: proof_invalid.
Result<> check_asker(const ExportHead& head, const DeviceId& asker,
                     const sealing::Directory& directory, const ExportReport& report);

}  // namespace oberih::evidence
