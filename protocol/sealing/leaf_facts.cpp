// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/leaf_facts.hpp"

#include <algorithm>
#include <array>

#include "protocol/sealing/access_leaf.hpp"
#include "protocol/sealing/alert.hpp"
#include "protocol/sealing/audit_leaf.hpp"
#include "protocol/sealing/entry_facts.hpp"
#include "protocol/sealing/hearing_event.hpp"
#include "protocol/sealing/hearing_facts.hpp"
#include "protocol/sealing/missing_step.hpp"
#include "protocol/sealing/proposal.hpp"
#include "protocol/sealing/receipt.hpp"
#include "protocol/sealing/refusal_leaf.hpp"
#include "protocol/sealing/sealed_entry.hpp"
#include "protocol/sealing/task_facts.hpp"

namespace oberih::sealing {
namespace {

using journal::LeafKind;

constexpr std::array roles_by_number = {
    Role::investigator, Role::prosecutor,      Role::court_clerk, Role::judge,
    Role::caseworker,   Role::defence_counsel, Role::coordinator, Role::liaison,
    Role::supervisor,   Role::agency_admin,    Role::auditor,
};

void take_entry(const journal::Leaf& leaf, LeafFacts& facts) {
  const Result<SealedEntry> entry = parse_entry_body(leaf.body);
  if (!entry) return;
  const Result<EntryHeader> header = parse_header(entry->header);
  if (!header) return;
  facts.type = static_cast<std::uint8_t>(header->type);
  facts.device = header->sender;
  facts.handling = byte_of(common_facts_of(*header).handling);
  if (header->type == EntryType::task)
    if (const auto task = parse_task_facts(header->facts)) facts.task = task->task;
  if (header->type == EntryType::hearing)
    if (const auto hearing = parse_hearing_facts(header->facts)) facts.hearing = hearing->hearing;
}

void take_event(const journal::Leaf& leaf, LeafFacts& facts) {
  if (leaf.channel_id.is_zero()) {  // an alert
    if (is_silence_alert(leaf.body)) return;
    if (is_hearing_alert(leaf.body)) {
      if (const auto alert = parse_hearing_alert(leaf.body)) facts.hearing = alert->hearing;
    } else if (const auto alert = parse_alert(leaf.body)) {
      facts.task = alert->task;
    }
    return;
  }
  if (is_missing_step(leaf.body)) return;
  if (is_hearing_event(leaf.body)) {
    if (const auto event = parse_hearing_event(leaf.body)) facts.hearing = event->hearing;
  } else if (const auto event = parse_server_event(leaf.body)) {
    facts.task = event->task;
  }
}

void take_access(const journal::Leaf& leaf, LeafFacts& facts) {
  if (is_access_leaf(leaf.body)) {
    const Result<AccessLeaf> access = parse_access_leaf(leaf.body);
    if (!access) return;
    facts.type = static_cast<std::uint8_t>(access->what);
    facts.device = access->device;
  } else if (const Result<SignedReceipt> receipt = parse_receipt_body(leaf.body)) {
    facts.device = receipt->receipt.device;
  }
}

/// Of a leaf of the directory: who signed it, where that was no agency's root.
DeviceId signer_of(const journal::Leaf& leaf) {
  if (leaf.kind == LeafKind::device_certificate) {
    const auto body = parse_certificate_body(leaf.body);
    const auto content = body ? parse_certificate_content(body->content) : body.error();
    return content ? content->certifier_device : DeviceId{};
  }
  if (leaf.kind == LeafKind::device_revocation) {
    const auto body = parse_revocation_body(leaf.body);
    const auto content = body ? parse_revocation_content(body->content) : body.error();
    return content ? content->signer_device : DeviceId{};
  }
  if (leaf.kind == LeafKind::unit) {
    const auto body = parse_unit_body(leaf.body);
    const auto content = body ? parse_unit_content(body->content) : body.error();
    return content ? content->signer : DeviceId{};
  }
  const auto body = parse_out_of_service_body(leaf.body);
  const auto content = body ? parse_out_of_service_content(body->content) : body.error();
  return content ? content->signer : DeviceId{};
}

DeviceId author_of_record(const journal::Leaf& leaf) {
  const Result<SignedRecord> body = parse_record_body(leaf.body);
  if (!body) return {};
  const Result<ChannelRecord> record = parse_record_content(body->content);
  return record ? record->author : DeviceId{};
}

}  // namespace

LeafFacts facts_of(const journal::Leaf& leaf) {
  LeafFacts facts;
  facts.kind = leaf.kind;
  switch (leaf.kind) {
    case LeafKind::genesis:
    case LeafKind::governance:
    case LeafKind::erasure:
    case LeafKind::timestamp_token:
    case LeafKind::software_release:
      break;
    case LeafKind::device_certificate:
    case LeafKind::device_revocation:
    case LeafKind::unit:
    case LeafKind::out_of_service:
      facts.device = signer_of(leaf);
      break;
    case LeafKind::channel_record:
      facts.device = author_of_record(leaf);
      break;
    case LeafKind::entry:
      take_entry(leaf, facts);
      break;
    case LeafKind::audit_query:
      if (const auto body = parse_audit_body(leaf.body)) {
        facts.type = static_cast<std::uint8_t>(body->question.what);
        facts.device = body->question.auditor;
      }
      break;
    case LeafKind::administration:
      if (leaf.channel_id.is_zero()) break;  // the server's word on its policies
      if (const auto body = parse_proposal_body(leaf.body)) facts.device = body->device();
      break;
    case LeafKind::server_event:
      take_event(leaf, facts);
      break;
    case LeafKind::access:
      take_access(leaf, facts);
      break;
    case LeafKind::refusal:
      if (const auto refusal = parse_refusal_leaf(leaf.body)) {
        facts.device = refusal->device;
        facts.refusal = refusal->code;
      }
      break;
  }
  return facts;
}

std::optional<LeafActor> actor_of(const LeafFacts& facts, const Directory& directory) {
  if (facts.device.is_zero()) return std::nullopt;
  const Device* device = directory.find_device(facts.device);
  if (device == nullptr) return std::nullopt;
  const DeviceCertificate& certificate = device->certificate;
  return LeafActor{certificate.person, certificate.agency, certificate.role};
}

std::uint8_t number_of(Role role) {
  const auto found = std::find(roles_by_number.begin(), roles_by_number.end(), role);
  return static_cast<std::uint8_t>(found - roles_by_number.begin() + 1);
}

std::optional<Role> role_of(std::uint8_t number) {
  if (number < 1 || number > roles_by_number.size()) return std::nullopt;
  return roles_by_number[number - 1];
}

}  // namespace oberih::sealing
