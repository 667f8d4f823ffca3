// SPDX-License-Identifier: Apache-2.0
// Units (kind 14): an agency's signed list of members, supervisor, duty roster and deputies, which
// a task or a notice can be addressed to. Bytes, and what a list says of a person at a time;
// whether one may stand is the directory's business. Bytes: design 3.1 and docs/protocol.md,
// section 13.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "protocol/base/ids.hpp"
#include "protocol/base/result.hpp"
#include "protocol/base/timestamp.hpp"

namespace oberih::sealing {

// ON DISK: the numbers are signed.
enum class UnitDuty : std::uint8_t { member = 1, supervisor = 2, duty_officer = 3, deputy = 4 };
std::string_view name_of(UnitDuty duty);

/// What one person is in a unit, and when.
struct UnitLine {
  PersonId person;
  UnitDuty duty{};
  PersonId stands_in_for;    // of deputies; zero for all else: a duty officer acts for the unit
  Milliseconds from_ms = 0;  // the first millisecond
  Milliseconds to_ms = 0;    // the first millisecond behind it; 0: no end

  bool is_in_force(Milliseconds server_ms) const {
    return from_ms <= server_ms && (to_ms == 0 || server_ms < to_ms);
  }
  bool is_over(Milliseconds server_ms) const { return to_ms != 0 && to_ms <= server_ms; }
  /// Order and identity of lines: person, duty, stands_in_for, from.
  auto operator<=>(const UnitLine&) const = default;
};

struct Unit {
  AgencyId agency;
  UnitId unit;
  std::uint64_t version = 0;  // from 1
  Digest previous;            // of the version before (unit_hash); zero at version 1
  std::string name;           // UTF-8 NFC
  std::vector<UnitLine> lines;
  DeviceId signer;
};

inline constexpr std::size_t unit_line_bytes = 16 + 1 + 16 + 8 + 8;
inline constexpr std::size_t unit_lines_at_most = 1'024;  // they fit in one leaf with the name

/// Leaf body of kind 14: `vec(content) || signature` (label unit).
struct SignedUnit {
  Bytes content;
  Signature signature;
};

Bytes encode_unit_content(const Unit& unit);
/// Refusal: malformed_object, also for lines that do not ascend, that say the same twice, for a
/// deputy of nobody on the list, and for a name that is not NFC.
Result<Unit> parse_unit_content(ByteView content);
Bytes encode_unit_body(const SignedUnit& unit);
Result<SignedUnit> parse_unit_body(ByteView body);
/// `H(content)`: what the next version names.
Digest unit_hash(ByteView content);

/// A version of a unit that stands in the journal: in force from its index on, until the next.
struct UnitInForce {
  Unit unit;
  Digest hash;  // of its content
  std::uint64_t index = 0;
  Milliseconds server_ms = 0;
};
/// Ascending by version. Shared, because whoever stages a change copies the whole directory.
using UnitHistory = std::vector<std::shared_ptr<const UnitInForce>>;

/// How a person stands to a unit at a time. Whoever stands in acts under their own name: what they
/// do names the person they act for.
struct UnitStanding {
  bool is_member = false;
  bool is_supervisor = false;
  bool is_duty_officer = false;         // acts for the unit as a whole
  std::vector<PersonId> deputy_for;     // ascending; each is somebody of the unit at that time
  std::vector<PersonId> supervisor_by;  // those of deputy_for that are supervisors

  bool is_of_unit() const {
    return is_member || is_supervisor || is_duty_officer || !deputy_for.empty();
  }
  /// `acting_for` zero: oneself, as member, supervisor or duty officer; else as that one's deputy.
  bool may_act_for(const PersonId& acting_for) const;
  /// The same for what a supervisor alone may do.
  bool may_supervise_for(const PersonId& acting_for) const;
};
/// A deputy counts while the one stood in for has a line of their own in force.
UnitStanding standing_in(const Unit& unit, const PersonId& person, Milliseconds server_ms);

/// Who belongs on the roster of a channel that the unit is put on (design 3.2): its members, duty
/// officers and deputies, also those whose time has not begun, so that the deputy at three in the
/// morning needs nobody else online. Supervisors see states, not contents: they are not among them.
struct UnitSeat {
  PersonId person;
  Milliseconds ends_ms = 0;  // when the last of the person's lines is over; 0: no end
};
/// Ascending by person.
std::vector<UnitSeat> seats_of(const Unit& unit, Milliseconds server_ms);

}  // namespace oberih::sealing
