// SPDX-License-Identifier: Apache-2.0
#include "protocol/encoding/base64url.hpp"

#include <gtest/gtest.h>

namespace oberih::encoding {

TEST(Base64url, reproduces_the_vectors_of_rfc_4648_without_padding) {
  constexpr std::pair<std::string_view, std::string_view> vectors[] = {
      {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},          {"foo", "Zm9v"},
      {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\xfb\xff", "-_8"},
  };
  for (const auto& [text, encoded] : vectors) {
    EXPECT_EQ(encode_base64url(as_bytes(text)), encoded);
    auto decoded = decode_base64url(encoded);
    ASSERT_TRUE(decoded) << encoded;
    EXPECT_EQ(as_text(*decoded), text);
  }
}

TEST(Base64url, returns_every_byte) {
  Bytes bytes;
  for (int i = 0; i < 256; ++i) bytes.push_back(static_cast<std::uint8_t>(i));
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    ByteView part = ByteView(bytes).first(size);
    EXPECT_EQ(decode_base64url(encode_base64url(part)), to_bytes(part));
  }
}

TEST(Base64url, has_one_text_for_one_value) {
  for (std::string_view text : {"Zg==", "Zg=", "Zh", "Zm9", "Zm-", "A", "AAAAA", "Zm 9v", "Zm9v\n",
                                " Zm9v", "Zm9+", "Zm9/", "Zm9*",
                                "\xc3\xa9"
                                "aa",
                                "=", "===="})
    EXPECT_FALSE(decode_base64url(text)) << text;
  EXPECT_FALSE(decode_base64url(std::string_view("Zm9v\0", 5)));
}

TEST(Base64url, gives_an_id_only_from_exactly_its_bytes) {
  DeviceId id;
  id.bytes.fill(0xa5);
  std::string text = encode_base64url(id);
  EXPECT_EQ(text.size(), 22u);
  EXPECT_EQ(decode_base64url_as<DeviceId>(text), id);
  EXPECT_FALSE(decode_base64url_as<DeviceId>(text.substr(0, 20)));
  EXPECT_FALSE(decode_base64url_as<DeviceId>(text + "AA"));
  EXPECT_FALSE(decode_base64url_as<ChannelId>(text));
}

}  // namespace oberih::encoding
