// SPDX-License-Identifier: Apache-2.0
#include "client-cli/verification/verified_proposals.hpp"

#include "client-cli/verification/evidence.hpp"

namespace oberih::client {
namespace {

Result<sealing::ParsedProposalBody> parse(const wire::DirectoryLeaf& stored, journal::Leaf& leaf) {
  Result<journal::Leaf> parsed = journal::parse_leaf(stored.leaf);
  if (!parsed) return parsed.error();
  leaf = std::move(*parsed);
  if (leaf.kind != journal::LeafKind::administration)
    return refuse(RefusalCode::malformed_object, "a leaf of another kind");
  Result<sealing::ParsedProposalBody> body = sealing::parse_proposal_body(leaf.body);
  if (body && body->channel() != leaf.channel_id)
    return refuse(RefusalCode::malformed_object, "a proposal of another channel than its leaf");
  return body;
}

}  // namespace

Result<> VerifiedProposals::verify_approval(const sealing::ProposalApproval& approval) const {
  const sealing::WaitingPointer waiting = book_.find(approval.channel, approval.proposal);
  if (!waiting) return {};  // withdrawn between two pages: of no use
  const sealing::Device* approver = directory_.find_device(approval.approver);
  const std::vector<Bytes> items = sealing::encode_change_items(waiting->proposal.change);
  if (approver == nullptr || approval.approvals.size() != items.size())
    return refuse(RefusalCode::approval_invalid, "of an unknown device or of other items");
  for (const sealing::Approval& each : approval.approvals) {
    const Bytes content = sealing::approval_content(each, approval.channel, items[each.item_index]);
    if (!crypto::verify(approver->certificate.signature_key, "approval", content, each.signature))
      return refuse(RefusalCode::bad_signature, "the approver has not signed this change");
  }
  return {};
}

Result<> VerifiedProposals::verify(const sealing::ParsedProposalBody& body) const {
  OBERIH_TRY(sealing::verify_proposal_body(body, directory_));
  if (const auto* approval = std::get_if<sealing::ProposalApproval>(&body.what))
    return verify_approval(*approval);
  if (const auto* proposal = std::get_if<sealing::Proposal>(&body.what))
    if (book_.find(proposal->channel, proposal->id))
      return refuse(RefusalCode::id_taken, "two proposals with one id");
  return {};
}

Result<> VerifiedProposals::add(const wire::DirectoryLeaf& stored) {
  journal::Leaf leaf;
  Result<sealing::ParsedProposalBody> body = parse(stored, leaf);
  const Result<> verified = body ? verify(*body) : Result<>(body.error());
  if (!verified)
    return keep_evidence(profile_folder_, "proposal", verified.error().detail,
                         {{"leaf", stored.leaf}});
  book_.apply(*body, {stored.index, leaf.server_ms, journal::leaf_hash(stored.leaf), stored.leaf});
  return {};
}

}  // namespace oberih::client
