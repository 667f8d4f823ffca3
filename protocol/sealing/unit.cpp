// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/unit.hpp"

#include <algorithm>
#include <map>

#include "protocol/base/byte_reader.hpp"
#include "protocol/base/byte_writer.hpp"
#include "protocol/base/limits.hpp"
#include "protocol/crypto/digest.hpp"
#include "protocol/sealing/genesis_fields.hpp"
#include "protocol/sealing/malformed.hpp"

namespace oberih::sealing {
namespace {

constexpr std::uint8_t unit_version = 1;

bool is_duty(UnitDuty duty) { return duty >= UnitDuty::member && duty <= UnitDuty::deputy; }

UnitLine read_line(ByteReader& reader) {
  UnitLine line;
  line.person = reader.id<PersonId>();
  line.duty = static_cast<UnitDuty>(reader.u8());
  line.stands_in_for = reader.id<PersonId>();
  line.from_ms = reader.u64();
  line.to_ms = reader.u64();
  return line;
}

Result<void> check_line(const UnitLine& line) {
  if (!is_duty(line.duty)) return malformed("an unknown word in a unit's line");
  if (line.person.is_zero()) return malformed("a line of nobody");
  if (line.to_ms != 0 && line.to_ms <= line.from_ms)
    return malformed("a line that ends before it begins");
  if ((line.duty == UnitDuty::deputy) == line.stands_in_for.is_zero())
    return malformed("a deputy stands in for somebody, and nobody else does");
  if (line.stands_in_for == line.person) return malformed("somebody's own deputy");
  return {};
}

/// One person is the same thing once at a time.
bool says_the_same(const UnitLine& before, const UnitLine& line) {
  return before.person == line.person && before.duty == line.duty &&
         before.stands_in_for == line.stands_in_for &&
         (before.to_ms == 0 || before.to_ms > line.from_ms);
}

/// INVARIANT: the lines ascend, so that a person's own lines stand before those as deputy.
bool has_own_line(const std::vector<UnitLine>& lines, const PersonId& person) {
  const auto first = std::ranges::lower_bound(lines, person, {}, &UnitLine::person);
  return first != lines.end() && first->person == person && first->duty != UnitDuty::deputy;
}

Result<void> check_lines(const std::vector<UnitLine>& lines) {
  for (std::size_t i = 0; i < lines.size(); ++i) {
    OBERIH_TRY(check_line(lines[i]));
    if (i > 0 && !(lines[i - 1] < lines[i])) return malformed("lines of a unit that do not ascend");
    if (i > 0 && says_the_same(lines[i - 1], lines[i]))
      return malformed("a unit's lines that say the same of one time");
  }
  for (const UnitLine& line : lines)
    if (line.duty == UnitDuty::deputy && !has_own_line(lines, line.stands_in_for))
      return malformed("a deputy of somebody who is not of the unit");
  return {};
}

Result<std::vector<UnitLine>> parse_lines(ByteView bytes) {
  if (bytes.size() % unit_line_bytes != 0) return malformed("a unit's lines of wrong length");
  ByteReader reader(bytes);
  std::vector<UnitLine> lines;
  lines.reserve(bytes.size() / unit_line_bytes);
  while (!reader.at_end()) lines.push_back(read_line(reader));
  OBERIH_TRY(check_lines(lines));
  return lines;
}

Result<void> check_unit(const Unit& unit) {
  if (unit.unit.is_zero()) return malformed("a unit's id of zeros");
  if (unit.version == 0) return malformed("versions of a unit begin with 1");
  if ((unit.version == 1) != unit.previous.is_zero())
    return malformed("the first version of a unit follows nothing, and every other one something");
  if (unit.signer.is_zero()) return malformed("a unit that no device has signed");
  if (!is_printable_name(unit.name)) return malformed("a unit's name that is not NFC");
  return {};
}

}  // namespace

std::string_view name_of(UnitDuty duty) {
  switch (duty) {
    case UnitDuty::member:
      return "member";
    case UnitDuty::supervisor:
      return "supervisor";
    case UnitDuty::duty_officer:
      return "duty_officer";
    case UnitDuty::deputy:
      return "deputy";
  }
  return {};
}

Bytes encode_unit_content(const Unit& unit) {
  ByteWriter lines(unit.lines.size() * unit_line_bytes);
  for (const UnitLine& line : unit.lines) {
    lines.raw(line.person).u8(static_cast<std::uint8_t>(line.duty)).raw(line.stands_in_for);
    lines.u64(line.from_ms).u64(line.to_ms);
  }
  ByteWriter writer(128 + unit.name.size() + lines.bytes().size());
  writer.u8(unit_version).raw(unit.agency).raw(unit.unit).u64(unit.version).raw(unit.previous);
  writer.vec(unit.name).vec(lines.bytes()).raw(unit.signer);
  return writer.take();
}

Result<Unit> parse_unit_content(ByteView content) {
  ByteReader reader(content);
  if (reader.u8() != unit_version) return malformed("unknown version of a unit");
  Unit unit;
  unit.agency = reader.id<AgencyId>();
  unit.unit = reader.id<UnitId>();
  unit.version = reader.u64();
  unit.previous = reader.id<Digest>();
  unit.name = std::string(as_text(reader.vec(limits::name_bytes)));
  const ByteView lines = reader.vec(unit_lines_at_most * unit_line_bytes);
  unit.signer = reader.id<DeviceId>();
  if (!reader.complete()) return malformed("a unit of wrong length");
  OBERIH_TRY(check_unit(unit));
  Result<std::vector<UnitLine>> parsed = parse_lines(lines);
  if (!parsed) return parsed.error();
  unit.lines = std::move(*parsed);
  return unit;
}

Bytes encode_unit_body(const SignedUnit& unit) {
  ByteWriter writer(4 + unit.content.size() + Signature::size);
  writer.vec(unit.content).raw(unit.signature);
  return writer.take();
}

Result<SignedUnit> parse_unit_body(ByteView body) {
  ByteReader reader(body);
  SignedUnit unit;
  unit.content = to_bytes(reader.vec(limits::leaf_bytes));
  unit.signature = reader.id<Signature>();
  if (!reader.complete()) return malformed("a signed unit of wrong length");
  return unit;
}

Digest unit_hash(ByteView content) { return crypto::sha256(content); }

// -- who acts ------------------------------------------------------------------------------------

bool UnitStanding::may_act_for(const PersonId& acting_for) const {
  if (acting_for.is_zero()) return is_member || is_supervisor || is_duty_officer;
  return std::ranges::binary_search(deputy_for, acting_for);
}

bool UnitStanding::may_supervise_for(const PersonId& acting_for) const {
  return acting_for.is_zero() ? is_supervisor
                              : std::ranges::binary_search(supervisor_by, acting_for);
}

UnitStanding standing_in(const Unit& unit, const PersonId& person, Milliseconds server_ms) {
  UnitStanding standing;
  const auto is_now = [&](const PersonId& who, UnitDuty duty) {
    return std::ranges::any_of(unit.lines, [&](const UnitLine& line) {
      return line.person == who && line.duty == duty && line.is_in_force(server_ms);
    });
  };
  standing.is_member = is_now(person, UnitDuty::member);
  standing.is_supervisor = is_now(person, UnitDuty::supervisor);
  standing.is_duty_officer = is_now(person, UnitDuty::duty_officer);
  for (const UnitLine& line : unit.lines) {
    if (line.person != person || line.duty != UnitDuty::deputy || !line.is_in_force(server_ms))
      continue;
    const PersonId& absent = line.stands_in_for;
    const bool supervises = is_now(absent, UnitDuty::supervisor);
    if (!supervises && !is_now(absent, UnitDuty::member) && !is_now(absent, UnitDuty::duty_officer))
      continue;
    standing.deputy_for.push_back(absent);  // ascending, as the lines are, and each once
    if (supervises) standing.supervisor_by.push_back(absent);
  }
  return standing;
}

std::vector<UnitSeat> seats_of(const Unit& unit, Milliseconds server_ms) {
  std::map<PersonId, Milliseconds> ends;
  for (const UnitLine& line : unit.lines) {
    if (line.duty == UnitDuty::supervisor || line.is_over(server_ms)) continue;
    auto [place, is_new] = ends.try_emplace(line.person, line.to_ms);
    if (!is_new && place->second != 0)
      place->second = line.to_ms == 0 ? 0 : std::max(place->second, line.to_ms);
  }
  std::vector<UnitSeat> seats;
  for (const auto& [person, ends_ms] : ends) seats.push_back({person, ends_ms});
  return seats;
}

}  // namespace oberih::sealing
