// SPDX-License-Identifier: Apache-2.0
#include "server/application/journal_view.hpp"

#include <algorithm>
#include <mutex>

namespace oberih::application {

const sealing::RosterLine* find_member(const ChannelFacts& channel,
                                       const sealing::Directory& directory, const DeviceId& device,
                                       Milliseconds now_ms) {
  const sealing::RosterLine* line = channel.state->find_member(device);
  if (line == nullptr || std::binary_search(channel.gone.begin(), channel.gone.end(), device))
    return nullptr;
  if (line->ends_ms != 0 && line->ends_ms <= now_ms) return nullptr;
  const sealing::Device* known = directory.find_device(device);
  return known == nullptr || known->revoked_index ? nullptr : line;
}

JournalView::JournalView()
    : directory_(std::make_shared<const sealing::Directory>()),
      proposals_(std::make_shared<const sealing::ProposalBook>()) {}

DirectoryPointer JournalView::directory() const {
  std::shared_lock lock(mutex_);
  return directory_;
}

ProposalsPointer JournalView::proposals() const {
  std::shared_lock lock(mutex_);
  return proposals_;
}

std::uint64_t JournalView::size() const {
  std::shared_lock lock(mutex_);
  return size_;
}

Milliseconds JournalView::server_ms() const {
  std::shared_lock lock(mutex_);
  return server_ms_;
}

std::optional<ChannelFacts> JournalView::find_channel(const ChannelId& channel) const {
  std::shared_lock lock(mutex_);
  auto found = channels_.find(channel);
  if (found == channels_.end()) return std::nullopt;
  return found->second;
}

std::optional<sealing::RosterLine> JournalView::find_member(const ChannelId& channel,
                                                            const DeviceId& device,
                                                            Milliseconds now_ms) const {
  std::shared_lock lock(mutex_);
  auto found = channels_.find(channel);
  if (found == channels_.end()) return std::nullopt;
  const sealing::RosterLine* line =
      application::find_member(found->second, *directory_, device, now_ms);
  if (line == nullptr) return std::nullopt;
  return *line;
}

std::vector<std::pair<ChannelId, ChannelFacts>> JournalView::channels_of(
    const DeviceId& device) const {
  std::vector<std::pair<ChannelId, ChannelFacts>> channels;
  std::shared_lock lock(mutex_);
  auto found = channels_by_device_.find(device);
  if (found == channels_by_device_.end()) return channels;
  for (const ChannelId& channel : found->second)
    channels.emplace_back(channel, channels_.at(channel));
  return channels;
}

std::optional<SignedCheckpoint> JournalView::checkpoint() const {
  std::shared_lock lock(mutex_);
  return checkpoint_;
}

std::optional<Digest> JournalView::checkpoint_root(std::uint64_t size) const {
  std::shared_lock lock(mutex_);
  auto found = checkpoint_roots_.find(size);
  if (found == checkpoint_roots_.end()) return std::nullopt;
  return found->second;
}

void JournalView::publish(Publication publication) {
  std::unique_lock lock(mutex_);
  size_ = publication.size;
  server_ms_ = publication.server_ms;
  if (publication.directory) directory_ = std::move(publication.directory);
  if (publication.proposals) proposals_ = std::move(publication.proposals);
  for (Publication::Channel& change : publication.channels) publish_channel(std::move(change));
}

void JournalView::publish_channel(Publication::Channel change) {
  ChannelFacts& facts = channels_[change.channel];
  facts.newest_seq = change.newest_seq;
  if (!change.state) return;
  if (facts.state)
    for (const sealing::RosterLine& line : facts.state->roster())
      if (change.state->find_member(line.device) == nullptr)
        channels_by_device_[line.device].erase(change.channel);
  for (const sealing::RosterLine& line : change.state->roster())
    channels_by_device_[line.device].insert(change.channel);
  facts.state = std::move(change.state);
  facts.gone = std::move(change.gone);
}

std::optional<WitnessedNote> JournalView::witnessed() const {
  std::shared_lock lock(mutex_);
  return witnessed_;
}

bool JournalView::publish_cosigned(std::uint64_t size, const std::string& note) {
  std::unique_lock lock(mutex_);
  if (!checkpoint_ || checkpoint_->size != size) return false;
  checkpoint_->note = note;
  return true;
}

void JournalView::publish(WitnessedNote witnessed) {
  std::unique_lock lock(mutex_);
  witnessed_ = std::move(witnessed);
}

std::optional<AnchoredHead> JournalView::anchored() const {
  std::shared_lock lock(mutex_);
  return anchored_;
}

void JournalView::publish(AnchoredHead anchored) {
  std::unique_lock lock(mutex_);
  anchored_ = anchored;
}

void JournalView::publish(SignedCheckpoint checkpoint) {
  std::unique_lock lock(mutex_);
  checkpoint_roots_[checkpoint.size] = checkpoint.root;
  if (checkpoint_roots_.size() > kept_checkpoints)
    checkpoint_roots_.erase(checkpoint_roots_.begin());
  checkpoint_ = std::move(checkpoint);
}

}  // namespace oberih::application
