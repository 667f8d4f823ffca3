// SPDX-License-Identifier: Apache-2.0
// The folders in which an export comes to be. What bears its name is whole and was checked; leaves
// that were fetched stay beside it when the work is interrupted, and the next run goes on with
// them.
#pragma once

#include <filesystem>
#include <set>

#include "client-cli/commands/command_context.hpp"
#include "client-cli/verification/journal_download.hpp"
#include "protocol/evidence/export_report.hpp"

namespace oberih::client {

/// The question of an export as it stands in the journal, and the checkpoint that covers it: that
/// it was asked is part of what is exported. With the word of the witnesses, where it comes in
/// time.
struct RecordedQuestion {
  std::uint64_t index = 0;
  Bytes leaf;
  std::string note;
  journal::Checkpoint checkpoint;
};
/// Refusals: forbidden, not_found, unavailable (no checkpoint covers it in time).
Result<RecordedQuestion> record_export_question(ClientSession& session,
                                                const evidence::ExportQuery& query);

/// The names that this device knows and has verified; of these devices alone, where some are named.
std::vector<evidence::ExportedName> exported_names(ClientSession& session,
                                                   const std::set<DeviceId>* of = nullptr);

class ExportWork {
 public:
  ExportWork(CommandContext& context, std::filesystem::path out)
      : context_(context), out_(std::move(out)) {}
  ~ExportWork();  // removes what lies beside, but for leaves that are worth keeping
  ExportWork(const ExportWork&) = delete;
  ExportWork& operator=(const ExportWork&) = delete;

  /// Refusal: usage where something of that name is there already.
  Result<> begin();
  /// The leaves of the journal up to the checkpoint, into leaves(). Refusals: those of
  /// download_journal(); after those that pass the leaves stay, and it is said how to go on.
  Result<> fetch(const journal::Checkpoint& checkpoint);
  /// Where leaves are fetched, and where a part of them is put together.
  std::filesystem::path leaves() const { return beside(".unfinished"); }
  std::filesystem::path making() const { return beside(".making"); }
  /// Manifest and README; all of it is checked, and only then it bears its name: on the disk, also
  /// if the power goes. Tells what was made. `folder`: leaves() or making().
  Result<> finish(const std::filesystem::path& folder, std::uint64_t question_index);

 private:
  std::filesystem::path beside(const char* suffix) const {
    return std::filesystem::path(out_) += suffix;
  }
  bool is_archive() const { return out_.extension() == ".tar"; }
  Result<> fetch_once(const journal::Checkpoint& checkpoint);
  Result<> name_it(const std::filesystem::path& folder);
  void tell(const evidence::ExportReport& report, std::uint64_t bytes,
            std::uint64_t question_index);

  CommandContext& context_;
  const std::filesystem::path out_;
  bool is_begun_ = false;
  bool owns_leaves_ = false;  // nothing of anybody else's lies there
  bool keeps_leaves_ = true;  // those of an earlier run, too
};

}  // namespace oberih::client
