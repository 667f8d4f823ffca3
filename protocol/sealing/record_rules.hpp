// SPDX-License-Identifier: Apache-2.0
// The rules of a channel record (design 3.2), in the order in which they are asked: its place in
// the chain, its op and items, the roster that follows from them, and who may do it. Pure: they
// read the state before the record and change nothing.
#pragma once

#include "protocol/sealing/channel_state.hpp"

namespace oberih::sealing {

/// A record and what stands before it.
struct RecordCase {
  const ChannelState& state;  // before the record; empty for a create
  const ChannelRecord& record;
  const std::vector<Approval>& approvals;
  const Directory& directory;
  const Place& place;
  std::vector<DeviceId> due_lines;  // of the roster before: revoked, left or ended; ascending

  bool is_create() const { return record.op == RecordOp::create; }
  bool is_due(const DeviceId& device) const;
  /// Neither revoked nor left: a new end (item 3) keeps it on the roster.
  bool is_due_by_end_alone(const DeviceId& device) const;
  bool removes(const DeviceId& device) const;
  /// The roster that decides roles and agencies: the one before, for a create its own.
  const Roster& deciding_roster() const { return is_create() ? record.roster : state.roster(); }
  bool is_active(const DeviceId& device) const;
  /// Agency and person of a device that the directory knows; callers have checked that it does.
  const DeviceCertificate& certificate_of(const DeviceId& device) const;
};

/// The previous roster with the items applied; nothing when they do not fit it.
std::optional<Roster> apply_items(const Roster& before, const Change& change);

/// Ops that begin an epoch: create, change, rotate.
bool begins_epoch(RecordOp op);

/// seq, prev_record, epoch, prev_epoch, what close and grant repeat, the channel id of a create.
Result<void> check_chain(const RecordCase& record_case);
/// Which items an op has, the policy, and that the roster is the previous one with the items
/// applied; that each new line is an active device of a role that may sit, with its certificate's
/// key.
Result<void> check_roster_and_policy(const RecordCase& record_case);
/// The item of a grant against the channel and the directory.
Result<void> check_grant(const RecordCase& record_case);
/// That nobody is let in who would open an entry whose handling code forbids it.
Result<void> check_handling(const RecordCase& record_case);
/// That nobody is let in who may not be told of a hearing of the channel that is not over.
Result<void> check_may_be_told(const RecordCase& record_case);
/// Who signs, alone or with whose approvals.
Result<void> check_authority(const RecordCase& record_case);

}  // namespace oberih::sealing
