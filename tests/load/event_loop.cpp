// SPDX-License-Identifier: Apache-2.0
#include "tests/load/event_loop.hpp"

#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

namespace oberih::load {
namespace {

epoll_event event_of(EventLoop::Source& source, EventLoop::Interest interest) {
  epoll_event event{};
  event.events = EPOLLIN | (interest == EventLoop::Interest::read ? 0U : EPOLLOUT);
  event.data.ptr = &source;
  return event;
}

}  // namespace

EventLoop::EventLoop() : descriptor_(epoll_create1(EPOLL_CLOEXEC)) {
  if (descriptor_ < 0) throw std::runtime_error("epoll_create1");
}

EventLoop::~EventLoop() { ::close(descriptor_); }

void EventLoop::add(int descriptor, Source& source, Interest interest) {
  epoll_event event = event_of(source, interest);
  if (epoll_ctl(descriptor_, EPOLL_CTL_ADD, descriptor, &event) != 0)
    throw std::runtime_error("epoll_ctl");
}

void EventLoop::change(int descriptor, Source& source, Interest interest) {
  epoll_event event = event_of(source, interest);
  if (epoll_ctl(descriptor_, EPOLL_CTL_MOD, descriptor, &event) != 0)
    throw std::runtime_error("epoll_ctl");
}

void EventLoop::remove(int descriptor) {
  epoll_ctl(descriptor_, EPOLL_CTL_DEL, descriptor, nullptr);
}

void EventLoop::turn(Clock::time_point until) {
  const auto wait = std::max(Clock::duration::zero(), until - Clock::now());
  const auto whole = std::chrono::duration_cast<std::chrono::seconds>(wait);
  const timespec time{whole.count(),
                      std::chrono::duration_cast<std::chrono::nanoseconds>(wait - whole).count()};
  std::array<epoll_event, 256> events;
  const int count =
      epoll_pwait2(descriptor_, events.data(), static_cast<int>(events.size()), &time, nullptr);
  for (int i = 0; i < count; ++i)
    static_cast<Source*>(events[static_cast<std::size_t>(i)].data.ptr)->on_ready();
  for (const auto& work : std::exchange(later_, {})) work();
}

}  // namespace oberih::load
