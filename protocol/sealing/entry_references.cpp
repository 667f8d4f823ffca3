// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/entry_references.hpp"

namespace oberih::sealing {
namespace {

const DeviceCertificate* certificate_of(const Directory& directory, const DeviceId& device) {
  const Device* found = directory.find_device(device);
  return found == nullptr ? nullptr : &found->certificate;
}

Result<PlacedEntry> require_entry(const EntryAt& entry_at, const EntryReference& reference) {
  std::optional<PlacedEntry> entry = entry_at(reference.channel_seq);
  if (!entry || entry->message_hash != reference.message_hash)
    return refuse(RefusalCode::not_found, "no entry with that hash stands there");
  return std::move(*entry);
}

Result<PlacedEntry> require_content(const EntryAt& entry_at, const EntryReference& reference) {
  Result<PlacedEntry> entry = require_entry(entry_at, reference);
  if (entry && !is_content(entry->type))
    return refuse(RefusalCode::entry_type_forbidden, "an entry that holds nothing for a reader");
  return entry;
}

Result<void> judge_acknowledgement(const EntryHeader& header, const Directory& directory,
                                   const EntryAt& entry_at) {
  const Result<AcknowledgementFacts> facts = parse_acknowledgement_facts(header.facts);
  if (!facts) return facts.error();
  const Result<PlacedEntry> entry = require_content(entry_at, facts->entry);
  if (!entry) return entry.error();
  const DeviceCertificate* own = certificate_of(directory, header.sender);
  const DeviceCertificate* author = certificate_of(directory, entry->sender);
  if (own == nullptr || author == nullptr) return refuse(RefusalCode::unknown_device);
  if (own->person == author->person)
    return refuse(RefusalCode::forbidden, "nobody acknowledges an entry of their own");
  if (!facts->acting_for.is_zero() && entry->type != EntryType::hearing)
    return refuse(RefusalCode::not_your_part, "a deputy answers a hearing's notice alone");
  return {};
}

Result<void> judge_request(const EntryHeader& header, const EntryAt& entry_at) {
  const Result<RequestFacts> facts = parse_request_facts(header.facts);
  if (!facts) return facts.error();
  const Result<PlacedEntry> entry = require_content(entry_at, facts->entry);
  return entry ? Result<void>() : entry.error();
}

Result<void> judge_consent(const EntryHeader& header, const Directory& directory,
                           const EntryAt& entry_at) {
  const Result<ConsentFacts> facts = parse_consent_facts(header.facts);
  if (!facts) return facts.error();
  const Result<PlacedEntry> request = require_entry(entry_at, facts->request);
  if (!request) return request.error();
  const Result<RequestFacts> asked = parse_request_facts(request->facts);
  if (request->type != EntryType::message || !asked)
    return refuse(RefusalCode::entry_type_forbidden, "the answer to what is no request");
  if (asked->entry != facts->entry || asked->admitted != facts->admitted)
    return refuse(RefusalCode::forbidden, "an answer to another request than it names");
  const Result<PlacedEntry> entry = require_content(entry_at, facts->entry);
  if (!entry) return entry.error();
  const DeviceCertificate* own = certificate_of(directory, header.sender);
  const DeviceCertificate* author = certificate_of(directory, entry->sender);
  if (own == nullptr || author == nullptr) return refuse(RefusalCode::unknown_device);
  const bool speaks_for_author = own->role == Role::supervisor && own->agency == author->agency;
  if (own->person != author->person && !speaks_for_author)
    return refuse(RefusalCode::forbidden,
                  "only its author, or a supervisor of the author's agency, answers for an entry");
  return {};
}

}  // namespace

bool is_content(EntryType type) {
  switch (type) {
    case EntryType::message:
    case EntryType::task:
    case EntryType::hearing:
      return true;
    case EntryType::acknowledgement:
    case EntryType::leave:
    case EntryType::wrap_unusable:
    case EntryType::consent:
      return false;
  }
  return false;
}

std::optional<PlacedEntry> placed_entry_of(ByteView bytes) {
  const Result<journal::Leaf> leaf = journal::parse_leaf(bytes);
  if (!leaf || leaf->kind != journal::LeafKind::entry) return std::nullopt;
  const Result<SealedEntry> entry = parse_entry_body(leaf->body);
  if (!entry) return std::nullopt;
  Result<EntryHeader> header = parse_header(entry->header);
  if (!header) return std::nullopt;
  return PlacedEntry{header->type, header->sender, message_hash(*entry), std::move(header->facts)};
}

Result<void> judge_references(const EntryHeader& header, const Directory& directory,
                              const EntryAt& entry_at) {
  switch (header.type) {
    case EntryType::message:
      return common_facts_of(header).asks(AsksFor::consent) ? judge_request(header, entry_at)
                                                            : Result<void>();
    case EntryType::acknowledgement:
      return judge_acknowledgement(header, directory, entry_at);
    case EntryType::consent:
      return judge_consent(header, directory, entry_at);
    case EntryType::task:
    case EntryType::hearing:
    case EntryType::leave:
    case EntryType::wrap_unusable:
      return {};
  }
  return {};
}

}  // namespace oberih::sealing
