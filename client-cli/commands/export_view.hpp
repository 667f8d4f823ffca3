// SPDX-License-Identifier: Apache-2.0
// The report on a verified export, on a terminal, as JSON and as one HTML file.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "client-cli/commands/export_document.hpp"

namespace oberih::client {

/// For people and for programs, as the console says.
void print_export_report(Console& console, const evidence::ExportReport& report,
                         Milliseconds by_ms);
nlohmann::ordered_json export_report_json(const evidence::ExportReport& report);
/// One page that loads nothing and runs nothing.
std::string export_report_html(const Console& console, const evidence::ExportReport& report,
                               Milliseconds by_ms);

}  // namespace oberih::client
