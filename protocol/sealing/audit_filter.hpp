// SPDX-License-Identifier: Apache-2.0
// What an auditor looks for: the query of a signed question `find`. Server and client read it out
// of the signed bytes alone. Bytes: docs/protocol.md, section 23.
#pragma once

#include "protocol/sealing/leaf_facts.hpp"

namespace oberih::sealing {

/// All that is set must fit; nothing set: every leaf.
struct AuditFilter {
  std::optional<Milliseconds> from_ms;  // the first millisecond
  std::optional<Milliseconds> to_ms;    // the first millisecond behind it
  std::optional<PersonId> person;       // on whatever device
  std::optional<DeviceId> device;
  std::optional<AgencyId> agency;
  std::optional<Role> role;
  std::optional<ChannelId> channel;
  std::optional<journal::LeafKind> kind;
  std::optional<std::uint8_t> type;  // of kinds 5, 6 and 12: LeafFacts::type
  std::optional<TaskId> task;
  std::optional<HearingId> hearing;
  std::optional<std::uint8_t> handling;  // never 0
  std::optional<std::uint16_t> refusal;  // never 0

  bool operator==(const AuditFilter&) const = default;
};

/// REQUIRES: a filter that parse_audit_filter would take.
Bytes encode_audit_filter(const AuditFilter& filter);
/// Refusal: malformed_object.
Result<AuditFilter> parse_audit_filter(ByteView query);

bool fits(const AuditFilter& filter, Milliseconds server_ms, const ChannelId& channel,
          const LeafFacts& facts, const std::optional<LeafActor>& actor);
bool fits(const AuditFilter& filter, const journal::Leaf& leaf, const Directory& directory);

}  // namespace oberih::sealing
