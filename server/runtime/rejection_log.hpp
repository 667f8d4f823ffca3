// SPDX-License-Identifier: Apache-2.0
// What strangers can cause goes to the log a few lines a second: whoever connects ten thousand
// times fills no disk.
#pragma once

#include <cstdint>
#include <mutex>

#include "server/runtime/structured_log.hpp"

namespace oberih::runtime {

class RejectionLog {
 public:
  explicit RejectionLog(StructuredLog& log) : log_(log) {}

  /// The line also says how many were left out since the last one.
  void write(std::string_view event, const std::string& address, const std::string& device,
             const std::string& reason, std::uint64_t now_ms);

 private:
  static constexpr unsigned lines_per_second = 20;

  StructuredLog& log_;
  std::mutex mutex_;
  std::uint64_t second_ = 0;
  unsigned written_ = 0;
  std::uint64_t left_out_ = 0;
};

}  // namespace oberih::runtime
