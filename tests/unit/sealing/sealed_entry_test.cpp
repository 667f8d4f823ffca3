// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/sealed_entry.hpp"

#include "malformed_input.hpp"
#include "protocol/base/limits.hpp"
#include "protocol/crypto/aead.hpp"
#include "protocol/crypto/digest.hpp"
#include "protocol/crypto/random_bytes.hpp"

namespace oberih::sealing {
namespace {

class SealedEntryTest : public testing::Test {
 protected:
  static EntryHeader header_of(EntryType type) {
    EntryHeader header;
    header.type = type;
    header.channel.bytes.fill(1);
    header.epoch = 2;
    header.channel_head.bytes.fill(2);
    header.sender.bytes.fill(3);
    header.sender_seq = 4;
    header.sender_prev.bytes.fill(4);
    header.seen_seq = 5;
    header.seen_hash.bytes.fill(5);
    header.log_size = 6;
    header.log_root.bytes.fill(6);
    header.client_ms = 7;
    header.message_id.bytes.fill(7);
    header.facts = {1, 8 * 2 + 1, 0, 2};
    return header;
  }
  SealedEntryWithBody sealed(std::string_view text, EntryType type = EntryType::message) const {
    return seal_entry(header_of(type), as_bytes(text), key_, signer_).value();
  }

