// SPDX-License-Identifier: Apache-2.0
// The way to a time-stamping authority: RFC 3161, 3.4, over HTTP or HTTPS.
#pragma once

#include <chrono>

#include "protocol/socket/event_loop.hpp"
#include "protocol/socket/web_trust.hpp"
#include "server/application/anchor_desk.hpp"
#include "server/transport/timestamp_url.hpp"

namespace oberih::transport {

class TimestampClient final : public application::TimestampLink {
 public:
  /// `trust` for HTTPS alone.
  TimestampClient(socket::EventLoop& loop, TimestampUrl url,
                  std::shared_ptr<const socket::WebTrust> trust,
                  std::chrono::milliseconds time_limit)
      : loop_(loop), url_(std::move(url)), trust_(std::move(trust)), time_limit_(time_limit) {}

  void stamp(const Bytes& request, Done done) override;

 private:
  socket::EventLoop& loop_;
  const TimestampUrl url_;
  const std::shared_ptr<const socket::WebTrust> trust_;
  const std::chrono::milliseconds time_limit_;
};

}  // namespace oberih::transport
