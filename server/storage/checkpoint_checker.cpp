// SPDX-License-Identifier: Apache-2.0
#include "server/storage/checkpoint_checker.hpp"

namespace oberih::storage {
namespace {

constexpr int checkpoint_page_rows = 500;

struct Range {
  std::uint64_t first = 0;
  std::uint64_t end = 0;
};

// The first complete subtree whose hash differs, of two frontiers of the same size.
std::optional<Range> find_difference(const journal::MerkleFrontier& a,
                                     const journal::MerkleFrontier& b) {
  std::uint64_t first = 0;
  std::size_t place = 0;
  for (int level = 63; level >= 0; --level) {
    std::uint64_t width = std::uint64_t{1} << level;
    if ((a.size() & width) == 0) continue;
    if (a.hashes()[place] != b.hashes()[place]) return Range{first, first + width};
    first += width;
    ++place;
  }
  return std::nullopt;
}

std::string range_name(const Range& range) {
  if (range.end - range.first == 1) return leaf_name(range.first);
  return "one of the leaves " + std::to_string(range.first) + " to " +
         std::to_string(range.end - 1);
}

}  // namespace

const application::StoredCheckpoint* CheckpointChecker::next_stored() {
  if (waiting_.empty() && !all_loaded_) {
    auto page = cursor_.load_checkpoints(loaded_up_to_, checkpoint_page_rows);
    all_loaded_ = page.size() < static_cast<std::size_t>(checkpoint_page_rows);
    if (!page.empty()) loaded_up_to_ = page.back().size;
    waiting_.assign(page.begin(), page.end());
  }
  return waiting_.empty() ? nullptr : &waiting_.front();
}

void CheckpointChecker::check_size(const journal::MerkleFrontier& tree,
                                   const sealing::Directory& directory, bool tree_is_whole) {
  open_outside(directory);
  if (outside_size_ == tree.size() && !is_given_up(directory))
    check_note(*outside_, nullptr, tree, directory, tree_is_whole);
  while (const application::StoredCheckpoint* stored = next_stored()) {
    if (stored->size > tree.size()) return;
    if (stored->size == tree.size()) {
      ++report_.checkpoints;
      channels_.remember_root(stored->size, stored->root);
      check_note(stored->note, &stored->root, tree, directory, tree_is_whole);
    }
    waiting_.pop_front();
  }
}

void CheckpointChecker::open_outside(const sealing::Directory& directory) {
  if (!outside_ || outside_size_ || directory.is_empty()) return;
  // Its size only says when to look at it: then the directory names the key that must have signed.
  if (auto unverified = journal::read_unverified_checkpoint(*outside_)) {
    outside_size_ = unverified->size;
    return;
  }
  report_.add(std::nullopt, "The checkpoint outside of the database is no signed checkpoint.");
  outside_.reset();
}

bool CheckpointChecker::is_given_up(const sealing::Directory& directory) const {
  auto opened = journal::read_unverified_checkpoint(*outside_);
  return opened && sealing::find_continuation(directory, opened->size, opened->root) != nullptr;
}

void CheckpointChecker::check_note(const std::string& note, const Digest* root_column,
                                   const journal::MerkleFrontier& tree,
                                   const sealing::Directory& directory, bool tree_is_whole) {
  if (directory.is_empty()) return;  // without a genesis there is no key; that is reported already
  std::string where = root_column ? "The checkpoint of size " + std::to_string(tree.size())
                                  : "The checkpoint outside of the database";
  auto opened = sealing::open_checkpoint(note, directory);
  if (!opened) return report_.add(std::nullopt, where + " was not signed by the journal's key.");
  if (opened->size != tree.size())
    return report_.add(std::nullopt, where + " is stored under another size than was signed.");
  if (root_column && *root_column != opened->root)
    report_.add(std::nullopt, where + " has another root in its column than in its signed note.");
  if (!tree_is_whole) return;
  if (!directory_differs_ && (opened->directory_count != directory.count() ||
                              opened->directory_leaf != directory.newest_leaf())) {
    directory_differs_ = true;  // and will go on to
    report_.add(directory.newest_index(),
                where +
                    " was signed over another directory: a directory leaf was changed, left out "
                    "or put in.");
  }
  if (opened->root == tree.root()) {
    if (!bad_size_) good_size_ = std::max(good_size_, tree.size());
    report_.signed_size = std::max(report_.signed_size, tree.size());
  } else if (!bad_size_) {
    bad_size_ = tree.size();  // later ones differ for the same cause
  }
}

void CheckpointChecker::finish(const journal::MerkleFrontier& tree,
                               const sealing::Directory& directory, bool tree_is_whole,
                               const application::JournalHead& head) {
  open_outside(directory);
  if (outside_size_ && *outside_size_ > tree.size()) judge_dropped_tail(tree, directory);
  if (const application::StoredCheckpoint* stored = next_stored())
    report_.add(tree.size(), "A checkpoint was signed over " + std::to_string(stored->size) +
                                 " leaves, the journal ends after " + std::to_string(tree.size()) +
                                 ": the leaves from " + std::to_string(tree.size()) +
                                 " on were dropped.");
  if (tree_is_whole) locate_change(tree, head);
}

void CheckpointChecker::judge_dropped_tail(const journal::MerkleFrontier& tree,
                                           const sealing::Directory& directory) {
  if (directory.is_empty()) return;
  auto opened = sealing::open_checkpoint(*outside_, directory);
  if (!opened)
    return report_.add(std::nullopt,
                       "The checkpoint outside of the database was not signed by the journal's "
                       "key.");
  if (is_given_up(directory)) return;
  report_.add(tree.size(), "The checkpoint outside of the database was signed over " +
                               std::to_string(*outside_size_) + " leaves, the journal ends after " +
                               std::to_string(tree.size()) + ": the leaves from " +
                               std::to_string(tree.size()) + " on were dropped.");
}

void CheckpointChecker::locate_change(const journal::MerkleFrontier& tree,
                                      const application::JournalHead& head) {
  std::optional<Range> changed;
  auto stored = journal::MerkleFrontier::parse(head.frontier);
  if (!stored)
    report_.add(std::nullopt, "The frontier in journal_head cannot be read: it was changed.");
  else if (stored->size() == tree.size())
    changed = find_difference(tree, *stored);
  else if (head.size == tree.size())
    report_.add(std::nullopt, "The frontier in journal_head is of another size than the head.");
  if (bad_size_) {
    Range between{good_size_, *bad_size_};
    if (changed && changed->first < between.end && between.first < changed->end)
      between = {std::max(changed->first, between.first), std::min(changed->end, between.end)};
    report_.add(between.first, "The signed checkpoint of size " + std::to_string(*bad_size_) +
                                   " has another root: " + range_name(between) +
                                   " was changed, exchanged or put in after it was signed.");
  } else if (changed) {
    report_.add(changed->first, "The frontier in journal_head differs, no checkpoint does: " +
                                    range_name(*changed) + " or the head itself was changed.");
  }
}

}  // namespace oberih::storage
