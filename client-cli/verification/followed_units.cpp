// SPDX-License-Identifier: Apache-2.0
#include "client-cli/verification/followed_units.hpp"

#include <algorithm>

#include "protocol/sealing/unit_mark.hpp"

namespace oberih::client {
namespace {

const sealing::DeviceCertificate* find_certificate(const sealing::Directory& directory,
                                                   const DeviceId& device) {
  const sealing::Device* found = directory.find_device(device);
  return found == nullptr ? nullptr : &found->certificate;
}

std::set<PersonId> people_of(const sealing::Unit& unit, Milliseconds server_ms) {
  std::set<PersonId> people;
  for (const sealing::UnitSeat& seat : sealing::seats_of(unit, server_ms))
    people.insert(seat.person);
  return people;
}

/// People of a marked unit who stand among the lines.
std::vector<const sealing::RosterLine*> lines_of_people(const sealing::Roster& lines,
                                                        const std::set<PersonId>& people,
                                                        const sealing::Directory& directory) {
  std::vector<const sealing::RosterLine*> found;
  for (const sealing::RosterLine& line : lines) {
    const sealing::DeviceCertificate* certificate = find_certificate(directory, line.device);
    if (certificate != nullptr && people.contains(certificate->person)) found.push_back(&line);
  }
  return found;
}

/// 0 is no end, later than any.
Milliseconds sooner_end(Milliseconds a, Milliseconds b) {
  if (a == 0 || b == 0) return std::max(a, b);
  return std::min(a, b);
}

}  // namespace

// -- what the records say -------------------------------------------------------------------------

void FollowedUnits::take(const sealing::ChannelRecord& record, const sealing::Directory& directory,
                         std::uint64_t index, Milliseconds server_ms) {
  if (record.op == sealing::RecordOp::create)
    for (const sealing::RosterLine& line : record.roster) come(line, directory);
  if (record.change.remove)
    for (const DeviceId& device : record.change.remove->devices)
      take_removal(device, directory, index, server_ms);
  if (record.change.add) take_add(*record.change.add, directory, index, server_ms);
  if (record.change.alter)
    for (const sealing::RosterLine& line : record.change.alter->lines)
      ends_[line.device] = line.ends_ms;
}

void FollowedUnits::come(const sealing::RosterLine& line, const sealing::Directory& directory) {
  ends_[line.device] = line.ends_ms;
  const sealing::DeviceCertificate* certificate = find_certificate(directory, line.device);
  if (certificate == nullptr) return;
  devices_there_[certificate->person] += 1;
  barred_.erase(certificate->person);
}

void FollowedUnits::take_add(const sealing::LinesItem& item, const sealing::Directory& directory,
                             std::uint64_t index, Milliseconds server_ms) {
  const auto is_there = [&](const PersonId& person) {
    auto found = devices_there_.find(person);
    return found != devices_there_.end() && found->second > 0;
  };
  for (const UnitId& id : sealing::read_unit_marks(item.mandate).units) {
    const sealing::UnitInForce* unit = directory.find_unit_at(id, index);
    if (unit == nullptr) continue;
    const auto lines = lines_of_people(item.lines, people_of(unit->unit, server_ms), directory);
    if (lines.empty()) continue;  // a mark without people is nobody's wish
    const bool all_read_only = std::all_of(lines.begin(), lines.end(), [](const auto* line) {
      return line->role == RosterRole::read_only;
    });
    units_[id] = all_read_only ? RosterRole::read_only : RosterRole::member;
    for (const sealing::RosterLine* line : lines) {
      const PersonId& person = find_certificate(directory, line->device)->person;
      if (!is_there(person)) came_with_[person].insert(id);
    }
  }
  for (const sealing::RosterLine& line : item.lines) come(line, directory);
}

void FollowedUnits::take_removal(const DeviceId& device, const sealing::Directory& directory,
                                 std::uint64_t index, Milliseconds server_ms) {
  auto end = ends_.find(device);
  if (end == ends_.end()) return;
  const bool had_ended = end->second != 0 && end->second <= server_ms;
  ends_.erase(end);
  const sealing::DeviceCertificate* certificate = find_certificate(directory, device);
  if (certificate == nullptr) return;
  const PersonId& person = certificate->person;
  std::size_t& devices = devices_there_[person];
  if (devices > 0) devices -= 1;
  if (devices > 0) return;
  const auto names_the_person = [&](const UnitId& id) {
    const sealing::UnitInForce* unit = directory.find_unit_at(id, index);
    return unit != nullptr && people_of(unit->unit, server_ms).contains(person);
  };
  const std::set<UnitId> brought_by = came_with(person);
  const bool went_with_the_list =
      !brought_by.empty() && std::none_of(brought_by.begin(), brought_by.end(), names_the_person);
  const bool is_revoked =
      directory.standing(device, index, server_ms) == sealing::Standing::revoked;
  if (!had_ended && !is_revoked && !went_with_the_list) barred_.insert(person);
  if (!is_revoked) came_with_.erase(person);
}

const std::set<UnitId>& FollowedUnits::came_with(const PersonId& person) const {
  static const std::set<UnitId> none;
  auto found = came_with_.find(person);
  return found == came_with_.end() ? none : found->second;
}

// -- what is to be done ---------------------------------------------------------------------------

sealing::Roster lines_of_unit(const sealing::Unit& unit, const sealing::Directory& directory,
                              RosterRole role, Milliseconds until_ms, Milliseconds now_ms) {
  std::map<PersonId, Milliseconds> ends;
  for (const sealing::UnitSeat& seat : sealing::seats_of(unit, now_ms))
    ends.emplace(seat.person, sooner_end(seat.ends_ms, until_ms));
  sealing::Roster lines;
  for (const auto& [id, device] : directory.devices()) {
    auto seat = ends.find(device.certificate.person);
    if (seat == ends.end() || !may_sit_in_roster(device.certificate.role)) continue;
    if (!directory.is_active(id, UINT64_MAX, now_ms)) continue;
    lines.push_back({id, device.certificate.hpke_key, role, seat->second});
  }
  return lines;
}

namespace {

struct NeedCase {
  const FollowedUnits& followed;
  const sealing::Directory& directory;
  const sealing::ChannelState& state;
  const sealing::RosterLine& own;
  const sealing::DeviceCertificate& self;
  Milliseconds now_ms;
};

std::set<PersonId> people_there(const NeedCase& c) {
  std::set<PersonId> there;
  for (const sealing::RosterLine& line : c.state.roster())
    if (const auto* certificate = find_certificate(c.directory, line.device))
      there.insert(certificate->person);
  return there;
}

void find_arrivals_of_units(const NeedCase& c, UnitNeed& need) {
  const std::set<PersonId> there = people_there(c);
  const auto is_there = [&](const PersonId& person) { return there.contains(person); };
  std::map<DeviceId, sealing::RosterLine> add;
  for (const auto& [unit_id, role] : c.followed.units()) {
    const UnitId& id = unit_id;  // clang 14 captures no structured binding
    const sealing::UnitInForce* unit = c.directory.find_unit(id);
    if (unit == nullptr || unit->unit.agency != c.self.agency) continue;
    const std::set<PersonId> people = people_of(unit->unit, c.now_ms);
    const auto is_of_unit = [&](const PersonId& person) {
      return people.contains(person) || c.followed.came_with(person).contains(id);
    };
    if (std::none_of(there.begin(), there.end(), is_of_unit)) continue;  // it was removed whole
    bool brings_somebody = false;
    for (const sealing::RosterLine& line :
         lines_of_unit(unit->unit, c.directory, role, c.own.ends_ms, c.now_ms)) {
      const PersonId& person = find_certificate(c.directory, line.device)->person;
      if (is_there(person) || c.state.has_left(person) || c.followed.is_barred(person)) continue;
      brings_somebody |= add.emplace(line.device, line).second;
    }
    if (brings_somebody) need.units.push_back(id);
  }
  for (const auto& [id, line] : add) need.add.push_back(line);
}

void find_departures_of_units(const NeedCase& c, UnitNeed& need) {
  const auto is_named_by = [&](const PersonId& person, const UnitId& id) {
    const sealing::UnitInForce* unit = c.directory.find_unit(id);
    return unit != nullptr && people_of(unit->unit, c.now_ms).contains(person);
  };
  for (const sealing::RosterLine& line : c.state.roster()) {
    const sealing::DeviceCertificate* certificate = find_certificate(c.directory, line.device);
    if (certificate == nullptr || certificate->agency != c.self.agency) continue;
    if (certificate->person == c.self.person) continue;
    if (line.role == RosterRole::admin && c.own.role != RosterRole::admin) continue;
    const std::set<UnitId>& brought_by = c.followed.came_with(certificate->person);
    const bool is_named = std::any_of(brought_by.begin(), brought_by.end(), [&](const UnitId& id) {
      return is_named_by(certificate->person, id);
    });
    if (!brought_by.empty() && !is_named) need.remove.push_back(line.device);
  }
}

}  // namespace

UnitNeed find_unit_need(const FollowedUnits& followed, const sealing::Directory& directory,
                        const sealing::ChannelState& state, const sealing::RosterLine& own,
                        Milliseconds now_ms) {
  const sealing::DeviceCertificate* self = find_certificate(directory, own.device);
  UnitNeed need;
  if (self == nullptr || followed.units().empty()) return need;
  const NeedCase c{followed, directory, state, own, *self, now_ms};
  find_arrivals_of_units(c, need);
  find_departures_of_units(c, need);
  return need;
}

}  // namespace oberih::client
