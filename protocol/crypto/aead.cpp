// SPDX-License-Identifier: Apache-2.0
#include "protocol/crypto/aead.hpp"

#include <openssl/evp.h>

#include <memory>
#include <stdexcept>

namespace oberih::crypto {
namespace {

struct CipherContextDeleter {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, CipherContextDeleter>;

enum class Direction { open = 0, seal = 1 };

void check_cipher(int succeeded) {
  if (succeeded != 1) throw std::runtime_error("the cipher is not available");
}

const EVP_CIPHER* cipher_of(Aead aead) {
  static EVP_CIPHER* const aes_128 = EVP_CIPHER_fetch(nullptr, "AES-128-GCM", nullptr);
  static EVP_CIPHER* const aes_256 = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  static EVP_CIPHER* const chacha = EVP_CIPHER_fetch(nullptr, "ChaCha20-Poly1305", nullptr);
  switch (aead) {
    case Aead::aes_128_gcm:
      return aes_128;
    case Aead::aes_256_gcm:
      return aes_256;
    case Aead::chacha20_poly1305:
      return chacha;
  }
  throw std::logic_error("unknown AEAD");
}

// The context wipes its copy of the key when it is freed.
Context begin(Aead aead, Direction direction, ByteView key, ByteView nonce, ByteView aad) {
  if (key.size() != aead_key_bytes(aead) || nonce.size() != aead_nonce_bytes)
    throw std::logic_error("an AEAD key or nonce of the wrong length");
  Context context(EVP_CIPHER_CTX_new());
  const EVP_CIPHER* cipher = cipher_of(aead);
  if (!context || !cipher) throw std::runtime_error("the cipher is not available");
  check_cipher(EVP_CipherInit_ex2(context.get(), cipher, key.data(), nonce.data(),
                                  static_cast<int>(direction), nullptr));
  int size = 0;
  if (!aad.empty())
    check_cipher(
        EVP_CipherUpdate(context.get(), nullptr, &size, aad.data(), static_cast<int>(aad.size())));
  return context;
}

void transform(EVP_CIPHER_CTX* context, ByteView from, std::uint8_t* to) {
  int size = 0;
  if (!from.empty())
    check_cipher(EVP_CipherUpdate(context, to, &size, from.data(), static_cast<int>(from.size())));
}

// OpenSSL counts in int. Nothing of the protocol comes near; a caller that does is broken.
void check_size(ByteView view) {
  if (view.size() > (1u << 30)) throw std::logic_error("too much for one AEAD operation");
}

}  // namespace

std::size_t aead_key_bytes(Aead aead) {
  switch (aead) {
    case Aead::aes_128_gcm:
      return 16;
    case Aead::aes_256_gcm:
      return 32;
    case Aead::chacha20_poly1305:
      return 32;
  }
  throw std::logic_error("unknown AEAD");
}

Bytes aead_seal(Aead aead, ByteView key, ByteView nonce, ByteView aad, ByteView plaintext) {
  check_size(aad);
  check_size(plaintext);
  Context context = begin(aead, Direction::seal, key, nonce, aad);
  Bytes sealed(plaintext.size() + aead_tag_bytes);
  transform(context.get(), plaintext, sealed.data());
  std::uint8_t* tag = sealed.data() + plaintext.size();
  int size = 0;
  check_cipher(EVP_CipherFinal_ex(context.get(), tag, &size));
  check_cipher(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, aead_tag_bytes, tag));
  return sealed;
}

std::optional<SecretBuffer> aead_open(Aead aead, ByteView key, ByteView nonce, ByteView aad,
                                      ByteView ciphertext_and_tag) {
  check_size(aad);
  check_size(ciphertext_and_tag);
  if (ciphertext_and_tag.size() < aead_tag_bytes) return std::nullopt;
  Context context = begin(aead, Direction::open, key, nonce, aad);
  ByteView ciphertext = ciphertext_and_tag.first(ciphertext_and_tag.size() - aead_tag_bytes);
  Bytes tag = to_bytes(ciphertext_and_tag.last(aead_tag_bytes));
  check_cipher(
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, aead_tag_bytes, tag.data()));
  SecretBuffer opened(ciphertext.size());
  transform(context.get(), ciphertext, opened.writable().data());
  std::uint8_t nothing[aead_tag_bytes];
  int size = 0;
  if (EVP_CipherFinal_ex(context.get(), nothing, &size) != 1) return std::nullopt;
  return opened;
}

}  // namespace oberih::crypto
