// SPDX-License-Identifier: Apache-2.0
#include "client-cli/connection/back_off.hpp"

#include <algorithm>
#include <random>

namespace oberih::client {

std::chrono::milliseconds BackOff::next_delay() {
  thread_local std::minstd_rand random{std::random_device{}()};
  std::uniform_int_distribution<long> between(step_.count() / 2, step_.count());
  step_ = std::min(step_ * 2, longest);
  return std::chrono::milliseconds(between(random));
}

}  // namespace oberih::client
