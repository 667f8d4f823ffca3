// SPDX-License-Identifier: Apache-2.0
// From the recorder to the readers: what a commit brought to a channel is serialised once and goes
// to the outboxes of all who follow it. The recorder only drops its news here; an io thread carries
// them.
#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "protocol/socket/event_loop.hpp"
#include "server/application/journal_view.hpp"
#include "server/application/ports.hpp"
#include "server/transport/session_registry.hpp"
#include "server/transport/subscription.hpp"

namespace oberih::transport {

class CatchUp;

class FanOut final : public application::CommitListener {
 public:
  FanOut(socket::EventLoop& loop, const application::JournalView& view,
         const application::Clock& clock, const SessionRegistry& sessions)
      : loop_(loop), view_(view), clock_(clock), sessions_(sessions) {}

  // The recorder's thread. The view is published before: what is not delivered can be read.
  void on_commit(application::CommittedBatch batch) override;
  void on_checkpoint(const std::string& note) override;

  /// From now on the subscription gets what is committed; `catch_up` reads what it has missed.
  void add(const SubscriptionPointer& subscription, std::weak_ptr<CatchUp> catch_up);
  void remove(const SubscriptionPointer& subscription);

 private:
  struct Reader {
    SubscriptionPointer subscription;
    std::weak_ptr<CatchUp> catch_up;
  };
  struct News {
    std::vector<application::CommittedItem> items;
    std::vector<ChannelId> moved_channels;
    bool directory_changed = false;
    std::uint64_t directory_count = 0;
    std::size_t bytes = 0;
  };

  News pick_news(application::CommittedBatch batch) const;  // with the lock held
  void start_draining(std::unique_lock<std::mutex>& lock);
  void drain();
  void spread(News news);
  std::vector<Reader> readers_of(const ChannelId& channel) const;
  using Outboxes = std::vector<std::shared_ptr<Outbox>>;
  /// Adds to `pushed` the outboxes that are to be flushed.
  void deliver(const ChannelId& channel, const std::vector<ItemFrame>& frames, Outboxes& pushed);
  void flush(Outboxes pushed);
  void close_revoked_sessions() const;
  void send_checkpoint();
  void tell_some();

  socket::EventLoop& loop_;
  const application::JournalView& view_;
  const application::Clock& clock_;
  const SessionRegistry& sessions_;

  mutable std::mutex mutex_;
  std::unordered_map<ChannelId, std::vector<Reader>, FixedBytesHash> readers_;
  std::deque<News> news_;
  std::size_t news_bytes_ = 0;
  bool is_draining_ = false;
  std::optional<std::string> checkpoint_;  // not sent yet
  std::uint64_t checkpoint_size_ = 0;      // of the newest that was to be sent
  std::chrono::steady_clock::time_point checkpoint_sent_at_{};
  std::shared_ptr<void> checkpoint_timer_;
  Outboxes untold_;  // hold the checkpoint and are not flushed yet
  std::size_t told_at_once_ = 0;
  bool is_telling_ = false;
  std::shared_ptr<void> telling_timer_;
};

}  // namespace oberih::transport
