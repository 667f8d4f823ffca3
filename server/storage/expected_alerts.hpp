// SPDX-License-Identifier: Apache-2.0
// Alerts that must stand directly behind an event of a channel, and say what it says: one that is
// left out, put in or changed is found. Of one kind of alert.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "protocol/journal/leaf.hpp"
#include "server/storage/check_report.hpp"

namespace oberih::storage {

template <class Alert>
class ExpectedAlerts {
 public:
  struct Kind {
    bool (*is_of_it)(ByteView body);
    Result<Alert> (*parse)(ByteView body);
    const char* missing;   // a sentence
    const char* no_event;  // what there is none of before the alert
  };
  ExpectedAlerts(const Kind& kind, CheckReport& report) : kind_(kind), report_(report) {}

  /// Behind an event that may stand.
  void expect(std::uint64_t event_index, std::vector<Alert> alerts) {
    expected_.assign(alerts.begin(), alerts.end());
    event_index_ = event_index;
  }
  /// Behind an event that could not be judged nothing is known of its alerts.
  void pass_over() { is_blind_ = true; }
  /// Every leaf, in order.
  void take(std::uint64_t index, const journal::Leaf& leaf) {
    const bool is_alert = leaf.kind == journal::LeafKind::server_event &&
                          leaf.channel_id.is_zero() && kind_.is_of_it(leaf.body);
    if (!is_alert) {
      finish();
      is_blind_ = false;
      return;
    }
    const Result<Alert> alert = kind_.parse(leaf.body);
    if (!alert) return report_.add(index, "The alert cannot be read: " + words_of(alert.error()));
    if (is_blind_) return;
    if (expected_.empty())
      return report_.add(
          index, std::string("The alert breaks a rule: no ") + kind_.no_event + " before it.");
    Alert wanted = expected_.front();
    expected_.pop_front();
    wanted.salt = alert->salt;
    if (*alert != wanted)
      report_.add(index, "The alert breaks a rule: it is not what the event before it says.");
  }
  /// After the last leaf too.
  void finish() {
    if (!expected_.empty()) report_.add(event_index_, kind_.missing);
    expected_.clear();
  }

 private:
  const Kind kind_;
  CheckReport& report_;
  std::deque<Alert> expected_;  // behind the newest event
  std::uint64_t event_index_ = 0;
  bool is_blind_ = false;
};

}  // namespace oberih::storage
