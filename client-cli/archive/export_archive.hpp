// SPDX-License-Identifier: Apache-2.0
// The files of an export in one archive, a plain POSIX tar that common tools unpack. Hostile input:
// it is never unpacked here, its members are read where they lie, and nothing in it may go
// unverified. The only room that touches libarchive.
#pragma once

#include <memory>

#include "client-cli/archive/export_folder.hpp"
#include "client-cli/archive/open_file.hpp"

namespace oberih::client {

class ExportArchive final : public evidence::ExportFiles {
 public:
  /// Plain files with plain names, none twice, one behind the other from the first byte to the
  /// last, with no owner and no date of their own. Refusal: proof_invalid, which names the member;
  /// usage where there is no such file.
  static Result<ExportArchive> open(const std::filesystem::path& file);

  const std::vector<evidence::ExportFile>& files() const override { return files_; }
  Result<> read(const evidence::ExportFile& file, std::uint64_t offset,
                std::span<std::uint8_t> out) const override;

 private:
  explicit ExportArchive(OpenFile file) : file_(std::move(file)) {}

  OpenFile file_;
  std::vector<evidence::ExportFile> files_;
  std::vector<std::uint64_t> offsets_;  // of the same places
};

/// Writes them into a new file that its owner alone may read, and makes it durable. Refusals: usage
/// where it exists, local_state_broken.
Result<> write_archive(const evidence::ExportFiles& files, const std::filesystem::path& file);

}  // namespace oberih::client
