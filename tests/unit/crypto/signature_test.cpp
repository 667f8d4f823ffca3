// SPDX-License-Identifier: Apache-2.0
#include "protocol/crypto/signature.hpp"

#include <sodium.h>

#include "protocol/crypto/digest.hpp"
#include "tests/unit/crypto/vectors.hpp"

namespace oberih::crypto {
namespace {

using namespace std::string_view_literals;

struct Rfc8032Case {
  std::string_view seed, public_key, message, signature;
};

constexpr Rfc8032Case rfc_8032_cases[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9"
     "b46bd25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f1"
     "1d8c387b2eaeb4302aeeb00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984d"
     "c6594a7c15e9716ed28dc027beceea1ec40a"},
    {"833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
     "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3fe"
     "ebbd454d4423643ce80e2a9ac94fa54ca49f",
     "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431"
     "e0303dca179c138ac17ad9bef1177331a704"},
};

Signer test_signer() { return Signer(secret<SignatureSecretKey>(rfc_8032_cases[0].seed)); }

}  // namespace

TEST(Signature, reproduces_rfc_8032_section_7_1) {
  for (const auto& vector : rfc_8032_cases) {
    Signer signer(secret<SignatureSecretKey>(vector.seed));
    EXPECT_EQ(shown(signer.public_key().view()), vector.public_key);
    Signature signature = signer.sign_plain(hex(vector.message));
    EXPECT_EQ(shown(signature.view()), vector.signature);
    EXPECT_TRUE(verify_plain(signer.public_key(), hex(vector.message), signature));
    EXPECT_TRUE(is_acceptable(signer.public_key()));
  }
}

TEST(Signature, covers_the_label_and_the_content_with_their_lengths) {
  Signer signer = test_signer();
  Signature signature = signer.sign("message", as_bytes("content"));
  Bytes message = hex("0000000f");
  for (std::string_view part : {"oberih1 message"sv, "\0\0\0\7"sv, "content"sv})
    message.insert(message.end(), part.begin(), part.end());
  EXPECT_EQ(signature, signer.sign_plain(message));
  EXPECT_TRUE(verify(signer.public_key(), "message", as_bytes("content"), signature));
  EXPECT_FALSE(verify(signer.public_key(), "messag", as_bytes("econtent"), signature));
  EXPECT_FALSE(verify(signer.public_key(), "receipt", as_bytes("content"), signature));
  EXPECT_FALSE(verify(signer.public_key(), "message", as_bytes("contents"), signature));
}

TEST(Signature, is_refused_with_any_bit_changed) {
  Signer signer = test_signer();
  Signature signature = signer.sign("message", as_bytes("content"));
  for (std::size_t i = 0; i < Signature::size * 8; ++i) {
    Signature changed = signature;
    changed.bytes[i / 8] ^= static_cast<std::uint8_t>(1 << i % 8);
    EXPECT_FALSE(verify(signer.public_key(), "message", as_bytes("content"), changed)) << i;
  }
}

TEST(Signature, keys_made_from_a_seed_are_the_same_again) {
  SignatureKeyPair keys = generate_signature_keys();
  EXPECT_EQ(signature_keys_from_seed(keys.secret_key).public_key, keys.public_key);
  EXPECT_NE(generate_signature_keys().public_key, keys.public_key);
}

TEST(Signature, keys_of_low_order_are_not_enrolled) {
  for (std::string_view key : {
           "0000000000000000000000000000000000000000000000000000000000000000",
           "0100000000000000000000000000000000000000000000000000000000000000",
           "0000000000000000000000000000000000000000000000000000000000000080",
           "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
           "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
           "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
           "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
           "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
       })
    EXPECT_FALSE(is_acceptable(fixed<SignaturePublicKey>(key))) << key;
}

TEST(Signature, keys_that_are_not_canonical_or_no_points_are_not_enrolled) {
  for (std::string_view key : {
           "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",  // y = p
           "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",  // y = p + 3
           "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
           "0100000000000000000000000000000000000000000000000000000000000080",  // x = -0
           "0200000000000000000000000000000000000000000000000000000000000000",  // no point
       })
    EXPECT_FALSE(is_acceptable(fixed<SignaturePublicKey>(key))) << key;
}

TEST(Signature, keys_outside_of_the_main_subgroup_are_not_enrolled) {
  for (std::string_view torsion : {
           // Of order 2 (the one that CVE-2025-69277 is about), 4 and 8.
           "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
           "0000000000000000000000000000000000000000000000000000000000000000",
           "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
       }) {
    SignaturePublicKey mixed;
    ASSERT_EQ(crypto_core_ed25519_add(mixed.bytes.data(), test_signer().public_key().bytes.data(),
                                      fixed<SignaturePublicKey>(torsion).bytes.data()),
              0);
    EXPECT_FALSE(is_acceptable(mixed)) << torsion;
  }
}

TEST(Signature, agrees_with_every_case_of_wycheproof) {
  nlohmann::json file = load_wycheproof("ed25519_test.json");
  if (file.is_null())
    GTEST_SKIP() << "The shared vectors are missing: wycheproof/ed25519_test.json";
  std::size_t cases = 0;
  for (const auto& group : file["testGroups"]) {
    auto key = fixed<SignaturePublicKey>(group["publicKey"]["pk"].get<std::string>());
    for (const auto& test : group["tests"]) {
      auto signature = Signature::from(hex(test["sig"].get<std::string>()));
      bool valid = signature && verify_plain(key, hex(test["msg"].get<std::string>()), *signature);
      EXPECT_EQ(valid, test["result"] == "valid") << test.dump();
      ++cases;
    }
  }
  EXPECT_EQ(cases, file["numberOfTests"].get<std::size_t>());
}

}  // namespace oberih::crypto
