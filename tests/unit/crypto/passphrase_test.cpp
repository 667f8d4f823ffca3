// SPDX-License-Identifier: Apache-2.0
#include "protocol/crypto/passphrase.hpp"

#include <stdexcept>

#include "tests/unit/crypto/vectors.hpp"

namespace oberih::crypto {
namespace {

constexpr PassphraseCost least_cost{1, 8 * 1024};

}  // namespace

TEST(Passphrase, gives_the_key_of_argon2id) {
  NameSalt salt;
  for (std::size_t i = 0; i < salt.bytes.size(); ++i) salt.bytes[i] = static_cast<std::uint8_t>(i);
  // Made with the reference library, libargon2: one pass, 8 KiB, one lane, 32 bytes.
  EXPECT_EQ(shown(key_from_passphrase(as_bytes("password"), salt, least_cost).view()),
            "3a008963c65f7ffa7331a90babd1fd17ea9f03bd05356b857ceb43f7b7080adc");
}

TEST(Passphrase, every_input_changes_the_key) {
  NameSalt salt, other_salt;
  other_salt.bytes[0] = 1;
  auto key = [](std::string_view passphrase, const NameSalt& with, PassphraseCost cost) {
    return to_bytes(key_from_passphrase(as_bytes(passphrase), with, cost).view());
  };
  Bytes first = key("correct horse", salt, least_cost);
  EXPECT_EQ(first, key("correct horse", salt, least_cost));
  EXPECT_NE(first, key("correct horsf", salt, least_cost));
  EXPECT_NE(first, key("", salt, least_cost));
  EXPECT_NE(first, key("correct horse", other_salt, least_cost));
  EXPECT_NE(first, key("correct horse", salt, {2, 8 * 1024}));
  EXPECT_NE(first, key("correct horse", salt, {1, 16 * 1024}));
}

TEST(Passphrase, a_cost_out_of_range_is_an_error_and_no_weak_key) {
  EXPECT_THROW(key_from_passphrase(as_bytes("x"), {}, {0, 8 * 1024}), std::runtime_error);
  EXPECT_THROW(key_from_passphrase(as_bytes("x"), {}, {1, 1024}), std::runtime_error);
}

// The stories play with less, by another object in this one's place: here is the library's own.
TEST(Passphrase, usual_cost_is_three_passes_over_256_mib) {
  EXPECT_EQ(usual_passphrase_cost().operations, 3u);
  EXPECT_EQ(usual_passphrase_cost().memory_bytes, 256u * 1024 * 1024);
}

}  // namespace oberih::crypto
