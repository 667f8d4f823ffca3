// SPDX-License-Identifier: Apache-2.0
#include "protocol/encoding/base64.hpp"

#include <gtest/gtest.h>

namespace oberih::encoding {

TEST(Base64, reproduces_the_vectors_of_rfc_4648) {
  constexpr std::pair<std::string_view, std::string_view> vectors[] = {
      {"", ""},
      {"f", "Zg=="},
      {"fo", "Zm8="},
      {"foo", "Zm9v"},
      {"foob", "Zm9vYg=="},
      {"fooba", "Zm9vYmE="},
      {"foobar", "Zm9vYmFy"},
      {"\xfb\xff", "+/8="},
  };
  for (const auto& [text, encoded] : vectors) {
    EXPECT_EQ(encode_base64(as_bytes(text)), encoded);
    auto decoded = decode_base64(encoded);
    ASSERT_TRUE(decoded) << encoded;
    EXPECT_EQ(as_text(*decoded), text);
  }
}

TEST(Base64, has_one_text_for_one_value) {
  for (std::string_view text : {"Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zm9v=", "Zm9v====", "=",
                                "====", "A===", "Z=g=", "Zg==Zg==", "Zm9v\n", "Zm-_", " Zg=="})
    EXPECT_FALSE(decode_base64(text)) << text;
}

}  // namespace oberih::encoding
