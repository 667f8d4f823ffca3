// SPDX-License-Identifier: Apache-2.0
// An entry that asks people for steps of the evidence ladder: whom it asks, who has acknowledged
// it, and what the server has said of it. Computed from the channel's chain alone, so that server,
// client and check judge alike (ADR 9) what is said of silence. Receipts stand in no chain: who has
// received or opened the entry is not in it.
#pragma once

#include <array>
#include <optional>

#include "protocol/sealing/channel_state.hpp"
#include "protocol/sealing/missing_step.hpp"
#include "protocol/sealing/roster_actors.hpp"

namespace oberih::sealing {

struct AcknowledgementFacts;

struct AskedPerson {
  PersonId person;
  UnitId unit;  // to which the entry was addressed; zero: to the person, or to the whole roster
  bool operator==(const AskedPerson&) const = default;
};

struct AskedEntry {
  std::uint64_t channel_seq = 0;
  Digest message_hash;
  Milliseconds server_ms = 0;
  EntryType type{};
  bool is_urgent = false;
  bool wants_acknowledgement = false;  // else it is to be received and opened alone
  TaskId task;                         // that it proposes; zero: none
  std::vector<AskedPerson> people;     // ascending by person, never empty
  std::vector<PersonId> acknowledged;  // who of them have; ascending
  /// Of each step the newest moment for which it was said to be missing; 0: it was not.
  std::array<Milliseconds, 3> said_ms = {};

  bool asks_for(EvidenceStep step) const {
    return wants_acknowledgement || step != EvidenceStep::acknowledged;
  }
  const AskedPerson* find(const PersonId& person) const;
  bool has_acknowledged(const PersonId& person) const;
  Milliseconds& said_of(EvidenceStep step) { return said_ms[static_cast<std::size_t>(step) - 1]; }
  bool operator==(const AskedEntry&) const = default;
};

/// Nothing where the entry asks nobody for anything. A message, urgent or with `asks_for` 1 or 2,
/// asks everybody who is present but its author; the proposal of a task the present people of its
/// assignees. `actors` are of the entry's own place.
std::optional<AskedEntry> asked_entry_of(const EntryHeader& header, const Digest& message_hash,
                                         const PersonId& author, const RosterActors& actors,
                                         const Place& place);

/// The entry after an acknowledgement of it; nothing where that changes nothing.
std::optional<AskedEntry> acknowledge(const AskedEntry& entry, const AcknowledgementFacts& facts,
                                      const PersonId& person);

/// The entry after the event. `entry` may be nullptr: none that asks stands there. Refusals:
/// not_found (no such entry; somebody who was not asked, or is not on the roster any more),
/// channel_closed, transition_unknown (a step that nobody asked for, or somebody who has
/// acknowledged), due_in_past (a limit that is not behind the entry, before its moment, or said
/// already).
Result<AskedEntry> judge_missing_step(const AskedEntry* entry, const MissingStep& event,
                                      const ChannelState& state, const Directory& directory,
                                      const Place& place);

/// What the agencies of the people are told of the event, in this order directly behind it; the
/// salts are zero. REQUIRES: the event was judged against the entry.
std::vector<SilenceAlert> silence_alerts_of(const AskedEntry& entry, const MissingStep& event,
                                            const Directory& directory);

/// For a store of one's own (not a wire format; versioned).
Bytes encode_asked_entry(const AskedEntry& entry);
/// Refusal: malformed_object.
Result<AskedEntry> parse_asked_entry(ByteView bytes);

}  // namespace oberih::sealing
