// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "protocol/evidence/export_format.hpp"

namespace oberih::evidence {

/// Exactly the files that belong to an export of that form over a checkpoint of `size` leaves (at
/// least 1): nobody shall take for verified what lies beside. Refusal: proof_invalid.
Result<> check_file_names(const ExportFiles& files, ExportForm form, std::uint64_t size);

}  // namespace oberih::evidence
