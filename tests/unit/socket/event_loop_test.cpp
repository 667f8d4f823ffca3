// SPDX-License-Identifier: Apache-2.0
#include "protocol/socket/event_loop.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <future>
#include <thread>
#include <vector>

namespace oberih::socket {
namespace {

using namespace std::chrono_literals;
constexpr auto loop_patience = 30s;

TEST(EventLoop, runs_what_is_posted_from_other_threads) {
  EventLoop loop(2);
  std::atomic<int> count = 0;
  std::promise<void> all;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 250; ++i)
        loop.post([&] {
          if (++count == 1000) all.set_value();
        });
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(all.get_future().wait_for(loop_patience), std::future_status::ready);
}

TEST(EventLoop, calls_once_after_a_delay) {
  EventLoop loop(1);
  std::promise<void> called;
  const auto handle = loop.after(1ms, [&] { called.set_value(); });
  EXPECT_EQ(called.get_future().wait_for(loop_patience), std::future_status::ready);
}

TEST(EventLoop, does_not_call_when_the_handle_is_gone) {
  EventLoop loop(1);
  std::atomic<bool> was_called = false;
  auto handle = loop.after(1ms, [&] { was_called = true; });
  auto copy = handle;
  std::promise<void> later;
  handle.reset();
  copy.reset();
  const auto next = loop.after(20ms, [&] { later.set_value(); });
  ASSERT_EQ(later.get_future().wait_for(loop_patience), std::future_status::ready);
  EXPECT_FALSE(was_called);
}

TEST(EventLoop, destroys_the_cancelled_work_soon) {
  EventLoop loop(1);
  auto held = std::make_shared<int>(1);
  std::weak_ptr<int> watch = held;
  auto handle = loop.after(1h, [held = std::move(held)] {});
  handle.reset();
  for (int i = 0; i < 1000 && !watch.expired(); ++i) std::this_thread::sleep_for(5ms);
  EXPECT_TRUE(watch.expired());
}

TEST(EventLoop, a_handle_may_be_dropped_while_its_call_begins) {
  EventLoop loop(2);
  auto calls = std::make_shared<std::atomic<int>>(0);
  for (int i = 0; i < 2000; ++i) {
    auto handle = loop.after(0ms, [calls] { ++*calls; });
    if (i % 2 == 0) std::this_thread::yield();
    handle.reset();
  }
  EXPECT_LE(*calls, 2000);
}

TEST(EventLoop, a_handle_may_be_dropped_by_its_own_call) {
  EventLoop loop(1);
  std::promise<void> called;
  auto slot = std::make_shared<std::shared_ptr<void>>();
  loop.post([&, slot] {  // on the only thread: the call cannot begin before the slot is filled
    *slot = loop.after(0ms, [&called, slot] {
      slot->reset();
      called.set_value();
    });
  });
  EXPECT_EQ(called.get_future().wait_for(loop_patience), std::future_status::ready);
}

TEST(EventLoop, handles_outlive_the_loop) {
  std::shared_ptr<void> handle;
  {
    EventLoop loop(1);
    handle = loop.after(1h, [] {});
  }
  handle.reset();
}

TEST(EventLoop, hears_signals_more_than_once) {
  EventLoop loop(1);
  std::promise<int> first, second;
  std::atomic<int> count = 0;
  loop.on_signals([&](int number) { (count++ == 0 ? first : second).set_value(number); });
  std::raise(SIGHUP);
  auto heard = first.get_future();
  ASSERT_EQ(heard.wait_for(loop_patience), std::future_status::ready);
  EXPECT_EQ(heard.get(), SIGHUP);
  std::raise(SIGTERM);
  heard = second.get_future();
  ASSERT_EQ(heard.wait_for(loop_patience), std::future_status::ready);
  EXPECT_EQ(heard.get(), SIGTERM);
}

TEST(EventLoop, stops_from_within_and_drops_the_rest) {
  auto held = std::make_shared<int>(1);
  std::weak_ptr<int> watch = held;
  {
    EventLoop loop(1);
    std::promise<void> stopped;
    loop.post([&] {
      loop.stop();
      loop.stop();
      stopped.set_value();
    });
    ASSERT_EQ(stopped.get_future().wait_for(loop_patience), std::future_status::ready);
    loop.post([held = std::move(held)] { ADD_FAILURE() << "it ran after stop()"; });
  }
  EXPECT_TRUE(watch.expired());
}

}  // namespace
}  // namespace oberih::socket
