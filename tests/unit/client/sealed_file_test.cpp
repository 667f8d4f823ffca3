// SPDX-License-Identifier: Apache-2.0
#include "client-cli/keyring/sealed_file.hpp"

#include <gtest/gtest.h>

namespace oberih::client {
namespace {

// As cheap as Argon2id goes: what it costs is not what these tests are about.
constexpr crypto::PassphraseCost cheap{1, 8 * 1024 * 1024};

Bytes sealed() {
  return seal_under_passphrase(SealedPurpose::key_ring, as_bytes("correct horse"), cheap,
                               as_bytes("the keys"));
}

Result<SecretBuffer> open(ByteView file, std::string_view passphrase,
                          SealedPurpose purpose = SealedPurpose::key_ring) {
  Result<SymmetricKey> key = derive_unlocking_key(file, purpose, as_bytes(passphrase));
  if (!key) return key.error();
  return open_sealed_file(file, purpose, *key);
}

TEST(SealedFile, opens_under_its_passphrase) {
  Result<SecretBuffer> content = open(sealed(), "correct horse");
  ASSERT_TRUE(content);
  EXPECT_EQ(as_text(content->view()), "the keys");
}

TEST(SealedFile, refuses_another_passphrase) {
  Result<SecretBuffer> content = open(sealed(), "correct horsf");
  ASSERT_FALSE(content);
  EXPECT_EQ(content.error().code, RefusalCode::wrong_passphrase);
}

TEST(SealedFile, is_never_sealed_twice_alike) { EXPECT_NE(sealed(), sealed()); }

TEST(SealedFile, does_not_hold_its_content_in_the_clear) {
  Bytes file = sealed();
  EXPECT_EQ(as_text(file).find("the keys"), std::string_view::npos);
}

TEST(SealedFile, a_key_ring_is_no_agency_root) {
  Result<SecretBuffer> content = open(sealed(), "correct horse", SealedPurpose::agency_root);
  ASSERT_FALSE(content);
  EXPECT_EQ(content.error().code, RefusalCode::local_state_broken);
}

TEST(SealedFile, a_damaged_header_is_refused_and_eats_no_memory) {
  const Bytes good = sealed();
  for (std::size_t at = 0; at < good.size(); ++at) {
    Bytes file = good;
    file[at] ^= 0x80;
    if (at > 0 && at < 16) continue;  // each costs what a wrong passphrase costs
    // Low bytes of the two costs would only make this test slow: the key is another one anyhow.
    if (at >= 38 && at < 41) continue;
    if (at >= 44 && at < 49) continue;
    EXPECT_FALSE(open(file, "correct horse")) << at;
  }
  for (std::size_t size : {std::size_t{0}, std::size_t{16}, std::size_t{60}, good.size() - 1})
    EXPECT_FALSE(open(ByteView(good).first(size), "correct horse")) << size;
}

}  // namespace
}  // namespace oberih::client
