// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "protocol/base/bytes.hpp"

namespace oberih::fuzz {

std::vector<std::pair<std::string, Bytes>> export_seeds();

}  // namespace oberih::fuzz
