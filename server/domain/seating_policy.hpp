// SPDX-License-Identifier: Apache-2.0
// Which kind of agency may sit in which kind of channel, and why not where not. The table is whole:
// every pair has its row, so that a "no" always comes with its reason.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "protocol/base/vocabulary.hpp"

namespace oberih::domain {

struct SeatingRule {
  ChannelKind channel_kind{};
  AgencyKind agency_kind{};
  bool is_allowed = false;
  std::string reason;  // a sentence for people, of the yes as well as of the no
};

class SeatingPolicy {
 public:
  SeatingPolicy() = default;  // seats nobody
  /// The policy, or a sentence that says which pair is missing or stands twice.
  static std::variant<SeatingPolicy, std::string> make(std::vector<SeatingRule> rules);

  /// The rule for a pair; nullptr only in an empty policy.
  const SeatingRule* find(ChannelKind channel_kind, AgencyKind agency_kind) const;
  bool may_sit(ChannelKind channel_kind, AgencyKind agency_kind) const {
    const SeatingRule* rule = find(channel_kind, agency_kind);
    return rule != nullptr && rule->is_allowed;
  }

 private:
  std::map<std::pair<ChannelKind, AgencyKind>, SeatingRule> rules_;
};

}  // namespace oberih::domain
