// SPDX-License-Identifier: Apache-2.0
// The threads on which sockets and timers run. Hides Asio: nobody outside protocol/socket includes
// it.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace oberih::socket {

class EventLoop {
 public:
  /// Starts `threads` threads at once (at least one).
  explicit EventLoop(unsigned threads);
  ~EventLoop();  // stop() and join

  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  /// Runs `work` on one of the threads. Callable from any thread.
  void post(std::function<void()> work);
  /// Runs `work` once after `delay`; the returned handle cancels when the last copy is destroyed.
  [[nodiscard]] std::shared_ptr<void> after(std::chrono::milliseconds delay,
                                            std::function<void()> work);
  /// Calls `handler(signal)` for SIGINT, SIGTERM and SIGHUP instead of their default action.
  void on_signals(std::function<void(int)> handler);
  /// Ends all work; handlers not yet run are dropped. Idempotent.
  void stop();
  /// After stop(): waits until no handler runs any more, so that what handlers use may be destroyed
  /// before the loop. Not from one of its own threads. Idempotent.
  void join();

  struct Implementation;
  Implementation& implementation() { return *implementation_; }

 private:
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace oberih::socket
