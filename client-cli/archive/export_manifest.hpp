// SPDX-License-Identifier: Apache-2.0
// What lies in an export for people: manifest.json and README.txt. Nothing that is verified depends
// on them; their text follows, byte for byte, from the other files and from the format, so that
// nobody can put other words beside what is proven.
#pragma once

#include "protocol/evidence/export_report.hpp"

namespace oberih::client {

/// ON DISK: of format 1, for ever. English and Ukrainian.
extern const std::string_view export_readme;

/// What was asked, by whom, of which journal, and each other file with its size and SHA-256.
/// Refusals: those of reading the files.
Result<std::string> make_export_manifest(const evidence::ExportFiles& files,
                                         const evidence::ExportReport& report);

}  // namespace oberih::client
