// SPDX-License-Identifier: Apache-2.0
// What a channel needs that this device may do alone and unasked, by what it has verified.
#pragma once

#include <set>

#include "client-cli/verification/client_session.hpp"

namespace oberih::client {

struct RepairNeed {
  std::vector<DeviceId> remove;  // revoked, left or past their end, or off a unit's list; ascending
  sealing::Roster add;           // new devices of people who are or were there, and people whom a
                                 // unit's list names; ascending
  std::vector<UnitId> units;     // whose people come, ascending
  std::set<DeviceId> brought;    // of `add`: those whom a list names
  std::set<DeviceId> unlisted;   // of `remove`: those whom a list brought and names no more
  bool fresh_key = false;        // somebody's wrap of this epoch does not open

  bool is_nothing() const { return remove.empty() && add.empty() && !fresh_key; }
};

/// Asks nobody. Nothing, where this device may do nothing.
RepairNeed find_need(ClientSession& session, VerifiedChannel& channel);

/// The items of the record that meets the need, with mandate and reason in words; none where it is
/// but a fresh key.
sealing::Change change_of(const RepairNeed& need);

/// Whether this device must say that its wrap does not open: it is on the roster, holds no key of
/// the epoch, and nobody has said so since the last epoch that it could open. Where a new key did
/// not help, the fault is its own, and asking again and again would help nobody.
bool must_tell_unusable(ClientSession& session, VerifiedChannel& channel);

}  // namespace oberih::client
