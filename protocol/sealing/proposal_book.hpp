// SPDX-License-Identifier: Apache-2.0
// The proposals that wait, derived from leaves of kind 7 and from the records that carry them out.
// No signature and no rule is looked at here. Copies are cheap: what waits is shared.
#pragma once

#include <map>
#include <memory>

#include "protocol/journal/leaf.hpp"
#include "protocol/sealing/channel_state.hpp"
#include "protocol/sealing/proposal.hpp"

namespace oberih::sealing {

/// A leaf as it lies in the journal, for those who verify it themselves.
struct ProposalLeaf {
  std::uint64_t index = 0;
  Milliseconds server_ms = 0;
  Digest leaf_hash;
  Bytes leaf;
};

struct WaitingProposal {
  Proposal proposal;
  Milliseconds server_ms = 0;
  std::vector<Approval> approvals;
  std::vector<ProposalLeaf> leaves;  // the proposal's own first, then those of its approvals

  bool is_approved_by(const DeviceId& device) const;
};
using WaitingPointer = std::shared_ptr<const WaitingProposal>;

class ProposalBook {
 public:
  using Channel = std::map<ProposalId, WaitingPointer>;

  const std::map<ChannelId, Channel>& channels() const { return channels_; }
  const Channel& of(const ChannelId& channel) const;
  /// nullptr: none waits under that id.
  WaitingPointer find(const ChannelId& channel, const ProposalId& id) const;
  /// Whether the leaf with this body is there already: a request that is sent again.
  const ProposalLeaf* find_same(const ParsedProposalBody& body, ByteView leaf_body) const;

  /// INVARIANT: judged (proposal_rules), or read from one's own journal.
  void apply(const ParsedProposalBody& body, const ProposalLeaf& leaf);
  /// Takes out what the record carries out: proposals all of whose items it has. After a close
  /// nothing but grants waits.
  void apply_record(const ChannelRecord& record);
  void drop_lapsed(Milliseconds server_ms);

 private:
  void forget(const ChannelId& channel, const ProposalId& id);

  std::map<ChannelId, Channel> channels_;
};

}  // namespace oberih::sealing
