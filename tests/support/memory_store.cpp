// SPDX-License-Identifier: Apache-2.0
#include "tests/support/memory_store.hpp"

#include <algorithm>
#include <stdexcept>

namespace oberih::test {
namespace {

/// Whether the entry's handling code binds who may be let in later. Tests of the recorder stage
/// entries that are none: they bind nobody.
bool is_restricted(const application::JournalRow& row) {
  const auto leaf = journal::parse_leaf(row.leaf);
  const auto entry = sealing::parse_entry_body(leaf.value().body);
  if (!entry) return false;
  const auto header = sealing::parse_header(entry->header);
  return header && sealing::is_restricted(sealing::common_facts_of(*header).handling);
}

}  // namespace

using application::CommitOutcome;
using application::JournalRow;

void MemoryJournal::inject(std::initializer_list<Fault> faults) {
  std::lock_guard lock(mutex_);
  faults_.insert(faults_.end(), faults);
}

void MemoryJournal::set_away(bool away) {
  std::lock_guard lock(mutex_);
  away_ = away;
}

std::size_t MemoryJournal::batches() const {
  std::lock_guard lock(mutex_);
  return batches_;
}

std::size_t MemoryJournal::checkpoint_root_reads() const {
  std::lock_guard lock(mutex_);
  return checkpoint_root_reads_;
}

std::vector<JournalRow> MemoryJournal::rows() const {
  std::lock_guard lock(mutex_);
  return rows_;
}

std::vector<std::string> MemoryJournal::checkpoints() const {
  std::lock_guard lock(mutex_);
  std::vector<std::string> notes;
  for (const auto& [size, checkpoint] : checkpoints_) notes.push_back(checkpoint.note);
  return notes;
}

std::map<std::pair<ChannelId, TaskId>, sealing::Task> MemoryJournal::tasks() const {
  std::lock_guard lock(mutex_);
  return tasks_;
}

std::vector<application::TaskWakeRow> MemoryJournal::wakes() const {
  std::lock_guard lock(mutex_);
  std::vector<application::TaskWakeRow> rows;
  for (const auto& [key, row] : wakes_) rows.push_back(row);
  return rows;
}

std::map<std::pair<ChannelId, HearingId>, application::HearingRow> MemoryJournal::hearings() const {
  std::lock_guard lock(mutex_);
  return hearings_;
}

void MemoryJournal::overwrite_head(const application::JournalHead& head) {
  std::lock_guard lock(mutex_);
  head_ = head;
}

// -- the recorder's side
// ---------------------------------------------------------------------------

std::unique_lock<std::mutex> MemoryStore::reach() const {
  std::unique_lock lock(journal_.mutex_);
  if (journal_.away_) throw std::runtime_error("the database is away");
  return lock;
}

application::JournalHead MemoryStore::load_head() {
  auto lock = reach();
  return journal_.head_;
}

void MemoryStore::load_structure(std::uint64_t first_index, std::uint64_t end_index,
                                 const std::function<void(const JournalRow&)>& take) {
  auto lock = reach();
  for (const JournalRow& row : journal_.rows_) {
    if (row.index < first_index || row.index >= end_index) continue;
    bool is_structure = journal::is_directory_kind(row.kind) ||
                        row.kind == journal::LeafKind::channel_record ||
                        row.kind == journal::LeafKind::administration;
    if (row.kind == journal::LeafKind::entry) {
      const EntryType type = journal_.entries_.at(row.index).type;
      is_structure = type == EntryType::leave || type == EntryType::wrap_unusable ||
                     type == EntryType::consent || is_restricted(row);
    }
    if (is_structure) take(row);
  }
}

void MemoryStore::load_channel_ends(
    const std::function<void(const ChannelId&, std::uint64_t, const Digest&)>& take) {
  auto lock = reach();
  for (const auto& [channel, indexes] : journal_.channels_)
    take(channel, indexes.size(), journal_.rows_[indexes.back()].leaf_hash);
}

sealing::SenderHead MemoryStore::load_sender_head(const ChannelId& channel,
                                                  const DeviceId& device) {
  auto lock = reach();
  sealing::SenderHead head;
  for (const auto& [index, entry] : journal_.entries_)
    if (entry.channel == channel && entry.sender == device)
      head = {entry.sender_seq, entry.message_hash, entry.seen_seq, entry.log_size};
  return head;
}

std::optional<Digest> MemoryStore::load_leaf_hash(const ChannelId& channel, std::uint64_t seq) {
  auto lock = reach();
  auto found = journal_.channels_.find(channel);
  if (found == journal_.channels_.end() || seq == 0 || seq > found->second.size())
    return std::nullopt;
  return journal_.rows_[found->second[seq - 1]].leaf_hash;
}

std::optional<sealing::Task> MemoryStore::load_task(const ChannelId& channel, const TaskId& task) {
  auto lock = reach();
  const auto found = journal_.tasks_.find({channel, task});
  if (found == journal_.tasks_.end()) return std::nullopt;
  return found->second;
}

std::vector<application::TaskWakeRow> MemoryStore::load_due_wakes(Milliseconds now_ms,
                                                                  std::size_t most) {
  auto lock = reach();
  std::vector<application::TaskWakeRow> due;
  for (const auto& [key, row] : journal_.wakes_)
    if (row.next_ms != 0 && row.next_ms <= now_ms) due.push_back(row);
  std::stable_sort(due.begin(), due.end(),
                   [](const auto& a, const auto& b) { return a.next_ms < b.next_ms; });
  if (due.size() > most) due.resize(most);
  return due;
}

std::optional<application::AskedRow> MemoryStore::load_asked(const ChannelId& channel,
                                                             std::uint64_t seq) {
  auto lock = reach();
  const auto found = journal_.asked_.find({channel, seq});
  if (found == journal_.asked_.end()) return std::nullopt;
  return found->second;
}

std::vector<application::AskedRow> MemoryStore::load_due_asked(Milliseconds now_ms,
                                                               std::size_t most) {
  auto lock = reach();
  std::vector<application::AskedRow> due;
  for (const auto& [key, row] : journal_.asked_)
    if (row.next_ms != 0 && row.next_ms <= now_ms) due.push_back(row);
  std::stable_sort(due.begin(), due.end(),
                   [](const auto& a, const auto& b) { return a.next_ms < b.next_ms; });
  if (due.size() > most) due.resize(most);
  return due;
}

std::optional<application::HearingRow> MemoryStore::load_hearing(const ChannelId& channel,
                                                                 const HearingId& hearing) {
  auto lock = reach();
  const auto found = journal_.hearings_.find({channel, hearing});
  if (found == journal_.hearings_.end()) return std::nullopt;
  return found->second;
}

std::vector<application::HearingRow> MemoryStore::load_due_hearings(Milliseconds now_ms,
                                                                    std::size_t most) {
  auto lock = reach();
  std::vector<application::HearingRow> due;
  for (const auto& [key, row] : journal_.hearings_)
    if (row.next_ms != 0 && row.next_ms <= now_ms) due.push_back(row);
  std::stable_sort(due.begin(), due.end(),
                   [](const auto& a, const auto& b) { return a.next_ms < b.next_ms; });
  if (due.size() > most) due.resize(most);
  return due;
}

void MemoryStore::load_excluding_hearings(
    const std::function<void(const ChannelId&, const sealing::Hearing&)>& take) {
  auto lock = reach();
  for (const auto& [key, row] : journal_.hearings_)
    if (!row.hearing->notice.may_not_be_told.empty() && sealing::is_open(row.hearing->state))
      take(row.channel, *row.hearing);
}

std::vector<application::ReceiptReach> MemoryStore::load_receipt_reach(
    const ChannelId& channel, const std::vector<DeviceId>& devices) {
  auto lock = reach();
  std::vector<application::ReceiptReach> found;
  for (const application::ReceiptRow& row : journal_.receipts_)
    if (row.channel == channel &&
        std::find(devices.begin(), devices.end(), row.device) != devices.end())
      found.push_back({row.device, row.step, row.channel_seq});
  return found;
}

std::optional<Bytes> MemoryStore::load_channel_leaf(const ChannelId& channel, std::uint64_t seq) {
  auto lock = reach();
  auto found = journal_.channels_.find(channel);
  if (found == journal_.channels_.end() || seq == 0 || seq > found->second.size())
    return std::nullopt;
  return journal_.rows_[found->second[seq - 1]].leaf;
}

std::optional<wire::FoundEntry> MemoryStore::load_entry(const DeviceId& sender,
                                                        const MessageId& id) {
  auto lock = reach();
  auto found = journal_.entry_by_message_.find({sender, id});
  if (found == journal_.entry_by_message_.end()) return std::nullopt;
  const JournalRow& row = journal_.rows_[found->second];
  return wire::FoundEntry{id,
                          journal_.entries_.at(found->second).message_hash,
                          {row.index, row.channel_seq, row.leaf_hash, row.server_ms}};
}

std::optional<JournalRow> MemoryStore::load_newest_receipt(const ChannelId& channel,
                                                           const DeviceId& device,
                                                           sealing::ReceiptStep step) {
  auto lock = reach();
  const JournalRow* newest = nullptr;
  for (const application::ReceiptRow& row : journal_.receipts_)
    if (row.channel == channel && row.device == device && row.step == step)
      newest = &journal_.rows_[row.index];
  return newest == nullptr ? std::nullopt : std::optional(*newest);
}

std::optional<Digest> MemoryStore::load_checkpoint_root(std::uint64_t size) {
  auto lock = reach();
  ++journal_.checkpoint_root_reads_;
  auto found = journal_.checkpoints_.find(size);
  if (found == journal_.checkpoints_.end()) return std::nullopt;
  return found->second.root;
}

std::optional<application::StoredCheckpoint> MemoryStore::load_newest_checkpoint() {
  auto lock = reach();
  if (journal_.checkpoints_.empty()) return std::nullopt;
  return journal_.checkpoints_.rbegin()->second;
}

void MemoryStore::store_checkpoint(const application::StoredCheckpoint& checkpoint) {
  auto lock = reach();
  journal_.checkpoints_[checkpoint.size] = checkpoint;
}

CommitOutcome MemoryStore::append(const application::Batch& batch) {
  if (journal_.before_append) journal_.before_append();
  std::lock_guard lock(journal_.mutex_);
  MemoryJournal::Fault fault = MemoryJournal::Fault::none;
  if (!journal_.faults_.empty()) {
    fault = journal_.faults_.front();
    journal_.faults_.pop_front();
  }
  switch (fault) {
    case MemoryJournal::Fault::none:
      return commit(batch);
    case MemoryJournal::Fault::fail:
      return CommitOutcome::failed;
    case MemoryJournal::Fault::lose_after_commit:
      commit(batch);
      return CommitOutcome::unknown;
    case MemoryJournal::Fault::lose_before_commit:
      return CommitOutcome::unknown;
  }
  return CommitOutcome::failed;
}

CommitOutcome MemoryStore::commit(const application::Batch& batch) {
  if (batch.expected_size != journal_.head_.size) return CommitOutcome::head_moved;
  std::map<std::pair<DeviceId, MessageId>, std::uint64_t> fresh;
  for (const application::EntryRow& entry : batch.entries) {
    const auto key = std::pair(entry.sender, entry.message_id);
    if (journal_.entry_by_message_.contains(key) || !fresh.emplace(key, entry.index).second)
      return CommitOutcome::message_id_reused;
  }
  for (const JournalRow& row : batch.rows) {
    if (row.index != journal_.rows_.size()) throw std::logic_error("a gap in the journal");
    if (journal::is_directory_kind(row.kind)) {
      journal_.directory_.push_back(row.index);
      if (row.channel_seq != journal_.directory_.size()) throw std::logic_error("directory chain");
    } else if (row.channel_seq != 0) {
      auto& indexes = journal_.channels_[row.channel];
      indexes.push_back(row.index);
      if (row.channel_seq != indexes.size()) throw std::logic_error("a gap in a channel");
    }
    journal_.rows_.push_back(row);
  }
  for (const application::EntryRow& entry : batch.entries) journal_.entries_[entry.index] = entry;
  for (const application::EpochRow& epoch : batch.epochs) journal_.epochs_[epoch.index] = epoch;
  journal_.receipts_.insert(journal_.receipts_.end(), batch.receipts.begin(), batch.receipts.end());
  journal_.alerts_.insert(journal_.alerts_.end(), batch.alerts.begin(), batch.alerts.end());
  for (const sealing::NameCard& card : batch.name_cards) journal_.name_cards_[card.device] = card;
  for (const application::TaskRow& row : batch.tasks)
    journal_.tasks_[{row.channel, row.task->id}] = *row.task;
  for (application::TaskWakeRow row : batch.wakes) {
    application::TaskWakeRow& stored = journal_.wakes_[{row.channel, row.task, row.slot}];
    if (row.said_ms == 0) row.said_ms = stored.said_ms;
    stored = row;
  }
  for (const application::AskedRow& row : batch.asked)
    journal_.asked_[{row.channel, row.asked.channel_seq}] = row;
  for (const application::HearingRow& row : batch.hearings)
    journal_.hearings_[{row.channel, row.hearing->id}] = row;
  journal_.entry_by_message_.merge(fresh);
  journal_.head_ = batch.head;
  ++journal_.batches_;
  return CommitOutcome::committed;
}

// -- the reading side
// ------------------------------------------------------------------------------

wire::ChannelItem MemoryReader::item_at(std::uint64_t index) const {
  wire::ChannelItem item;
  item.index = index;
  item.leaf = journal_.rows_[index].leaf;
  if (auto entry = journal_.entries_.find(index);
      entry != journal_.entries_.end() && sealing::has_body(entry->second.type))
    item.ciphertext = entry->second.ciphertext;
  if (auto epoch = journal_.epochs_.find(index); epoch != journal_.epochs_.end()) {
    item.wraps = epoch->second.wraps;
    item.prev_box = epoch->second.prev_box;
  }
  return item;
}

void MemoryReader::read_channel(const domain::Origin&, const ChannelId& channel,
                                std::uint64_t after_seq, std::uint32_t limit, bool latest,
                                std::function<void(Result<wire::ItemPage>)> done) {
  wire::ItemPage page;
  {
    std::lock_guard lock(journal_.mutex_);
    auto found = journal_.channels_.find(channel);
    const std::uint64_t newest = found == journal_.channels_.end() ? 0 : found->second.size();
    std::uint64_t first = after_seq;
    if (latest && newest > limit) first = std::max(first, newest - limit);
    for (std::uint64_t seq = first; seq < newest && page.items.size() < limit; ++seq)
      page.items.push_back(item_at(found->second[seq]));
    page.newest_seq = newest;
    page.directory_count = journal_.directory_.size();
  }
  done(std::move(page));
}

void MemoryReader::read_directory(const domain::Origin&, std::uint64_t after_count,
                                  std::uint32_t limit,
                                  std::function<void(Result<wire::DirectoryPage>)> done) {
  wire::DirectoryPage page;
  {
    std::lock_guard lock(journal_.mutex_);
    for (std::uint64_t i = after_count; i < journal_.directory_.size(); ++i) {
      if (page.leaves.size() == limit) break;
      page.leaves.push_back({journal_.directory_[i], journal_.rows_[journal_.directory_[i]].leaf});
    }
    page.directory_count = journal_.directory_.size();
  }
  done(std::move(page));
}

void MemoryReader::read_name_cards(const domain::Origin&, std::vector<DeviceId> devices,
                                   std::function<void(Result<wire::NameCards>)> done) {
  wire::NameCards cards;
  {
    std::lock_guard lock(journal_.mutex_);
    for (const DeviceId& device : devices)
      if (auto found = journal_.name_cards_.find(device); found != journal_.name_cards_.end())
        cards.cards.push_back(found->second);
  }
  done(std::move(cards));
}

void MemoryReader::find_entries(const domain::Origin&, const DeviceId& sender,
                                const ChannelId& channel, std::vector<MessageId> ids,
                                std::function<void(Result<wire::FoundEntries>)> done) {
  wire::FoundEntries found;
  {
    std::lock_guard lock(journal_.mutex_);
    for (const MessageId& id : ids) {
      auto at = journal_.entry_by_message_.find({sender, id});
      if (at == journal_.entry_by_message_.end()) continue;
      const JournalRow& row = journal_.rows_[at->second];
      if (row.channel != channel) continue;
      found.entries.push_back({id,
                               journal_.entries_.at(at->second).message_hash,
                               {row.index, row.channel_seq, row.leaf_hash, row.server_ms}});
    }
  }
  done(std::move(found));
}

application::JournalTree MemoryReader::tree(std::uint64_t size) {
  return application::JournalTree(
      size,
      [this](std::uint64_t begin, std::uint64_t end) {
        std::vector<Digest> hashes;
        for (; begin < std::min<std::uint64_t>(end, journal_.rows_.size()); ++begin)
          hashes.push_back(journal_.rows_[begin].leaf_hash);
        return hashes;
      },
      tile_roots_);
}

void MemoryReader::read_receipts(const domain::Origin&, const ChannelId& channel,
                                 std::uint64_t channel_seq, const DeviceId& after_device,
                                 std::function<void(Result<wire::ReceiptPage>)> done) {
  wire::ReceiptPage page;
  {
    std::lock_guard lock(journal_.mutex_);
    std::map<std::pair<DeviceId, sealing::ReceiptStep>, std::uint64_t> found;
    for (const application::ReceiptRow& row : journal_.receipts_) {
      if (row.channel != channel || row.device <= after_device) continue;
      if (channel_seq == 0) found[{row.device, row.step}] = row.index;
      if (channel_seq != 0 && row.channel_seq >= channel_seq)
        found.try_emplace({row.device, row.step}, row.index);
    }
    for (const auto& [place, index] : found) {
      page.leaves.push_back({index, journal_.rows_[index].leaf});
      page.last_device = place.first;
    }
    page.directory_count = journal_.directory_.size();
  }
  done(std::move(page));
}

void MemoryReader::read_alerts(const domain::Origin&, const AgencyId& agency,
                               std::vector<UnitId> units, std::uint64_t after_index,
                               std::uint32_t limit,
                               std::function<void(Result<wire::AlertPage>)> done) {
  wire::AlertPage page;
  {
    std::lock_guard lock(journal_.mutex_);
    for (const application::AlertRow& row : journal_.alerts_) {
      if (row.agency != agency || row.index <= after_index ||
          std::find(units.begin(), units.end(), row.unit) == units.end())
        continue;
      page.more = page.leaves.size() == limit;
      if (page.more) break;
      page.leaves.push_back({row.index, journal_.rows_[row.index].leaf});
    }
    page.directory_count = journal_.directory_.size();
  }
  done(std::move(page));
}

void MemoryReader::read_tile(const domain::Origin&, std::uint64_t tree_size,
                             const journal::TileAddress& tile,
                             std::function<void(Result<Bytes>)> done) {
  Bytes encoded;
  {
    std::lock_guard lock(journal_.mutex_);
    const std::uint64_t first = tile.index * journal::tile_width;
    std::vector<Bytes> leaves;
    if (tile.kind == journal::TileKind::entries)
      for (std::uint64_t i = 0; i < tile.width; ++i)
        leaves.push_back(journal_.rows_.at(first + i).leaf);
    encoded = leaves.empty() ? journal::encode_tile(tree(tree_size).tile(tile))
                             : journal::encode_entry_bundle(leaves);
  }
  done(std::move(encoded));
}

void MemoryReader::read_proofs(const domain::Origin&, std::vector<application::ProofWish> wishes,
                               std::function<void(Result<std::vector<journal::ProofPath>>)> done) {
  std::vector<journal::ProofPath> paths;
  {
    std::lock_guard lock(journal_.mutex_);
    for (const application::ProofWish& wish : wishes) paths.push_back(tree(wish.size).prove(wish));
  }
  done(std::move(paths));
}

}  // namespace oberih::test
