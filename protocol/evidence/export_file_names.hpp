// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "protocol/evidence/export_format.hpp"

namespace oberih::evidence {

/// Exactly the files that belong to an export of that form over a checkpoint of `size` leaves (at
/// least 1): nobody shall take for verified what lies beside. Refusal: proof_invalid.
Result<> check_file_names(const ExportFiles& files, ExportForm form, std::uint64_t size);

/// Whether a file of that name belongs to an export of any form.
bool is_export_file_name(std::string_view name);

}  // namespace oberih::evidence
