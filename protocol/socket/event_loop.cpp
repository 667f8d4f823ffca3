// SPDX-License-Identifier: Apache-2.0
#include "protocol/socket/event_loop.hpp"

#include <algorithm>
#include <csignal>

#include "protocol/socket/event_loop_implementation.hpp"

namespace oberih::socket {

namespace {

/// One waiting call. Whoever takes `is_over` first decides: it runs or it never will.
struct DelayedCall {
  DelayedCall(std::shared_ptr<IoContext> io, std::function<void()> call)
      : context(std::move(io)), timer(*context), work(std::move(call)) {}

  std::shared_ptr<IoContext> context;
  asio::steady_timer timer;
  std::atomic<bool> is_over = false;
  std::function<void()> work;
};

void wait_for_signal(std::shared_ptr<asio::signal_set> signals,
                     std::shared_ptr<std::function<void(int)>> handler) {
  asio::signal_set& set = *signals;
  set.async_wait([signals = std::weak_ptr(signals), handler](error_code error, int number) {
    if (error) return;
    (*handler)(number);
    if (auto kept = signals.lock()) wait_for_signal(std::move(kept), handler);
  });
}

}  // namespace

EventLoop::EventLoop(unsigned threads) {
  threads = std::max(threads, 1U);
  implementation_ = std::make_unique<Implementation>(threads);
  for (unsigned i = 0; i < threads; ++i)
    // An exception out of a handler is a broken invariant: it ends the process.
    implementation_->threads.emplace_back([context = implementation_->context] { context->run(); });
}

EventLoop::~EventLoop() {
  stop();
  join();
  {
    std::lock_guard lock(implementation_->signals_mutex);
    implementation_->signals.reset();
  }
  implementation_->work.reset();
  implementation_->context->drop_handlers();
}

void EventLoop::post(std::function<void()> work) {
  if (implementation_->context->is_stopping) return;
  asio::post(*implementation_->context, std::move(work));
}

std::shared_ptr<void> EventLoop::after(std::chrono::milliseconds delay,
                                       std::function<void()> work) {
  auto call = std::make_shared<DelayedCall>(implementation_->context, std::move(work));
  // The handle is an object of its own, so that the waiting timer does not count as a copy of it.
  std::shared_ptr<void> handle(nullptr, [call](std::nullptr_t) {
    call->is_over = true;
    call->timer.cancel();
  });
  call->timer.expires_after(delay);
  call->timer.async_wait([call](error_code) {
    if (call->is_over.exchange(true)) return;
    const std::function<void()> due = std::move(call->work);
    due();
  });
  return handle;
}

void EventLoop::on_signals(std::function<void(int)> handler) {
  auto signals =
      std::make_shared<asio::signal_set>(*implementation_->context, SIGINT, SIGTERM, SIGHUP);
  wait_for_signal(signals, std::make_shared<std::function<void(int)>>(std::move(handler)));
  std::lock_guard lock(implementation_->signals_mutex);
  implementation_->signals = std::move(signals);
}

void EventLoop::stop() {
  implementation_->context->is_stopping = true;
  implementation_->context->stop();
}

void EventLoop::join() {
  for (std::thread& thread : implementation_->threads)
    if (thread.joinable()) thread.join();
}

}  // namespace oberih::socket
