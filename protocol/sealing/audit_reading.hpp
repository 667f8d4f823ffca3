// SPDX-License-Identifier: Apache-2.0
// What an auditor asks when reading a channel: the `query` of an audit question (kind 6, what 2).
// The question itself is the request, so that nothing is given that was not signed for. Bytes:
// docs/protocol.md, section 24.
#pragma once

#include "protocol/base/ids.hpp"
#include "protocol/base/result.hpp"
#include "protocol/sealing/channel_state.hpp"

namespace oberih::sealing {

enum class ReadingDepth : std::uint8_t {  // ON DISK
  leaves = 0,                             // metadata, as of right: what a grant would cover
  contents = 1,                           // also what the grants in force open
};

struct AuditReading {
  ReadingDepth depth{};
  ChannelId channel;
  std::uint64_t after_seq = 0;  // exclusive
  std::uint32_t limit = 0;      // 1 to limits::page_items

  bool operator==(const AuditReading&) const = default;
};

Bytes encode_audit_reading(const AuditReading& reading);
/// Refusal: malformed_object.
Result<AuditReading> parse_audit_reading(ByteView query);

/// Given to the device, not withdrawn, and not past its end.
bool is_in_force(const GrantItem& grant, const DeviceId& auditor, Milliseconds server_ms);
/// The grants in force of the device; empty: none.
std::vector<GrantItem> grants_in_force(const ChannelState& channel, const DeviceId& auditor,
                                       Milliseconds server_ms);
/// Whether the device was given any grant, in force or not.
bool has_ever_been_granted(const ChannelState& channel, const DeviceId& auditor);
/// Whether one of the grants gives its auditor this entry: one that came later into a granted epoch
/// may have a handling code that the order does not cover.
bool gives(const std::vector<GrantItem>& grants, const ChannelState& channel,
           const Directory& directory, const EntryHeader& header, std::uint64_t channel_seq);

}  // namespace oberih::sealing
