// SPDX-License-Identifier: Apache-2.0
// The disclosed texts of an export, opened while its leaves pass by: each by the key that opens
// that entry and no other, from which key, nonce and commitment are recomputed.
#pragma once

#include "protocol/evidence/channel_replay.hpp"
#include "protocol/evidence/export_report.hpp"

namespace oberih::evidence {

class ExportTexts {
 public:
  /// REQUIRES: the file is there.
  explicit ExportTexts(const ExportFiles& files);

  /// For each leaf in order; nullptr: no entry. Refusal: proof_invalid.
  Result<> take(std::uint64_t index, const ReplayedEntry* entry, ExportReport& report);
  /// After the last leaf.
  Result<> finish();

 private:
  Result<> load_next();

  ExportStream stream_;
  bool is_begun_ = false;
  std::uint64_t least_index_ = 0;  // that the next text may have
  std::optional<ExportedText> next_;
  std::size_t bytes_ = 0;  // of what the report holds
};

/// What is written in an entry, in words; nothing where its form says nothing. Texts of people as
/// they are: whoever shows them makes them printable.
std::optional<std::string> words_of_entry(const sealing::EntryHeader& header, ByteView text);

}  // namespace oberih::evidence
