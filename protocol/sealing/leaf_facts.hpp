// SPDX-License-Identifier: Apache-2.0
// What a leaf of any kind says of itself without a key: who acted, and what it is about. The server
// finds leaves by it, `oberihd check` computes it anew, and an auditor's client holds every answer
// against it.
#pragma once

#include <optional>

#include "protocol/journal/leaf.hpp"
#include "protocol/sealing/directory.hpp"

namespace oberih::sealing {

struct LeafFacts {
  journal::LeafKind kind{};
  /// Of an entry its type, of a question (6) and an access (12) what it is; a receipt and all else
  /// have 0.
  std::uint8_t type = 0;
  DeviceId device;            // who signed it, or whose doing it records; zero: no device's
  TaskId task;                // zero: none
  HearingId hearing;          // zero: none
  std::uint8_t handling = 0;  // of an entry; 0: unmarked
  std::uint16_t refusal = 0;  // the code's number without its sign; 0: no refusal

  bool operator==(const LeafFacts&) const = default;
};

/// Of a body that cannot be read nothing but the kind.
LeafFacts facts_of(const journal::Leaf& leaf);

/// Who a device belongs to. A renewal repeats all of it, so that this is the same for ever.
struct LeafActor {
  PersonId person;
  AgencyId agency;
  Role role{};

  bool operator==(const LeafActor&) const = default;
};
/// Nothing where no device acted, or none that the directory knows.
std::optional<LeafActor> actor_of(const LeafFacts& facts, const Directory& directory);

/// ON DISK: roles in filters and in the table audit_row, from 1.
std::uint8_t number_of(Role role);
std::optional<Role> role_of(std::uint8_t number);

}  // namespace oberih::sealing
