// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/rejection_log.hpp"

#include <utility>

namespace oberih::runtime {

void RejectionLog::write(std::string_view event, const std::string& address,
                         const std::string& device, const std::string& reason,
                         std::uint64_t now_ms) {
  std::uint64_t left_out = 0;
  {
    std::lock_guard lock(mutex_);
    if (now_ms / 1000 != std::exchange(second_, now_ms / 1000)) written_ = 0;
    if (written_ == lines_per_second) {
      ++left_out_;
      return;
    }
    ++written_;
    left_out = std::exchange(left_out_, 0);
  }
  log_.write(
      LogLevel::warning, event,
      {{"address", address}, {"device", device}, {"reason", reason}, {"left_out", left_out}});
}

}  // namespace oberih::runtime
