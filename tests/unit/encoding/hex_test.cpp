// SPDX-License-Identifier: Apache-2.0
#include "protocol/encoding/hex.hpp"

#include <gtest/gtest.h>

namespace oberih::encoding {

TEST(Hex, returns_what_it_wrote) {
  Bytes bytes = {0x00, 0x01, 0x7f, 0x80, 0xab, 0xff};
  EXPECT_EQ(encode_hex(bytes), "00017f80abff");
  EXPECT_EQ(decode_hex("00017f80abff"), bytes);
  EXPECT_EQ(decode_hex(""), Bytes{});
}

TEST(Hex, refuses_odd_lengths_capitals_and_what_is_no_digit) {
  for (std::string_view text : {"0", "000", "0A", "FF", "0g", "0x", " 0", "0\n", "0-"})
    EXPECT_FALSE(decode_hex(text)) << text;
  EXPECT_FALSE(decode_hex(std::string_view("\0\0", 2)));
}

TEST(Hex, gives_an_id_only_from_exactly_its_bytes) {
  DeviceId id;
  id.bytes.fill(0x0f);
  EXPECT_EQ(decode_hex_as<DeviceId>(encode_hex(id)), id);
  EXPECT_FALSE(decode_hex_as<DeviceId>("0f"));
  EXPECT_FALSE(decode_hex_as<ChannelId>(encode_hex(id)));
}

}  // namespace oberih::encoding
