// SPDX-License-Identifier: Apache-2.0
// What EventLoop hides: the io_context, its threads and signals. Internal to protocol/socket.
#pragma once

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "protocol/socket/boost_asio.hpp"
#include "protocol/socket/event_loop.hpp"
#include "protocol/socket/work_gate.hpp"

namespace oberih::socket {

/// Sockets and timers keep their IoContext alive: they may be destroyed after the EventLoop.
class IoContext : public asio::io_context {
 public:
  /// Half of the threads, at most, are in handshakes.
  explicit IoContext(unsigned threads)
      : io_context(static_cast<int>(threads)), handshakes(std::max(1U, threads / 2)) {}

  /// Destroys the handlers that will never run now, and with them what they hold.
  void drop_handlers() {
    shutdown();
    handshakes.clear();
  }

  /// Whatever is posted afterwards would lie in the queue for ever.
  std::atomic<bool> is_stopping = false;
  WorkGate handshakes;
};

inline Executor make_strand_of(IoContext& context) { return asio::make_strand(context); }

struct EventLoop::Implementation {
  explicit Implementation(unsigned thread_count)
      : context(std::make_shared<IoContext>(thread_count)), work(context->get_executor()) {}

  std::shared_ptr<IoContext> context;
  asio::executor_work_guard<asio::io_context::executor_type> work;
  std::mutex signals_mutex;
  std::shared_ptr<asio::signal_set> signals;
  std::vector<std::thread> threads;
};

}  // namespace oberih::socket
