// SPDX-License-Identifier: Apache-2.0
#include "protocol/crypto/timestamp_token.hpp"

#include <gtest/gtest.h>

#include "protocol/crypto/digest.hpp"
#include "protocol/encoding/hex.hpp"
#include "tests/support/known_token.hpp"

namespace oberih::crypto {
namespace {

using test::known_token::other_root_pem;
using test::known_token::request_hex;
using test::known_token::response_hex;
using test::known_token::root_pem;
using test::known_token::token_at_ms;

Bytes bytes_of(std::string_view hex) { return encoding::decode_hex(hex).value(); }
Digest imprint() { return sha256(as_bytes("checkpoint")); }
Bytes token() {
  return take_timestamp_token(bytes_of(response_hex), bytes_of(request_hex)).value();
}
template <class T>
std::string verdict(const Result<T>& result) {
  return result ? "accepted" : std::string(refusal_row(result.error().code).name);
}

}  // namespace

TEST(TimestampToken, verifies_for_what_was_stamped_and_says_when_and_by_whom) {
  const auto stamped = verify_timestamp_token(token(), imprint(), root_pem);
  ASSERT_TRUE(stamped) << stamped.error().detail;
  EXPECT_EQ(stamped->at_ms % 1000, 0u);
  EXPECT_EQ(stamped->at_ms, token_at_ms);
  EXPECT_NE(stamped->authority.find("Test time-stamps"), std::string::npos) << stamped->authority;
}

TEST(TimestampToken, refuses_another_imprint_another_root_and_none) {
  EXPECT_EQ(verdict(verify_timestamp_token(token(), sha256(as_bytes("other")), root_pem)),
            "verification_failed");
  EXPECT_EQ(verdict(verify_timestamp_token(token(), imprint(), "")), "usage");
  EXPECT_EQ(verdict(verify_timestamp_token(token(), imprint(), other_root_pem)),
            "verification_failed");
}

TEST(TimestampToken, no_changed_byte_makes_it_say_something_else_and_none_may_be_missing) {
  const Bytes whole = token();
  std::size_t refused = 0;
  for (std::size_t at = 0; at < whole.size(); at += 5) {
    Bytes changed = whole;
    changed[at] ^= 1;
    const auto stamped = verify_timestamp_token(changed, imprint(), root_pem);
    refused += stamped ? 0 : 1;
    if (!stamped) continue;
    EXPECT_EQ(stamped->at_ms, token_at_ms) << at;  // what the signature does not cover
  }
  EXPECT_GT(refused, whole.size() / 10);
  EXPECT_EQ(
      verdict(verify_timestamp_token(ByteView(whole).first(whole.size() - 1), imprint(), root_pem)),
      "malformed_object");
  Bytes longer = whole;
  longer.push_back(0);
  EXPECT_EQ(verdict(verify_timestamp_token(longer, imprint(), root_pem)), "malformed_object");
  EXPECT_EQ(verdict(verify_timestamp_token({}, imprint(), root_pem)), "malformed_object");
  EXPECT_EQ(verdict(verify_timestamp_token(Bytes(timestamp_token_bytes + 1), imprint(), root_pem)),
            "malformed_object");
}

TEST(TimestampToken, answer_to_another_request_is_none) {
  EXPECT_EQ(
      verdict(take_timestamp_token(bytes_of(response_hex), make_timestamp_request(imprint()))),
      "verification_failed")
      << "another nonce";
  EXPECT_EQ(verdict(take_timestamp_token(bytes_of(response_hex),
                                         make_timestamp_request(sha256(as_bytes("other"))))),
            "verification_failed");
  EXPECT_EQ(verdict(take_timestamp_token(as_bytes("no answer"), bytes_of(request_hex))),
            "malformed_object");
}

TEST(TimestampToken, read_by_its_own_certificates_must_be_whole_all_the_same) {
  const auto read = read_timestamp_token(token(), imprint());
  ASSERT_TRUE(read) << read.error().detail;
  EXPECT_EQ(read->at_ms, token_at_ms);
  EXPECT_EQ(verdict(read_timestamp_token(token(), sha256(as_bytes("other")))),
            "verification_failed");
  Bytes changed = token();
  changed.back() ^= 1;
  EXPECT_EQ(verdict(read_timestamp_token(changed, imprint())), "verification_failed");
  EXPECT_EQ(verdict(read_timestamp_token(as_bytes("no token"), imprint())), "malformed_object");
}

TEST(TimestampToken, certificates_are_found_in_a_pem) {
  EXPECT_TRUE(holds_certificate(root_pem));
  EXPECT_FALSE(holds_certificate(""));
  EXPECT_FALSE(holds_certificate("words"));
}

TEST(TimestampToken, requests_are_never_twice_the_same) {
  EXPECT_NE(make_timestamp_request(imprint()), make_timestamp_request(imprint()));
}

}  // namespace oberih::crypto
