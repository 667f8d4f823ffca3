// SPDX-License-Identifier: Apache-2.0
// What every parser must refuse: anything cut short at any byte, anything with a byte more, another
// version.
#pragma once

#include <gtest/gtest.h>

#include "protocol/base/bytes.hpp"

namespace oberih::sealing {

/// `parse(bytes)` returns a Result. `has_version`: the first byte is a version.
template <class Parse>
void expect_strict(const Bytes& good, Parse parse, bool has_version = true) {
  ASSERT_TRUE(parse(good).has_value());
  for (std::size_t size = 0; size < good.size(); ++size)
    EXPECT_FALSE(parse(ByteView(good).first(size)).has_value()) << "cut to " << size << " bytes";
  Bytes longer = good;
  longer.push_back(0);
  EXPECT_FALSE(parse(longer).has_value()) << "with a byte left over";
  if (!has_version) return;
  for (int version : {0, good[0] + 1, 255}) {
    Bytes other = good;
    other[0] = static_cast<std::uint8_t>(version);
    EXPECT_FALSE(parse(other).has_value()) << "version " << version;
  }
}

}  // namespace oberih::sealing
