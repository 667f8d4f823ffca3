// SPDX-License-Identifier: Apache-2.0
// `oberihd init`: the server's keys and the unsigned genesis first; then, when every founding root
// has signed, the journal's first leaf.
#pragma once

#include <string>
#include <vector>

#include "protocol/base/ids.hpp"
#include "server/runtime/settings.hpp"

namespace oberih::runtime {

struct FoundingArguments {
  std::string origin;
  std::vector<std::string> agency_files;
  std::string out_file;
  unsigned governance_quorum = 0;  // 0: more than half of the agencies
};

/// Makes the keys where they are missing and writes the unsigned genesis.
Result<void> write_unsigned_genesis(const Settings& settings, const FoundingArguments& arguments);

/// Starts the journal; doing it again with the same genesis is no error. Returns the genesis hash,
/// which everybody pins. A missing signature is named. Throws what the database throws.
Result<Digest> start_journal(const Settings& settings, const std::string& signed_file);

}  // namespace oberih::runtime
