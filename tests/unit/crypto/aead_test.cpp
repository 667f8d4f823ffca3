// SPDX-License-Identifier: Apache-2.0
#include "protocol/crypto/aead.hpp"

#include <stdexcept>

#include "tests/unit/crypto/vectors.hpp"

namespace oberih::crypto {
namespace {

constexpr Aead all_aeads[] = {Aead::aes_128_gcm, Aead::aes_256_gcm, Aead::chacha20_poly1305};

}  // namespace

TEST(AuthenticatedEncryption, reproduces_test_case_14_of_the_gcm_specification) {
  Bytes sealed = aead_seal(Aead::aes_256_gcm, Bytes(32), Bytes(12), {}, Bytes(16));
  EXPECT_EQ(shown(sealed), "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919");
}

TEST(AuthenticatedEncryption, opens_what_it_sealed) {
  for (Aead aead : all_aeads) {
    Bytes key(aead_key_bytes(aead), 7), nonce(aead_nonce_bytes, 9);
    for (std::size_t size : {0u, 1u, 15u, 16u, 17u, 65'536u}) {
      Bytes text(size, 0x5a);
      Bytes sealed = aead_seal(aead, key, nonce, as_bytes("aad"), text);
      EXPECT_EQ(sealed.size(), size + aead_tag_bytes);
      auto opened = aead_open(aead, key, nonce, as_bytes("aad"), sealed);
      ASSERT_TRUE(opened);
      EXPECT_EQ(to_bytes(opened->view()), text);
    }
  }
}

TEST(AuthenticatedEncryption, refuses_a_changed_bit_anywhere) {
  for (Aead aead : all_aeads) {
    Bytes key(aead_key_bytes(aead), 7), nonce(aead_nonce_bytes, 9);
    Bytes sealed = aead_seal(aead, key, nonce, as_bytes("aad"), as_bytes("some words"));
    for (std::size_t i = 0; i < sealed.size(); ++i) {
      Bytes changed = sealed;
      changed[i] ^= 1;
      EXPECT_FALSE(aead_open(aead, key, nonce, as_bytes("aad"), changed)) << i;
    }
    EXPECT_FALSE(aead_open(aead, key, nonce, as_bytes("AAD"), sealed));
    EXPECT_FALSE(aead_open(aead, key, nonce, {}, sealed));
    Bytes other_nonce(aead_nonce_bytes, 8);
    EXPECT_FALSE(aead_open(aead, key, other_nonce, as_bytes("aad"), sealed));
  }
}

TEST(AuthenticatedEncryption, refuses_what_is_shorter_than_a_tag) {
  for (std::size_t size = 0; size < aead_tag_bytes; ++size)
    EXPECT_FALSE(aead_open(Aead::aes_256_gcm, Bytes(32), Bytes(12), {}, Bytes(size)));
}

TEST(AuthenticatedEncryption, a_key_or_nonce_of_the_wrong_length_is_a_broken_invariant) {
  EXPECT_THROW(aead_seal(Aead::aes_256_gcm, Bytes(16), Bytes(12), {}, {}), std::logic_error);
  EXPECT_THROW(aead_seal(Aead::aes_256_gcm, Bytes(32), Bytes(11), {}, {}), std::logic_error);
}

}  // namespace oberih::crypto
