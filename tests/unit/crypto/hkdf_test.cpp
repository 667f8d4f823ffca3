// SPDX-License-Identifier: Apache-2.0
#include "protocol/crypto/hkdf.hpp"

#include <numeric>
#include <stdexcept>

#include "tests/unit/crypto/vectors.hpp"

namespace oberih::crypto {
namespace {

Bytes counting(std::uint8_t first, std::size_t size) {
  Bytes bytes(size);
  std::iota(bytes.begin(), bytes.end(), first);
  return bytes;
}

void expect_rfc_5869(ByteView material, ByteView salt, ByteView info, std::string_view prk,
                     std::string_view okm) {
  SymmetricKey extracted = hkdf_extract(salt, material);
  EXPECT_EQ(shown(extracted.view()), prk);
  Bytes output(okm.size() / 2);
  hkdf_expand(extracted.view(), info, output);
  EXPECT_EQ(shown(output), okm);
}

}  // namespace

TEST(Hkdf, reproduces_rfc_5869_a_1) {
  expect_rfc_5869(Bytes(22, 0x0b), counting(0x00, 13), counting(0xf0, 10),
                  "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5",
                  "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b8"
                  "87185865");
}

TEST(Hkdf, reproduces_rfc_5869_a_2) {
  expect_rfc_5869(counting(0x00, 80), counting(0x60, 80), counting(0xb0, 80),
                  "06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244",
                  "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7"
                  "827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5"
                  "c1f3434f1d87");
}

TEST(Hkdf, reproduces_rfc_5869_a_3) {
  expect_rfc_5869(Bytes(22, 0x0b), {}, {},
                  "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04",
                  "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4"
                  "b61a96c8");
}

TEST(Hkdf, gives_255_blocks_and_no_more) {
  Bytes most(255 * 32);
  EXPECT_NO_THROW(hkdf_expand(Bytes(32, 1), {}, most));
  Bytes too_much(255 * 32 + 1);
  EXPECT_THROW(hkdf_expand(Bytes(32, 1), {}, too_much), std::logic_error);
}

}  // namespace oberih::crypto
