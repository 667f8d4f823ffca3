// SPDX-License-Identifier: Apache-2.0
#include "server/application/record_seats.hpp"

namespace oberih::application {
namespace {

Result<void> check_seats(const Services& services, const sealing::Directory& directory,
                         ChannelKind kind, const sealing::Roster& lines) {
  const PoliciesPointer policies = services.policies.current();
  for (const sealing::RosterLine& line : lines) {
    if (directory.find_device(line.device) == nullptr) return refuse(RefusalCode::unknown_device);
    const domain::SeatingRule* rule =
        policies->seating.find(kind, directory.agency_kind_of(line.device));
    if (rule == nullptr) return refuse(RefusalCode::seat_forbidden);
    if (!rule->is_allowed) return refuse(RefusalCode::seat_forbidden, rule->reason);
  }
  return {};
}

}  // namespace

Result<void> check_new_seats(const Services& services, const sealing::Directory& directory,
                             const sealing::ChannelRecord& record) {
  const ChannelKind kind = record.policy.kind;
  if (record.op == sealing::RecordOp::create || record.change.policy)
    return check_seats(services, directory, kind, record.roster);
  if (record.change.add) return check_seats(services, directory, kind, record.change.add->lines);
  return {};
}

Result<void> check_proposed_seats(const Services& services, const sealing::Directory& directory,
                                  const sealing::ChannelState& state,
                                  const sealing::Change& change) {
  const ChannelKind kind = change.policy.value_or(state.policy()).kind;
  if (change.policy) OBERIH_TRY(check_seats(services, directory, kind, state.roster()));
  if (change.add) return check_seats(services, directory, kind, change.add->lines);
  return {};
}

}  // namespace oberih::application
