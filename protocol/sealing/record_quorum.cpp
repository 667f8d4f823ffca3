// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/record_quorum.hpp"

#include <algorithm>

#include "protocol/crypto/signature.hpp"

namespace oberih::sealing {
namespace {

constexpr std::size_t grant_approvals_at_least = 2;

Agencies agencies_of(const RecordCase& c, const Roster& roster) {
  Agencies agencies;
  for (const RosterLine& line : roster) agencies.insert(c.certificate_of(line.device).agency);
  return agencies;
}

}  // namespace

bool is_counting_admin(const RecordCase& c, const RosterLine& line) {
  return line.role == RosterRole::admin && c.is_active(line.device) && !c.is_due(line.device) &&
         !c.removes(line.device);
}

Quorum quorum_of(const RecordCase& c) {
  const std::size_t wanted = c.state.policy().approvals_k;
  Quorum quorum;
  if (c.record.op == RecordOp::grant) {
    quorum.by_supervisors = true;
    quorum.needed = std::max(grant_approvals_at_least, wanted);
    quorum.agencies = agencies_of(c, c.state.roster());
    if (const Device* auditor = c.directory.find_device(c.record.change.grant->auditor_device))
      quorum.agencies.insert(auditor->certificate.agency);
    return quorum;
  }
  for (const RosterLine& line : c.state.roster())
    if (is_counting_admin(c, line)) quorum.agencies.insert(c.certificate_of(line.device).agency);
  if (quorum.agencies.empty()) {
    quorum.by_supervisors = true;
    quorum.agencies = agencies_of(c, c.state.roster());
  }
  quorum.needed = std::min(wanted, quorum.agencies.size());
  return quorum;
}

bool may_approve(const RecordCase& c, const Quorum& quorum, const DeviceId& device) {
  if (!c.is_active(device)) return false;
  const DeviceCertificate& certificate = c.certificate_of(device);
  if (!quorum.agencies.contains(certificate.agency)) return false;
  if (quorum.by_supervisors) return certificate.role == Role::supervisor;
  const RosterLine* line = find_line(c.state.roster(), device);
  return line != nullptr && is_counting_admin(c, *line);
}

Result<std::vector<Agencies>> check_approvals(const RecordCase& c, const Quorum& quorum) {
  const std::vector<Bytes> items = encode_change_items(c.record.change);
  std::vector<Agencies> approving(items.size());
  std::set<std::pair<DeviceId, ApprovalId>> seen;
  for (const Approval& approval : c.approvals) {
    if (approval.item_index >= items.size()) return bad_approval("it names no item of this record");
    if (approval.expires_ms <= c.place.server_ms) return bad_approval("it has expired");
    if (c.state.is_used(approval) || !seen.emplace(approval.approver, approval.id).second)
      return bad_approval("it was used before");
    if (!may_approve(c, quorum, approval.approver))
      return bad_approval("its signer may not approve");
    const DeviceCertificate& approver = c.certificate_of(approval.approver);
    const Bytes content = approval_content(approval, c.record.channel, items[approval.item_index]);
    if (!crypto::verify(approver.signature_key, "approval", content, approval.signature))
      return bad_approval("its signature does not verify for this channel and item");
    approving[approval.item_index].insert(approver.agency);
  }
  return approving;
}

}  // namespace oberih::sealing
