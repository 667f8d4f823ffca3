// SPDX-License-Identifier: Apache-2.0
#include "server/storage/journal_checker.hpp"

#include <algorithm>
#include <utility>

#include "server/application/audit_row.hpp"
#include "server/storage/chain_checker.hpp"
#include "server/storage/channel_checker.hpp"
#include "server/storage/check_cursor.hpp"
#include "server/storage/checkpoint_checker.hpp"
#include "server/storage/cosignature_checker.hpp"
#include "server/storage/migrations.hpp"
#include "server/storage/notice_checker.hpp"

namespace oberih::storage {
namespace {

class JournalWalk {
 public:
  JournalWalk(CheckCursor& cursor, const CheckOptions& options)
      : cursor_(cursor),
        options_(options),
        chains_(report_),
        channels_(cursor, directory_, report_),
        notices_(cursor, directory_, report_),
        checkpoints_(cursor, channels_, report_, options.outside_checkpoint) {}

  CheckReport run() {
    ends_ = cursor_.load_ends();
    cursor_.walk_leaves([this](const StoredLeaf& row) { take(row); });
    check_head();
    checkpoints_.finish(tree_, directory_, tree_is_whole_, ends_.head);
    CosignatureChecker(cursor_, report_).check_all(directory_);
    for (const auto& [table, index] : ends_.orphans)
      report_.add(index, "A row in the table " + table + " lies beside no leaf.");
    channels_.compare_projections();
    cursor_.walk_name_cards([this](const sealing::NameCard& card) { check_name_card(card); });
    report_.root = tree_.root();
    report_.directory_leaves = directory_.count();
    report_.channels = channels_.channels();
    return std::move(report_);
  }

 private:
  void take(const StoredLeaf& row);
  bool take_place(const StoredLeaf& row);
  void check_audit_row(const StoredLeaf& row, const journal::Leaf& leaf);
  void check_columns(const StoredLeaf& row, const journal::Leaf& leaf);
  void take_directory_leaf(const StoredLeaf& row);
  void check_head();
  void check_name_card(const sealing::NameCard& card);

