// SPDX-License-Identifier: Apache-2.0
// A refusal of a rule or a permission: the body of a leaf of kind 13, whose header bears the
// channel concerned. Bytes: docs/protocol.md, section 14.
#pragma once

#include <string>

#include "protocol/base/vocabulary.hpp"
#include "protocol/sealing/policy_leaf.hpp"

namespace oberih::sealing {

struct RefusalLeaf {
  DeviceId device;
  std::string method;             // "entry.post"
  std::optional<EntryType> type;  // of the entry, where one was refused
  std::uint16_t code = 0;         // the number on the wire without its sign
  std::uint32_t count = 1;        // refusals of this device and code since `since_ms`
  Milliseconds since_ms = 0;      // the minute's beginning; the same in its second leaf
  LeafSalt salt;
};

/// REQUIRES: a leaf that parse_refusal_leaf would take.
Bytes encode_refusal_leaf(const RefusalLeaf& leaf);
/// Refusal: malformed_object.
Result<RefusalLeaf> parse_refusal_leaf(ByteView body);

}  // namespace oberih::sealing
