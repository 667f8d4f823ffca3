// SPDX-License-Identifier: Apache-2.0
#include "client-cli/verification/verified_directory.hpp"

#include "client-cli/verification/evidence.hpp"

namespace oberih::client {
namespace {

/// What it says; whether it may say so is the directory's to judge.
bool claims_continuation(const journal::Leaf& leaf) {
  if (leaf.kind != journal::LeafKind::governance) return false;
  const auto body = sealing::parse_governance_body(leaf.body);
  if (!body) return false;
  const auto governance = sealing::parse_governance_content(body->content);
  return governance && governance->change == sealing::GovernanceChange::continuation;
}

}  // namespace

Result<> VerifiedDirectory::apply(const wire::DirectoryLeaf& leaf) {
  if (directory_.count() == 0) {
    Result<journal::Leaf> parsed = journal::parse_leaf(leaf.leaf);
    if (!parsed) return parsed.error();
    if (parsed->kind != journal::LeafKind::genesis || leaf.index != 0)
      return refuse(RefusalCode::verification_failed, "the first leaf is no genesis");
    Result<sealing::SignedGenesis> genesis = sealing::parse_genesis_body(parsed->body);
    if (!genesis) return genesis.error();
    if (sealing::genesis_hash(genesis->content) != genesis_hash_)
      return refuse(RefusalCode::verification_failed, "it is not the pinned genesis");
  }
  return directory_.apply_leaf(leaf.leaf, leaf.index);
}

Result<> VerifiedDirectory::load() {
  for (const StoredDirectoryLeaf& leaf : store_.directory().leaves_after(directory_.count())) {
    if (Result<> applied = apply({leaf.index, leaf.leaf}); !applied)
      return refuse(RefusalCode::local_state_broken,
                    "the stored directory does not verify: " + applied.error().detail);
    // Another command has taken it in, and set aside what this process may have accepted.
    if (is_continuation({leaf.index, leaf.leaf})) accepted_size_.reset();
  }
  load_names();
  if (!accepted_size_)
    if (std::optional<StoredCheckpoint> newest = newest_checkpoint()) accepted_size_ = newest->size;
  return {};
}

Result<> VerifiedDirectory::add(const wire::DirectoryPage& page) {
  Transaction transaction = store_.begin();
  OBERIH_TRY(load());
  Result<> result;
  for (const wire::DirectoryLeaf& leaf : page.leaves) {
    Result<journal::Leaf> parsed = journal::parse_leaf(leaf.leaf);
    if (parsed && parsed->channel_seq <= directory_.count()) continue;  // another command was first
    // A checkpoint says how far the directory reached at its size. A leaf that comes later and
    // stands before that size was left out of it, unless it gives that checkpoint up.
    std::optional<StoredCheckpoint> newest = newest_checkpoint();
    if (newest && leaf.index < newest->size && !(parsed && claims_continuation(*parsed))) {
      result = keep_evidence(profile_folder_, "a leaf of the directory",
                             "it was left out of a checkpoint that the journal signed",
                             {{"leaf", leaf.leaf}}, {{}, leaf.index, {newest->note}});
      break;
    }
    result = apply(leaf);
    if (result && is_continuation(leaf)) result = give_up_tail(leaf);
    if (!result) {
      result = keep_evidence(
          profile_folder_, "a leaf of the directory",
          std::string(refusal_row(result.error().code).name) + " " + result.error().detail,
          {{"leaf", leaf.leaf}}, {{}, leaf.index, {}});
      break;
    }
    store_.directory().add_leaf({directory_.count(), leaf.index, leaf.leaf},
                                directory_.newest_leaf());
  }
  transaction.commit();
  return result;
}

bool VerifiedDirectory::is_continuation(const wire::DirectoryLeaf& leaf) const {
  const std::vector<sealing::GovernanceStep>& history = directory_.governance_history();
  return !history.empty() && history.back().index == leaf.index &&
         history.back().governance.change == sealing::GovernanceChange::continuation;
}

/// C2: the one way by which a journal may be smaller than it was. It must name what was lost in
/// full: a checkpoint beyond it would have been hidden.
Result<> VerifiedDirectory::give_up_tail(const wire::DirectoryLeaf& leaf) {
  const sealing::Continuation& continuation =
      directory_.governance_history().back().governance.continuation;
  std::optional<StoredCheckpoint> last = newest_checkpoint();
  const bool is_other_root =
      last && ((last->size == continuation.new_size && last->root != continuation.new_root) ||
               (last->size == continuation.old_size && last->root != continuation.old_root));
  if (is_other_root || (last && last->size > continuation.old_size))
    return refuse(RefusalCode::verification_failed,
                  "the continuation does not fit the newest checkpoint of this device");
  if (last && last->size > continuation.new_size)
    keep_evidence(profile_folder_, "a checkpoint", "a governance continuation has given it up",
                  {{"note", to_bytes(as_bytes(last->note))}, {"continuation", leaf.leaf}});
  // Also what was confirmed or shown and no checkpoint of this device reaches yet.
  store_.set_tail_aside(continuation.new_size);
  accepted_size_.reset();
  return {};
}

Result<journal::Checkpoint> VerifiedDirectory::open_checkpoint(const std::string& note) const {
  Result<journal::Checkpoint> checkpoint = sealing::open_checkpoint(note, directory_);
  if (checkpoint) return checkpoint;
  return keep_evidence(
      profile_folder_, "a checkpoint",
      std::string(refusal_row(checkpoint.error().code).name) + " " + checkpoint.error().detail,
      {{"note", to_bytes(as_bytes(note))}});
}

Result<> VerifiedDirectory::check_directory_line(const journal::Checkpoint& checkpoint) {
  DirectoryTable& table = store_.directory();
  if (checkpoint.directory_count == 0)
    return refuse(RefusalCode::verification_failed, "its directory is empty");
  if (table.leaf_hash_at(checkpoint.directory_count) != checkpoint.directory_leaf)
    return refuse(RefusalCode::verification_failed, "its directory is not the one we were given");
  if (table.journal_index_at(checkpoint.directory_count).value_or(0) >= checkpoint.size)
    return refuse(RefusalCode::verification_failed, "its directory reaches beyond its own size");
  std::optional<std::uint64_t> next = table.journal_index_at(checkpoint.directory_count + 1);
  if (next && *next < checkpoint.size)
    return refuse(RefusalCode::verification_failed, "it leaves out a leaf of the directory");
  return {};
}

Result<> VerifiedDirectory::accept_checkpoint(const journal::Checkpoint& checkpoint,
                                              const std::string& note) {
  Transaction transaction = store_.begin();
  OBERIH_TRY(load());
  std::optional<StoredCheckpoint> last = newest_checkpoint();
  const std::uint64_t least = accepted_size_.value_or(0);
  std::optional<Digest> same_size = store_.directory().root_at(checkpoint.size);
  std::string why;
  if (same_size && *same_size != checkpoint.root)
    why = "the journal has shown two roots for one size";
  // Measured by what this process has accepted: another command may have taken a newer one since
  // this note was asked for.
  else if (checkpoint.size < least)
    why = "the journal is smaller than it was";
  else if (Result<> line = check_directory_line(checkpoint); !line)
    why = line.error().detail;
  if (!why.empty()) {
    EvidenceContext context;
    if (last) context.notes.push_back(last->note);
    return keep_evidence(profile_folder_, "a checkpoint", why, {{"note", to_bytes(as_bytes(note))}},
                         context);
  }
  store_.directory().add_checkpoint({checkpoint.size, checkpoint.root, note});
  transaction.commit();
  accepted_size_ = checkpoint.size;
  return {};
}

bool VerifiedDirectory::contradicts(std::uint64_t log_size, const Digest& log_root) {
  std::optional<Digest> own = store_.directory().root_at(log_size);
  return own && *own != log_root;
}

bool VerifiedDirectory::is_name_of_device(const sealing::NameCard& card) const {
  const sealing::Device* device = directory_.find_device(card.device);
  return device != nullptr &&
         sealing::name_hash(card.salt, card.name) == device->certificate.name_hash;
}

void VerifiedDirectory::load_names() {
  for (const sealing::NameCard& card : store_.directory().name_cards())
    if (is_name_of_device(card)) names_[card.device] = card.name;
}

void VerifiedDirectory::add_name_cards(const wire::NameCards& cards) {
  Transaction transaction = store_.begin();
  for (const sealing::NameCard& card : cards.cards) {
    auto known = names_.find(card.device);
    if (known != names_.end() && known->second == card.name) continue;
    if (!is_name_of_device(card)) continue;
    store_.directory().put_name_card(card);
    names_[card.device] = card.name;
  }
  transaction.commit();
}

std::optional<std::string> VerifiedDirectory::find_name(const DeviceId& device) const {
  auto found = names_.find(device);
  if (found == names_.end()) return std::nullopt;
  return found->second;
}

}  // namespace oberih::client
