// SPDX-License-Identifier: Apache-2.0
#include "client-cli/verification/tree_guard.hpp"

#include <algorithm>

#include "protocol/sealing/channel_record.hpp"
#include "protocol/sealing/sealed_entry.hpp"

namespace oberih::client {
namespace {

constexpr std::size_t most_known = 4'096;

/// Refusals that say nothing of the proof: it may come later, or the asker may not ask any more. A
/// server that lies with one is not believed either: nothing is taken over without the proof.
bool is_no_answer(RefusalCode code) {
  switch (code) {
    case RefusalCode::not_connected:
    case RefusalCode::unavailable:
    case RefusalCode::server_busy:
    case RefusalCode::unknown_device:
    case RefusalCode::device_revoked:
    case RefusalCode::certificate_expired:
      return true;
    default:
      return false;
  }
}

template <class Items, class Take>
Result<> in_portions(const Items& items, Take take) {
  for (std::size_t at = 0; at < items.size(); at += wire::proofs_at_once)
    OBERIH_TRY(
        take(std::span(items).subspan(at, std::min(wire::proofs_at_once, items.size() - at))));
  return {};
}

}  // namespace

Result<> TreeGuard::accept(const journal::Checkpoint& checkpoint, const std::string& note) {
  const Head head{checkpoint.size, checkpoint.root, note};
  const std::optional<StoredCheckpoint> last = directory_.newest_checkpoint();
  // One that is smaller than what this process has accepted needs no proof: it is refused below.
  if (last && checkpoint.size > last->size) {
    OBERIH_TRY(prove_continuation(*last, head));
  } else if (last && checkpoint.size < last->size &&
             checkpoint.size >= directory_.accepted_size()) {
    // Another command of this profile was quicker.
    OBERIH_TRY(prove_continuation(head, *last));
  }
  OBERIH_TRY(prove_directory(head, checkpoint.directory_count));
  OBERIH_TRY(directory_.accept_checkpoint(checkpoint, note));
  if (store_.proofs().proven_directory() < checkpoint.directory_count)
    store_.proofs().put_proven_directory(checkpoint.directory_count);
  return prove_own_leaves();
}

Result<> TreeGuard::prove_older(const journal::Checkpoint& checkpoint, const std::string& note) {
  const std::optional<StoredCheckpoint> head = directory_.newest_checkpoint();
  const Head older{checkpoint.size, checkpoint.root, note};
  if (!head || checkpoint.size > head->size)
    return refuse(RefusalCode::unavailable, "a newer checkpoint was shown than was accepted");
  const std::optional<Digest> known = store_.directory().root_at(checkpoint.size);
  if (known && *known == checkpoint.root) return {};
  if (known)
    return accuse("a checkpoint", "the journal has shown two roots for one size", *head,
                  {{"other_note", to_bytes(as_bytes(note))}}, {});
  return prove_continuation(older, *head);
}

Result<> TreeGuard::prove_continuation(const Head& older, const Head& newer) {
  const std::string what = "the journal of " + std::to_string(newer.size) +
                           " leaves continues the one of " + std::to_string(older.size);
  Result<wire::Proofs> proofs = source_.consistency({newer.size, {older.size}});
  if (!proofs) return withheld(proofs.error(), what, newer);
  const journal::ProofPath path =
      proofs->paths.size() == 1 ? proofs->paths.front() : journal::ProofPath{};
  Result<> verified =
      journal::verify_consistency(older.size, older.root, newer.size, newer.root, path);
  if (verified) return {};
  return accuse("a checkpoint", "it is not proven that " + what + ": " + verified.error().detail,
                newer, {{"last_note", to_bytes(as_bytes(older.note))}}, path);
}

Result<> TreeGuard::prove_directory(const Head& head, std::uint64_t directory_count) {
  std::vector<PlacedLeaf> leaves;
  for (const StoredDirectoryLeaf& leaf :
       store_.directory().leaves_after(store_.proofs().proven_directory()))
    if (leaf.count <= directory_count && leaf.index < head.size)
      leaves.push_back({leaf.index, journal::leaf_hash(leaf.leaf)});
  return in_portions(leaves, [&](std::span<const PlacedLeaf> portion) {
    return prove_leaves(head, portion, "of the directory");
  });
}

Result<> TreeGuard::prove_own_leaves() {
  const std::optional<StoredCheckpoint> head = directory_.newest_checkpoint();
  while (head) {
    const auto awaited = store_.proofs().awaited_below(head->size, wire::proofs_at_once);
    if (awaited.empty()) break;
    std::vector<PlacedLeaf> leaves;
    for (const OwnLeaf& leaf : awaited) leaves.push_back({leaf.index, leaf.leaf_hash});
    OBERIH_TRY(prove_leaves(*head, leaves, "that this device signed"));
    Transaction transaction = store_.begin();
    for (const OwnLeaf& leaf : awaited) store_.proofs().mark_proven(leaf.index);
    transaction.commit();
  }
  return {};
}

Result<> TreeGuard::prove_covered(std::span<const PlacedLeaf> leaves) {
  const std::optional<StoredCheckpoint> head = directory_.newest_checkpoint();
  std::vector<PlacedLeaf> covered;
  for (const PlacedLeaf& leaf : leaves)
    if (head && leaf.index < head->size) covered.push_back(leaf);
  return in_portions(covered, [&](std::span<const PlacedLeaf> portion) {
    return prove_leaves(*head, portion, "that others signed");
  });
}

Result<> TreeGuard::prove_leaves(const Head& head, std::span<const PlacedLeaf> leaves,
                                 const std::string& what) {
  wire::ProofInclusion request{head.size, {}};
  for (const PlacedLeaf& leaf : leaves) request.indexes.push_back(leaf.index);
  Result<wire::Proofs> proofs = source_.inclusion(request);
  if (!proofs) return withheld(proofs.error(), "leaves " + what + " stand in the journal", head);
  proofs->paths.resize(leaves.size());  // one that is missing does not verify
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    Result<> verified = journal::verify_inclusion(leaves[i].hash, leaves[i].index, head.size,
                                                  head.root, proofs->paths[i]);
    if (verified) continue;
    const std::string place = std::to_string(leaves[i].index);
    return accuse("leaf " + place + " of the journal",
                  "a leaf " + what + " is not proven to stand there: " + verified.error().detail,
                  head, {{"leaf_hash", to_bytes(leaves[i].hash.view())}}, proofs->paths[i]);
  }
  return {};
}

