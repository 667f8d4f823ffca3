// SPDX-License-Identifier: Apache-2.0
// Files that only their owner may read, and that a power cut leaves either old or new, never half.
#pragma once

#include <filesystem>

#include "protocol/base/bytes.hpp"
#include "protocol/base/result.hpp"

namespace oberih::client {

/// Who else may read a file that we write.
enum class FileAccess { owner_only, everybody };  // 0600, 0644

/// Makes the folder (and those above it) with mode 0700. Refuses with local_state_broken, also when
/// the folder belongs to somebody else.
Result<> make_private_folder(const std::filesystem::path& folder);

/// The whole file. Refusal: local_state_broken (missing, unreadable, longer than `max_bytes`).
Result<Bytes> read_whole_file(const std::filesystem::path& file, std::size_t max_bytes);

/// Writes a temporary file beside it, syncs, renames, syncs the folder.
Result<> replace_file(const std::filesystem::path& file, ByteView content, FileAccess access);
/// The same, but refuses where the file exists: a key is never overwritten by accident.
Result<> create_file(const std::filesystem::path& file, ByteView content, FileAccess access);

/// So that a new name in the folder survives a power cut.
Result<> sync_folder_of(const std::filesystem::path& file);

/// `path: why`, from errno.
Refusal file_refusal(const std::filesystem::path& file, int error_number);

}  // namespace oberih::client
