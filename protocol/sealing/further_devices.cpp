// SPDX-License-Identifier: Apache-2.0
// Which new devices of known people a channel lacks (design 3.2: "a new device of a person whose
// line is or was there"). What was left out or removed on purpose is not new, and stays out.
#include "protocol/sealing/channel_state.hpp"

namespace oberih::sealing {
namespace {

using Seats = std::map<DeviceId, std::uint64_t>;

/// Journal index of the record that first brought each person.
std::map<PersonId, std::uint64_t> first_seats(const Seats& seated, const Directory& directory) {
  std::map<PersonId, std::uint64_t> first;
  for (const auto& [id, index] : seated) {
    const Device* device = directory.find_device(id);
    if (device == nullptr) continue;
    auto [seat, is_new] = first.try_emplace(device->certificate.person, index);
    if (!is_new && index < seat->second) seat->second = index;
  }
  return first;
}

bool may_come_back(const ChannelState::Person& person, Milliseconds server_ms) {
  using Status = ChannelState::Person::Status;
  if (person.ends_ms != 0 && person.ends_ms <= server_ms) return false;
  switch (person.status) {
    case Status::present:
    case Status::removed_after_revocation:
      return true;
    case Status::left:
    case Status::removed:
      return false;
  }
  return false;
}

}  // namespace

Roster ChannelState::further_devices(const Directory& directory, std::uint64_t index,
                                     Milliseconds server_ms) const {
  const std::map<PersonId, std::uint64_t> since = first_seats(seated_, directory);
  Roster lines;
  for (const auto& [id, device] : directory.devices()) {
    const auto seat = since.find(device.certificate.person);
    if (seat == since.end() || device.certified_index <= seat->second) continue;
    if (seated_.contains(id) || !may_sit_in_roster(device.certificate.role)) continue;
    const Person* person = find_person(device.certificate.person);
    if (person == nullptr || !may_come_back(*person, server_ms)) continue;
    if (directory.is_active(id, index, server_ms))
      lines.push_back({id, device.certificate.hpke_key, person->role, person->ends_ms});
  }
  return lines;
}

}  // namespace oberih::sealing
