// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/proposal_book.hpp"

#include <algorithm>

namespace oberih::sealing {
namespace {

bool has_body(const ProposalLeaf& leaf, ByteView body) {
  const Bytes& bytes = leaf.leaf;
  return bytes.size() == journal::leaf_header_bytes + body.size() &&
         std::equal(body.begin(), body.end(), bytes.begin() + journal::leaf_header_bytes);
}

}  // namespace

bool WaitingProposal::is_approved_by(const DeviceId& device) const {
  return std::any_of(approvals.begin(), approvals.end(),
                     [&](const Approval& approval) { return approval.approver == device; });
}

const ProposalBook::Channel& ProposalBook::of(const ChannelId& channel) const {
  static const Channel none;
  auto found = channels_.find(channel);
  return found == channels_.end() ? none : found->second;
}

WaitingPointer ProposalBook::find(const ChannelId& channel, const ProposalId& id) const {
  const Channel& waiting = of(channel);
  auto found = waiting.find(id);
  return found == waiting.end() ? nullptr : found->second;
}

const ProposalLeaf* ProposalBook::find_same(const ParsedProposalBody& body,
                                            ByteView leaf_body) const {
  const WaitingPointer waiting = find(body.channel(), body.id());
  if (!waiting) return nullptr;
  for (const ProposalLeaf& leaf : waiting->leaves)
    if (has_body(leaf, leaf_body)) return &leaf;
  return nullptr;
}

void ProposalBook::apply(const ParsedProposalBody& body, const ProposalLeaf& leaf) {
  if (const auto* proposal = std::get_if<Proposal>(&body.what)) {
    channels_[proposal->channel][proposal->id] = std::make_shared<const WaitingProposal>(
        WaitingProposal{*proposal, leaf.server_ms, {}, {leaf}});
    return;
  }
  const WaitingPointer known = find(body.channel(), body.id());
  if (!known) return;  // it has lapsed or was carried out meanwhile
  if (const auto* approval = std::get_if<ProposalApproval>(&body.what)) {
    auto changed = std::make_shared<WaitingProposal>(*known);
    changed->approvals.insert(changed->approvals.end(), approval->approvals.begin(),
                              approval->approvals.end());
    changed->leaves.push_back(leaf);
    channels_[approval->channel][approval->proposal] = std::move(changed);
    return;
  }
  forget(body.channel(), body.id());
}

void ProposalBook::apply_record(const ChannelRecord& record) {
  auto found = channels_.find(record.channel);
  if (found == channels_.end()) return;
  if (record.op == RecordOp::close) {
    // Grants alone may follow a close.
    std::erase_if(found->second,
                  [](const auto& waiting) { return !waiting.second->proposal.is_of_grant(); });
    if (found->second.empty()) channels_.erase(found);
    return;
  }
  const std::vector<Bytes> done = encode_change_items(record.change);
  const auto is_done = [&](const Bytes& item) {
    return std::find(done.begin(), done.end(), item) != done.end();
  };
  std::erase_if(found->second, [&](const auto& waiting) {
    const std::vector<Bytes> items = encode_change_items(waiting.second->proposal.change);
    return std::all_of(items.begin(), items.end(), is_done);
  });
  if (found->second.empty()) channels_.erase(found);
}

void ProposalBook::drop_lapsed(Milliseconds server_ms) {
  for (auto channel = channels_.begin(); channel != channels_.end();) {
    std::erase_if(channel->second, [&](const auto& waiting) {
      return waiting.second->proposal.expires_ms <= server_ms;
    });
    channel = channel->second.empty() ? channels_.erase(channel) : std::next(channel);
  }
}

void ProposalBook::forget(const ChannelId& channel, const ProposalId& id) {
  auto found = channels_.find(channel);
  if (found == channels_.end()) return;
  found->second.erase(id);
  if (found->second.empty()) channels_.erase(found);
}

}  // namespace oberih::sealing
