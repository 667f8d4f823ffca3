// SPDX-License-Identifier: Apache-2.0
// Entries that ask for steps of the evidence ladder, and what the server said where one was
// missing, judged by the same rules as on the server and at the clients. The check sees more than
// they do: the receipts, which stand in no chain, and the alerts, which stand in no channel.
#pragma once

#include <map>

#include "protocol/journal/leaf.hpp"
#include "server/storage/check_cursor.hpp"
#include "server/storage/expected_alerts.hpp"

namespace oberih::storage {

class SilenceChecker {
 public:
  /// How far the receipts of a device reach at this place of the journal.
  using ReceiptReachOf = std::function<std::uint64_t(const DeviceId&, sealing::ReceiptStep)>;

  SilenceChecker(const sealing::Directory& directory, CheckReport& report)
      : directory_(directory),
        report_(report),
        alerts_(
            {sealing::is_silence_alert, sealing::parse_silence_alert,
             "An agency whose people are silent was not told of it.", "event of a missing step"},
            report) {}

  /// An entry that stands in the channel, as the channel was before it.
  void take_entry(const sealing::ChannelState& state, const sealing::EntryHeader& header,
                  const Digest& message_hash, const sealing::Place& place);
  /// In the channel's chain. Refusal: it breaks a rule.
  Result<void> check_event(const sealing::ChannelState& state, const sealing::MissingStep& event,
                           const sealing::Place& place, const ReceiptReachOf& reach);
  /// Behind an event that could not be judged nothing is known of its alerts.
  void pass_over_alerts() { alerts_.pass_over(); }
  /// Of every leaf, in order: alerts stand directly behind their event, and nothing between.
  void expect_alert(std::uint64_t index, const journal::Leaf& leaf) { alerts_.take(index, leaf); }
  /// After the last leaf. Leaves out the channels that could not be judged to their end.
  void compare(CheckCursor& cursor, const std::function<bool(const ChannelId&)>& is_judged);

 private:
  struct Known {
    sealing::AskedEntry asked;
    std::uint64_t index = 0;
    bool is_stored = false;
  };
  using Place = std::pair<ChannelId, std::uint64_t>;
  void compare_row(const Place& place, const std::optional<application::AskedRow>& stored);

  const sealing::Directory& directory_;
  CheckReport& report_;
  std::map<Place, Known> asked_;
  ExpectedAlerts<sealing::SilenceAlert> alerts_;
};

}  // namespace oberih::storage
