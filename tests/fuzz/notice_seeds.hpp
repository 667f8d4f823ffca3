// SPDX-License-Identifier: Apache-2.0
// Leaves by which a server speaks for itself, for the corpus `notice`.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "protocol/base/bytes.hpp"

namespace oberih::fuzz {

std::vector<std::pair<std::string, Bytes>> notice_seeds();

}  // namespace oberih::fuzz
