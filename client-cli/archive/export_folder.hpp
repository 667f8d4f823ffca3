// SPDX-License-Identifier: Apache-2.0
// An export as a folder: read as it lies there, written for its owner alone. What the files mean
// is protocol/evidence's business.
#pragma once

#include <filesystem>

#include "protocol/evidence/export_maker.hpp"

namespace oberih::client {

/// Folders, and files below them, that have plain names; a link or a device is refused.
class ExportFolder final : public evidence::ExportFiles {
 public:
  /// Refusal: proof_invalid; usage where there is no such folder.
  static Result<ExportFolder> open(const std::filesystem::path& folder);

  const std::vector<evidence::ExportFile>& files() const override { return files_; }
  Result<> read(const evidence::ExportFile& file, std::uint64_t offset,
                std::span<std::uint8_t> out) const override;

 private:
  std::filesystem::path folder_;
  std::vector<evidence::ExportFile> files_;
};

class FolderSink final : public evidence::ExportSink {
 public:
  /// Makes the folder, mode 0700. Refusal: usage where something of that name is there already.
  static Result<FolderSink> create(const std::filesystem::path& folder);
  /// One that was made before.
  static FolderSink reopen(const std::filesystem::path& folder) { return FolderSink(folder); }

  Result<> append(std::string_view name, ByteView bytes) override;
  const std::filesystem::path& folder() const { return folder_; }

 private:
  explicit FolderSink(std::filesystem::path folder) : folder_(std::move(folder)) {}
  std::filesystem::path folder_;
};

/// What an interrupted export left: the bundles of 256 leaves from the first on that are whole.
struct KeptLeaves {
  std::uint64_t bundles = 0;
  ExportFolder files;
};
/// Makes the folder, or removes everything else from it. That the bundles are of any journal is not
/// known yet. Refusals: usage (something lies there that is of no export), local_state_broken,
/// proof_invalid.
Result<KeptLeaves> keep_whole_bundles(const std::filesystem::path& folder);

/// Removes a folder in which nothing lies but files of an export. Refusal: usage.
Result<> remove_unfinished(const std::filesystem::path& folder);

/// Gives the file or folder its name, where nothing bears it yet; before that all of it is on the
/// disk. Refusals: usage, local_state_broken.
Result<> publish(const std::filesystem::path& made, const std::filesystem::path& name);

/// `a/b.c`: words of printable ASCII without `\`, none of them `.` or `..`; at most 100 bytes.
[[nodiscard]] bool is_plain_name(std::string_view name);

/// Reads exactly `out.size()` bytes. Refusal: proof_invalid.
Result<> read_at(int descriptor, std::uint64_t offset, std::span<std::uint8_t> out,
                 const std::string& name);

}  // namespace oberih::client
