// SPDX-License-Identifier: Apache-2.0
// A bounded queue in which nobody waits behind somebody else's flood: agencies take turns, and
// within an agency its devices. What one device put in comes out in that order. When there is no
// room, whoever has most waiting gives way. Not thread-safe; knows no clock.
#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <utility>

#include "server/domain/caller.hpp"

namespace oberih::application {

using domain::Origin;

template <class Item>
class FairQueue {
 public:
  explicit FairQueue(std::size_t limit) : limit_(limit) {}

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  /// Takes `item` in. What comes back found no room: the newest item of the device with most
  /// waiting in the agency with most waiting, possibly `item` itself.
  std::optional<Item> put(const Origin& origin, Item item) {
    Agency& agency = agencies_[origin.agency];
    Lane& lane = agency.lanes[origin.device];
    if (agency.size == 0) turn_.push_back(origin.agency);
    if (lane.empty()) agency.turn.push_back(origin.device);
    lane.push_back(std::move(item));
    ++agency.size;
    if (++size_ <= limit_) return std::nullopt;
    return push_out(origin);
  }
  /// What take() would give. REQUIRES: not empty.
  const Item& next() const {
    const Agency& agency = agencies_.at(turn_.front());
    return agency.lanes.at(agency.turn.front()).front();
  }
  Item take() {
    const AgencyId agency_id = turn_.front();
    turn_.pop_front();
    Agency& agency = agencies_.at(agency_id);
    const DeviceId device = agency.turn.front();
    agency.turn.pop_front();
    Lane& lane = agency.lanes.at(device);
    Item item = std::move(lane.front());
    lane.pop_front();
    if (!lane.empty()) agency.turn.push_back(device);
    --size_;
    if (--agency.size != 0) turn_.push_back(agency_id);
    return item;
  }

 private:
  using Lane = std::deque<Item>;
  // Empty lanes and agencies stay: there are no more than certified devices.
  struct Agency {
    std::map<DeviceId, Lane> lanes;
    std::deque<DeviceId> turn;  // INVARIANT: exactly the devices with something waiting
    std::size_t size = 0;
  };

  Item push_out(const Origin& newest) {
    // Among equals the newcomer gives way.
    AgencyId agency_id = newest.agency;
    for (const AgencyId& other : turn_)
      if (agencies_.at(other).size > agencies_.at(agency_id).size) agency_id = other;
    Agency& agency = agencies_.at(agency_id);
    DeviceId device = agency_id == newest.agency ? newest.device : agency.turn.front();
    for (const DeviceId& other : agency.turn)
      if (agency.lanes.at(other).size() > agency.lanes.at(device).size()) device = other;
    Lane& lane = agency.lanes.at(device);
    Item item = std::move(lane.back());
    lane.pop_back();
    if (lane.empty()) std::erase(agency.turn, device);
    if (--agency.size == 0) std::erase(turn_, agency_id);
    --size_;
    return item;
  }

  const std::size_t limit_;
  std::size_t size_ = 0;
  std::map<AgencyId, Agency> agencies_;
  std::deque<AgencyId> turn_;  // INVARIANT: exactly the agencies with something waiting
};

}  // namespace oberih::application
