// SPDX-License-Identifier: Apache-2.0
// Lets a few pieces of heavy work run at once and queues the others. Handshakes go through it: each
// keeps a thread busy for a third of a millisecond, and a hundred that come together would let
// everybody who is at work already wait behind them. Any thread. Internal to protocol/socket.
#pragma once

#include <deque>
#include <functional>
#include <mutex>

#include "protocol/socket/boost_asio.hpp"

namespace oberih::socket {

class WorkGate {
 public:
  using Work = std::function<void()>;

  explicit WorkGate(std::size_t at_once) : free_(at_once) {}

  /// Called on `executor`'s strand: runs `work` now, or there later, in the order of calls. Whoever
  /// bounds the callers bounds the queue.
  void enter(const Executor& executor, Work work) {
    {
      std::lock_guard lock(mutex_);
      if (free_ == 0) return waiting_.push_back({executor, std::move(work)});
      --free_;
    }
    work();
    leave();
  }

  /// Forgets what waits, and what it holds.
  void clear() {
    std::deque<Waiting> dropped;
    std::lock_guard lock(mutex_);
    dropped.swap(waiting_);
  }

 private:
  struct Waiting {
    Executor executor;
    Work work;
  };

  void leave() {
    Waiting next;
    {
      std::lock_guard lock(mutex_);
      if (waiting_.empty()) {
        ++free_;
        return;
      }
      next = std::move(waiting_.front());
      waiting_.pop_front();
    }
    // Behind what the threads have to do already.
    asio::post(next.executor, [this, work = std::move(next.work)] {
      work();
      leave();
    });
  }

  std::mutex mutex_;
  std::size_t free_;
  std::deque<Waiting> waiting_;
};

}  // namespace oberih::socket
