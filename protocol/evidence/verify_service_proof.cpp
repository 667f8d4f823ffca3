// SPDX-License-Identifier: Apache-2.0
// Of service_proof.hpp: from the pinned genesis to what each addressee's line says, step by step.
#include <algorithm>

#include "protocol/evidence/channel_replay.hpp"
#include "protocol/evidence/service_proof.hpp"
#include "protocol/journal/batch_proof.hpp"
#include "protocol/journal/signed_note.hpp"
#include "protocol/sealing/directory_checkpoint.hpp"
#include "protocol/sealing/remark_text.hpp"

namespace oberih::evidence {
namespace {

Refusal not_proven(std::string why) { return refuse(RefusalCode::proof_invalid, std::move(why)); }

/// Which rule a leaf of the file breaks.
Refusal at_leaf(const char* of_what, std::uint64_t index, const Refusal& refusal) {
  std::string why = std::string(of_what) + ", leaf " + std::to_string(index) +
                    " of the journal: " + std::string(refusal_row(refusal.code).name);
  if (!refusal.detail.empty()) why += ", " + refusal.detail;
  return not_proven(std::move(why));
}

class ServiceProofVerifier {
 public:
  ServiceProofVerifier(const ServiceProof& proof, const Digest& genesis_hash)
      : proof_(proof), genesis_hash_(genesis_hash) {}

  Result<ServiceReport> verify() {
    OBERIH_TRY(walk_directory());
    OBERIH_TRY(open_checkpoint());
    OBERIH_TRY(prove_inclusion());
    OBERIH_TRY(replay_channel());
    OBERIH_TRY(check_names());
    OBERIH_TRY(open_texts());
    OBERIH_TRY(fill_lines());
    return std::move(report_);
  }

 private:
  Result<> walk_directory();
  Result<> open_checkpoint();
  Result<> prove_inclusion() const;
  Result<> replay_channel();
  Result<> check_names();
  Result<> open_texts();
  Result<> open_text(const DisclosedText& disclosed, const ReplayedEntry& entry);
  Result<> fill_lines();
  bool is_of_the_hearing(const ReplayedEntry& entry) const;
  /// REQUIRES: an entry stands there.
  ProvenEntry proven_entry(std::uint64_t channel_seq);
  void name_agency(const AgencyId& id);

