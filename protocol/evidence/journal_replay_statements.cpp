// SPDX-License-Identifier: Apache-2.0
// Of journal_replay.hpp: leaves that stand in no chain. Receipts, proposals and audits are signed;
// access records, refusals, alerts and policies are the server's own word, and of them the form
// alone can be looked at.
#include "protocol/evidence/journal_replay.hpp"
#include "protocol/sealing/alert.hpp"
#include "protocol/sealing/audit_reading.hpp"
#include "protocol/sealing/hearing_event.hpp"
#include "protocol/sealing/missing_step.hpp"
#include "protocol/sealing/policy_leaf.hpp"
#include "protocol/sealing/proposal_rules.hpp"
#include "protocol/sealing/receipt_rules.hpp"
#include "protocol/sealing/refusal_leaf.hpp"

namespace oberih::evidence {
namespace {

Refusal no_such_channel() {
  return refuse(RefusalCode::proof_invalid, "nothing of its channel stands before it");
}

void add_up(AccessFact& fact, const sealing::AccessLeaf& leaf, const Moment& said) {
  if (fact.leaves == 0) {
    fact.first = said;
    fact.from = leaf.from;
    fact.to = leaf.to;
  }
  ++fact.leaves;
  fact.from = std::min(fact.from, leaf.from);
  fact.to = std::max(fact.to, leaf.to);
  fact.count += leaf.count;
  fact.last = said;
}

}  // namespace

Result<SignaturePublicKey> JournalReplay::key_of(const DeviceId& device) const {
  const sealing::Device* found = directory_.find_device(device);
  if (found == nullptr) return refuse(RefusalCode::unknown_device);
  return found->certificate.signature_key;
}

Result<> JournalReplay::take_access(const journal::Leaf& leaf, const Moment& said) {
  if (!sealing::is_access_leaf(leaf.body)) return take_receipt(leaf, said);
  const Result<sealing::AccessLeaf> access = sealing::parse_access_leaf(leaf.body);
  if (!access) return access.error();
  const auto channel = report_.channels.find(leaf.channel_id);
  AccessFacts& facts = channel == report_.channels.end() ? report_.access : channel->second.access;
  add_up(facts[{access->device, access->what}], *access, said);
  return {};
}

Result<> JournalReplay::take_receipt(const journal::Leaf& leaf, const Moment& said) {
  const Result<sealing::SignedReceipt> body = sealing::parse_receipt_body(leaf.body);
  if (!body) return body.error();
  const sealing::Receipt& receipt = body->receipt;
  if (receipt.channel != leaf.channel_id)
    return refuse(RefusalCode::proof_invalid, "the receipt is of another channel than its leaf");
  const Result<SignaturePublicKey> key = key_of(receipt.device);
  if (!key) return key.error();
  if (!sealing::verify_receipt_signature(*body, *key)) return refuse(RefusalCode::bad_signature);
  Channel* channel = find_channel(leaf.channel_id);
  if (channel == nullptr) return no_such_channel();
  std::uint64_t& told = channel->told[{receipt.device, receipt.step}];
  const sealing::ChannelState& state = channel->replay.state();
  OBERIH_TRY(sealing::judge_receipt(
      state, directory_, {said.index, state.newest_seq() + 1, said.server_ms}, receipt, told,
      [&](std::uint64_t sequence) { return channel->replay.leaf_hash_at(sequence); }));
  told = receipt.channel_seq;
  report_.channels[leaf.channel_id].receipts[{receipt.device, receipt.step}] = {
      receipt.channel_seq, said, receipt.client_ms};
  return {};
}

/// Of a channel: a proposal, an approval or a withdrawal; what else may come there some day is
/// counted and not judged. Of none: which policies are in force.
Result<> JournalReplay::take_administration(const journal::Leaf& leaf, std::uint64_t index,
                                            ByteView leaf_data) {
  if (leaf.channel_id.is_zero()) {
    const Result<sealing::PolicyLeaf> policies = sealing::parse_policy_leaf(leaf.body);
    return policies ? Result<>() : policies.error();
  }
  const Result<sealing::ParsedProposalBody> body = sealing::parse_proposal_body(leaf.body);
  if (!body) {
    ++report_.not_understood;
    return {};
  }
  if (body->channel() != leaf.channel_id)
    return refuse(RefusalCode::proof_invalid, "the proposal is of another channel than its leaf");
  OBERIH_TRY(sealing::verify_proposal_body(*body, directory_));
  proposals_.drop_lapsed(leaf.server_ms);
  Channel* channel = find_channel(leaf.channel_id);
  if (channel == nullptr) return no_such_channel();
  const sealing::ChannelState& state = channel->replay.state();
  const sealing::Place place{index, state.newest_seq() + 1, leaf.server_ms};
  OBERIH_TRY(sealing::judge_proposal_body({state, directory_, place}, proposals_, *body));
  proposals_.apply(*body,
                   {index, leaf.server_ms, journal::leaf_hash(leaf_data), to_bytes(leaf_data)});
  return {};
}

Result<> JournalReplay::take_audit(const journal::Leaf& leaf, const Moment& said) {
  const Result<sealing::SignedAuditQuestion> body = sealing::parse_audit_body(leaf.body);
  if (!body) return body.error();
  const sealing::AuditQuestion& question = body->question;
  const Result<SignaturePublicKey> key = key_of(question.auditor);
  if (!key) return key.error();
  if (!sealing::verify_audit_signature(*body, *key)) return refuse(RefusalCode::bad_signature);
  const sealing::Standing standing =
      directory_.standing(question.auditor, said.index, said.server_ms);
  if (standing != sealing::Standing::active) return sealing::refusal_of(standing);
  if (question.size > said.index)
    return refuse(RefusalCode::proof_invalid, "the question is of leaves that came only later");
  ++report_.audit_count;
  if (report_.audits.size() >= listed_at_most) return {};
  AuditFact fact{said, question.what, question.auditor, leaf.channel_id, question.size};
  if (question.what == sealing::AuditWhat::read)
    if (const auto reading = sealing::parse_audit_reading(question.query))
      fact.is_of_leaves = reading->depth == sealing::ReadingDepth::leaves;
  report_.audits.push_back(fact);
  return {};
}

Result<> JournalReplay::take_refusal(const journal::Leaf& leaf) {
  const Result<sealing::RefusalLeaf> refusal = sealing::parse_refusal_leaf(leaf.body);
  if (!refusal) return refusal.error();
  // Of a minute's second leaf the count holds the first one, too.
  const std::uint64_t more = refusal->count > 1 ? refusal->count - 1 : 1;
  report_.refusals += more;
  const auto channel = report_.channels.find(leaf.channel_id);
  if (channel != report_.channels.end()) channel->second.refusals += more;
  return {};
}

Result<> JournalReplay::take_alert(const journal::Leaf& leaf) {
  if (sealing::is_silence_alert(leaf.body)) {
    const auto alert = sealing::parse_silence_alert(leaf.body);
    return alert ? Result<>() : alert.error();
  }
  if (sealing::is_hearing_alert(leaf.body)) {
    const auto alert = sealing::parse_hearing_alert(leaf.body);
    return alert ? Result<>() : alert.error();
  }
  const auto alert = sealing::parse_alert(leaf.body);
  return alert ? Result<>() : alert.error();
}

}  // namespace oberih::evidence
