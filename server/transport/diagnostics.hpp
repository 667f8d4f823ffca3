// SPDX-License-Identifier: Apache-2.0
// What this room tells the operator's log: who came and went and why. Never frames or their
// content.
#pragma once

#include <functional>
#include <string>

namespace oberih::transport {

struct ConnectionNote {
  std::string event;  // session_opened, session_closed, connection_rejected, request_malformed
  std::string address;
  std::string device;  // hex; empty before it is known
  std::string reason;
};

/// Any thread; must not block for long.
using Diagnostics = std::function<void(const ConnectionNote&)>;

}  // namespace oberih::transport
