// SPDX-License-Identifier: Apache-2.0
#include "protocol/crypto/hpke.hpp"

#include <openssl/opensslv.h>
#if OPENSSL_VERSION_NUMBER >= 0x30200000L
#include <openssl/evp.h>
#include <openssl/hpke.h>
#endif

#include "tests/unit/crypto/vectors.hpp"

namespace oberih::crypto {
namespace {

// RFC 9180, A.1.1 and A.2.1: the first encryption, which is the single shot.
struct Rfc9180Case {
  Aead aead;
  std::string_view ephemeral_secret, recipient_secret, recipient_public, encapsulated, ciphertext;
};
constexpr Rfc9180Case rfc_9180_cases[] = {
    {Aead::aes_128_gcm, "52c4a758a802cd8b936eceea314432798d5baf2d7e9235dc084ab1b9cfa2f736",
     "4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8",
     "3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d",
     "37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431",
     "f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a"},
    {Aead::chacha20_poly1305, "f4ec9b33b792c372c1d2c2063507b684ef925b8c75a42dbcbf57d63ccd381600",
     "8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb",
     "4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a",
     "1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a",
     "1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28"},
};
constexpr std::string_view rfc_9180_info = "Ode on a Grecian Urn";
constexpr std::string_view rfc_9180_aad = "Count-0";
constexpr std::string_view rfc_9180_text = "Beauty is truth, truth beauty";

// All spellings of points of low order that 32 bytes allow, canonical ones first.
constexpr std::string_view low_order_keys[] = {
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b880",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f11d7",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
};

bool is_canonical(ByteView key) {
  static const Bytes p = hex("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");
  return std::lexicographical_compare(key.rbegin(), key.rend(), p.rbegin(), p.rend());
}

bool has_flag(const nlohmann::json& test, std::string_view flag) {
  const auto& flags = test["flags"];
  return std::find(flags.begin(), flags.end(), flag) != flags.end();
}

}  // namespace

TEST(Hpke, reproduces_rfc_9180_a_1_1_and_a_2_1) {
  for (const auto& vector : rfc_9180_cases) {
    auto recipient = hpke_keys_from_secret(secret<HpkeSecretKey>(vector.recipient_secret));
    EXPECT_EQ(shown(recipient.public_key.view()), vector.recipient_public);
    auto sealed = hpke_seal_with_ephemeral(
        vector.aead, secret<HpkeSecretKey>(vector.ephemeral_secret), recipient.public_key,
        as_bytes(rfc_9180_info), as_bytes(rfc_9180_aad), as_bytes(rfc_9180_text));
    ASSERT_TRUE(sealed);
    EXPECT_EQ(shown(sealed->encapsulated.view()), vector.encapsulated);
    EXPECT_EQ(shown(sealed->ciphertext), vector.ciphertext);
    auto opened = hpke_open(vector.aead, recipient.secret_key, sealed->encapsulated,
                            as_bytes(rfc_9180_info), as_bytes(rfc_9180_aad), sealed->ciphertext);
    ASSERT_TRUE(opened);
    EXPECT_EQ(as_text(opened->view()), rfc_9180_text);
  }
}

TEST(Hpke, opens_what_it_sealed_and_nothing_else) {
  HpkeKeyPair recipient = generate_hpke_keys();
  auto sealed = hpke_seal(Aead::aes_256_gcm, recipient.public_key, as_bytes("info"),
                          as_bytes("aad"), as_bytes("a key"));
  ASSERT_TRUE(sealed);
  auto open = [&](const HpkeSecretKey& key, const HpkePublicKey& encapsulated,
                  std::string_view info, std::string_view aad, const Bytes& ciphertext) {
    return hpke_open(Aead::aes_256_gcm, key, encapsulated, as_bytes(info), as_bytes(aad),
                     ciphertext);
  };
  const auto& [encapsulated, ciphertext] = *sealed;
  EXPECT_TRUE(open(recipient.secret_key, encapsulated, "info", "aad", ciphertext));
  EXPECT_FALSE(open(generate_hpke_keys().secret_key, encapsulated, "info", "aad", ciphertext));
  EXPECT_FALSE(open(recipient.secret_key, encapsulated, "Info", "aad", ciphertext));
  EXPECT_FALSE(open(recipient.secret_key, encapsulated, "info", "", ciphertext));
  for (std::size_t i = 0; i < HpkePublicKey::size; ++i) {
    HpkePublicKey changed = encapsulated;
    changed.bytes[i] ^= 0x80;
    EXPECT_FALSE(open(recipient.secret_key, changed, "info", "aad", ciphertext)) << i;
  }
  for (std::size_t i = 0; i < ciphertext.size(); ++i) {
    Bytes changed = ciphertext;
    changed[i] ^= 1;
    EXPECT_FALSE(open(recipient.secret_key, encapsulated, "info", "aad", changed)) << i;
  }
}

TEST(Hpke, uses_a_fresh_ephemeral_key_each_time) {
  HpkeKeyPair recipient = generate_hpke_keys();
  auto first = hpke_seal(Aead::aes_256_gcm, recipient.public_key, {}, {}, {});
  auto second = hpke_seal(Aead::aes_256_gcm, recipient.public_key, {}, {}, {});
  EXPECT_NE(first->encapsulated, second->encapsulated);
}

TEST(Hpke, refuses_keys_of_low_order_in_every_spelling) {
  HpkeKeyPair own = generate_hpke_keys();
  for (std::string_view text : low_order_keys) {
    auto key = fixed<HpkePublicKey>(text);
    EXPECT_FALSE(is_acceptable(key)) << text;
    EXPECT_FALSE(x25519(own.secret_key, key)) << text;
    EXPECT_FALSE(hpke_seal(Aead::aes_256_gcm, key, {}, {}, as_bytes("key"))) << text;
    EXPECT_FALSE(hpke_open(Aead::aes_256_gcm, own.secret_key, key, {}, {}, Bytes(48))) << text;
  }
}

TEST(Hpke, refuses_a_second_spelling_of_a_good_key) {
  HpkePublicKey key = generate_hpke_keys().public_key;
  EXPECT_TRUE(is_acceptable(key));
  key.bytes[31] |= 0x80;
  EXPECT_FALSE(is_acceptable(key));
  // p + 9, another spelling of the base point.
  EXPECT_FALSE(is_acceptable(
      fixed<HpkePublicKey>("f6ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")));
  // p - 2 is canonical, so is a value whose high bytes alone are those of p.
  EXPECT_TRUE(is_acceptable(
      fixed<HpkePublicKey>("ebffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")));
  EXPECT_TRUE(is_acceptable(
      fixed<HpkePublicKey>("fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe7f")));
}

// Wycheproof calls twists, low order and second spellings "acceptable": the first is taken here (it
// is harmless with X25519), the others are refused.
TEST(Hpke, agrees_with_every_case_of_wycheproof_or_is_stricter) {
  nlohmann::json file = load_wycheproof("x25519_test.json");
  if (file.is_null()) GTEST_SKIP() << "The shared vectors are missing: wycheproof/x25519_test.json";
  std::size_t cases = 0, refused = 0;
  for (const auto& group : file["testGroups"])
    for (const auto& test : group["tests"]) {
      ++cases;
      auto key = fixed<HpkePublicKey>(test["public"].get<std::string>());
      auto own = secret<HpkeSecretKey>(test["private"].get<std::string>());
      auto shared = x25519(own, key);
      bool must_refuse = has_flag(test, "LowOrderPublic") || has_flag(test, "ZeroSharedSecret") ||
                         has_flag(test, "NonCanonicalPublic") || !is_canonical(key.view());
      EXPECT_EQ(!shared, must_refuse) << test.dump();
      EXPECT_EQ(is_acceptable(key), !must_refuse) << test.dump();
      if (shared) {
        EXPECT_EQ(shown(shared->view()), test["shared"].get<std::string>()) << test.dump();
      }
      refused += !shared;
    }
  EXPECT_EQ(cases, file["numberOfTests"].get<std::size_t>());
  EXPECT_GT(refused, 0u);
}

TEST(Hpke, agrees_with_openssl_where_it_has_hpke) {
#if OPENSSL_VERSION_NUMBER >= 0x30200000L
  OSSL_HPKE_SUITE suite = {OSSL_HPKE_KEM_ID_X25519, OSSL_HPKE_KDF_ID_HKDF_SHA256,
                           OSSL_HPKE_AEAD_ID_AES_GCM_256};
  HpkeKeyPair recipient = generate_hpke_keys();
  auto sealed = hpke_seal(Aead::aes_256_gcm, recipient.public_key, as_bytes(rfc_9180_info),
                          as_bytes(rfc_9180_aad), as_bytes(rfc_9180_text));
  ASSERT_TRUE(sealed);
  EVP_PKEY* key = EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, nullptr,
                                               recipient.secret_key.view().data(), 32);
  OSSL_HPKE_CTX* context =
      OSSL_HPKE_CTX_new(OSSL_HPKE_MODE_BASE, suite, OSSL_HPKE_ROLE_RECEIVER, nullptr, nullptr);
  ByteView info = as_bytes(rfc_9180_info), aad = as_bytes(rfc_9180_aad);
  EXPECT_EQ(OSSL_HPKE_decap(context, sealed->encapsulated.bytes.data(), 32, key, info.data(),
                            info.size()),
            1);
  Bytes opened(sealed->ciphertext.size());
  std::size_t size = opened.size();
  EXPECT_EQ(OSSL_HPKE_open(context, opened.data(), &size, aad.data(), aad.size(),
                           sealed->ciphertext.data(), sealed->ciphertext.size()),
            1);
  EXPECT_EQ(as_text(ByteView(opened).first(size)), rfc_9180_text);
  OSSL_HPKE_CTX_free(context);
  EVP_PKEY_free(key);
#else
  GTEST_SKIP() << "This OpenSSL is older than 3.2 and has no HPKE to compare with.";
#endif
}

}  // namespace oberih::crypto
