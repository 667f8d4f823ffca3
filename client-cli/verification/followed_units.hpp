// SPDX-License-Identifier: Apache-2.0
// Which units a channel follows, as its verified records say (ADR 12), and what that makes of the
// people on their lists. Pure: records are handed in, in order.
#pragma once

#include <map>
#include <set>

#include "protocol/sealing/channel_state.hpp"

namespace oberih::client {

class FollowedUnits {
 public:
  /// The next record of the channel, which stands at `index`.
  void take(const sealing::ChannelRecord& record, const sealing::Directory& directory,
            std::uint64_t index, Milliseconds server_ms);

  /// With the role in which their people come.
  const std::map<UnitId, RosterRole>& units() const { return units_; }
  /// Removed on purpose: no list brings them back.
  bool is_barred(const PersonId& person) const { return barred_.contains(person); }
  /// The units whose marks brought the person; empty: somebody else did.
  const std::set<UnitId>& came_with(const PersonId& person) const;

 private:
  void take_add(const sealing::LinesItem& item, const sealing::Directory& directory,
                std::uint64_t index, Milliseconds server_ms);
  void take_removal(const DeviceId& device, const sealing::Directory& directory,
                    std::uint64_t index, Milliseconds server_ms);
  void come(const sealing::RosterLine& line, const sealing::Directory& directory);

  std::map<UnitId, RosterRole> units_;
  std::map<DeviceId, Milliseconds> ends_;  // of who is on the roster
  std::map<PersonId, std::size_t> devices_there_;
  std::map<PersonId, std::set<UnitId>> came_with_;
  std::set<PersonId> barred_;
};

/// What the device of the line `own` may do alone for the units of its own agency.
struct UnitNeed {
  sealing::Roster add;           // ascending; people whom a list names and who are not there
  std::vector<DeviceId> remove;  // ascending; people whom a list brought and names no more
  std::vector<UnitId> units;     // whose people come, ascending
};
UnitNeed find_unit_need(const FollowedUnits& followed, const sealing::Directory& directory,
                        const sealing::ChannelState& state, const sealing::RosterLine& own,
                        Milliseconds now_ms);

/// All active devices of the unit's people that may sit on a roster, each until its person's place
/// ends (`until_ms` if that is sooner; 0: no end). Ascending.
sealing::Roster lines_of_unit(const sealing::Unit& unit, const sealing::Directory& directory,
                              RosterRole role, Milliseconds until_ms, Milliseconds now_ms);

}  // namespace oberih::client
