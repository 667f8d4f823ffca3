// SPDX-License-Identifier: Apache-2.0
// The report on a verified export, as blocks that can be shown as text and as HTML alike. Every
// word of strangers in it is made printable; for HTML it is still to be escaped.
#pragma once

#include <string>
#include <vector>

#include "client-cli/output/console.hpp"
#include "protocol/evidence/export_report.hpp"

namespace oberih::client {

enum class BlockKind { title, heading, subheading, paragraph, item, verdict };
enum class BlockMark { none, device, server, third_party };  // whose word it is

struct ReportBlock {
  BlockKind kind{};
  std::string text;
  BlockMark mark = BlockMark::none;
};

struct DocumentOptions {
  std::size_t channels_at_most = 0;  // told in detail
  std::size_t items_at_most = 0;     // of one list
  Milliseconds by_ms = 0;            // of readers; 0: all that ever were
};

std::vector<ReportBlock> make_export_document(const Console& console,
                                              const evidence::ExportReport& report,
                                              const DocumentOptions& options);

}  // namespace oberih::client
