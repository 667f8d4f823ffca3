// SPDX-License-Identifier: Apache-2.0
// Facts, texts and stored tasks for the corpus `task`.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "protocol/base/bytes.hpp"

namespace oberih::fuzz {

std::vector<std::pair<std::string, Bytes>> task_seeds();

}  // namespace oberih::fuzz
