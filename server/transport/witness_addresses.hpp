// SPDX-License-Identifier: Apache-2.0
// Where the witnesses are, as the operator's settings say it. No I/O.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "protocol/base/result.hpp"

namespace oberih::transport {

struct WitnessAddress {
  std::string host;
  std::uint16_t port = 0;
};
using WitnessAddresses = std::map<std::string, WitnessAddress>;  // by the witness's name

/// `name=host:port` of each, with spaces or commas between them. Refusal: usage.
Result<WitnessAddresses> parse_witness_addresses(std::string_view text);

}  // namespace oberih::transport
