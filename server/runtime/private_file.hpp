// SPDX-License-Identifier: Apache-2.0
// Files that only their owner may read, written so that a crash leaves the old or the new content.
#pragma once

#include <string>

#include "protocol/base/result.hpp"
#include "protocol/base/secret.hpp"

namespace oberih::runtime {

/// Refuses local_state_broken with a sentence: no directory, another owner, or open to others.
Result<void> require_private_directory(const std::string& path);
/// The same for a file that holds a secret (mode 0600 or 0400).
Result<SecretBuffer> read_secret_file(const std::string& path);

/// A public file of at most `max_bytes`.
Result<std::string> read_public_file(const std::string& path, std::size_t max_bytes = 1 << 20);

enum class Overwrite { no, yes };
/// Mode 0600, fsync of file and directory. With Overwrite::no an existing file is refused: a key that
/// is overwritten is lost for ever.
Result<void> write_private_file(const std::string& path, ByteView content, Overwrite overwrite);

bool file_exists(const std::string& path);

}  // namespace oberih::runtime
