// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/remark_text.hpp"

#include "malformed_input.hpp"

namespace oberih::sealing {
namespace {

TEST(RemarkText, comes_back_as_it_went_and_may_be_empty) {
  for (const char* remark : {"", "відпустка до п'ятниці"}) {
    const Result<SecretBuffer> encoded = encode_remark(remark);
    ASSERT_TRUE(encoded);
    EXPECT_EQ(parse_remark(encoded->view()).value(), remark);
    expect_strict(to_bytes(encoded->view()), parse_remark);
  }
}

TEST(RemarkText, refuses_what_is_too_long_or_no_text) {
  EXPECT_TRUE(encode_remark(std::string(remark_bytes, 'a')));
  EXPECT_FALSE(encode_remark(std::string(remark_bytes + 1, 'a')));
  EXPECT_FALSE(encode_remark("\xff"));
  EXPECT_FALSE(parse_remark(Bytes{1, 0, 0, 0, 1, 0xff}));
}

}  // namespace
}  // namespace oberih::sealing
