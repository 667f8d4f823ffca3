// SPDX-License-Identifier: Apache-2.0
// Where a time-stamping authority is, as the operator's settings say it. No I/O.
#pragma once

#include <cstdint>
#include <string>

#include "protocol/base/result.hpp"

namespace oberih::transport {

struct TimestampUrl {
  bool is_tls = false;
  std::string host;
  std::uint16_t port = 80;
  std::string path = "/";
};
/// `http://host[:port][/path]`, or https. A token is signed by itself and who listens learns a
/// hash: TLS adds nothing to it, but some authorities ask for it. Refusal: usage.
Result<TimestampUrl> parse_timestamp_url(std::string_view text);

}  // namespace oberih::transport
