// SPDX-License-Identifier: Apache-2.0
#include "server/application/change_pace.hpp"

#include <string>

namespace oberih::application {
namespace {

constexpr Milliseconds minute_ms = 60'000;
constexpr Milliseconds hour_ms = 60 * minute_ms;

bool is_over(Milliseconds taken_ms, Milliseconds now_ms) { return taken_ms + hour_ms <= now_ms; }

}  // namespace

Result<void> ChangePace::take(const DeviceId& device, const ChannelId& channel,
                              Milliseconds now_ms) {
  std::lock_guard lock(mutex_);
  forget_old(now_ms);
  std::deque<Milliseconds>& taken = taken_[{device, channel}];
  while (!taken.empty() && is_over(taken.front(), now_ms)) taken.pop_front();
  if (taken.size() < changes_per_hour_) {
    taken.push_back(now_ms);
    return {};
  }
  const Milliseconds wait_ms = taken.front() + hour_ms - now_ms;
  return refuse(RefusalCode::forbidden, "this device has made the channel change its key " +
                                            std::to_string(changes_per_hour_) +
                                            " times within an hour without need; it may again in " +
                                            std::to_string((wait_ms + minute_ms - 1) / minute_ms) +
                                            " min");
}

/// Once in a minute: what nobody asks about any more must not stay for ever.
void ChangePace::forget_old(Milliseconds now_ms) {
  if (now_ms < forgot_at_ms_ + minute_ms) return;
  forgot_at_ms_ = now_ms;
  std::erase_if(taken_, [&](const auto& each) {
    return each.second.empty() || is_over(each.second.back(), now_ms);
  });
}

}  // namespace oberih::application
