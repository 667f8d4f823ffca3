// SPDX-License-Identifier: Apache-2.0
#include "protocol/base/byte_reader.hpp"

#include <gtest/gtest.h>

#include "protocol/base/byte_writer.hpp"

namespace oberih {

TEST(ByteReader, reads_big_endian_integers_ids_and_vectors) {
  DeviceId device;
  device.bytes.fill(0x77);
  Bytes data = ByteWriter()
                   .u8(1)
                   .u16(0x0203)
                   .u32(0x04050607)
                   .u64(0x08090a0b0c0d0e0f)
                   .raw(device)
                   .vec("abc")
                   .raw("end")
                   .take();
  ByteReader reader(data);
  EXPECT_EQ(reader.u8(), 1u);
  EXPECT_EQ(reader.u16(), 0x0203u);
  EXPECT_EQ(reader.u32(), 0x04050607u);
  EXPECT_EQ(reader.u64(), 0x08090a0b0c0d0e0fu);
  EXPECT_EQ(reader.id<DeviceId>(), device);
  EXPECT_EQ(as_text(reader.vec(3)), "abc");
  EXPECT_FALSE(reader.complete());
  EXPECT_EQ(as_text(reader.remaining()), "end");
  EXPECT_EQ(as_text(reader.take(3)), "end");
  EXPECT_TRUE(reader.at_end());
  EXPECT_TRUE(reader.complete());
}

TEST(ByteReader, refuses_bytes_left_over) {
  Bytes data = {1, 2};
  ByteReader reader(data);
  reader.u8();
  EXPECT_FALSE(reader.failed());
  EXPECT_FALSE(reader.complete());
}

TEST(ByteReader, refuses_data_that_is_cut_short) {
  Bytes data(64, 0xff);
  for (std::size_t size = 0; size < 8; ++size) {
    ByteReader reader(ByteView(data).first(size));
    EXPECT_EQ(reader.u64(), 0u);
    EXPECT_TRUE(reader.failed());
  }
  ByteReader reader(ByteView(data).first(15));
  EXPECT_TRUE(reader.id<DeviceId>().is_zero());
  EXPECT_TRUE(reader.failed());
}

TEST(ByteReader, failure_is_sticky) {
  Bytes data = {1, 2, 3};
  ByteReader reader(data);
  reader.u32();
  EXPECT_EQ(reader.u8(), 0u);
  EXPECT_TRUE(reader.remaining().empty());
  EXPECT_TRUE(reader.take(0).empty());
  EXPECT_FALSE(reader.complete());
  ByteReader told(ByteView{});
  EXPECT_TRUE(told.complete());
  told.fail();
  EXPECT_FALSE(told.complete());
}

TEST(ByteReader, refuses_a_vector_longer_than_its_limit_or_than_the_data) {
  Bytes data = ByteWriter().vec("abcd").take();
  EXPECT_EQ(ByteReader(data).vec(4).size(), 4u);
  ByteReader limited(data);
  EXPECT_TRUE(limited.vec(3).empty());
  EXPECT_TRUE(limited.failed());
  Bytes lying = ByteWriter().u32(0xffffffff).raw("abcd").take();
  ByteReader reader(lying);
  EXPECT_TRUE(reader.vec(SIZE_MAX).empty());
  EXPECT_TRUE(reader.failed());
}

}  // namespace oberih
