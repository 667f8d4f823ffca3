// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "protocol/base/byte_reader.hpp"
#include "protocol/base/byte_writer.hpp"
#include "protocol/base/ids.hpp"

namespace oberih::sealing {

// ON DISK
enum class TaskPartyKind : std::uint8_t { unit = 1, person = 2 };

/// Whoever asks, or is asked: a unit or a person of an agency.
struct TaskParty {
  TaskPartyKind kind = TaskPartyKind::person;
  AgencyId agency;
  ByteArray<16> id{};  // of the unit or the person

  UnitId unit() const { return {id}; }      // where kind says so
  PersonId person() const { return {id}; }  // where kind says so
  static TaskParty of(const AgencyId& agency, const UnitId& unit) {
    return {TaskPartyKind::unit, agency, unit.bytes};
  }
  static TaskParty of(const AgencyId& agency, const PersonId& person) {
    return {TaskPartyKind::person, agency, person.bytes};
  }
  auto operator<=>(const TaskParty&) const = default;
};

/// `u8 kind || agency[16] || id[16]`
void write_party(ByteWriter& writer, const TaskParty& party);
TaskParty read_party(ByteReader& reader);

}  // namespace oberih::sealing
