// SPDX-License-Identifier: Apache-2.0
#include "server/transport/fan_out.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "protocol/journal/checkpoint.hpp"
#include "protocol/wire/events.hpp"
#include "protocol/wire/rpc_frame.hpp"
#include "server/transport/catch_up.hpp"
#include "server/transport/item_frames.hpp"
#include "server/transport/websocket_session.hpp"

namespace oberih::transport {
namespace {

// Beyond this, readers are told to read the journal instead: the recorder must never wait for them.
constexpr std::size_t waiting_news_bytes = 64 * 1024 * 1024;
constexpr std::chrono::milliseconds checkpoint_pause{1'000};
constexpr std::ptrdiff_t flushed_at_once = 32;  // about a third of a millisecond
// A checkpoint goes to everybody but nobody waits for it: told all at once, it would hold up what
// is posted meanwhile by a third of a second at 30,000 connections. Spread over a tenth of one.
constexpr std::size_t least_told_at_once = 16;
constexpr std::size_t turns_of_telling = 20;
constexpr std::chrono::milliseconds pause_of_telling{5};

std::size_t bytes_of(const application::CommittedItem& each) {
  return each.item.leaf.size() + each.item.wraps.size() + each.item.prev_box.size() +
         (each.item.ciphertext ? each.item.ciphertext->size() : 0);
}

Frame frame_of(const std::string& event) {
  return std::make_shared<const std::string>(wire::join_events({event}));
}

}  // namespace

FanOut::News FanOut::pick_news(application::CommittedBatch batch) const {
  News news{{}, {}, batch.directory_changed, batch.directory_count, 0};
  std::set<ChannelId> moved;
  for (const ChannelId& channel : batch.moved_channels)
    if (readers_.contains(channel)) moved.insert(channel);
  for (application::CommittedItem& each : batch.items) {
    if (!readers_.contains(each.channel)) continue;
    if (news_bytes_ + news.bytes > waiting_news_bytes) {
      moved.insert(each.channel);
      continue;
    }
    news.bytes += bytes_of(each);
    news.items.push_back(std::move(each));
  }
  news.moved_channels.assign(moved.begin(), moved.end());
  return news;
}

void FanOut::on_commit(application::CommittedBatch batch) {
  std::unique_lock lock(mutex_);
  News news = pick_news(std::move(batch));
  if (news.items.empty() && news.moved_channels.empty() && !news.directory_changed) return;
  news_bytes_ += news.bytes;
  news_.push_back(std::move(news));
  start_draining(lock);
}

void FanOut::start_draining(std::unique_lock<std::mutex>& lock) {
  bool starts = !std::exchange(is_draining_, true);
  lock.unlock();
  if (starts) loop_.post([this] { drain(); });
}

void FanOut::drain() {
  // One thread at a time drains: the order of commits is the order of frames.
  while (true) {
    News news;
    {
      std::lock_guard lock(mutex_);
      if (news_.empty()) {
        is_draining_ = false;
        return;
      }
      news = std::move(news_.front());
      news_.pop_front();
      news_bytes_ -= news.bytes;
    }
    spread(std::move(news));
  }
}

void FanOut::spread(News news) {
  if (news.directory_changed) close_revoked_sessions();
  std::map<ChannelId, ItemFramer> framers;
  for (application::CommittedItem& each : news.items)
    framers.try_emplace(each.channel, each.channel, news.directory_count)
        .first->second.add(each.channel_seq, std::move(each.item));
  Outboxes pushed;
  for (auto& [channel, framer] : framers) deliver(channel, framer.take(), pushed);
  flush(std::move(pushed));
  for (const ChannelId& channel : news.moved_channels)
    for (const Reader& reader : readers_of(channel))
      if (reader.subscription->note_moved() == Subscription::Next::read_page)
        if (auto catch_up = reader.catch_up.lock()) catch_up->add(reader.subscription);
}

/// Sending is most of the work: where many are to get something, the loop's threads share it.
void FanOut::flush(Outboxes pushed) {
  while (std::ssize(pushed) > flushed_at_once) {
    Outboxes some(pushed.end() - flushed_at_once, pushed.end());
    pushed.erase(pushed.end() - flushed_at_once, pushed.end());
    loop_.post([some = std::move(some)] {
      for (const auto& outbox : some) outbox->flush();
    });
  }
  for (const auto& outbox : pushed) outbox->flush();
}

void FanOut::deliver(const ChannelId& channel, const std::vector<ItemFrame>& frames,
                     Outboxes& pushed) {
  const auto facts = view_.find_channel(channel);
  const auto directory = view_.directory();
  Frame unfollowed;
  const Milliseconds now = std::max(clock_.now_ms(), view_.server_ms());
  for (const Reader& reader : readers_of(channel)) {
    const SubscriptionPointer& subscription = reader.subscription;
    // Asked for every commit: a mandate may end without any record.
    pushed.push_back(subscription->outbox());
    if (!facts || !application::find_member(*facts, *directory, subscription->device(), now)) {
      if (!unfollowed) unfollowed = frame_of(wire::encode_event(wire::UnfollowedEvent{channel}));
      subscription->end(unfollowed);
      remove(subscription);
      continue;
    }
    auto next = Subscription::Next::nothing;
    for (const ItemFrame& each : frames)
      if (subscription->deliver(each) == Subscription::Next::read_page)
        next = Subscription::Next::read_page;
    if (next == Subscription::Next::nothing) continue;
    if (auto catch_up = reader.catch_up.lock()) catch_up->add(subscription);
  }
}

void FanOut::close_revoked_sessions() const {
  auto directory = view_.directory();
  sessions_.for_each([&](WebsocketSession& session) {
    const sealing::Device* device = directory->find_device(session.device());
    if (!device || device->revoked_index)
      session.close(socket::CloseCode::device_revoked, "This device is revoked.");
  });
}

void FanOut::on_checkpoint(const std::string& note) {
  const auto checkpoint = journal::read_unverified_checkpoint(note);
  std::lock_guard lock(mutex_);
  // The same one comes again when witnesses have cosigned it, and from another thread: a client
  // that is shown fewer leaves than before takes the journal for cut.
  if (!checkpoint || checkpoint->size < checkpoint_size_) return;
  checkpoint_size_ = checkpoint->size;
  bool is_waiting = checkpoint_.has_value();
  checkpoint_ = note;
  if (is_waiting) return;
  auto due = checkpoint_sent_at_ + checkpoint_pause;
  auto wait = std::chrono::ceil<std::chrono::milliseconds>(due - std::chrono::steady_clock::now());
  checkpoint_timer_ =
      loop_.after(std::max(wait, std::chrono::milliseconds(0)), [this] { send_checkpoint(); });
}

void FanOut::send_checkpoint() {
  std::string note;
  {
    std::lock_guard lock(mutex_);
    if (!checkpoint_) return;
    note = std::move(*checkpoint_);
    checkpoint_.reset();
    checkpoint_sent_at_ = std::chrono::steady_clock::now();
  }
  Frame frame = frame_of(wire::encode_event(wire::CheckpointEvent{note}));
  Outboxes pushed;
  sessions_.for_each([&](WebsocketSession& session) {
    if (session.follows_something()) pushed.push_back(session.push_batch(frame));
  });
  {
    std::lock_guard lock(mutex_);
    told_at_once_ = std::max(least_told_at_once, pushed.size() / turns_of_telling);
    untold_.insert(untold_.end(), pushed.begin(), pushed.end());
    if (std::exchange(is_telling_, true)) return;
  }
  tell_some();
}

void FanOut::tell_some() {
  Outboxes some;
  {
    std::lock_guard lock(mutex_);
    const std::size_t left = untold_.size() - std::min(untold_.size(), told_at_once_);
    some.assign(untold_.begin() + static_cast<std::ptrdiff_t>(left), untold_.end());
    untold_.resize(left);
    is_telling_ = left > 0;
    if (is_telling_) telling_timer_ = loop_.after(pause_of_telling, [this] { tell_some(); });
  }
  for (const auto& outbox : some) outbox->flush();
}

std::vector<FanOut::Reader> FanOut::readers_of(const ChannelId& channel) const {
  std::lock_guard lock(mutex_);
  auto found = readers_.find(channel);
  return found == readers_.end() ? std::vector<Reader>{} : found->second;
}

void FanOut::add(const SubscriptionPointer& subscription, std::weak_ptr<CatchUp> catch_up) {
  std::lock_guard lock(mutex_);
  readers_[subscription->channel()].push_back({subscription, std::move(catch_up)});
}

void FanOut::remove(const SubscriptionPointer& subscription) {
  std::lock_guard lock(mutex_);
  auto found = readers_.find(subscription->channel());
  if (found == readers_.end()) return;
  std::erase_if(found->second,
                [&](const Reader& reader) { return reader.subscription == subscription; });
  if (found->second.empty()) readers_.erase(found);
}

}  // namespace oberih::transport