  const ServiceProof& proof_;
  const Digest& genesis_hash_;
  sealing::Directory directory_;
  std::optional<ChannelReplay> replay_;
  std::map<DeviceId, std::string> names_;
  std::map<std::uint64_t, std::string> words_;  // opened, by channel_seq
  ServiceReport report_;
};

Result<> ServiceProofVerifier::walk_directory() {
  if (proof_.directory.empty()) return not_proven("it holds no directory");
  if (proof_.channel.empty()) return not_proven("it holds no leaf of the hearing's channel");
  for (const PlacedLeaf& each : proof_.directory) {
    if (directory_.count() == 0) {
      const Result<journal::Leaf> leaf = journal::parse_leaf(each.leaf);
      if (!leaf) return leaf.error();
      if (leaf->kind != journal::LeafKind::genesis || each.index != 0)
        return not_proven("its first leaf is no genesis");
      const Result<sealing::SignedGenesis> genesis = sealing::parse_genesis_body(leaf->body);
      if (!genesis) return genesis.error();
      if (sealing::genesis_hash(genesis->content) != genesis_hash_)
        return not_proven("it comes from another journal than the pinned one");
    }
    if (auto applied = directory_.apply_leaf(each.leaf, each.index); !applied)
      return at_leaf("the directory", each.index, applied.error());
  }
  return {};
}

Result<> ServiceProofVerifier::open_checkpoint() {
  const Result<journal::Checkpoint> checkpoint = sealing::open_checkpoint(proof_.note, directory_);
  if (!checkpoint) return checkpoint.error();
  Result<Cosigners> cosigners = find_cosigners(proof_.note, directory_);
  if (!cosigners) return cosigners.error();
  const Result<journal::SignedNote> note = journal::parse_note(proof_.note);
  if (!note) return note.error();
  // Nobody would notice a change in a signature that nobody knows.
  if (note->signatures.size() != 1 + cosigners->names.size())
    return not_proven(
        "its checkpoint bears other signatures than the journal's and its witnesses'");
  report_.cosigners = std::move(*cosigners);
  if (checkpoint->directory_count != directory_.count() ||
      checkpoint->directory_leaf != directory_.newest_leaf())
    return not_proven("its directory is not the one of its checkpoint");
  report_.origin = checkpoint->origin;
  report_.size = checkpoint->size;
  report_.root = checkpoint->root;
  report_.directory_count = checkpoint->directory_count;
  return {};
}

Result<> ServiceProofVerifier::prove_inclusion() const {
  std::vector<journal::IndexedHash> leaves;
  for (const auto* list : {&proof_.directory, &proof_.channel})
    for (const PlacedLeaf& each : *list)
      leaves.push_back({each.index, journal::leaf_hash(each.leaf)});
  std::sort(leaves.begin(), leaves.end(),
            [](const auto& a, const auto& b) { return a.index < b.index; });
  return journal::verify_batch(leaves, report_.size, report_.root, proof_.hashes);
}

Result<> ServiceProofVerifier::replay_channel() {
  const Result<journal::Leaf> first = journal::parse_leaf(proof_.channel.front().leaf);
  if (!first) return first.error();
  report_.channel = first->channel_id;
  report_.channel_leaves = proof_.channel.size();
  report_.newest_index = proof_.channel.back().index;
  replay_.emplace(directory_, first->channel_id);
  for (const PlacedLeaf& each : proof_.channel)
    if (auto taken = replay_->take(each.index, each.leaf); !taken)
      return at_leaf("the channel", each.index, taken.error());
  report_.hearing = replay_->find_hearing(proof_.hearing);
  if (!report_.hearing) return not_proven("its channel holds no such hearing");
  return {};
}

Result<> ServiceProofVerifier::check_names() {
  for (const DisclosedName& each : proof_.names) {
    const sealing::Device* device = directory_.find_device(each.device);
    if (device == nullptr ||
        sealing::name_hash(each.salt, each.name) != device->certificate.name_hash)
      return not_proven("a name is not the one of the certificate");
    if (!names_.empty() && names_.rbegin()->first >= each.device)
      return not_proven("its names are not in order");
    names_.emplace(each.device, each.name);
  }
  return {};
}

bool ServiceProofVerifier::is_of_the_hearing(const ReplayedEntry& entry) const {
  if (entry.header.type == EntryType::hearing) {
    const auto facts = sealing::parse_hearing_facts(entry.header.facts);
    return facts && facts->hearing == proof_.hearing;
  }
  if (entry.header.type != EntryType::acknowledgement) return false;
  const auto facts = sealing::parse_acknowledgement_facts(entry.header.facts);
  const ReplayedEntry* answered = facts ? replay_->find_entry(facts->entry.channel_seq) : nullptr;
  return answered != nullptr && answered->header.type == EntryType::hearing &&
         is_of_the_hearing(*answered);
}

Result<> ServiceProofVerifier::open_texts() {
  std::uint64_t before = 0;
  for (const DisclosedText& each : proof_.texts) {
    const ReplayedEntry* entry = replay_->find_entry(each.channel_seq);
    if (each.channel_seq <= before) return not_proven("its texts are not in order");
    if (entry == nullptr || !is_of_the_hearing(*entry))
      return not_proven("it discloses a text that is none of the hearing");
    OBERIH_TRY(open_text(each, *entry));
    before = each.channel_seq;
  }
  return {};
}

// What its author has sealed in a form that says nothing is no fault of the file: the entry itself
// proves what it proves, and nobody can spoil a proof for others by an odd remark.
Result<> ServiceProofVerifier::open_text(const DisclosedText& disclosed,
                                         const ReplayedEntry& entry) {
  const Result<SecretBuffer> opened =
      sealing::open_entry_with_prk(entry.entry, disclosed.ciphertext, disclosed.prk.view());
  if (!opened) return at_leaf("the text of the channel's", entry.place.index, opened.error());
  if (entry.header.type == EntryType::acknowledgement) {
    if (Result<std::string> remark = sealing::parse_remark(opened->view()))
      words_[entry.place.channel_seq] = std::move(*remark);
    return {};
  }
  const auto facts = sealing::parse_hearing_facts(entry.header.facts);
  Result<sealing::HearingText> text = sealing::parse_hearing_text(opened->view());
  if (!text || !facts || text->verb != facts->verb) return {};
  words_[entry.place.channel_seq] = std::move(text->words);
  if (report_.hearing->entry != entry.reference || !text->summons) return {};
  if (text->summons->called.size() != facts->notice.addressees.size()) return {};
  report_.summons = std::move(text->summons);
  return {};
}

void ServiceProofVerifier::name_agency(const AgencyId& id) {
  if (const sealing::Agency* agency = directory_.find_agency(id))
    report_.agencies[id] = agency->name;
}

ProvenEntry ServiceProofVerifier::proven_entry(std::uint64_t channel_seq) {
  const ReplayedEntry& entry = *replay_->find_entry(channel_seq);
  const sealing::DeviceCertificate& signer =
      directory_.find_device(entry.header.sender)->certificate;
  name_agency(signer.agency);
  ProvenEntry proven{channel_seq,   entry.place.index, entry.place.server_ms,
                     signer.device, signer.person,     signer.agency};
  if (const auto name = names_.find(signer.device); name != names_.end())
    proven.name = name->second;
  proven.acting_for = acting_for_of(entry.header);
  for (const auto& [device, name] : names_)
    if (!proven.acting_for.is_zero() &&
        directory_.find_device(device)->certificate.person == proven.acting_for)
      proven.stood_in_for = name;
  if (const auto words = words_.find(channel_seq); words != words_.end())
    proven.words = words->second;
  return proven;
}

Result<> ServiceProofVerifier::fill_lines() {
  const sealing::Hearing& hearing = *report_.hearing;
  report_.notice = proven_entry(hearing.entry.channel_seq);
  for (std::size_t i = 0; i < hearing.services.size(); ++i) {
    const sealing::HearingService& service = hearing.services[i];
    ServiceLine& line = report_.lines.emplace_back();
    line.addressee = hearing.notice.addressees[i];
    line.service = service;
    name_agency(line.addressee.agency);
    if (report_.summons) line.called = report_.summons->called[i];
    if (service.answer) line.answer = proven_entry(service.answer_seq);
    if (service.way) line.served = proven_entry(service.served_seq);
    if (service.told_seq != 0) line.told = proven_entry(service.told_seq);
  }
  return {};
}

}  // namespace

PersonId acting_for_of(const sealing::EntryHeader& header) {
  if (header.type == EntryType::acknowledgement)
    if (const auto facts = sealing::parse_acknowledgement_facts(header.facts))
      return facts->acting_for;
  if (header.type == EntryType::hearing)
    if (const auto facts = sealing::parse_hearing_facts(header.facts)) return facts->acting_for;
  return {};
}

Result<ServiceReport> verify_service_proof(const ServiceProof& proof, const Digest& genesis_hash) {
  Result<ServiceReport> report = ServiceProofVerifier(proof, genesis_hash).verify();
  if (report || report.error().code == RefusalCode::proof_invalid) return report;
  std::string why(refusal_row(report.error().code).name);
  if (!report.error().detail.empty()) why += ", " + report.error().detail;
  return not_proven(std::move(why));
}

}  // namespace oberih::evidence
