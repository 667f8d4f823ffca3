// SPDX-License-Identifier: Apache-2.0
#include "client-cli/verification/grant_reader.hpp"

#include "client-cli/verification/evidence.hpp"
#include "protocol/base/limits.hpp"
#include "protocol/crypto/digest.hpp"
#include "protocol/sealing/audit_leaf.hpp"
#include "protocol/sealing/epoch_keys.hpp"
#include "protocol/sealing/record_rules.hpp"

namespace oberih::client {
namespace {

Refusal refuse_reading(std::string why) {
  return refuse(RefusalCode::verification_failed, std::move(why));
}

}  // namespace

/// Each page is a question of its own, signed before anything is given.
Result<wire::ItemPage> GrantReader::ask_page(sealing::ReadingDepth depth) {
  sealing::AuditQuestion question;
  question.what = sealing::AuditWhat::read;
  question.auditor = session_.ring().device;
  question.size = session_.verified_directory().accepted_size();
  question.query = sealing::encode_audit_reading(
      {depth, channel_, replay_.state().newest_seq(), limits::page_items});
  question.client_ms = wall_clock_ms();
  const sealing::SignedAuditQuestion asked =
      sealing::sign_audit_question(question, session_.signer());
  return session_.ask(wire::AuditRead{sealing::encode_audit_content(question), asked.signature});
}

Result<> GrantReader::read(sealing::ReadingDepth depth) {
  while (true) {
    const std::uint64_t before = replay_.state().newest_seq();
    Result<wire::ItemPage> page = ask_page(depth);
    if (!page) return page.error();
    OBERIH_TRY(session_.read_directory(page->directory_count));
    for (wire::ChannelItem& item : page->items) {
      const wire::ChannelItem kept = item;
      if (Result<> taken = take(std::move(item)); !taken)
        return keep_evidence(
            session_.profile().folder, "leaf " + std::to_string(kept.index) + " of the journal",
            std::string(refusal_row(taken.error().code).name) + ", " + taken.error().detail,
            {{"leaf", kept.leaf},
             {"ciphertext", kept.ciphertext.value_or(Bytes{})},
             {"wraps", kept.wraps}},
            {channel_, kept.index, {}});
    }
    if (replay_.state().newest_seq() >= page->newest_seq) break;
    if (replay_.state().newest_seq() == before)
      return refuse_reading("the server withholds leaves of the channel");
  }
  OBERIH_TRY(prove());
  open_entries();
  return {};
}

Result<> GrantReader::take(wire::ChannelItem item) {
  OBERIH_TRY(replay_.take(item.index, item.leaf));
  const Result<journal::Leaf> leaf = journal::parse_leaf(item.leaf);
  if (!leaf) return leaf.error();
  AuditedItem audited;
  audited.stored = {leaf->channel_seq, item.index, item.leaf, item.ciphertext};
  if (const evidence::ReplayedEntry* entry = replay_.find_entry(leaf->channel_seq)) {
    if (sealing::has_body(entry->header.type)) audited.epoch = entry->header.epoch;
    if (session_.verified_directory().contradicts(entry->header.log_size, entry->header.log_root))
      return refuse_reading("its sender was shown another journal");
    if (item.ciphertext && crypto::sha256(*item.ciphertext) != entry->entry.ciphertext_hash)
      return refuse_reading("the ciphertext is not the one that was signed");
  }
  if (leaf->kind == journal::LeafKind::channel_record) take_record(*leaf, item);
  items_.push_back(std::move(audited));
  return {};
}

/// INVARIANT: the replay has judged it.
void GrantReader::take_record(const journal::Leaf& leaf, const wire::ChannelItem& item) {
  const Result<sealing::SignedRecord> body = sealing::parse_record_body(leaf.body);
  if (!body) return;
  const Result<sealing::ChannelRecord> record = sealing::parse_record_content(body->content);
  if (!record) return;
  if (sealing::begins_epoch(record->op))
    epochs_[record->epoch] = {record->key_commitment, record->message_key_commitment};
  if (record->change.grant && !item.wraps.empty()) take_grant(*record, item);
}

void GrantReader::take_grant(const sealing::ChannelRecord& record, const wire::ChannelItem& item) {
  const sealing::GrantItem& grant = *record.change.grant;
  if (grant.auditor_device != session_.ring().device) return;
  const auto accuse = [&](std::uint64_t epoch) {
    const Refusal refusal = keep_evidence(
        session_.profile().folder, "leaf " + std::to_string(item.index) + " of the journal",
        "the key of epoch " + std::to_string(epoch) +
            " that the grant's author wrapped is not the one of the channel",
        {{"leaf", item.leaf}, {"wraps", item.wraps}}, {channel_, item.index, {}});
    wrong_keys_.push_back({epoch, record.author, refusal.detail});
  };
  const Result<std::vector<sealing::KeyWrap>> wraps = sealing::parse_wraps(item.wraps);
  // Other wraps than those that were signed are the server's doing, and open nothing.
  if (!wraps || !sealing::check_wraps(record, item.wraps)) return;
  for (const sealing::KeyWrap& wrap : *wraps) {
    const auto commitments = epochs_.find(wrap.epoch);
    if (commitments == epochs_.end() || keys_.contains(wrap.epoch)) continue;
    if (std::optional<MessageKey> key = open(record, wrap, commitments->second))
      keys_.emplace(wrap.epoch, std::move(*key));
    else
      accuse(wrap.epoch);
  }
}

std::optional<MessageKey> GrantReader::open(const sealing::ChannelRecord& record,
                                            const sealing::KeyWrap& wrap,
                                            const EpochCommitments& commitments) const {
  const sealing::GrantItem& grant = *record.change.grant;
  const sealing::Device* own = session_.directory().find_device(grant.auditor_device);
  if (own == nullptr) return std::nullopt;
  const sealing::WrapContext context{channel_,
                                     wrap.epoch,
                                     sealing::WrapKind::message_key,
                                     commitments.key,
                                     record.author,
                                     own->certificate.agency,
                                     grant.auditor_device,
                                     grant.hpke_key};
  std::optional<SymmetricKey> opened =
      sealing::unwrap_key(context, wrap, session_.ring().hpke_secret);
  if (!opened) return std::nullopt;
  MessageKey key;
  std::copy(opened->view().begin(), opened->view().end(), key.writable().begin());
  if (sealing::message_key_commitment(key, channel_, wrap.epoch) != commitments.message_key)
    return std::nullopt;
  return key;
}

Result<MessageKey> GrantReader::message_key(std::uint64_t epoch) {
  const auto found = keys_.find(epoch);
  if (found == keys_.end())
    return refuse(RefusalCode::cannot_open, "no grant opens epoch " + std::to_string(epoch));
  return found->second.copy();
}

void GrantReader::open_entries() {
  const std::vector<sealing::GrantItem> grants =
      sealing::grants_in_force(state(), session_.ring().device, session_.hello().server_ms);
  for (AuditedItem& item : items_) {
    if (!item.epoch) continue;
    for (const sealing::GrantItem& grant : grants)
      item.is_granted |=
          sealing::EpochRange{grant.first_epoch, grant.last_epoch}.contains(*item.epoch);
    const auto key = keys_.find(*item.epoch);
    const evidence::ReplayedEntry* entry = replay_.find_entry(item.stored.seq);
    if (key == keys_.end() || entry == nullptr || !item.stored.ciphertext) continue;
    SymmetricKey prk = sealing::entry_prk(entry->entry, key->second);
    // What does not open proves nothing to anybody.
    if (sealing::open_entry_with_prk(entry->entry, *item.stored.ciphertext, prk.view()))
      item.prk = std::move(prk);
  }
}

Result<> GrantReader::prove() {
  std::vector<PlacedLeaf> leaves;
  for (const AuditedItem& item : items_)
    leaves.push_back({item.stored.index, journal::leaf_hash(item.stored.leaf)});
  const Result<std::uint64_t> size = session_.prove(leaves);
  if (!size) return size.error();
  if (!leaves.empty() && leaves.back().index >= *size)
    return refuse(RefusalCode::unavailable, "no checkpoint covers the newest leaves yet");
  proven_size_ = *size;
  return {};
}

}  // namespace oberih::client
