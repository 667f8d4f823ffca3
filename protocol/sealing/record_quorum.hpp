// SPDX-License-Identifier: Apache-2.0
// Whose approvals count for a record and how many agencies it takes (design 3.2; 3.5 for grants).
// Used for records as they are judged and for proposals, which ask the same beforehand.
#pragma once

#include <set>

#include "protocol/sealing/record_rules.hpp"

namespace oberih::sealing {

using Agencies = std::set<AgencyId>;

/// Whose approvals count, and of how many agencies.
struct Quorum {
  bool by_supervisors = false;
  std::size_t needed = 0;
  Agencies agencies;  // whose approvals count
};

inline Refusal bad_approval(const char* detail) {
  return refuse(RefusalCode::approval_invalid, detail);
}

Quorum quorum_of(const RecordCase& c);
/// Of the roster before the record: an active admin whom the record does not remove.
bool is_counting_admin(const RecordCase& c, const RosterLine& line);
bool may_approve(const RecordCase& c, const Quorum& quorum, const DeviceId& device);
/// Every approval on the record must be good, needed or not: none is used up by mistake. The result
/// is the agencies that approve, by item.
Result<std::vector<Agencies>> check_approvals(const RecordCase& c, const Quorum& quorum);

/// Of the items of op 1, in their order: does each need approvals when this author makes it?
std::vector<bool> items_needing_approval(const RecordCase& c, const RosterLine& author);
/// A new agency comes into a case channel with somebody who can answer for it.
Result<void> check_first_lines(const RecordCase& c);

}  // namespace oberih::sealing
