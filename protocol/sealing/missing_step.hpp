// SPDX-License-Identifier: Apache-2.0
// Silence, said by the server: a step of the evidence ladder that people have not done by its
// limit. An event in the channel's own chain names them; an alert outside of all channels tells
// their agency how many of its people, and neither the channel nor the matter. Whether it may be
// said is asked_entry's business. Bytes: docs/protocol.md, sections 18 and 19.
#pragma once

#include <vector>

#include "protocol/base/timestamp.hpp"
#include "protocol/base/vocabulary.hpp"
#include "protocol/sealing/policy_leaf.hpp"

namespace oberih::sealing {

/// Leaf body of kind 11 in a channel.
struct MissingStep {
  std::uint64_t channel_seq = 0;  // of the entry
  Digest message_hash;            // of the entry
  EvidenceStep step{};
  Milliseconds due_ms = 0;       // the limit of the step
  Milliseconds said_for_ms = 0;  // the moment that has come: the limit, or behind it at a repeat
  std::vector<PersonId> people;  // who have not done it; ascending, never empty
  LeafSalt salt;

  bool is_repeat() const { return said_for_ms != due_ms; }
  bool operator==(const MissingStep&) const = default;
};

/// Whether the body of a leaf of kind 11 in a channel is such an event, or claims to be.
bool is_missing_step(ByteView body);
/// REQUIRES: an event that parse_missing_step would take.
Bytes encode_missing_step(const MissingStep& event);
/// Refusal: malformed_object.
Result<MissingStep> parse_missing_step(ByteView body);

/// Leaf body of kind 11 without a channel: for one agency, and one unit where one was asked.
struct SilenceAlert {
  AgencyId agency;
  UnitId unit;          // that was asked; zero: none was, but people of the agency
  Digest message_hash;  // of the entry
  EvidenceStep step{};
  Milliseconds due_ms = 0;
  Milliseconds said_for_ms = 0;
  std::uint32_t count = 0;  // of the people, never 0
  LeafSalt salt;

  bool is_repeat() const { return said_for_ms != due_ms; }
  bool operator==(const SilenceAlert&) const = default;
};

/// The same of a leaf of kind 11 outside of channels.
bool is_silence_alert(ByteView body);
/// REQUIRES: an alert that parse_silence_alert would take.
Bytes encode_silence_alert(const SilenceAlert& alert);
/// Refusal: malformed_object.
Result<SilenceAlert> parse_silence_alert(ByteView body);

}  // namespace oberih::sealing
