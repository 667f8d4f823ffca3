// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/proposal.hpp"

#include "protocol/base/byte_reader.hpp"
#include "protocol/base/byte_writer.hpp"
#include "protocol/base/limits.hpp"
#include "protocol/crypto/random_bytes.hpp"
#include "protocol/sealing/grant_order.hpp"
#include "protocol/sealing/malformed.hpp"

namespace oberih::sealing {
namespace {

constexpr std::uint8_t proposal_version = 1;

// ON DISK
enum class What : std::uint8_t { proposal = 1, approval = 2, withdrawal = 3 };

ByteWriter begin_content(What what, const ChannelId& channel, const ProposalId& id) {
  ByteWriter writer;
  writer.u8(proposal_version).u8(static_cast<std::uint8_t>(what)).raw(channel).raw(id);
  return writer;
}

Bytes sign_body(const Bytes& content, const crypto::Signer& author) {
  ByteWriter writer;
  writer.vec(content).raw(author.sign("proposal", content));
  return writer.take();
}

/// Exactly one grant or its withdrawal, under the grant's own id.
bool is_grant_alone(const Proposal& proposal) {
  const Change& change = proposal.change;
  const bool others =
      change.add || change.remove || change.alter || change.policy || change.close_reason;
  return change.grant && !others && change.grant->grant.bytes == proposal.id.bytes;
}

Result<Proposal> read_proposal(ByteReader& reader, Proposal proposal) {
  const std::uint8_t op = reader.u8();
  const ByteView items = reader.vec(limits::leaf_bytes);
  proposal.expires_ms = reader.u64();
  proposal.author = reader.id<DeviceId>();
  proposal.client_ms = reader.u64();
  proposal.op = static_cast<RecordOp>(op);
  if (proposal.is_of_grant()) {
    proposal.times.from_ms = reader.u64();
    proposal.times.to_ms = reader.u64();
    proposal.reason = as_text(reader.vec(grant_reason_bytes));
  }
  if (!reader.complete()) return malformed("a proposal of wrong length");
  if (op != static_cast<std::uint8_t>(RecordOp::change) &&
      op != static_cast<std::uint8_t>(RecordOp::close) && !proposal.is_of_grant())
    return malformed("a proposal is for a change, a close or a grant");
  Result<Change> change = parse_change(items);
  if (!change) return change.error();
  proposal.change = std::move(*change);
  if (!proposal.is_of_grant()) return proposal;
  if (!is_grant_alone(proposal)) return malformed("a request that is not of the grant it names");
  if (find_fault_of_words(proposal.reason, grant_reason_bytes) != nullptr)
    return malformed("a request whose reason is empty or not fit to be shown");
  return proposal;
}

Result<ProposalApproval> read_approval(ByteReader& reader, ByteView wire,
                                       ProposalApproval approval) {
  approval.approver = reader.id<DeviceId>();
  if (!reader.complete()) return malformed("an approval of wrong length");
  Result<std::vector<Approval>> approvals = parse_approvals(wire);
  if (!approvals) return approvals.error();
  if (approvals->empty()) return malformed("an approval of nothing");
  for (std::size_t i = 0; i < approvals->size(); ++i)
    if ((*approvals)[i].item_index != i || (*approvals)[i].approver != approval.approver)
      return malformed("approvals of several people, or items that do not ascend from the first");
  approval.approvals = std::move(*approvals);
  return approval;
}

Result<ProposalWithdrawal> read_withdrawal(ByteReader& reader, ProposalWithdrawal withdrawal) {
  withdrawal.author = reader.id<DeviceId>();
  withdrawal.client_ms = reader.u64();
  if (!reader.complete()) return malformed("a withdrawal of wrong length");
  return withdrawal;
}

template <class Value>
Result<void> put(Result<Value> value, ParsedProposalBody& parsed) {
  if (!value) return value.error();
  parsed.what = std::move(*value);
  return {};
}

/// `rest` is what stands behind the content: a signature or approvals.
Result<void> read_what(ByteView rest, ParsedProposalBody& parsed) {
  ByteReader reader(parsed.content);
  if (reader.u8() != proposal_version) return malformed("unknown version of a proposal");
  const std::uint8_t what = reader.u8();
  const auto channel = reader.id<ChannelId>();
  const auto id = reader.id<ProposalId>();
  if (what == static_cast<std::uint8_t>(What::approval))
    return put(read_approval(reader, rest, {channel, id, {}, {}}), parsed);
  const std::optional<Signature> signature = Signature::from(rest);
  if (!signature) return malformed("no signature, or bytes behind it");
  parsed.signature = *signature;
  if (what == static_cast<std::uint8_t>(What::proposal)) {
    Proposal proposal;
    proposal.channel = channel;
    proposal.id = id;
    return put(read_proposal(reader, std::move(proposal)), parsed);
  }
  if (what == static_cast<std::uint8_t>(What::withdrawal))
    return put(read_withdrawal(reader, {channel, id, {}, 0}), parsed);
  return malformed("neither proposal nor approval nor withdrawal");
}

}  // namespace

Bytes encode_proposal_content(const Proposal& proposal) {
  ByteWriter items;
  for (const Bytes& item : encode_change_items(proposal.change)) items.raw(item);
  ByteWriter writer = begin_content(What::proposal, proposal.channel, proposal.id);
  writer.u8(static_cast<std::uint8_t>(proposal.op)).vec(items.bytes());
  writer.u64(proposal.expires_ms).raw(proposal.author).u64(proposal.client_ms);
  if (proposal.is_of_grant())
    writer.u64(proposal.times.from_ms).u64(proposal.times.to_ms).vec(proposal.reason);
  return writer.take();
}

Bytes encode_withdrawal_content(const ProposalWithdrawal& withdrawal) {
  ByteWriter writer = begin_content(What::withdrawal, withdrawal.channel, withdrawal.proposal);
  writer.raw(withdrawal.author).u64(withdrawal.client_ms);
  return writer.take();
}

Bytes encode_proposal_body(const Proposal& proposal, const crypto::Signer& author) {
  return sign_body(encode_proposal_content(proposal), author);
}

Bytes encode_withdrawal_body(const ProposalWithdrawal& withdrawal, const crypto::Signer& author) {
  return sign_body(encode_withdrawal_content(withdrawal), author);
}

Bytes encode_approval_body(const ProposalApproval& approval) {
  ByteWriter content = begin_content(What::approval, approval.channel, approval.proposal);
  content.raw(approval.approver);
  ByteWriter writer;
  writer.vec(content.bytes()).raw(encode_approvals(approval.approvals));
  return writer.take();
}

std::vector<Approval> sign_approvals(const Proposal& proposal, const DeviceId& approver,
                                     const crypto::Signer& signer) {
  std::vector<Approval> approvals;
  for (const Bytes& item : encode_change_items(proposal.change)) {
    Approval approval{static_cast<std::uint8_t>(approvals.size()),
                      crypto::random_id<ApprovalId>(),
                      proposal.expires_ms,
                      approver,
                      {}};
    approval.signature =
        signer.sign("approval", approval_content(approval, proposal.channel, item));
    approvals.push_back(approval);
  }
  return approvals;
}

const ChannelId& ParsedProposalBody::channel() const {
  return std::visit([](const auto& value) -> const ChannelId& { return value.channel; }, what);
}

const ProposalId& ParsedProposalBody::id() const {
  if (const auto* proposal = std::get_if<Proposal>(&what)) return proposal->id;
  if (const auto* approval = std::get_if<ProposalApproval>(&what)) return approval->proposal;
  return std::get<ProposalWithdrawal>(what).proposal;
}

const DeviceId& ParsedProposalBody::device() const {
  if (const auto* approval = std::get_if<ProposalApproval>(&what)) return approval->approver;
  if (const auto* proposal = std::get_if<Proposal>(&what)) return proposal->author;
  return std::get<ProposalWithdrawal>(what).author;
}

Result<ParsedProposalBody> parse_proposal_body(ByteView body) {
  ByteReader reader(body);
  ParsedProposalBody parsed;
  parsed.content = to_bytes(reader.vec(limits::leaf_bytes));
  const ByteView rest = reader.take(reader.remaining().size());
  if (!reader.complete()) return malformed("a proposal of wrong length");
  OBERIH_TRY(read_what(rest, parsed));
  return parsed;
}

Result<void> verify_proposal_body(const ParsedProposalBody& body, const Directory& directory) {
  const Device* device = directory.find_device(body.device());
  if (device == nullptr) return refuse(RefusalCode::unknown_device);
  if (std::holds_alternative<ProposalApproval>(body.what)) return {};
  if (!crypto::verify(device->certificate.signature_key, "proposal", body.content, body.signature))
    return refuse(RefusalCode::bad_signature);
  return {};
}

}  // namespace oberih::sealing
