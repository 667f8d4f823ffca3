// SPDX-License-Identifier: Apache-2.0
#include "client-cli/verification/claimed_head.hpp"

#include <gtest/gtest.h>

#include "protocol/crypto/random_bytes.hpp"
#include "protocol/encoding/hex.hpp"

namespace oberih::client {
namespace {

std::string claim(std::uint64_t seq, const Digest& hash) {
  return "sender_seq=" + std::to_string(seq) + " message_hash=" + encoding::encode_hex(hash);
}

class ClaimedHeadTest : public testing::Test {
 protected:
  const Digest hash_ = crypto::random_id<Digest>();
  const sealing::SenderHead head_{7, hash_, 3, 10};
};

TEST_F(ClaimedHeadTest, is_our_own_newest_entry_or_an_earlier_one) {
  EXPECT_EQ(judge_claimed_head(claim(7, hash_), head_), ClaimedHead::own);
  EXPECT_EQ(judge_claimed_head(claim(6, crypto::random_id<Digest>()), head_), ClaimedHead::own);
  EXPECT_EQ(judge_claimed_head(claim(0, Digest{}), sealing::SenderHead{}), ClaimedHead::own);
}

TEST_F(ClaimedHeadTest, is_an_entry_that_we_never_signed) {
  EXPECT_EQ(judge_claimed_head(claim(7, crypto::random_id<Digest>()), head_), ClaimedHead::unknown);
  EXPECT_EQ(judge_claimed_head(claim(8, hash_), head_), ClaimedHead::unknown);
  EXPECT_EQ(judge_claimed_head(claim(UINT64_MAX, hash_), head_), ClaimedHead::unknown);
}

TEST_F(ClaimedHeadTest, is_nothing_where_the_words_are_not_those_of_the_protocol) {
  for (const std::string& detail :
       {std::string(), std::string("sender_seq="), std::string("sender_seq=7"),
        claim(7, hash_).substr(1), claim(7, hash_) + "0",
        std::string("sender_seq=-7 message_hash=00"),
        "sender_seq=99999999999999999999999 message_hash=" + encoding::encode_hex(hash_)})
    EXPECT_EQ(judge_claimed_head(detail, head_), ClaimedHead::unsaid) << detail;
}

}  // namespace
}  // namespace oberih::client
