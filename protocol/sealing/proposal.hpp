// SPDX-License-Identifier: Apache-2.0
// Proposals, approvals that wait for a record, and withdrawals: bodies of leaves of kind 7 that
// bear a channel's id and stand in no chain. Bytes and signatures only; whether one may stand is
// proposal_rules' business. Bytes: docs/protocol.md, section 11.
#pragma once

#include <variant>

#include "protocol/crypto/signature.hpp"
#include "protocol/sealing/channel_record.hpp"
#include "protocol/sealing/channel_state.hpp"

namespace oberih::sealing {

using ProposalId = FixedBytes<struct ProposalTag, 16>;  // random; unique within its channel

struct Proposal {
  ChannelId channel;
  ProposalId id;
  RecordOp op{};  // change, close or grant
  Change change;
  Milliseconds expires_ms = 0;
  DeviceId author;
  Milliseconds client_ms = 0;
  // Of a grant, or of its withdrawal, alone. `id` is that of the grant.
  EpochTimes times = {};    // that its epochs cover, for those who do not see the channel
  std::string reason = {};  // 1 to grant_reason_bytes

  bool is_of_grant() const { return op == RecordOp::grant; }
};

/// All items of one proposal, by one approver.
struct ProposalApproval {
  ChannelId channel;
  ProposalId proposal;
  DeviceId approver;
  std::vector<Approval> approvals;  // item_index 0, 1, ...: one for each item
};

struct ProposalWithdrawal {
  ChannelId channel;
  ProposalId proposal;
  DeviceId author;  // of the proposal
  Milliseconds client_ms = 0;
};

Bytes encode_proposal_content(const Proposal& proposal);
Bytes encode_withdrawal_content(const ProposalWithdrawal& withdrawal);

/// Leaf bodies. Label of both signatures: `proposal`; the signed bytes say which of the two it is.
Bytes encode_proposal_body(const Proposal& proposal, const crypto::Signer& author);
Bytes encode_withdrawal_body(const ProposalWithdrawal& withdrawal, const crypto::Signer& author);
/// Unsigned itself: each approval in it is signed (label `approval`).
Bytes encode_approval_body(const ProposalApproval& approval);

/// What a proposal's author and approvers sign for each of its items.
std::vector<Approval> sign_approvals(const Proposal& proposal, const DeviceId& approver,
                                     const crypto::Signer& signer);

struct ParsedProposalBody {
  std::variant<Proposal, ProposalApproval, ProposalWithdrawal> what;
  Bytes content;        // what the signature is over
  Signature signature;  // zero for approvals

  const ChannelId& channel() const;
  const ProposalId& id() const;
  const DeviceId& device() const;  // author or approver
};
/// Refusal: malformed_object.
Result<ParsedProposalBody> parse_proposal_body(ByteView body);

/// The author's signature of a proposal or withdrawal; of an approval nothing (the judge verifies
/// each against its item). Refusals: unknown_device, bad_signature.
Result<void> verify_proposal_body(const ParsedProposalBody& body, const Directory& directory);

}  // namespace oberih::sealing
