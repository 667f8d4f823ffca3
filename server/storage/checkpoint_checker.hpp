// SPDX-License-Identifier: Apache-2.0
// Every signed checkpoint against the recomputed tree, and the stored head: what was signed once
// can not be explained away. Where roots differ it narrows down which leaves were changed.
#pragma once

#include <deque>
#include <optional>
#include <string>

#include "protocol/journal/merkle_tree.hpp"
#include "protocol/sealing/directory_checkpoint.hpp"
#include "server/storage/channel_checker.hpp"
#include "server/storage/check_cursor.hpp"
#include "server/storage/check_report.hpp"

namespace oberih::storage {

class CheckpointChecker {
 public:
  /// `outside`: the checkpoint kept outside of the database, unsigned words as yet.
  CheckpointChecker(CheckCursor& cursor, ChannelChecker& channels, CheckReport& report,
                    std::optional<std::string> outside)
      : cursor_(cursor), channels_(channels), report_(report), outside_(std::move(outside)) {}

  /// After each leaf: compares the checkpoints of just this size. `tree_is_whole`: no leaf is
  /// missing.
  void check_size(const journal::MerkleFrontier& tree, const sealing::Directory& directory,
                  bool tree_is_whole);
  /// After the last leaf.
  void finish(const journal::MerkleFrontier& tree, const sealing::Directory& directory,
              bool tree_is_whole, const application::JournalHead& head);

 private:
  /// A note for the present size; `root_column`: of its row, null for the one outside.
  void check_note(const std::string& note, const Digest* root_column,
                  const journal::MerkleFrontier& tree, const sealing::Directory& directory,
                  bool tree_is_whole);
  const application::StoredCheckpoint* next_stored();
  /// By the agencies' roots, in a continuation.
  bool is_given_up(const sealing::Directory& directory) const;
  void judge_dropped_tail(const journal::MerkleFrontier& tree, const sealing::Directory& directory);
  void open_outside(const sealing::Directory& directory);
  void locate_change(const journal::MerkleFrontier& tree, const application::JournalHead& head);

  CheckCursor& cursor_;
  ChannelChecker& channels_;
  CheckReport& report_;
  std::optional<std::string> outside_;
  std::optional<std::uint64_t> outside_size_;  // as it says; verified when the tree gets there
  std::deque<application::StoredCheckpoint> waiting_;
  std::uint64_t loaded_up_to_ = 0;
  bool all_loaded_ = false;
  bool directory_differs_ = false;
  std::uint64_t good_size_ = 0;            // the largest size whose root agreed
  std::optional<std::uint64_t> bad_size_;  // the smallest whose root did not
};

}  // namespace oberih::storage
