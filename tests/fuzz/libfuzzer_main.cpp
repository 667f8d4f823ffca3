// SPDX-License-Identifier: Apache-2.0
// A target as libFuzzer calls it (preset fuzz).
#include "tests/fuzz/fuzz_target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  oberih::fuzz::judge({data, size});
  return 0;
}
