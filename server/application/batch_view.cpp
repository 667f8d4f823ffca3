// SPDX-License-Identifier: Apache-2.0
#include "server/application/batch_view.hpp"

#include <algorithm>


namespace oberih::application {

BatchView::BatchView(WorkingState& working, JournalStore& store, const JournalView& view,
                     Milliseconds now_ms)
    : working_(working),
      store_(store),
      view_(view),
      server_ms_(std::max(now_ms, working.server_ms())),
      frontier_(working.frontier()) {
  batch_.expected_size = working.size();
}

BatchView::~BatchView() {
  if (!settled_) drop();
}

// -- judging
// ---------------------------------------------------------------------------------------

const sealing::Directory& BatchView::directory() const {
  return staged_directory_ ? *staged_directory_ : *working_.directory();
}

sealing::Place BatchView::place_in(const sealing::ChannelState& channel) const {
  return {next_index(), channel.newest_seq() + 1, server_ms_};
}

const sealing::ChannelState& BatchView::channel(const ChannelId& id) const {
  static const sealing::ChannelState none;
  const WorkingChannel* found = std::as_const(working_).find_channel(id);
  return found == nullptr ? none : found->state;
}

const sealing::ProposalBook& BatchView::proposals() const {
  return staged_proposals_ ? *staged_proposals_ : *working_.proposals();
}

const wire::Appended& BatchView::newest_record(const ChannelId& id) const {
  static const wire::Appended none;
  const WorkingChannel* found = std::as_const(working_).find_channel(id);
  return found == nullptr ? none : found->newest_record;
}

sealing::SenderHead BatchView::load_sender(const ChannelId& id, const DeviceId& device) {
  WorkingChannel* channel = working_.find_channel(id);
  if (channel == nullptr) return {};
  if (!channel->complete_senders.contains(device)) {
    sealing::SenderHead head = store_.load_sender_head(id, device);
    // The state knows what the device's records quoted, the store what its entries quoted.
    head.log_size = std::max(head.log_size, channel->state.sender_head(device).log_size);
    channel->state.restore_sender(device, head);
    channel->complete_senders.insert(device);
  }
  return channel->state.sender_head(device);
}

sealing::LeafHashAt BatchView::leaf_hashes(const ChannelId& id) const {
  return [this, id](std::uint64_t channel_seq) -> std::optional<Digest> {
    const WorkingChannel* channel = std::as_const(working_).find_channel(id);
    if (channel == nullptr || channel_seq == 0 || channel_seq > channel->state.newest_seq())
      return std::nullopt;
    if (channel_seq == channel->state.newest_seq()) return channel->state.newest_leaf();
    if (auto recent = channel->recent_leaves.find(channel_seq)) return recent;
    return store_.load_leaf_hash(id, channel_seq);
  };
}

bool BatchView::is_signed_checkpoint(std::uint64_t size, const Digest& root) const {
  // First what costs nothing: made-up sizes must not become queries.
  if (size == 0 || size > working_.size()) return false;
  std::optional<Digest> known = view_.checkpoint_root(size);
  if (!known) known = working_.quoted_checkpoints().find(size);
  if (known) return known == root;
  known = store_.load_checkpoint_root(size);
  if (known) working_.quoted_checkpoints().put(size, *known);
  return known == root;
}

std::optional<wire::FoundEntry> BatchView::load_entry(const DeviceId& sender,
                                                      const MessageId& id) const {
  auto staged = staged_entries_.find({sender, id});
  if (staged != staged_entries_.end()) return staged->second;
  return store_.load_entry(sender, id);
}

// -- staging
// ---------------------------------------------------------------------------------------

wire::Appended BatchView::stage_leaf(const journal::Leaf& leaf) {
  JournalRow row;
  row.index = next_index();
  row.kind = leaf.kind;
  row.server_ms = leaf.server_ms;
  row.channel = leaf.channel_id;
  row.channel_seq = leaf.channel_seq;
  row.leaf = journal::encode_leaf(leaf);
  row.leaf_hash = journal::leaf_hash(row.leaf);
  frontier_.append(row.leaf_hash);
  const wire::Appended appended{row.index, row.channel_seq, row.leaf_hash, row.server_ms};
  batch_.rows.push_back(std::move(row));
  return appended;
}

wire::Appended BatchView::stage_channel_leaf(journal::LeafKind kind, const ChannelId& id,
                                             Bytes body) {
  const sealing::ChannelState& state = channel(id);
  return stage_leaf(
      {kind, server_ms_, id, state.newest_seq() + 1, state.newest_leaf(), std::move(body)});
}

wire::Appended BatchView::stage_entry(const sealing::EntryHeader& header,
                                      const sealing::SealedEntry& entry, const Digest& message_hash,
                                      const Bytes& ciphertext) {
  WorkingChannel& target = *working_.find_channel(header.channel);
  const sealing::Place place = place_in(target.state);
  const bool is_structural = header.type == EntryType::leave ||
                             header.type == EntryType::wrap_unusable ||
                             header.type == EntryType::consent;
  Undo step;
  step.channel = header.channel;
  step.newest_record = target.newest_record;
  step.newest_seq = target.state.newest_seq();
  step.newest_leaf = target.state.newest_leaf();
  step.sender = header.sender;
  step.sender_head = target.state.sender_head(header.sender);
  step.asks_at_once_seq = target.asks_at_once_seq;
  if (header.type == EntryType::hearing) step.exclusions = target.state.exclusions();
  step.what = is_structural ? Undo::What::structure : Undo::What::post;
  if (is_structural) step.whole = target.state;

  const wire::Appended appended = stage_channel_leaf(journal::LeafKind::entry, header.channel,
                                                     sealing::encode_entry_body(entry));
  undo_.push_back(std::move(step));
  target.state.apply_entry(header, message_hash, directory(), place, appended.leaf_hash);
  target.recent_leaves.put(appended.channel_seq, appended.leaf_hash);
  if (sealing::common_facts_of(header).asks(sealing::AsksFor::receipt_at_once))
    target.asks_at_once_seq = appended.channel_seq;
  touched_[header.channel] |= is_structural;
  staged_entries_[{header.sender, header.message_id}] = {header.message_id, message_hash, appended};
  batch_.entries.push_back({appended.index, header.channel, appended.channel_seq, header.type,
                            header.sender, header.sender_seq, header.seen_seq, header.log_size,
                            header.message_id, message_hash, ciphertext});
  return appended;
}

wire::Appended BatchView::stage_record(const sealing::ChannelRecord& record,
                                       const sealing::SignedRecord& signed_record,
                                       const Bytes& wraps, const Bytes& prev_box) {
  Undo step;
  step.channel = record.channel;
  step.what = Undo::What::creation;
  if (const WorkingChannel* known = working_.find_channel(record.channel)) {
    step.what = Undo::What::structure;
    step.whole = known->state;
    step.newest_record = known->newest_record;
  }
  const sealing::Place place = place_in(channel(record.channel));
  const wire::Appended appended =
      stage_channel_leaf(journal::LeafKind::channel_record, record.channel,
                         sealing::encode_record_body(signed_record));
  undo_.push_back(std::move(step));
  WorkingChannel& target = working_.channel_to_create(record.channel);
  target.state.apply_record(record, signed_record, directory(), place, appended.leaf_hash);
  target.recent_leaves.put(appended.channel_seq, appended.leaf_hash);
  target.newest_record = appended;
  touched_[record.channel] = true;
  if (!proposals().of(record.channel).empty()) staged_proposals().apply_record(record);
  batch_.epochs.push_back({appended.index, record.channel, record.epoch, wraps, prev_box});
  return appended;
}

sealing::ProposalBook& BatchView::staged_proposals() {
  if (!staged_proposals_) {
    staged_proposals_ = std::make_shared<sealing::ProposalBook>(*working_.proposals());
    staged_proposals_->drop_lapsed(server_ms_);
  }
  return *staged_proposals_;
}

wire::Appended BatchView::stage_proposal(const sealing::ParsedProposalBody& parsed,
                                         const Bytes& body) {
  const wire::Appended appended =
      stage_leaf({journal::LeafKind::administration, server_ms_, parsed.channel(), 0, {}, body});
  staged_proposals().apply(
      parsed, {appended.index, server_ms_, appended.leaf_hash, batch_.rows.back().leaf});
  return appended;
}

/// The directory knows sizes; only the tree knows roots.
Result<void> BatchView::check_continuation(const Bytes& body) const {
  auto signed_governance = sealing::parse_governance_body(body);
  if (!signed_governance) return signed_governance.error();
  auto governance = sealing::parse_governance_content(signed_governance->content);
  if (!governance) return governance.error();
  if (governance->change != sealing::GovernanceChange::continuation ||
      governance->continuation.new_root == frontier_.root())
    return {};
  return refuse(RefusalCode::malformed_object,
                "the continuation names another root than this journal has now");
}

Result<wire::Appended> BatchView::stage_directory_leaf(
    journal::LeafKind kind, const Bytes& body, const std::optional<sealing::NameCard>& name_card) {
  OBERIH_TRY(directory().judge(kind, body, next_index(), server_ms_));
  if (kind == journal::LeafKind::governance) OBERIH_TRY(check_continuation(body));
  auto changed = std::make_shared<sealing::Directory>(directory());
  const journal::Leaf leaf{kind, server_ms_, {}, changed->count() + 1, changed->newest_leaf(),
                           body};
  OBERIH_TRY(changed->apply_leaf(journal::encode_leaf(leaf), next_index()));
  staged_directory_ = std::move(changed);
  if (name_card) batch_.name_cards.push_back(*name_card);
  return stage_leaf(leaf);
}

// -- outcome
// ---------------------------------------------------------------------------------------

void BatchView::seal() {
  for (const auto& [place, row] : staged_tasks_) batch_.tasks.push_back(row);
  for (const auto& [place, row] : staged_wakes_) batch_.wakes.push_back(row);
  for (const auto& [place, row] : staged_asked_) batch_.asked.push_back(row);
  for (const auto& [place, row] : staged_hearings_) batch_.hearings.push_back(row);
  // The head's time is that of the newest leaf, also where only wakes were moved.
  if (batch_.rows.empty()) server_ms_ = working_.server_ms();
  batch_.head = {frontier_.size(), frontier_.encode(), server_ms_, directory().count(),
                 directory().newest_leaf()};
}

BatchView::Merged BatchView::merge() {
  settled_ = true;
  working_.move_on(frontier_, server_ms_, staged_directory_, staged_proposals_);
  if (staged_policy_files_) working_.follow_policies(*staged_policy_files_);
  merge_tasks();
  merge_hearings();
  Merged merged;
  merged.publication.size = working_.size();
  merged.publication.server_ms = server_ms_;
  merged.publication.directory = staged_directory_;
  merged.publication.proposals = staged_proposals_;
  for (const auto& [channel, is_structural] : touched_) {
    merged.publication.channels.push_back(working_.publish_channel(channel, is_structural));
    if (is_structural) merged.committed.changed_rosters.push_back(channel);
  }
  merged.committed.directory_changed = staged_directory_ != nullptr;
  merged.committed.directory_count = working_.directory()->count();
  merged.committed.items = take_items();
  merged.committed.rings.assign(staged_rings_.begin(), staged_rings_.end());
  return merged;
}

std::vector<CommittedItem> BatchView::take_items() {
  std::vector<CommittedItem> items;
  auto entry = batch_.entries.begin();
  auto epoch = batch_.epochs.begin();
  for (JournalRow& row : batch_.rows) {
    if (row.channel_seq == 0 || journal::is_directory_kind(row.kind)) continue;
    CommittedItem committed{row.channel, row.channel_seq, {}};
    committed.item.index = row.index;
    committed.item.leaf = std::move(row.leaf);
    if (entry != batch_.entries.end() && entry->index == row.index) {
      if (sealing::has_body(entry->type)) committed.item.ciphertext = std::move(entry->ciphertext);
      ++entry;
    }
    if (epoch != batch_.epochs.end() && epoch->index == row.index) {
      committed.item.wraps = std::move(epoch->wraps);
      committed.item.prev_box = std::move(epoch->prev_box);
      ++epoch;
    }
    items.push_back(std::move(committed));
  }
  return items;
}

}  // namespace oberih::application
