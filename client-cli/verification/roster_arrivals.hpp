// SPDX-License-Identifier: Apache-2.0
// When each line of a roster came, and by which order, from the verified records of the channel.
#pragma once

#include <map>

#include "client-cli/verification/verified_channel.hpp"

namespace oberih::client {

struct Arrival {
  Milliseconds server_ms = 0;
  DeviceId by;
  std::string mandate;  // of the newest record that says something about the line
};

/// By device; of somebody who came several times the last.
std::map<DeviceId, Arrival> find_arrivals(LocalStore& store, const ChannelId& channel);

}  // namespace oberih::client