  MessageKey key_ = crypto::random_secret<MessageKey>();
  crypto::Signer signer_{crypto::random_secret<SignatureSecretKey>()};
};

TEST_F(SealedEntryTest, opens_to_the_text_that_was_sealed) {
  for (std::size_t size : {0u, 1u, 236u, 237u, 5'000u, 65'260u}) {
    const std::string text(size, 'x');
    const SealedEntryWithBody entry = sealed(text);
    EXPECT_TRUE(verify_entry_signature(entry.entry, signer_.public_key()));
    Result<SecretBuffer> opened = open_entry(entry.entry, entry.ciphertext, key_);
    ASSERT_TRUE(opened) << size;
    EXPECT_EQ(as_text(opened->view()), text);
  }
}

TEST_F(SealedEntryTest, shows_the_size_class_alone) {
  EXPECT_EQ(sealed("").ciphertext.size(), 256u + 16);
  EXPECT_EQ(sealed(std::string(236, 'x')).ciphertext.size(), 256u + 16);
  EXPECT_EQ(sealed(std::string(237, 'x')).ciphertext.size(), 512u + 16);
}

TEST_F(SealedEntryTest, refuses_a_text_that_does_not_fit_a_body) {
  const std::string text(65'261, 'x');
  const auto refused = seal_entry(header_of(EntryType::message), as_bytes(text), key_, signer_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, RefusalCode::body_too_large);
  EXPECT_LE(sealed(std::string(65'260, 'x')).ciphertext.size(), limits::ciphertext_bytes);
}

TEST_F(SealedEntryTest, does_not_open_with_another_key_or_a_flipped_bit_anywhere) {
  const SealedEntryWithBody good = sealed("Підозрюваний");
  EXPECT_FALSE(open_entry(good.entry, good.ciphertext, crypto::random_secret<MessageKey>()));
  SealedEntryWithBody bad = good;
  for (std::uint8_t& byte : bad.ciphertext) {
    byte ^= 0x40;
    EXPECT_FALSE(open_entry(bad.entry, bad.ciphertext, key_));
    bad.entry.ciphertext_hash = crypto::sha256(bad.ciphertext);  // a hash that fits does not help
    EXPECT_FALSE(open_entry(bad.entry, bad.ciphertext, key_));
    bad.entry.ciphertext_hash = good.entry.ciphertext_hash;
    byte ^= 0x40;
  }
  for (std::uint8_t* byte = bad.entry.salt.bytes.data(); byte < bad.entry.salt.bytes.end();
       ++byte) {
    *byte ^= 1;
    EXPECT_FALSE(open_entry(bad.entry, bad.ciphertext, key_));
    *byte ^= 1;
  }
  bad.entry.commitment.bytes[31] ^= 1;
  EXPECT_FALSE(open_entry(bad.entry, bad.ciphertext, key_));
  bad.entry.commitment = good.entry.commitment;
  bad.entry.header[40] ^= 1;
  EXPECT_FALSE(open_entry(bad.entry, bad.ciphertext, key_));
}

TEST_F(SealedEntryTest, signature_covers_every_byte_but_its_own) {
  const SealedEntryWithBody good = sealed("x");
  const Bytes body = encode_entry_body(good.entry);
  for (std::size_t i = 0; i < body.size(); ++i) {
    Bytes changed = body;
    changed[i] ^= 1;
    Result<SealedEntry> parsed = parse_entry_body(changed);
    if (!parsed) continue;
    EXPECT_FALSE(verify_entry_signature(*parsed, signer_.public_key())) << i;
    EXPECT_NE(message_hash(*parsed), message_hash(good.entry)) << i;
  }
  EXPECT_FALSE(verify_entry_signature(
      good.entry, crypto::Signer(crypto::random_secret<SignatureSecretKey>()).public_key()));
}

TEST_F(SealedEntryTest, refuses_bodies_cut_short_or_longer) {
  expect_strict(encode_entry_body(sealed("x").entry), parse_entry_body);
  expect_strict(encode_entry_body(sealed("", EntryType::leave).entry), parse_entry_body);
}

TEST_F(SealedEntryTest, header_comes_back_as_it_went_and_is_strict) {
  const Bytes bytes = encode_header(header_of(EntryType::task));
  Result<EntryHeader> back = parse_header(bytes);
  ASSERT_TRUE(back);
  EXPECT_EQ(encode_header(*back), bytes);
  expect_strict(bytes, parse_header);
}

TEST_F(SealedEntryTest, header_of_an_unknown_type_is_refused) {
  Bytes bytes = encode_header(header_of(EntryType::message));
  for (std::uint8_t type : {0, 5, 9, 255}) {
    bytes[1] = type;
    EXPECT_FALSE(parse_header(bytes)) << int{type};
  }
}

TEST_F(SealedEntryTest, facts_are_empty_or_well_formed) {
  const auto accepted = [](EntryType type, Bytes facts) {
    EntryHeader header = header_of(type);
    header.facts = std::move(facts);
    return parse_header(encode_header(header)).has_value();
  };
  EXPECT_TRUE(accepted(EntryType::message, {}));
  EXPECT_TRUE(accepted(EntryType::message, {1, 0, 0, 0}));
  EXPECT_TRUE(accepted(EntryType::message, {1, 8 * 5 + 3, 1, 3}));
  EXPECT_FALSE(accepted(EntryType::message, {1, 0, 0, 4}));  // about which entry?
  EXPECT_FALSE(accepted(EntryType::acknowledgement, {}));    // of which entry?
  EXPECT_FALSE(accepted(EntryType::acknowledgement, {1, 0, 0, 0}));
  EXPECT_FALSE(accepted(EntryType::consent, {}));
  EXPECT_FALSE(accepted(EntryType::message, {2, 0, 0, 0}));      // version
  EXPECT_FALSE(accepted(EntryType::message, {1, 4, 0, 0}));      // H4
  EXPECT_FALSE(accepted(EntryType::message, {1, 8 * 6, 0, 0}));  // no such TLP
  EXPECT_FALSE(accepted(EntryType::message, {1, 0, 0, 8}));      // asks for what?
  EXPECT_FALSE(accepted(EntryType::message, {1, 0, 0}));         // cut short
  EXPECT_FALSE(accepted(EntryType::message, {1, 0, 0, 0, 0}));   // longer than a message's
  EXPECT_FALSE(accepted(EntryType::leave, {1, 0, 0, 0, 0}));
  EXPECT_TRUE(accepted(EntryType::task, {1, 0, 0, 0, 9, 9, 9}));  // a task's own follow
  EXPECT_FALSE(accepted(EntryType::task, Bytes(limits::facts_bytes + 1, 1)));
}

TEST_F(SealedEntryTest, types_without_a_body_have_none) {
  for (EntryType type : {EntryType::leave, EntryType::wrap_unusable}) {
    SealedEntryWithBody entry = sealed("", type);
    EXPECT_TRUE(entry.ciphertext.empty());
    EXPECT_TRUE(entry.entry.salt.is_zero() && entry.entry.commitment.is_zero() &&
                entry.entry.ciphertext_hash.is_zero());
    EXPECT_TRUE(verify_entry_signature(entry.entry, signer_.public_key()));
    EXPECT_FALSE(open_entry(entry.entry, {}, key_));
    EXPECT_FALSE(seal_entry(header_of(type), as_bytes("x"), key_, signer_));
    entry.entry.salt.bytes[0] = 1;
    EXPECT_FALSE(parse_entry_body(encode_entry_body(entry.entry)));
  }
  SealedEntryWithBody message = sealed("x");
  message.entry.ciphertext_hash = {};
  EXPECT_FALSE(parse_entry_body(encode_entry_body(message.entry)));
}

TEST_F(SealedEntryTest, prk_opens_its_own_entry_and_no_other) {
  const SealedEntryWithBody first = sealed("one"), second = sealed("two");
  const SymmetricKey prk = entry_prk(first.entry, key_);
  EXPECT_TRUE(open_entry_with_prk(first.entry, first.ciphertext, prk.view()));
  EXPECT_FALSE(open_entry_with_prk(second.entry, second.ciphertext, prk.view()));
}

TEST_F(SealedEntryTest, same_text_twice_gives_other_bytes) {
  const SealedEntryWithBody first = sealed("one"), second = sealed("one");
  EXPECT_NE(first.ciphertext, second.ciphertext);
  EXPECT_NE(first.entry.ciphertext_hash, second.entry.ciphertext_hash);
}

}  // namespace
}  // namespace oberih::sealing
