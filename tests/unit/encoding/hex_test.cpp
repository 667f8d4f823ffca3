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

TEST(Hex, takes_of_all_pairs_of_letters_those_that_it_writes) {
  for (unsigned first = 0; first < 256; ++first)
    for (unsigned second = 0; second < 256; ++second) {
      const std::string pair = {static_cast<char>(first), static_cast<char>(second)};
      const auto is_digit = [](char letter) {
        return std::string_view("0123456789abcdef").find(letter) != std::string_view::npos;
      };
      const auto bytes = decode_hex(pair);
      ASSERT_EQ(bytes.has_value(), is_digit(pair[0]) && is_digit(pair[1]))
          << first << ' ' << second;
      if (bytes) {
        ASSERT_EQ(encode_hex(*bytes), pair);
      }
    }
}

TEST(Hex, finds_a_wrong_letter_anywhere_in_a_long_text) {
  const std::string text = encode_hex(Bytes(100, 0x5a));
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::string wrong = text;
    wrong[at] = 'A';
    ASSERT_FALSE(decode_hex(wrong)) << at;
  }
}

TEST(Hex, gives_an_id_only_from_exactly_its_bytes) {
  DeviceId id;
  id.bytes.fill(0x0f);
  EXPECT_EQ(decode_hex_as<DeviceId>(encode_hex(id)), id);
  EXPECT_FALSE(decode_hex_as<DeviceId>("0f"));
  EXPECT_FALSE(decode_hex_as<ChannelId>(encode_hex(id)));
}

}  // namespace oberih::encoding
