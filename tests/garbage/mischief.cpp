// SPDX-License-Identifier: Apache-2.0
#include "tests/garbage/mischief.hpp"

namespace oberih::garbage {

const std::vector<Mischief>& mischief_table() {
  static const std::vector<Mischief> rows{
#define OBERIH_MISCHIEF(stage, name, what) {Stage::stage, #name, name, what},
#include "tests/garbage/mischiefs.def"
#undef OBERIH_MISCHIEF
  };
  return rows;
}

}  // namespace oberih::garbage
