// SPDX-License-Identifier: Apache-2.0
// How often one device may make a channel's members take a new key without need, by the hour
// (design 3.3: a hostile member must not keep the others from working). What had to be done anyhow
// (lines that must go, a wrap that does not open) does not count.
#pragma once

#include <deque>
#include <map>
#include <mutex>
#include <utility>

#include "protocol/base/ids.hpp"
#include "protocol/base/result.hpp"
#include "protocol/base/timestamp.hpp"

namespace oberih::application {

class ChangePace {
 public:
  explicit ChangePace(std::size_t changes_per_hour) : changes_per_hour_(changes_per_hour) {}

  /// Counts one where it is within the limit. Refusal: forbidden, with the minutes to wait. Any
  /// thread.
  Result<void> take(const DeviceId& device, const ChannelId& channel, Milliseconds now_ms);

 private:
  void forget_old(Milliseconds now_ms);

  const std::size_t changes_per_hour_;
  std::mutex mutex_;
  std::map<std::pair<DeviceId, ChannelId>, std::deque<Milliseconds>> taken_;
  Milliseconds forgot_at_ms_ = 0;
};

}  // namespace oberih::application
