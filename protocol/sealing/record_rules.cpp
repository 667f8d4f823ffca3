// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/record_rules.hpp"

#include <algorithm>

#include "protocol/base/limits.hpp"
#include "protocol/journal/merkle_tree.hpp"
#include "protocol/sealing/grant_order.hpp"

namespace oberih::sealing {
namespace {

Refusal bad_record(const char* detail) { return refuse(RefusalCode::record_invalid, detail); }

Result<void> check_create_chain(const ChannelRecord& record) {
  if (record.seq != 1 || record.epoch != 1 || record.prev_epoch != 0 ||
      !record.prev_box_hash.is_zero())
    return bad_record("a create has sequence 1, epoch 1 and no previous box");
  if (record.channel != derive_channel_id(record))
    return bad_record("the channel id is not the hash of its create record");
  return {};
}

/// change and rotate: a new epoch, and one box that opens what was before (full history only).
Result<void> check_new_epoch(const RecordCase& c) {
  if (c.record.epoch != c.state.epoch() + 1) return bad_record("the epoch does not follow");
  if (c.state.policy().history == History::from_joining) {
    if (c.record.prev_epoch != 0 || !c.record.prev_box_hash.is_zero())
      return bad_record("a box where the history begins with joining");
    return {};
  }
  if (c.record.prev_epoch == 0 || c.record.prev_epoch >= c.record.epoch ||
      c.record.prev_box_hash.is_zero())
    return bad_record("no box of an earlier epoch");
  return {};
}

/// close and grant repeat everything.
Result<void> check_same_epoch(const RecordCase& c) {
  const ChannelRecord& record = c.record;
  const bool repeats = record.epoch == c.state.epoch() &&
                       record.key_commitment == c.state.key_commitment() &&
                       record.message_key_commitment == c.state.message_key_commitment() &&
                       record.prev_epoch == 0 && record.prev_box_hash.is_zero() &&
                       record.roster == c.state.roster() && record.policy == c.state.policy();
  if (!repeats) return bad_record("close and grant repeat roster, policy, epoch and commitments");
  const bool has_wraps =
      record.op == RecordOp::grant && record.change.grant && record.change.grant->ends_ms != 0;
  if (has_wraps == (record.wraps_root == journal::empty_root()))
    return bad_record(has_wraps ? "a grant without wraps" : "wraps where the record has none");
  return {};
}

/// Create and rotate have no items, change 1 to 4, close 6, grant 5.
bool items_fit(RecordOp op, const Change& change) {
  const bool roster_items = change.add || change.remove || change.alter || change.policy;
  const bool grant = change.grant.has_value();
  const bool close = change.close_reason.has_value();
  switch (op) {
    case RecordOp::create:
    case RecordOp::rotate:
      return !roster_items && !grant && !close;
    case RecordOp::change:
      return roster_items && !grant && !close;
    case RecordOp::close:
      return !roster_items && !grant && close;
    case RecordOp::grant:
      return !roster_items && grant && !close;
  }
  return false;
}

Result<void> check_policy(const RecordCase& c) {
  const ChannelPolicy& policy = c.record.policy;
  if (policy.approvals_k == 0) return bad_record("a policy that asks for no approval");
  if (policy.kind == ChannelKind::case_ && policy.approvals_k < 2)
    return bad_record("a case channel asks for at least two approvals");
  if (c.is_create()) return {};
  if (policy.history != c.state.policy().history)
    return bad_record("how much history a channel gives is fixed for ever");
  const ChannelPolicy& expected = c.record.change.policy.value_or(c.state.policy());
  if (policy != expected) return bad_record("the policy is not what the items say");
  return {};
}

/// A line that this record brings: of an active device that may sit, with the certificate's key.
Result<void> check_new_line(const RecordCase& c, const RosterLine& line) {
  const Standing standing = c.directory.standing(line.device, c.place.index, c.place.server_ms);
  if (standing != Standing::active) return refusal_of(standing);
  const DeviceCertificate& certificate = c.certificate_of(line.device);
  if (!may_sit_in_roster(certificate.role))
    return bad_record("administrators of agencies and auditors sit in no roster");
  if (certificate.hpke_key != line.hpke_key)
    return bad_record("a roster line has another key than the certificate");
  if (line.ends_ms != 0 && line.ends_ms <= c.place.server_ms)
    return bad_record("a roster line that is past its end");
  return {};
}

Result<void> check_lines(const RecordCase& c) {
  const std::vector<RosterLine>* added = nullptr;
  if (c.is_create()) added = &c.record.roster;
  if (c.record.change.add) added = &c.record.change.add->lines;
  if (added != nullptr)
    for (const RosterLine& line : *added) OBERIH_TRY(check_new_line(c, line));
  for (const RosterLine& line : c.record.roster) {
    // A later end heals a line that has run out; nothing heals a revocation or a leave.
    const RosterLine* before = c.is_create() ? nullptr : find_line(c.state.roster(), line.device);
    const bool is_new_end = before != nullptr && before->ends_ms != line.ends_ms;
    if (is_new_end && line.ends_ms != 0 && line.ends_ms <= c.place.server_ms)
      return bad_record("a roster line that is past its end");
    if (!c.is_due(line.device)) continue;
    const bool healed = is_new_end && before->ends_ms != 0 &&
                        before->ends_ms <= c.place.server_ms && c.is_due_by_end_alone(line.device);
    if (!healed)
      return bad_record("a line that is revoked, left or past its end stays on the roster");
  }
  return {};
}

}  // namespace

bool RecordCase::is_due(const DeviceId& device) const {
  return std::binary_search(due_lines.begin(), due_lines.end(), device);
}

bool RecordCase::is_due_by_end_alone(const DeviceId& device) const {
  return directory.standing(device, place.index, place.server_ms) != Standing::revoked &&
         !state.has_left(certificate_of(device).person);
}

bool RecordCase::removes(const DeviceId& device) const {
  const std::optional<RemoveItem>& remove = record.change.remove;
  return remove && std::binary_search(remove->devices.begin(), remove->devices.end(), device);
}

bool RecordCase::is_active(const DeviceId& device) const {
  return directory.is_active(device, place.index, place.server_ms);
}

const DeviceCertificate& RecordCase::certificate_of(const DeviceId& device) const {
  return directory.devices().at(device).certificate;
}

std::optional<Roster> apply_items(const Roster& before, const Change& change) {
  Roster after;
  for (const RosterLine& line : before) {
    const RosterLine* altered =
        change.alter ? find_line(change.alter->lines, line.device) : nullptr;
    const bool removed =
        change.remove && std::binary_search(change.remove->devices.begin(),
                                            change.remove->devices.end(), line.device);
    if (removed && altered) return std::nullopt;
    if (altered && (altered->hpke_key != line.hpke_key || *altered == line)) return std::nullopt;
    if (!removed) after.push_back(altered ? *altered : line);
  }
  std::size_t met = before.size() - after.size();
  if (change.remove && met != change.remove->devices.size()) return std::nullopt;
  if (change.alter)
    for (const RosterLine& line : change.alter->lines)
      if (find_line(before, line.device) == nullptr) return std::nullopt;
  if (change.add) {
    for (const RosterLine& line : change.add->lines)
      if (find_line(before, line.device) != nullptr) return std::nullopt;
    after.insert(after.end(), change.add->lines.begin(), change.add->lines.end());
    std::sort(after.begin(), after.end(),
              [](const RosterLine& a, const RosterLine& b) { return a.device < b.device; });
  }
  return after;
}

bool begins_epoch(RecordOp op) {
  switch (op) {
    case RecordOp::create:
    case RecordOp::change:
    case RecordOp::rotate:
      return true;
    case RecordOp::close:
    case RecordOp::grant:
      return false;
  }
  return false;
}

Result<void> check_chain(const RecordCase& c) {
  if (c.is_create()) return check_create_chain(c.record);
  if (c.record.channel != c.state.channel()) return bad_record("a record of another channel");
  if (c.record.seq != c.state.record_seq() + 1 || c.record.prev_record != c.state.head())
    return refuse(RefusalCode::record_out_of_order);
  return begins_epoch(c.record.op) ? check_new_epoch(c) : check_same_epoch(c);
}

Result<void> check_roster_and_policy(const RecordCase& c) {
  if (!items_fit(c.record.op, c.record.change))
    return bad_record("items that the op does not have");
  if (c.record.roster.size() > limits::roster_lines) return refuse(RefusalCode::roster_too_large);
  OBERIH_TRY(check_policy(c));
  if (!begins_epoch(c.record.op)) return {};
  if (!c.is_create()) {
    const std::optional<Roster> expected = apply_items(c.state.roster(), c.record.change);
    if (!expected) return bad_record("items that do not fit the roster before");
    if (*expected != c.record.roster) return bad_record("the roster is not what the items say");
  }
  return check_lines(c);
}

Result<void> check_grant(const RecordCase& c) {
  const GrantItem& item = *c.record.change.grant;
  const GrantItem* known = c.state.find_grant(item.grant);
  if (const Result<GrantOrder> order = parse_grant_order(item.order); !order) return order.error();
  if (item.ends_ms == 0) {
    if (known == nullptr || known->ends_ms == 0) return bad_record("no such grant to withdraw");
    const bool repeats = item.auditor_device == known->auditor_device &&
                         item.hpke_key == known->hpke_key &&
                         item.first_epoch == known->first_epoch &&
                         item.last_epoch == known->last_epoch && item.order == known->order;
    return repeats ? Result<void>() : bad_record("a withdrawal repeats the fields of its grant");
  }
  if (known != nullptr) return refuse(RefusalCode::id_taken, "the id of a grant");
  if (item.first_epoch == 0 || item.first_epoch > item.last_epoch ||
      item.last_epoch > c.state.epoch())
    return bad_record("a grant over epochs that do not exist");
  if (item.ends_ms <= c.place.server_ms) return bad_record("a grant that is past its end");
  const Standing standing =
      c.directory.standing(item.auditor_device, c.place.index, c.place.server_ms);
  if (standing != Standing::active) return refusal_of(standing);
  const DeviceCertificate& auditor = c.certificate_of(item.auditor_device);
  if (auditor.role != Role::auditor || auditor.hpke_key != item.hpke_key)
    return bad_record("a grant to no auditor or to another key");
  return {};
}

}  // namespace oberih::sealing
