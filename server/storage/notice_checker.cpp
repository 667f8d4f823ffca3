// SPDX-License-Identifier: Apache-2.0
#include "server/storage/notice_checker.hpp"

#include <algorithm>

#include "protocol/sealing/access_leaf.hpp"
#include "protocol/sealing/anchor_leaf.hpp"
#include "protocol/sealing/audit_filter.hpp"
#include "protocol/sealing/audit_leaf.hpp"
#include "protocol/sealing/refusal_leaf.hpp"

namespace oberih::storage {
namespace {

bool is_known_code(std::uint16_t code) {
  return std::ranges::any_of(refusal_table(),
                             [&](const RefusalRow& row) { return row.number == -int{code}; });
}

/// What people who are no auditors may ask for. That they sat in the channel then, the journal
/// says.
bool is_member_question(const sealing::AuditQuestion& question, const journal::Leaf& leaf) {
  if (question.what != sealing::AuditWhat::export_) return false;
  const auto scope = sealing::parse_export_scope(question.query);
  return scope && scope->is_channel_alone && scope->channel == leaf.channel_id;
}

}  // namespace

void NoticeChecker::check(const journal::Leaf& leaf, std::uint64_t index) {
  if (leaf.kind == journal::LeafKind::administration && leaf.channel_id.is_zero())
    check_policies(leaf, index);
  if (leaf.kind == journal::LeafKind::refusal) check_refusal(leaf, index);
  if (leaf.kind == journal::LeafKind::access && sealing::is_access_leaf(leaf.body))
    check_access(leaf, index);
  if (leaf.kind == journal::LeafKind::audit_query) check_question(leaf, index);
  if (leaf.kind == journal::LeafKind::timestamp_token) check_anchor(leaf, index);
}

void NoticeChecker::check_anchor(const journal::Leaf& leaf, std::uint64_t index) {
  const Result<sealing::AnchorLeaf> anchor = sealing::parse_anchor_leaf(leaf.body);
  if (!anchor) return report_.add(index, "The anchor cannot be read: " + anchor.error().detail);
  ++report_.anchors;
  if (!leaf.channel_id.is_zero() || anchor->size > index)
    return report_.add(index, "The anchor is of leaves that stood behind it.");
  const std::optional<std::string> note = cursor_.load_checkpoint_note(anchor->size);
  const auto checkpoint = note ? journal::read_unverified_checkpoint(*note)
                               : Result<journal::Checkpoint>(refuse(RefusalCode::not_found));
  if (!checkpoint || sealing::anchored_hash(*checkpoint) != anchor->checkpoint_hash)
    report_.add(index, "The anchor is of a checkpoint that the journal has not signed.");
}

void NoticeChecker::check_policies(const journal::Leaf& leaf, std::uint64_t index) {
  const Result<sealing::PolicyLeaf> policies = sealing::parse_policy_leaf(leaf.body);
  if (!policies)
    return report_.add(index, "The policies' hashes cannot be read: " + policies.error().detail);
  if (report_.policies_index && policies->files == report_.policies)
    report_.add(index,
                "The policies' hashes are those that were in force before: a leaf was put "
                "in.");
  report_.policies = policies->files;
  report_.policies_index = index;
}

void NoticeChecker::check_access(const journal::Leaf& leaf, std::uint64_t index) {
  const Result<sealing::AccessLeaf> access = sealing::parse_access_leaf(leaf.body);
  if (!access) return report_.add(index, "The access cannot be read: " + access.error().detail);
  ++report_.accesses;
  if (directory_.find_device(access->device) == nullptr)
    report_.add(index, "The device of the access is none of the directory.");
  const bool is_of_a_channel = access->what == sealing::AccessWhat::history ||
                               access->what == sealing::AccessWhat::attachment;
  if (is_of_a_channel == leaf.channel_id.is_zero())
    report_.add(index, "The access names a channel where it may not, or none where it must.");
  if (access->since_ms > leaf.server_ms)
    report_.add(index, "The access began behind the time of its own leaf.");
  if (access->what == sealing::AccessWhat::leaves && access->to >= index)
    report_.add(index, "The access is to leaves that were not there yet.");
}

void NoticeChecker::check_question(const journal::Leaf& leaf, std::uint64_t index) {
  const Result<sealing::SignedAuditQuestion> body = sealing::parse_audit_body(leaf.body);
  if (!body) return report_.add(index, "The question cannot be read: " + body.error().detail);
  ++report_.questions;
  const sealing::AuditQuestion& question = body->question;
  const sealing::Device* device = directory_.find_device(question.auditor);
  if (device == nullptr) return report_.add(index, "Who asked is no device of the directory.");
  if (!sealing::verify_audit_signature(*body, device->certificate.signature_key))
    report_.add(index, "The signature of the one who asked does not verify.");
  if (!directory_.is_active(question.auditor, index, leaf.server_ms) ||
      (device->certificate.role != Role::auditor && !is_member_question(question, leaf)))
    report_.add(index, "Who asked was no auditor then.");
  if (question.size > index) report_.add(index, "The question is about leaves behind itself.");
  if (question.what != sealing::AuditWhat::find) return;
  const Result<sealing::AuditFilter> filter = sealing::parse_audit_filter(question.query);
  if (!filter) return report_.add(index, "The filter cannot be read: " + filter.error().detail);
  if (!leaf.channel_id.is_zero() && filter->channel != leaf.channel_id)
    report_.add(index, "The question is about another channel than its leaf says.");
}

void NoticeChecker::check_refusal(const journal::Leaf& leaf, std::uint64_t index) {
  const Result<sealing::RefusalLeaf> refusal = sealing::parse_refusal_leaf(leaf.body);
  if (!refusal) return report_.add(index, "The refusal cannot be read: " + refusal.error().detail);
  ++report_.refusals;
  if (directory_.find_device(refusal->device) == nullptr)
    report_.add(index, "The refused device is none of the directory.");
  if (!is_known_code(refusal->code))
    report_.add(index, "The refusal's code " + std::to_string(refusal->code) + " is unknown.");
}

}  // namespace oberih::storage
