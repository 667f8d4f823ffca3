// SPDX-License-Identifier: Apache-2.0
#include "client-cli/archive/checked_export.hpp"

#include "client-cli/archive/export_archive.hpp"
#include "client-cli/archive/export_manifest.hpp"

namespace oberih::client {
namespace {

constexpr std::size_t manifest_bytes_at_most = 1024 * 1024 * 1024;

Result<> require_text(const evidence::ExportFiles& files, std::string_view name,
                      std::string_view expected) {
  const Result<Bytes> text = files.read_whole(name, manifest_bytes_at_most);
  if (!text) return text.error();
  if (as_text(*text) == expected) return {};
  return refuse(RefusalCode::proof_invalid,
                std::string(name) +
                    ": it is not the text that belongs to these files: it was changed, or one of "
                    "them was");
}

}  // namespace

Result<std::unique_ptr<evidence::ExportFiles>> open_export(const std::filesystem::path& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    Result<ExportFolder> folder = ExportFolder::open(path);
    if (!folder) return folder.error();
    return std::unique_ptr<evidence::ExportFiles>(
        std::make_unique<ExportFolder>(std::move(*folder)));
  }
  Result<ExportArchive> archive = ExportArchive::open(path);
  if (!archive) return archive.error();
  return std::unique_ptr<evidence::ExportFiles>(
      std::make_unique<ExportArchive>(std::move(*archive)));
}

Result<evidence::ExportReport> check_export(const evidence::ExportFiles& files,
                                            const Digest& genesis_hash,
                                            const evidence::ExportProgress& progress,
                                            const std::optional<std::string>& timestamp_ca) {
  Result<evidence::ExportReport> report =
      evidence::verify_export(files, genesis_hash, progress, timestamp_ca);
  if (!report) return report;
  OBERIH_TRY(require_text(files, evidence::export_name::readme, export_readme));
  const Result<std::string> manifest = make_export_manifest(files, *report);
  if (!manifest) return manifest.error();
  OBERIH_TRY(require_text(files, evidence::export_name::manifest, *manifest));
  return report;
}

Result<evidence::ExportReport> complete_export(const std::filesystem::path& folder,
                                               const Digest& genesis_hash,
                                               const evidence::ExportProgress& progress) {
  FolderSink sink = FolderSink::reopen(folder);
  OBERIH_TRY(sink.append(evidence::export_name::readme, as_bytes(export_readme)));
  OBERIH_TRY(sink.append(evidence::export_name::manifest, {}));
  const Result<ExportFolder> files = ExportFolder::open(folder);
  if (!files) return files.error();
  Result<evidence::ExportReport> report = evidence::verify_export(*files, genesis_hash, progress);
  if (!report) return report;
  const Result<std::string> manifest = make_export_manifest(*files, *report);
  if (!manifest) return manifest.error();
  OBERIH_TRY(sink.append(evidence::export_name::manifest, as_bytes(*manifest)));
  return report;
}

}  // namespace oberih::client
