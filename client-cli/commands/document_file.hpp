// SPDX-License-Identifier: Apache-2.0
// Documents that a person asks for and that hold what was sealed: into a file of mode 0600 which
// that person names, and never over one that is there.
#pragma once

#include <filesystem>
#include <string>

#include "protocol/base/bytes.hpp"
#include "protocol/base/result.hpp"

namespace oberih::client {

/// Refusal: usage with the path and why, also where the file exists.
Result<> write_document(const std::filesystem::path& file, ByteView content);

/// A file that another program wrote, of at most so many bytes: a longer one is refused by its size
/// before it is read. Refusals: usage (cannot be read), docket_invalid (too large, no plain file).
Result<std::string> read_foreign_file(const std::string& path, std::size_t bytes_at_most);

}  // namespace oberih::client
