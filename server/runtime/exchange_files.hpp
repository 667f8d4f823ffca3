// SPDX-License-Identifier: Apache-2.0
// The JSON files that agencies and the operator hand each other: agency cards, the genesis that
// collects signatures, and leaves of the directory that an offline root has signed.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "protocol/journal/leaf.hpp"
#include "protocol/sealing/device_certificate.hpp"
#include "protocol/sealing/genesis.hpp"

namespace oberih::runtime {

/// `{"format":"oberih-agency-1","id","kind","name","root_key"}`
Result<sealing::Agency> parse_agency_card(std::string_view text);

/// `{"format":"oberih-genesis-1","content","signatures":[{"agency","signature"}]}`
std::string format_genesis_file(const sealing::SignedGenesis& genesis);
Result<sealing::SignedGenesis> parse_genesis_file(std::string_view text);

/// `{"format":"oberih-directory-leaf-1","kind":2|3,"body","name_card"?:{...}}`
struct DirectoryLeafFile {
  journal::LeafKind kind{};
  Bytes body;
  std::optional<sealing::NameCard> name_card;
};
Result<DirectoryLeafFile> parse_directory_leaf_file(std::string_view text);

}  // namespace oberih::runtime
