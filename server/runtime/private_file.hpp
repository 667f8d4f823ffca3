// SPDX-License-Identifier: Apache-2.0
// Files that only their owner may read, written so that a crash leaves the old or the new content.
#pragma once

#include <string>

#include "protocol/base/result.hpp"
#include "protocol/base/secret.hpp"

namespace oberih::runtime {

/// Refuses local_state_broken with a sentence: no directory, another owner, or open to others.
Result<void> require_private_directory(const std::string& path);
/// Made with mode 0700 where there is none; then required as above.
Result<void> make_private_directory(const std::string& path);
/// The same for a file that holds a secret (mode 0600 or 0400).
Result<SecretBuffer> read_secret_file(const std::string& path);

/// A public file of at most `max_bytes`.
Result<std::string> read_public_file(const std::string& path, std::size_t max_bytes = 1 << 20);

enum class Overwrite { no, yes };
enum class Audience { owner, everybody };  // modes 0600 and 0644
/// Durable when it returns. With Overwrite::no an existing file is refused: a key that
/// is overwritten is lost for ever.
Result<void> write_file(const std::string& path, ByteView content, Overwrite overwrite,
                        Audience audience);

bool file_exists(const std::string& path);

}  // namespace oberih::runtime
