// SPDX-License-Identifier: Apache-2.0
// Hearings as the journal's entries add them up, judged by the same rules as on the server and at
// the clients, and compared in the end with the table hearing.
#pragma once

#include <functional>
#include <map>

#include "protocol/sealing/hearing_event.hpp"
#include "protocol/sealing/hearing_rules.hpp"
#include "server/storage/check_cursor.hpp"
#include "server/storage/expected_alerts.hpp"

namespace oberih::storage {

class HearingChecker {
 public:
  HearingChecker(const sealing::Directory& directory, CheckReport& report)
      : directory_(directory),
        report_(report),
        alerts_({sealing::is_hearing_alert, sealing::parse_hearing_alert,
                 "Who was to be told that somebody is not served of a hearing was not told.",
                 "alarm about a hearing"},
                report) {}

  /// An entry of type 3 or 4 that stands in the channel. Refusal: it breaks a rule.
  Result<void> check(const sealing::ChannelState& state, const sealing::EntryHeader& header,
                     const Digest& message_hash, const sealing::Place& place,
                     const sealing::EntryAt& entries);
  /// In the channel's chain. Refusal: it breaks a rule.
  Result<void> check_event(const sealing::ChannelState& state, const sealing::HearingEvent& event,
                           const sealing::Place& place);
  /// Behind an event that could not be judged nothing is known of its alerts.
  void pass_over_alerts() { alerts_.pass_over(); }
  /// Of every leaf, in order: alerts stand directly behind their event, and nothing between.
  void expect_alert(std::uint64_t index, const journal::Leaf& leaf) { alerts_.take(index, leaf); }
  /// Leaves out the channels that could not be judged to their end.
  void compare(CheckCursor& cursor, const std::function<bool(const ChannelId&)>& is_judged);

 private:
  struct Known {
    sealing::HearingPointer hearing;
    std::uint64_t index = 0;  // of the newest leaf about it
    bool is_stored = false;
  };
  using Key = std::pair<ChannelId, HearingId>;
  sealing::HearingPointer find(const Key& key) const;
  void put(const ChannelId& channel, sealing::Hearing hearing, std::uint64_t index);
  void compare_row(const StoredHearing& stored);

  const sealing::Directory& directory_;
  CheckReport& report_;
  std::map<Key, Known> hearings_;
  ExpectedAlerts<sealing::HearingAlert> alerts_;
};

}  // namespace oberih::storage
