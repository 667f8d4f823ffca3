// SPDX-License-Identifier: Apache-2.0
#include "protocol/journal/note_key.hpp"

#include <string.h>

#include "protocol/base/byte_reader.hpp"
#include "protocol/base/byte_writer.hpp"
#include "protocol/crypto/digest.hpp"
#include "protocol/encoding/base64.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::journal {
namespace {

constexpr std::string_view signer_prefix = "PRIVATE+KEY+";
constexpr std::size_t longest_key_text = 1'024;

Refusal bad_key(std::string why) {
  return refuse(RefusalCode::malformed_object, "the key " + std::move(why));
}

std::optional<NoteKeyType> key_type_of(std::uint8_t number) {
  switch (static_cast<NoteKeyType>(number)) {
    case NoteKeyType::ed25519:
      return NoteKeyType::ed25519;
    case NoteKeyType::cosignature:
      return NoteKeyType::cosignature;
  }
  return std::nullopt;
}

std::string hex_of(std::uint32_t key_id) {
  return encoding::encode_hex(ByteWriter(4).u32(key_id).bytes());
}

struct KeyText {
  std::string_view name;
  std::uint32_t key_id = 0;
  SecretBuffer key;  // type || key; secret where it is a signer's
};

// `<name>+<8 hex digits>+<base64 of 33 bytes>`; base64 has a plus of its own.
std::optional<KeyText> split_key_text(std::string_view text) {
  if (text.size() > longest_key_text) return std::nullopt;
  std::size_t first = text.find('+');
  if (first == text.npos) return std::nullopt;
  std::size_t second = text.find('+', first + 1);
  if (second == text.npos) return std::nullopt;
  std::string_view name = text.substr(0, first);
  std::optional<Bytes> id = encoding::decode_hex(text.substr(first + 1, second - first - 1));
  std::optional<Bytes> key = encoding::decode_base64(text.substr(second + 1));
  if (!is_note_key_name(name) || !id || id->size() != 4 || !key) return std::nullopt;
  KeyText parts{name, ByteReader(*id).u32(), SecretBuffer(*key)};
  if (!key->empty()) explicit_bzero(key->data(), key->size());
  if (parts.key.size() != 1 + SignaturePublicKey::size) return std::nullopt;
  return parts;
}

}  // namespace

std::uint32_t note_key_id(std::string_view name, NoteKeyType type, const SignaturePublicKey& key) {
  ByteWriter hashed(name.size() + 2 + SignaturePublicKey::size);
  hashed.raw(name).u8(0x0a).u8(static_cast<std::uint8_t>(type)).raw(key);
  return ByteReader(crypto::sha256(hashed.bytes()).view()).u32();
}

bool is_note_key_name(std::string_view name) {
  return !name.empty() && name.find('+') == name.npos && !encoding::has_white_space(name) &&
         !encoding::has_control_characters(name);
}

std::string format_verifier_key(const NoteVerifier& verifier) {
  ByteWriter key;
  key.u8(static_cast<std::uint8_t>(verifier.type)).raw(verifier.public_key);
  return verifier.name + "+" + hex_of(verifier.key_id()) + "+" +
         encoding::encode_base64(key.bytes());
}

Result<NoteVerifier> parse_verifier_key(std::string_view text) {
  std::optional<KeyText> parts = split_key_text(text);
  if (!parts) return bad_key("is not of the form name+id+base64");
  ByteReader reader(parts->key.view());
  std::optional<NoteKeyType> type = key_type_of(reader.u8());
  if (!type) return bad_key("is of an unknown type");
  NoteVerifier verifier{std::string(parts->name), *type, reader.id<SignaturePublicKey>()};
  if (verifier.key_id() != parts->key_id) return bad_key("does not have the id it names");
  if (!crypto::is_acceptable(verifier.public_key)) return refuse(RefusalCode::unacceptable_key);
  return verifier;
}

SecretBuffer format_signer_key(std::string_view name, const SignatureSecretKey& seed) {
  NoteSigner signer{std::string(name), crypto::Signer(seed)};
  ByteArray<33> key{static_cast<std::uint8_t>(NoteKeyType::ed25519)};
  std::copy(seed.view().begin(), seed.view().end(), key.begin() + 1);
  std::string encoded = encoding::encode_base64(key);
  std::string head =
      std::string(signer_prefix) + signer.name + "+" + hex_of(signer.verifier().key_id()) + "+";
  SecretBuffer text(head.size() + encoded.size());
  auto body = std::copy(head.begin(), head.end(), text.writable().begin());
  std::copy(encoded.begin(), encoded.end(), body);
  explicit_bzero(encoded.data(), encoded.size());
  explicit_bzero(key.data(), key.size());
  return text;
}

Result<NoteSigner> parse_signer_key(std::string_view text) {
  if (!text.starts_with(signer_prefix)) return bad_key("is no private key");
  std::optional<KeyText> parts = split_key_text(text.substr(signer_prefix.size()));
  if (!parts) return bad_key("is not of the form name+id+base64");
  ByteReader reader(parts->key.view());
  if (reader.u8() != static_cast<std::uint8_t>(NoteKeyType::ed25519))
    return bad_key("is of an unknown type");
  SignatureSecretKey seed;
  ByteView bytes = reader.remaining();
  std::copy(bytes.begin(), bytes.end(), seed.writable().begin());
  NoteSigner signer{std::string(parts->name), crypto::Signer(seed)};
  if (signer.verifier().key_id() != parts->key_id) return bad_key("does not have the id it names");
  return signer;
}

}  // namespace oberih::journal