  CheckCursor& cursor_;
  const CheckOptions& options_;
  CheckReport report_;
  StoredEnds ends_;
  journal::MerkleFrontier tree_;
  bool tree_is_whole_ = true;
  std::uint64_t next_index_ = 0;
  Milliseconds server_ms_ = 0;
  std::uint64_t time_index_ = 0;  // of the leaf with that time
  sealing::Directory directory_;
  bool directory_is_sound_ = true;
  std::vector<std::uint64_t> without_audit_row_;  // of leaves behind the newest that has one
  ChainChecker chains_;
  ChannelChecker channels_;
  NoticeChecker notices_;
  CheckpointChecker checkpoints_;
};

void JournalWalk::take(const StoredLeaf& row) {
  if (!take_place(row)) return;
  ++report_.leaves;
  if (options_.progress && report_.leaves % 10'000 == 0)
    options_.progress(report_.leaves, ends_.head.size);
  Digest computed = journal::leaf_hash(row.leaf);
  if (computed != row.leaf_hash)
    report_.add(row.index,
                "The leaf does not have the hash that is stored with it: it was changed.");
  tree_.append(computed);
  Result<journal::Leaf> leaf = journal::parse_leaf(row.leaf);
  if (leaf) {
    check_columns(row, *leaf);
    bool in_chain = chains_.check(*leaf, row.index, computed);
    if (journal::is_directory_kind(leaf->kind)) {
      take_directory_leaf(row);
      if (row.entry || row.ciphertext || row.wraps || row.receipt)
        report_.add(row.index, "Rows of an entry, record or receipt lie beside a directory leaf.");
    } else {
      channels_.check(row, *leaf, computed, in_chain);
      notices_.check(*leaf, row.index);
    }
    check_audit_row(row, *leaf);
  } else {
    report_.add(row.index, "The leaf cannot be read: " + leaf.error().detail);
  }
  checkpoints_.check_size(tree_, directory_, tree_is_whole_);
}

// Whether the row is a leaf of the journal at all.
bool JournalWalk::take_place(const StoredLeaf& row) {
  if (row.index < next_index_) {
    report_.add(row.index, "The index appears twice.");
    return false;
  }
  if (row.index > next_index_) {
    report_.add(next_index_, row.index == next_index_ + 1
                                 ? "The leaf is missing."
                                 : "The leaves " + std::to_string(next_index_) + " to " +
                                       std::to_string(row.index - 1) + " are missing.");
    tree_is_whole_ = false;
  }
  next_index_ = row.index + 1;
  if (row.is_malformed) {
    report_.add(row.index, "A column of the row has a wrong length.");
    tree_is_whole_ = false;
    return false;
  }
  return true;
}

void JournalWalk::check_columns(const StoredLeaf& row, const journal::Leaf& leaf) {
  std::string differing = differing_columns({{"kind", row.kind == static_cast<int>(leaf.kind)},
                                             {"server_ms", row.server_ms == leaf.server_ms},
                                             {"channel_id", row.channel == leaf.channel_id},
                                             {"channel_seq", row.channel_seq == leaf.channel_seq}});
  if (!differing.empty())
    report_.add(row.index, "The row differs from the leaf itself: " + differing + ".");
  if (leaf.server_ms < server_ms_)
    report_.add(row.index, "Its time is before that of " + leaf_name(time_index_) +
                               ": leaves were exchanged or changed.");
  else
    time_index_ = row.index;
  server_ms_ = std::max(server_ms_, leaf.server_ms);
}

void JournalWalk::check_audit_row(const StoredLeaf& row, const journal::Leaf& leaf) {
  if (!directory_is_sound_) return;
  if (!row.audit) {  // the newest are made behind the commit
    if (without_audit_row_.size() < CheckReport::kept_findings)
      without_audit_row_.push_back(row.index);
    return;
  }
  for (const std::uint64_t index : std::exchange(without_audit_row_, {}))
    report_.add(index, "Its row in the table audit_row is missing.");
  const std::string differing =
      differing_audit_columns(*row.audit, application::audit_row_of(row.index, leaf, directory_));
  if (!differing.empty())
    report_.add(row.index,
                "Its row in the table audit_row says something else: " + differing + ".");
}

void JournalWalk::take_directory_leaf(const StoredLeaf& row) {
  if (!directory_is_sound_) return;
  if (auto applied = directory_.apply_leaf(row.leaf, row.index); !applied) {
    directory_is_sound_ = false;
    return report_.add(row.index, "The directory leaf is refused: " +
                                      std::string(refusal_row(applied.error().code).sentence) +
                                      " " + applied.error().detail +
                                      " Later directory leaves are not judged.");
  }
  if (row.index == 0 && options_.genesis_hash &&
      directory_.genesis_hash() != *options_.genesis_hash)
    report_.add(0, "This is another genesis than the pinned one.");
}

void JournalWalk::check_head() {
  const application::JournalHead& head = ends_.head;
  if (next_index_ > 0 && directory_.is_empty())
    report_.add(0, "The journal does not begin with a genesis.");
  if (head.size > next_index_)
    report_.add(next_index_, "The head says " + std::to_string(head.size) +
                                 " leaves, the journal ends before that: the leaves from " +
                                 std::to_string(next_index_) + " on were dropped.");
  else if (head.size < next_index_)
    report_.add(head.size, "The head says " + std::to_string(head.size) +
                               " leaves: this one and all after it were put in, or the head was "
                               "set back.");
  if (head.size != next_index_ || !tree_is_whole_) return;
  if (head.server_ms != server_ms_)
    report_.add(std::nullopt, "The time in journal_head is not that of the newest leaf.");
  if (directory_is_sound_ && (head.directory_count != directory_.count() ||
                              head.directory_leaf != directory_.newest_leaf()))
    report_.add(std::nullopt, "The directory in journal_head is not the journal's.");
}

// A name card may be erased; one that is there must be the one that was certified.
void JournalWalk::check_name_card(const sealing::NameCard& card) {
  if (!directory_is_sound_) return;
  const sealing::Device* device = directory_.find_device(card.device);
  if (!device)
    report_.add(std::nullopt, "A name card belongs to no device of the directory.");
  else if (sealing::name_hash(card.salt, card.name) != device->certificate.name_hash)
    report_.add(device->certified_index, "The name card is not the one that was certified here.");
}

}  // namespace

CheckReport check_journal(const DatabaseSettings& settings, const CheckOptions& options) {
  DatabaseSession session(settings, DatabaseRole::reader);
  require_schema(session);
  CheckCursor cursor(session);
  return JournalWalk(cursor, options).run();
}

}  // namespace oberih::storage
