// SPDX-License-Identifier: Apache-2.0
// The alerts of channel_checker.hpp. An alert does not say in which channel its task stands: it is
// good where the task stands so in one of them, and nothing was said for that moment before.
#include <algorithm>

#include "server/storage/channel_checker.hpp"

namespace oberih::storage {

void ChannelChecker::check_alert(const StoredLeaf& row, const journal::Leaf& leaf) {
  if (sealing::is_silence_alert(leaf.body)) {
    // Whether it may stand, the event before it says (silence_checker).
    ++report_.alerts;
    if (const auto alert = sealing::parse_silence_alert(leaf.body))
      alerts_[row.index] = {row.index, alert->agency, alert->unit};
    return;
  }
  if (sealing::is_hearing_alert(leaf.body)) {  // the same: hearing_checker
    ++report_.alerts;
    if (const auto alert = sealing::parse_hearing_alert(leaf.body))
      alerts_[row.index] = {row.index, alert->agency, alert->unit};
    return;
  }
  const Result<sealing::Alert> alert = sealing::parse_alert(leaf.body);
  if (!alert) return report_.add(row.index, "The alert cannot be read: " + words_of(alert.error()));
  ++report_.alerts;
  alerts_[row.index] = {row.index, alert->agency, alert->unit};
  for (const auto& [channel, task] : tasks_.find(alert->task)) {
    const Channel& place = channels_.at(channel);
    if (!place.is_judged) return;
    if (place.state.is_closed() || !sealing::judge_alert(*task, *alert, leaf.server_ms)) continue;
    Milliseconds& told_ms = alerted_ms_[{channel, alert->task, alert->slot}];
    if (alert->said_for_ms <= told_ms) continue;
    told_ms = alert->said_for_ms;
    return;
  }
  // A channel that could not be judged to its end may hold the task.
  if (std::any_of(channels_.begin(), channels_.end(),
                  [](const auto& each) { return !each.second.is_judged; }))
    return;
  report_.add(row.index,
              "The alert breaks a rule: no task stands so, or it was said for that moment before.");
}

void ChannelChecker::compare_alerts() {
  std::map<std::uint64_t, application::AlertRow> missing = alerts_;
  cursor_.walk_alerts([&](const application::AlertRow& stored) {
    const auto computed = alerts_.find(stored.index);
    if (computed == alerts_.end())
      return report_.add(stored.index, "A row of the table alert lies beside a leaf that is none.");
    missing.erase(stored.index);
    const std::string differing =
        differing_columns({{"agency", stored.agency == computed->second.agency},
                           {"unit", stored.unit == computed->second.unit}});
    if (!differing.empty())
      report_.add(stored.index,
                  "The row in the table alert differs from the leaf: " + differing + ".");
  });
  for (const auto& [index, row] : missing)
    report_.add(index, "The alert's row in the table alert is missing.");
}

}  // namespace oberih::storage
