// SPDX-License-Identifier: Apache-2.0
// Where a time-stamping authority is, as the operator's settings say it. No I/O.
#pragma once

#include <cstdint>
#include <string>

#include "protocol/base/result.hpp"

namespace oberih::transport {

struct TimestampUrl {
  std::string host;
  std::uint16_t port = 80;
  std::string path = "/";
};
/// `http://host[:port][/path]`. A token is signed by itself: TLS would add nothing to it, and who
/// listens learns a hash. Refusal: usage.
Result<TimestampUrl> parse_timestamp_url(std::string_view text);

}  // namespace oberih::transport