bool TreeGuard::is_known(const Quote& quote) {
  if (quote.size == 0) return true;  // quotes nothing
  const auto found = known_.find(quote.size);
  if (found != known_.end()) return found->second == quote.root;
  std::optional<Digest> root = store_.directory().root_at(quote.size);
  if (!root) root = store_.proofs().proven_root(quote.size);
  if (root != quote.root) return false;
  remember(quote);
  return true;
}

void TreeGuard::remember(const Quote& quote) {
  known_[quote.size] = quote.root;
  if (known_.size() > most_known) known_.erase(known_.begin());
}

std::vector<TreeGuard::Quote> TreeGuard::open_quotes(std::span<const wire::ChannelItem> items) {
  std::vector<Quote> quotes;
  const auto add = [&](const Quote& quote) {
    const bool is_listed = std::any_of(quotes.begin(), quotes.end(), [&](const Quote& each) {
      return each.size == quote.size && each.root == quote.root;
    });
    if (!is_listed && !is_known(quote)) quotes.push_back(quote);
  };
  // What does not parse quotes nothing: it is refused when it is applied.
  for (const wire::ChannelItem& item : items) {
    const Result<journal::Leaf> leaf = journal::parse_leaf(item.leaf);
    if (!leaf) continue;
    if (leaf->kind == journal::LeafKind::entry) {
      const auto entry = sealing::parse_entry_body(leaf->body);
      if (!entry) continue;
      if (const auto header = sealing::parse_header(entry->header))
        add({header->log_size, header->log_root});
    } else if (leaf->kind == journal::LeafKind::channel_record) {
      const auto body = sealing::parse_record_body(leaf->body);
      if (!body) continue;
      if (const auto record = sealing::parse_record_content(body->content))
        add({record->log_size, record->log_root});
    }
  }
  return quotes;
}

Result<> TreeGuard::check_quotes(std::span<const wire::ChannelItem> items,
                                 const std::function<Result<>()>& read_checkpoint) {
  const std::vector<Quote> quotes = open_quotes(items);
  if (quotes.empty()) return {};
  const std::uint64_t largest = std::ranges::max(quotes, {}, &Quote::size).size;
  if (largest > directory_.accepted_size()) OBERIH_TRY(read_checkpoint());
  const std::optional<StoredCheckpoint> head = directory_.newest_checkpoint();
  if (!head) return refuse(RefusalCode::verification_failed, "no checkpoint is known");
  for (const Quote& quote : quotes)
    if (quote.size > head->size)
      return accuse("a quoted checkpoint",
                    "a member was shown " + std::to_string(quote.size) +
                        " leaves, and the server shows this device fewer",
                    *head, {{"quoted_root", to_bytes(quote.root.view())}}, {});
  return in_portions(quotes, [&](std::span<const Quote> portion) -> Result<> {
    wire::ProofConsistency request{head->size, {}};
    for (const Quote& quote : portion) request.old_sizes.push_back(quote.size);
    Result<wire::Proofs> proofs = source_.consistency(request);
    if (!proofs) return withheld(proofs.error(), "what members quote lies on one journal", *head);
    proofs->paths.resize(portion.size());
    for (std::size_t i = 0; i < portion.size(); ++i) {
      Result<> verified = journal::verify_consistency(portion[i].size, portion[i].root, head->size,
                                                      head->root, proofs->paths[i]);
      if (!verified)
        return accuse("a quoted checkpoint",
                      "its author was shown another journal of " + std::to_string(portion[i].size) +
                          " leaves, or the proof is false: " + verified.error().detail,
                      *head, {{"quoted_root", to_bytes(portion[i].root.view())}}, proofs->paths[i]);
    }
    Transaction transaction = store_.begin();
    for (const Quote& quote : portion) {
      store_.proofs().add_proven_root(quote.size, quote.root);
      remember(quote);
    }
    transaction.commit();
    return {};
  });
}

Refusal TreeGuard::withheld(const Refusal& refusal, const std::string& what,
                            const Head& head) const {
  if (is_no_answer(refusal.code)) return refusal;
  std::string why = "the server refuses the proof that " + what + ": ";
  why += refusal_row(refusal.code).name;
  if (!refusal.detail.empty()) why += ", " + refusal.detail;
  return accuse("a checkpoint", why, head, {}, {});
}

Refusal TreeGuard::accuse(const std::string& what, const std::string& why, const Head& head,
                          std::vector<EvidencePart> parts, const journal::ProofPath& proof) const {
  parts.emplace_back("note", to_bytes(as_bytes(head.note)));
  Bytes hashes;
  for (const Digest& hash : proof)
    hashes.insert(hashes.end(), hash.view().begin(), hash.view().end());
  parts.emplace_back("proof", std::move(hashes));
  return keep_evidence(profile_folder_, what, why, parts);
}

}  // namespace oberih::client
