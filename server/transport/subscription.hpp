// SPDX-License-Identifier: Apache-2.0
// One connection following one channel: everything after a sequence, in order, without a gap and
// without doubling. Live frames count only while the subscription has caught up; else they are
// merely noted and read again from the journal, so that memory is never the buffer.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "protocol/base/ids.hpp"
#include "server/transport/outbox.hpp"

namespace oberih::transport {

/// A batch frame with consecutive items of one channel.
struct ItemFrame {
  std::uint64_t first_seq = 0;
  std::uint64_t last_seq = 0;
  Frame frame;
};

class Subscription {
 public:
  /// Begins as catching up from `after_seq`.
  Subscription(const ChannelId& channel, const DeviceId& device, std::uint64_t after_seq,
               std::shared_ptr<Outbox> outbox)
      : channel_(channel), device_(device), outbox_(std::move(outbox)), position_(after_seq) {}

  const ChannelId& channel() const { return channel_; }
  const DeviceId& device() const { return device_; }
  /// What the calls below push is sent when this is flushed.
  const std::shared_ptr<Outbox>& outbox() const { return outbox_; }

  enum class Next { nothing, read_page };

  /// A commit's frame. read_page: it does not continue what was sent, pages are to be read.
  [[nodiscard]] Next deliver(const ItemFrame& frame);
  /// The channel grew by leaves that are not at hand.
  [[nodiscard]] Next note_moved();
  /// The channel has `newest_seq`, as read after this subscription was registered.
  [[nodiscard]] Next begin(std::uint64_t newest_seq);

  /// The sequence after which the next page is to be read.
  std::uint64_t begin_page();
  /// A page's frames, which begin where begin_page() said, and the channel's newest sequence then.
  [[nodiscard]] Next take_page(const std::vector<ItemFrame>& frames, std::uint64_t newest_seq);

  /// Nothing is sent after this, but `last_words` where given. False when it had ended before.
  bool end(const Frame& last_words = nullptr);
  bool has_ended() const;

 private:
  Next fall_behind();  // with the lock held

  const ChannelId channel_;
  const DeviceId device_;
  const std::shared_ptr<Outbox> outbox_;
  mutable std::mutex mutex_;  // held while pushing: order in the outbox is order in the channel
  std::uint64_t position_;    // newest sequence that went to the outbox
  std::uint64_t newest_known_ = 0;
  bool is_catching_up_ = true;
  bool must_read_again_ = false;
  bool has_ended_ = false;
};

using SubscriptionPointer = std::shared_ptr<Subscription>;

}  // namespace oberih::transport
