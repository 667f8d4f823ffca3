// SPDX-License-Identifier: Apache-2.0
// The control: a decoder with a hole, which takes a record although bytes are left over, as ours
// must not. The harness has to find it; its test passes only when this program dies.
#include "protocol/sealing/sealed_entry.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace oberih::fuzz {

bool judge(ByteView input) {
  const auto careless = [](ByteView bytes) {
    auto header = sealing::parse_header(bytes);
    for (std::size_t left_over = 1; !header && left_over <= bytes.size() && left_over < 64;
         ++left_over)
      header = sealing::parse_header(bytes.first(bytes.size() - left_over));
    return header;
  };
  return round_trip(input, careless, sealing::encode_header, "a header has one form");
}

}  // namespace oberih::fuzz
