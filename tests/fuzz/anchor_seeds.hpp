// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "protocol/base/bytes.hpp"

namespace oberih::fuzz {

/// Leaves with a time-stamp, the token by itself, and an authority's answer.
std::vector<std::pair<std::string, Bytes>> anchor_seeds();
/// Archives, of which those named refused_* are none of ours.
std::vector<std::pair<std::string, Bytes>> archive_seeds();

}  // namespace oberih::fuzz
