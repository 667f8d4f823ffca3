// SPDX-License-Identifier: Apache-2.0
#include "client-cli/verification/repair_need.hpp"

#include <algorithm>

#include "client-cli/verification/roster_change.hpp"
#include "protocol/sealing/unit_mark.hpp"

namespace oberih::client {
namespace {

constexpr std::size_t most_lines_in_a_record = 100;  // design 3.2
constexpr std::string_view mandate_of_new_devices = "a new device of the same person";
constexpr std::string_view mandate_of_unit = "the list of the unit";
constexpr std::string_view reason_of_unit = "revoked, left, ended or no longer of the unit";

/// Nothing where this device is not on the roster, or must go itself.
const sealing::RosterLine* find_own_line(ClientSession& session, const VerifiedChannel& channel,
                                         const std::vector<DeviceId>& due) {
  const DeviceId& own = session.ring().device;
  if (std::ranges::binary_search(due, own)) return nullptr;
  return channel.state().find_member(own);
}

/// Only where the own agency has units at all: who has none reads no old records for them.
void add_unit_need(ClientSession& session, VerifiedChannel& channel, const sealing::RosterLine& own,
                   Milliseconds now_ms, RepairNeed& need) {
  const sealing::Directory& directory = session.directory();
  const sealing::Device* self = directory.find_device(own.device);
  if (self == nullptr || directory.units_of(self->certificate.agency).empty()) return;
  UnitNeed units =
      find_unit_need(channel.followed_units(), directory, channel.state(), own, now_ms);
  need.units = std::move(units.units);
  std::set<DeviceId> remove(need.remove.begin(), need.remove.end());
  for (const DeviceId& device : units.remove)
    if (remove.insert(device).second) need.unlisted.insert(device);
  need.remove.assign(remove.begin(), remove.end());
  for (const sealing::RosterLine& line : units.add) {
    if (sealing::find_line(need.add, line.device) != nullptr || remove.contains(line.device))
      continue;
    need.brought.insert(line.device);
    need.add.push_back(line);
  }
  std::ranges::sort(need.add, {}, &sealing::RosterLine::device);
}

}  // namespace

RepairNeed find_need(ClientSession& session, VerifiedChannel& channel) {
  const sealing::ChannelState& state = channel.state();
  const Milliseconds now_ms = session.server_time_ms(channel);
  RepairNeed need;
  need.remove = state.lines_to_remove(session.directory(), UINT64_MAX, now_ms);
  const sealing::RosterLine* own = find_own_line(session, channel, need.remove);
  if (own == nullptr || state.is_closed()) return {};
  if (own->role != RosterRole::read_only) {
    need.fresh_key = state.is_wrap_unusable();
    need.add = state.further_devices(session.directory(), UINT64_MAX, now_ms);
    add_unit_need(session, channel, *own, now_ms, need);
  }
  need.remove.resize(std::min(need.remove.size(), most_lines_in_a_record));
  const std::size_t free_lines =
      limits::roster_lines - std::min(state.roster().size(), limits::roster_lines);
  need.add.resize(std::min({need.add.size(), most_lines_in_a_record - need.remove.size(),
                            free_lines + need.remove.size()}));
  return need;
}

bool must_tell_unusable(ClientSession& session, VerifiedChannel& channel) {
  const sealing::ChannelState& state = channel.state();
  const sealing::RosterLine* own = state.find_member(session.ring().device);
  const sealing::Device* device = session.directory().find_device(session.ring().device);
  if (own == nullptr || device == nullptr || state.is_closed()) return false;
  if (state.has_left(device->certificate.person)) return false;
  if (channel.keys().key(state.epoch())) return false;
  return state.unusable_epoch() <= channel.keys().newest_epoch();
}

sealing::Change change_of(const RepairNeed& need) {
  sealing::Change change;
  if (!need.remove.empty())
    change.remove = {std::string(need.unlisted.empty() ? reason_of_due_lines : reason_of_unit),
                     need.remove};
  if (!need.add.empty())
    change.add = {need.units.empty() ? std::string(mandate_of_new_devices)
                                     : sealing::with_unit_marks(mandate_of_unit, need.units),
                  need.add};
  return change;
}

}  // namespace oberih::client
