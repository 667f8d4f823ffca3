// SPDX-License-Identifier: Apache-2.0
// Looks for secrets where none may be: a canary is found raw, in hex, in base64 at all three
// offsets and in base64url, in any file below a folder or in any text.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "protocol/base/bytes.hpp"

namespace oberih::test {

struct Canary {
  std::string name;
  Bytes bytes;  // at least 12, or chance would find it
};

struct Sighting {
  std::string canary;
  std::string form;   // raw, hex, base64 offset 1, ...
  std::string where;  // the file
};

std::vector<Sighting> search_text(const std::vector<Canary>& canaries, std::string_view text,
                                  const std::string& where);
/// Every regular file below the folder; one that cannot be read is an exception.
std::vector<Sighting> search_folder(const std::vector<Canary>& canaries,
                                    const std::filesystem::path& folder);

}  // namespace oberih::test
