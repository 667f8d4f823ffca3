// SPDX-License-Identifier: Apache-2.0
// Which policies a server follows: the body of a leaf of kind 7 without a channel. Whoever audits a
// decision holds the file with this hash against it. Bytes: docs/protocol.md, section 14.
#pragma once

#include <string>
#include <vector>

#include "protocol/base/ids.hpp"
#include "protocol/base/result.hpp"
#include "protocol/base/timestamp.hpp"

namespace oberih::sealing {

using LeafSalt = FixedBytes<struct LeafSaltTag, 16>;  // so that a leaf's hash cannot be guessed

struct PolicyFile {
  std::string name;  // "permissions": lower-case letters and _
  Digest hash;       // SHA-256 of the file

  bool operator==(const PolicyFile&) const = default;
};

struct PolicyLeaf {
  Milliseconds read_ms = 0;       // when the files were read, by the server's clock
  std::vector<PolicyFile> files;  // all that are in force from this leaf on, ascending by name
  LeafSalt salt;
};

/// REQUIRES: files that parse_policy_leaf would take.
Bytes encode_policy_leaf(const PolicyLeaf& leaf);
/// Refusal: malformed_object.
Result<PolicyLeaf> parse_policy_leaf(ByteView body);

}  // namespace oberih::sealing
