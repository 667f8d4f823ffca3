// SPDX-License-Identifier: Apache-2.0
#include "server/application/working_state.hpp"

#include <algorithm>
#include <set>

namespace oberih::application {
namespace {

Refusal contradiction(const std::string& what) {
  return refuse(RefusalCode::verification_failed,
                "The stored journal contradicts itself: " + what +
                    " Serve nothing; run 'oberihd check' and restore from a backup.");
}

std::string at_index(std::uint64_t index) { return "leaf " + std::to_string(index); }

}  // namespace

void RecentLeaves::put(std::uint64_t channel_seq, const Digest& leaf_hash) {
  const std::size_t place = channel_seq % capacity;
  if (place >= slots_.size()) slots_.resize(place + 1);
  slots_[place] = {channel_seq, leaf_hash};
}

std::optional<Digest> RecentLeaves::find(std::uint64_t channel_seq) const {
  const std::size_t place = channel_seq % capacity;
  if (channel_seq == 0 || place >= slots_.size() || slots_[place].channel_seq != channel_seq)
    return std::nullopt;
  return slots_[place].leaf_hash;
}

void QuotedCheckpoints::put(std::uint64_t size, const Digest& root) {
  roots_[size] = root;
  if (roots_.size() > capacity) roots_.erase(roots_.begin());
}

std::optional<Digest> QuotedCheckpoints::find(std::uint64_t size) const {
  const auto found = roots_.find(size);
  if (found == roots_.end()) return std::nullopt;
  return found->second;
}

struct WorkingState::Intake {
  std::shared_ptr<sealing::Directory> directory;     // a copy, once a leaf changes it
  std::shared_ptr<sealing::ProposalBook> proposals;  // the same
  std::set<ChannelId> structural;                    // records and leaves
  std::set<ChannelId> moved;
};

WorkingState::WorkingState()
    : directory_(std::make_shared<const sealing::Directory>()),
      proposals_(std::make_shared<const sealing::ProposalBook>()) {}

JournalHead WorkingState::head() const {
  return {size(), frontier_.encode(), server_ms_, directory_->count(), directory_->newest_leaf()};
}

WorkingChannel* WorkingState::find_channel(const ChannelId& channel) {
  auto found = channels_.find(channel);
  return found == channels_.end() ? nullptr : &found->second;
}

const WorkingChannel* WorkingState::find_channel(const ChannelId& channel) const {
  auto found = channels_.find(channel);
  return found == channels_.end() ? nullptr : &found->second;
}

void WorkingState::move_on(const journal::MerkleFrontier& frontier, Milliseconds server_ms,
                           DirectoryPointer directory, ProposalsPointer proposals) {
  frontier_ = frontier;
  server_ms_ = server_ms;
  if (directory) directory_ = std::move(directory);
  if (proposals) proposals_ = std::move(proposals);
}

Publication::Channel WorkingState::publish_channel(const ChannelId& channel,
                                                   bool with_state) const {
  const sealing::ChannelState& state = channels_.at(channel).state;
  Publication::Channel published{channel, state.newest_seq(), nullptr, {}};
  if (!with_state) return published;
  published.state = std::make_shared<const sealing::ChannelState>(state);
  published.gone = state.lines_to_remove(*directory_, size(), server_ms_);
  std::sort(published.gone.begin(), published.gone.end());
  return published;
}

Result<Loaded> WorkingState::load(JournalStore& store) {
  const JournalHead head = store.load_head();
  if (head.size < size())
    return contradiction("it holds " + std::to_string(head.size) + " leaves, fewer than the " +
                         std::to_string(size()) + " it held before.");
  // Receipts move no channel's end: whoever wrote them, they are read again.
  if (head.size != size()) forget_receipts();
  Intake intake;
  Result<void> taken;
  store.load_structure(size(), head.size, [&](const JournalRow& row) {
    if (taken) taken = take_row(row, intake);
  });
  if (!taken) return taken.error();
  store.load_channel_ends(
      [&](const ChannelId& channel, std::uint64_t channel_seq, const Digest& leaf_hash) {
        take_channel_end(channel, channel_seq, leaf_hash, intake);
      });
  load_exclusions(store);
  OBERIH_TRY(finish(head, intake));

  Loaded loaded;
  loaded.publication.size = size();
  loaded.publication.server_ms = server_ms_;
  loaded.directory_changed = intake.directory != nullptr;
  if (loaded.directory_changed) loaded.publication.directory = directory_;
  if (intake.proposals) loaded.publication.proposals = proposals_;
  loaded.changed_rosters.assign(intake.structural.begin(), intake.structural.end());
  intake.moved.insert(intake.structural.begin(), intake.structural.end());
  loaded.moved_channels.assign(intake.moved.begin(), intake.moved.end());
  for (const ChannelId& channel : loaded.moved_channels)
    loaded.publication.channels.push_back(
        publish_channel(channel, intake.structural.contains(channel)));
  return loaded;
}

Result<void> WorkingState::take_row(const JournalRow& row, Intake& intake) {
  if (journal::is_directory_kind(row.kind)) return take_directory_leaf(row, intake);
  Result<journal::Leaf> leaf = journal::parse_leaf(row.leaf);
  if (!leaf || journal::leaf_hash(row.leaf) != row.leaf_hash)
    return contradiction(at_index(row.index) + " is damaged.");
  if (row.kind == journal::LeafKind::channel_record) return take_record(row, *leaf, intake);
  if (row.kind == journal::LeafKind::entry) return take_entry(row, *leaf, intake);
  if (row.kind == journal::LeafKind::administration) return take_proposal(row, *leaf, intake);
  return {};
}

Result<void> WorkingState::take_directory_leaf(const JournalRow& row, Intake& intake) {
  if (!intake.directory) intake.directory = std::make_shared<sealing::Directory>(*directory_);
  if (auto applied = intake.directory->apply_leaf(row.leaf, row.index); !applied)
    return contradiction(at_index(row.index) + " does not continue the directory.");
  return {};
}

Result<void> WorkingState::take_record(const JournalRow& row, const journal::Leaf& leaf,
                                       Intake& intake) {
  Result<sealing::SignedRecord> body = sealing::parse_record_body(leaf.body);
  if (!body) return contradiction(at_index(row.index) + " is no channel record.");
  Result<sealing::ChannelRecord> record = sealing::parse_record_content(body->content);
  if (!record) return contradiction(at_index(row.index) + " is no channel record.");
  WorkingChannel& channel = channels_[row.channel];
  if (!intake.proposals && !proposals_->of(row.channel).empty())
    intake.proposals = std::make_shared<sealing::ProposalBook>(*proposals_);
  const sealing::Directory& directory = intake.directory ? *intake.directory : *directory_;
  channel.state.apply_record(*record, *body, directory, {row.index, row.channel_seq, row.server_ms},
                             row.leaf_hash);
  channel.newest_record = {row.index, row.channel_seq, row.leaf_hash, row.server_ms};
  if (intake.proposals) intake.proposals->apply_record(*record);
  intake.structural.insert(row.channel);
  return {};
}

Result<void> WorkingState::take_proposal(const JournalRow& row, const journal::Leaf& leaf,
                                         Intake& intake) {
  if (row.channel.is_zero()) {
    // What cannot be read is the checker's business: at worst the hashes are written once more.
    if (auto policies = sealing::parse_policy_leaf(leaf.body)) policy_files_ = policies->files;
    return {};
  }
  Result<sealing::ParsedProposalBody> body = sealing::parse_proposal_body(leaf.body);
  if (!body) return contradiction(at_index(row.index) + " is no proposal.");
  if (!intake.proposals) intake.proposals = std::make_shared<sealing::ProposalBook>(*proposals_);
  intake.proposals->apply(*body, {row.index, row.server_ms, row.leaf_hash, row.leaf});
  return {};
}

Result<void> WorkingState::take_entry(const JournalRow& row, const journal::Leaf& leaf,
                                      Intake& intake) {
  Result<sealing::SealedEntry> entry = sealing::parse_entry_body(leaf.body);
  if (!entry) return contradiction(at_index(row.index) + " is no entry.");
  Result<sealing::EntryHeader> header = sealing::parse_header(entry->header);
  WorkingChannel* channel = find_channel(row.channel);
  if (!header || channel == nullptr) return contradiction(at_index(row.index) + " has no channel.");
  const sealing::Directory& directory = intake.directory ? *intake.directory : *directory_;
  if (header->type == EntryType::leave) channel->state.restore_leave(*header, directory);
  if (header->type == EntryType::wrap_unusable) channel->state.restore_wrap_unusable(*header);
  channel->state.restore_handling(*header, directory, row.channel_seq);
  intake.structural.insert(row.channel);
  return {};
}

void WorkingState::forget_receipts() {
  for (auto& [id, channel] : channels_) channel.receipts.clear();
}

/// Entries of hearings are not read at a start: what they add up to stands in the store.
void WorkingState::load_exclusions(JournalStore& store) {
  std::unordered_map<ChannelId, sealing::ExclusionLedger, FixedBytesHash> ledgers;
  store.load_excluding_hearings([&](const ChannelId& id, const sealing::Hearing& hearing) {
    ledgers[id].put(hearing.id, hearing.notice.may_not_be_told);
  });
  for (auto& [id, channel] : channels_) {
    const auto ledger = ledgers.find(id);
    channel.state.restore_exclusions(ledger == ledgers.end() ? sealing::ExclusionLedger()
                                                             : std::move(ledger->second));
  }
}

void WorkingState::take_channel_end(const ChannelId& id, std::uint64_t channel_seq,
                                    const Digest& leaf_hash, Intake& intake) {
  WorkingChannel* channel = find_channel(id);
  // Written after the head was read, by another process: the next load takes it in.
  if (channel == nullptr) return;
  const bool is_known =
      channel->state.newest_seq() == channel_seq && channel->state.newest_leaf() == leaf_hash;
  if (is_known && !intake.structural.contains(id)) return;
  channel->state.restore_newest(channel_seq, leaf_hash);
  channel->complete_senders.clear();
  channel->tasks.clear();
  channel->hearings.clear();
  channel->recent_leaves.clear();
  channel->recent_leaves.put(channel_seq, leaf_hash);
  intake.moved.insert(id);
}

Result<void> WorkingState::finish(const JournalHead& head, Intake& intake) {
  if (head.size == 0) return {};
  Result<journal::MerkleFrontier> frontier = journal::MerkleFrontier::parse(head.frontier);
  if (!frontier || frontier->size() != head.size)
    return contradiction("the frontier in the head row is not that of its size.");
  if (intake.directory) directory_ = intake.directory;
  if (intake.proposals) {
    intake.proposals->drop_lapsed(head.server_ms);
    proposals_ = intake.proposals;
  }
  if (directory_->count() != head.directory_count ||
      directory_->newest_leaf() != head.directory_leaf)
    return contradiction("the head row and the directory do not agree.");
  frontier_ = std::move(*frontier);
  server_ms_ = head.server_ms;
  return {};
}

}  // namespace oberih::application
