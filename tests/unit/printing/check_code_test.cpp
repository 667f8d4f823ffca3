// SPDX-License-Identifier: Apache-2.0
#include "client-cli/printing/check_code.hpp"

#include <gtest/gtest.h>

namespace oberih::client {
namespace {

Digest leaf_hash() {
  Digest hash;
  for (std::size_t i = 0; i < hash.bytes.size(); ++i)
    hash.bytes[i] = static_cast<std::uint8_t>(0x3F + 17 * i);
  return hash;
}

const CheckCode code = CheckCode::of(12'345, leaf_hash());

TEST(CheckCode, is_printed_in_groups_that_can_be_read_out) {
  EXPECT_EQ(format_check_code(code), "12345-3F50-6172-8394-A5B6");
}

TEST(CheckCode, is_read_as_people_type_it) {
  for (const char* typed :
       {"12345-3F50-6172-8394-A5B6", "12345 3f50 6172 8394 a5b6", " 12345-3f5061728394a5b6 ",
        "12345 -- 3F50-6172-8394-А5В6", "12345-3f50-6172-8394-а5b6"})
    EXPECT_EQ(parse_check_code(typed), code) << typed;
}

TEST(CheckCode, that_is_none_is_refused) {
  for (const char* typed :
       {"", "-", "12345", "3F50-6172-8394-A5B6", "12345-3F50-6172-8394", "x-3F50-6172-8394-A5B6",
        "12345-3F50-6172-8394-A5B6-00", "12345-3G50-6172-8394-A5B6", "+5-3F50-6172-8394-A5B6",
        "99999999999999999999999-3F50-6172-8394-A5B6"})
    EXPECT_FALSE(parse_check_code(typed)) << typed;
  EXPECT_FALSE(parse_check_code(std::string(5'000, '1')));
}

TEST(CheckCode, fits_its_leaf_and_none_that_differs_in_one_bit) {
  Digest hash = leaf_hash();
  EXPECT_TRUE(code.fits(hash));
  for (std::size_t i = 0; i < check_code_hash_bytes; ++i) {
    hash.bytes[i] ^= 1;
    EXPECT_FALSE(code.fits(hash)) << i;
    hash.bytes[i] ^= 1;
  }
}

}  // namespace
}  // namespace oberih::client
