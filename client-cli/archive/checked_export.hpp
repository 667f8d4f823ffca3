// SPDX-License-Identifier: Apache-2.0
// An export as it lies on a disk, folder or archive, checked to its last byte.
#pragma once

#include <filesystem>
#include <memory>

#include "protocol/evidence/verify_export.hpp"

namespace oberih::client {

/// A folder or a tar. Refusals: usage, proof_invalid.
Result<std::unique_ptr<evidence::ExportFiles>> open_export(const std::filesystem::path& path);

/// verify_export(), with the certificates that it takes, and that manifest and README are exactly
/// those of such an export.
Result<evidence::ExportReport> check_export(const evidence::ExportFiles& files,
                                            const Digest& genesis_hash,
                                            const evidence::ExportProgress& progress = {},
                                            const std::optional<std::string>& timestamp_ca = {});

/// Puts README and manifest to the other files of a new export and checks it all. Refusal:
/// proof_invalid where the leaves do not hold.
Result<evidence::ExportReport> complete_export(const std::filesystem::path& folder,
                                               const Digest& genesis_hash,
                                               const evidence::ExportProgress& progress = {});

}  // namespace oberih::client
