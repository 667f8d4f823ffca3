// SPDX-License-Identifier: Apache-2.0
#include "client-cli/verification/service_proof_maker.hpp"

#include <algorithm>
#include <set>

#include "client-cli/verification/batch_proof_fetch.hpp"
#include "client-cli/verification/witnessed_cover.hpp"
#include "protocol/sealing/witness_quorum.hpp"

namespace oberih::client {
namespace {

class ServiceProofMaker {
 public:
  ServiceProofMaker(ClientSession& session, VerifiedChannel& channel, const HearingId& hearing)
      : session_(session), channel_(channel) {
    proof_.hearing = hearing;
  }

  Result<evidence::ServiceProof> make() {
    OBERIH_TRY(take_channel());
    OBERIH_TRY(take_checkpoint());
    OBERIH_TRY(take_inclusion());
    take_names();
    const auto verified = evidence::verify_service_proof(proof_, session_.profile().genesis_hash);
    if (!verified) return verified.error();
    return std::move(proof_);
  }

 private:
  Result<> take_channel();
  Result<> take_checkpoint();
  Result<> take_inclusion();
  void take_text(const StoredItem& item, const sealing::SealedEntry& entry,
                 const sealing::EntryHeader& header);
  bool is_of_the_hearing(const sealing::EntryHeader& header) const;
  void take_names();

  ClientSession& session_;
  VerifiedChannel& channel_;
  evidence::ServiceProof proof_;
  journal::Checkpoint checkpoint_;
  std::vector<PlacedLeaf> leaves_;
  std::set<std::uint64_t> entries_of_it_;  // channel_seq of the hearing's own, answers not
  std::set<DeviceId> signers_;
  std::set<PersonId> stood_in_for_;
};

bool ServiceProofMaker::is_of_the_hearing(const sealing::EntryHeader& header) const {
  if (header.type == EntryType::hearing) {
    const auto facts = sealing::parse_hearing_facts(header.facts);
    return facts && facts->hearing == proof_.hearing;
  }
  if (header.type != EntryType::acknowledgement) return false;
  const auto facts = sealing::parse_acknowledgement_facts(header.facts);
  return facts && entries_of_it_.contains(facts->entry.channel_seq);
}

void ServiceProofMaker::take_text(const StoredItem& item, const sealing::SealedEntry& entry,
                                  const sealing::EntryHeader& header) {
  if (!is_of_the_hearing(header)) return;
  signers_.insert(header.sender);
  if (const PersonId person = evidence::acting_for_of(header); !person.is_zero())
    stood_in_for_.insert(person);
  if (header.type == EntryType::hearing) entries_of_it_.insert(item.seq);
  const Result<MessageKey> key = channel_.keys().message_key(header.epoch);
  if (!key || !item.ciphertext) return;
  SymmetricKey prk = sealing::entry_prk(entry, *key);
  // What does not open would spoil the whole proof; the entry itself stands in it all the same.
  if (!sealing::open_entry_with_prk(entry, *item.ciphertext, prk.view())) return;
  proof_.texts.push_back({item.seq, *item.ciphertext, std::move(prk)});
}

Result<> ServiceProofMaker::take_channel() {
  const auto damaged = [] { return LocalStoreFailure("the local store: an item is damaged"); };
  session_.store().channels().for_each_item(channel_.id(), 0, [&](const StoredItem& item) {
    const Result<journal::Leaf> leaf = journal::parse_leaf(item.leaf);
    if (!leaf) throw damaged();
    proof_.channel.push_back({item.index, item.leaf});
    leaves_.push_back({item.index, journal::leaf_hash(item.leaf)});
    if (leaf->kind != journal::LeafKind::entry) return true;
    const auto entry = sealing::parse_entry_body(leaf->body);
    const auto header = entry ? sealing::parse_header(entry->header) : entry.error();
    if (!header) throw damaged();
    take_text(item, *entry, *header);
    return true;
  });
  if (entries_of_it_.empty()) return refuse(RefusalCode::not_found);
  return {};
}

/// A checkpoint over all of them, with the word of the witnesses where it comes in time, and the
/// directory up to it.
Result<> ServiceProofMaker::take_checkpoint() {
  const Result<std::uint64_t> covered = session_.prove(leaves_);
  if (!covered) return covered.error();
  const std::optional<StoredCheckpoint> head = session_.verified_directory().newest_checkpoint();
  if (!head || head->size <= leaves_.back().index)
    return refuse(RefusalCode::unavailable, "no checkpoint covers the newest entries yet");
  const auto witnessed = await_witnessed_cover(session_, leaves_.back().index);
  if (!witnessed) return witnessed.error();
  const std::string note = witnessed->value_or(head->note);
  const Result<journal::Checkpoint> checkpoint =
      session_.verified_directory().open_checkpoint(note);
  if (!checkpoint) return checkpoint.error();
  checkpoint_ = *checkpoint;
  sealing::Directory directory;  // as it was then: whose witnesses count
  for (const StoredDirectoryLeaf& each : session_.store().directory().leaves_after(0)) {
    if (each.count > checkpoint->directory_count) break;
    OBERIH_TRY(directory.apply_leaf(each.leaf, each.index));
    proof_.directory.push_back({each.index, each.leaf});
    leaves_.push_back({each.index, journal::leaf_hash(each.leaf)});
  }
  Result<std::string> known = sealing::keep_known_signatures(note, directory);
  if (!known) return known.error();
  proof_.note = std::move(*known);
  return {};
}

Result<> ServiceProofMaker::take_inclusion() {
  Result<journal::ProofPath> hashes = fetch_batch_proof(session_, leaves_, checkpoint_);
  if (!hashes) return hashes.error();
  proof_.hashes = std::move(*hashes);
  return {};
}

void ServiceProofMaker::take_names() {
  const auto is_named = [this](const DeviceId& id) {
    const sealing::Device* device = session_.directory().find_device(id);
    return signers_.contains(id) ||
           (device != nullptr && stood_in_for_.contains(device->certificate.person));
  };
  for (const sealing::NameCard& card : session_.store().directory().name_cards())
    if (is_named(card.device) && session_.verified_directory().find_name(card.device) == card.name)
      proof_.names.push_back({card.device, card.salt, card.name});
  std::sort(proof_.names.begin(), proof_.names.end(),
            [](const auto& a, const auto& b) { return a.device < b.device; });
}

}  // namespace

Result<evidence::ServiceProof> make_service_proof(ClientSession& session, VerifiedChannel& channel,
                                                  const HearingId& hearing) {
  return ServiceProofMaker(session, channel, hearing).make();
}

}  // namespace oberih::client
