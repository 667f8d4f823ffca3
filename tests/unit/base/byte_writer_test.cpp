// SPDX-License-Identifier: Apache-2.0
#include "protocol/base/byte_writer.hpp"

#include <gtest/gtest.h>

namespace oberih {

TEST(ByteWriter, writes_big_endian) {
  Bytes expected = {0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08,
                    0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f};
  EXPECT_EQ(ByteWriter().u8(1).u16(0x0203).u32(0x04050607).u64(0x08090a0b0c0d0e0f).bytes(),
            expected);
}

TEST(ByteWriter, writes_the_length_before_a_vector) {
  EXPECT_EQ(ByteWriter().vec("ab").bytes(), (Bytes{0, 0, 0, 2, 'a', 'b'}));
  EXPECT_EQ(ByteWriter().vec(ByteView{}).bytes(), (Bytes{0, 0, 0, 0}));
}

TEST(ByteWriter, gives_its_bytes_away) {
  ByteWriter writer(4);
  writer.raw("abcd");
  EXPECT_EQ(as_text(writer.take()), "abcd");
}

}  // namespace oberih
