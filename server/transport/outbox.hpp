// SPDX-License-Identifier: Apache-2.0
// What waits to be sent on one connection, bounded in bytes: memory is never the buffer. Replies
// and event batches leave in the order in which they came; batches that wait side by side leave
// joined. It knows no socket: two functions are its wiring.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

namespace oberih::transport {

/// Shared, because the fan-out serialises once for all readers of a channel.
using Frame = std::shared_ptr<const std::string>;

class Outbox : public std::enable_shared_from_this<Outbox> {
 public:
  struct Wiring {
    /// Called for one frame at a time; `done(false)` ends the outbox. May call `done` at once.
    std::function<void(Frame frame, std::function<void(bool sent)> done)> send;
    /// Called at most once, without a lock held: the connection is to be closed as a slow consumer.
    std::function<void()> on_full;
  };

  Outbox(std::size_t limit_bytes, Wiring wiring);

  /// Callable from any thread. Over the limit everything that waits is dropped.
  void push_reply(std::string frame);  // without a lock held: sends at once where nothing waits
  void push_batch(Frame frame);        // sent with the next flush()
  /// Sends what waits, one frame after the other. Without a lock held.
  void flush();
  /// Runs `work` once, as soon as at most `bytes` wait (at once, if so now). One wish at a time: a
  /// later one replaces an earlier one.
  void when_below(std::size_t bytes, std::function<void()> work);
  /// Drops what waits and takes nothing more.
  void close();

  std::size_t waiting_bytes() const;

 private:
  struct Waiting {
    Frame frame;
    bool is_batch = false;
  };

  /// What became of the frame that `send` was given: `done` may come inside the call.
  enum class Turn { inside_send, answered_inside, later };

  void push(Waiting waiting);
  void send_what_waits();
  void finish_sending(bool sent);
  Frame take_next();  // with the lock held

  const std::size_t limit_bytes_;
  const Wiring wiring_;
  mutable std::mutex mutex_;
  std::deque<Waiting> waiting_;
  std::size_t bytes_ = 0;          // waiting and being sent
  std::size_t sending_bytes_ = 0;  // of the frame that `send` has
  bool is_sending_ = false;
  Turn turn_ = Turn::later;
  bool is_closed_ = false;
  std::size_t wish_bytes_ = 0;
  std::function<void()> wish_;
};

}  // namespace oberih::transport
