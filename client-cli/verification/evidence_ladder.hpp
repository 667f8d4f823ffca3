// SPDX-License-Identifier: Apache-2.0
// How far an entry has come with each person it was for: accepted, delivered, opened, acknowledged.
// Several devices of one person count as one, the earliest first. "Opened" never stands in for
// "acknowledged".
#pragma once

#include "client-cli/verification/channel_history.hpp"
#include "client-cli/verification/receipt_reader.hpp"

namespace oberih::client {

struct LadderStep {
  Milliseconds server_ms = 0;  // what the server asserts
  Milliseconds client_ms = 0;  // what the device signed; 0: it signed no time
  std::uint64_t index = 0;     // journal
  DeviceId device;
  bool is_proven = false;
};

struct LadderPerson {
  PersonId person;
  DeviceId device;  // one of theirs, for the name
  std::optional<LadderStep> delivered, opened, acknowledged;
  std::vector<HistoryItem> acknowledgements;  // in order: a later one may add to the first
  bool came_later = false;                    // not on the roster when the entry was posted
};

/// Who was on the roster when the entry was posted, its author's person left out; then those who
/// acknowledged it though they came later. Receipts of devices that came later say nothing of it.
/// INVARIANT: `entry` is an item of the channel.
Result<std::vector<LadderPerson>> read_ladder(ClientSession& session, VerifiedChannel& channel,
                                              const HistoryItem& entry);

}  // namespace oberih::client
