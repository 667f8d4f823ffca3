// SPDX-License-Identifier: Apache-2.0
#include "protocol/journal/note_key.hpp"

#include <gtest/gtest.h>

#include "protocol/base/byte_writer.hpp"
#include "protocol/encoding/base64.hpp"
#include "protocol/encoding/hex.hpp"

namespace oberih::journal {
namespace {

// Of the documentation of golang.org/x/mod/sumdb/note.
constexpr std::string_view neumann_verifier =
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
constexpr std::string_view neumann_signer =
    "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";

void expect_refused(std::string_view text) {
  auto verifier = parse_verifier_key(text);
  ASSERT_FALSE(verifier) << text;
  EXPECT_EQ(verifier.error().code, RefusalCode::malformed_object) << text;
  EXPECT_FALSE(parse_signer_key("PRIVATE+KEY+" + std::string(text))) << text;
}

std::string key_text(std::string_view name, NoteKeyType type, const SignaturePublicKey& key) {
  return format_verifier_key({std::string(name), type, key});
}

}  // namespace

TEST(NoteKey, reads_and_writes_published_keys) {
  auto verifier = parse_verifier_key(neumann_verifier);
  ASSERT_TRUE(verifier);
  EXPECT_EQ(verifier->name, "PeterNeumann");
  EXPECT_EQ(verifier->key_id(), 0xc74f20a3u);
  EXPECT_EQ(format_verifier_key(*verifier), neumann_verifier);
  auto signer = parse_signer_key(neumann_signer);
  ASSERT_TRUE(signer);
  EXPECT_EQ(signer->verifier(), *verifier);
}

TEST(NoteKey, writes_a_signer_key_as_it_read_it) {
  Bytes key =
      encoding::decode_base64(neumann_signer.substr(neumann_signer.rfind("+AY") + 1)).value();
  SignatureSecretKey seed;
  std::copy(key.begin() + 1, key.end(), seed.writable().begin());
  EXPECT_EQ(as_text(format_signer_key("PeterNeumann", seed).view()), neumann_signer);
}

TEST(NoteKey, a_witness_has_another_id_for_the_same_key) {
  NoteVerifier verifier = parse_verifier_key(neumann_verifier).value();
  verifier.type = NoteKeyType::cosignature;
  EXPECT_NE(verifier.key_id(), 0xc74f20a3u);
  EXPECT_EQ(parse_verifier_key(format_verifier_key(verifier)).value(), verifier);
}

TEST(NoteKey, refuses_malformed_keys) {
  for (std::string_view text : {
           "",
           "+",
           "++",
           "PeterNeumann",
           "PeterNeumann+c74f20a3",
           "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
           "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
           "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
           "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
           "PeterNeumann+c74f20a+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
           "PeterNeumann+0c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
           "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10T=",
           "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW\n",
           "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWAAAA",
           "PeterNeumann+c74f20a3+AhpC",
           "Peter\nNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
       })
    expect_refused(text);
  expect_refused(std::string(100'000, 'a') + "+c74f20a3+AAAA");
  EXPECT_FALSE(parse_signer_key(neumann_verifier));
}

TEST(NoteKey, refuses_unknown_types) {
  SignaturePublicKey key = parse_verifier_key(neumann_verifier)->public_key;
  for (int type : {0, 2, 3, 5, 255})
    expect_refused(key_text("name", static_cast<NoteKeyType>(type), key));
}

TEST(NoteKey, refuses_keys_of_low_order) {
  SignaturePublicKey identity;
  identity.bytes[0] = 1;
  auto refused = parse_verifier_key(key_text("name", NoteKeyType::ed25519, identity));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, RefusalCode::unacceptable_key);
}

TEST(NoteKey, names_have_no_white_space_control_character_or_plus) {
  for (std::string_view name : {"a", "example.com/log", "oberih.example/журнал"})
    EXPECT_TRUE(is_note_key_name(name)) << name;
  for (std::string_view name :
       {"", " ", "a b", "a+b", "a\n", "a\t", "\xc2\xa0", "a\xe3\x80\x80", "\xff", "a\x7f",
        "\xe2\x80\xae"
        "a"})
    EXPECT_FALSE(is_note_key_name(name)) << name;
}

}  // namespace oberih::journal
