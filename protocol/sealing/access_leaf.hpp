// SPDX-License-Identifier: Apache-2.0
// Who consulted what (kind 12), the server's own word: sessions, history reads, leaves and
// attachments read, each added up over a minute. A receipt is of the same kind and begins with 0
// where this begins with 1. Bytes: docs/protocol.md, section 23.
#pragma once

#include "protocol/base/ids.hpp"
#include "protocol/base/result.hpp"
#include "protocol/base/timestamp.hpp"
#include "protocol/sealing/policy_leaf.hpp"

namespace oberih::sealing {

enum class AccessWhat : std::uint8_t {  // ON DISK
  session = 1,                          // from and to: milliseconds, the server's clock
  history = 2,                          // from and to: sequences of the channel
  leaves = 3,                           // from and to: journal indexes
  attachment = 4,                       // from and to: numbers of chunks, of any attachments
};
std::string_view name_of(AccessWhat what);  // session, history, leaves, attachment

struct AccessLeaf {
  AccessWhat what{};
  DeviceId device;
  std::uint64_t from = 0;  // the least and the greatest of all that was read; not all between
  std::uint64_t to = 0;
  std::uint32_t count = 1;    // items, leaves or chunks handed out; of a session: connections
  Milliseconds since_ms = 0;  // when the minute began
  LeafSalt salt;

  bool operator==(const AccessLeaf&) const = default;
};

/// Whether a body of kind 12 claims to be this and no receipt.
inline bool is_access_leaf(ByteView body) { return !body.empty() && body.front() != 0; }

/// REQUIRES: a leaf that parse_access_leaf would take.
Bytes encode_access_leaf(const AccessLeaf& leaf);
/// Refusal: malformed_object.
Result<AccessLeaf> parse_access_leaf(ByteView body);

}  // namespace oberih::sealing
