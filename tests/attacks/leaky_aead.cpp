// SPDX-License-Identifier: Apache-2.0
// The control of the canary test: linked in place of protocol/crypto/aead.cpp it makes a client
// that does not encrypt what goes to the server: texts, files and channel keys arrive there in
// clear. Its
// own files stay sealed, so that the test can read the keys it looks for. Never installed.
#define aead_seal sound_aead_seal
#define aead_open sound_aead_open
#include "protocol/crypto/aead.cpp"
#undef aead_seal
#undef aead_open

#include <algorithm>

#include "protocol/sealing/label.hpp"

namespace oberih::crypto {
namespace {

constexpr std::size_t least_header_bytes = 200;

bool is_of_an_attachment(ByteView aad) {
  const Bytes label = sealing::begin_label("attachment").take();
  return aad.size() > label.size() && std::equal(label.begin(), label.end(), aad.begin());
}

/// Wraps have no associated data, bodies an entry's header, chunks their label; local files have
/// something shorter.
bool is_for_the_server(ByteView aad) {
  return aad.empty() || aad.size() >= least_header_bytes || is_of_an_attachment(aad);
}

}  // namespace

Bytes aead_seal(Aead aead, ByteView key, ByteView nonce, ByteView aad, ByteView plaintext);
std::optional<SecretBuffer> aead_open(Aead aead, ByteView key, ByteView nonce, ByteView aad,
                                      ByteView sealed);

Bytes aead_seal(Aead aead, ByteView key, ByteView nonce, ByteView aad, ByteView plaintext) {
  if (!is_for_the_server(aad)) return sound_aead_seal(aead, key, nonce, aad, plaintext);
  Bytes leaked = to_bytes(plaintext);
  leaked.resize(leaked.size() + aead_tag_bytes);
  return leaked;
}

std::optional<SecretBuffer> aead_open(Aead aead, ByteView key, ByteView nonce, ByteView aad,
                                      ByteView sealed) {
  if (!is_for_the_server(aad)) return sound_aead_open(aead, key, nonce, aad, sealed);
  if (sealed.size() < aead_tag_bytes) return std::nullopt;
  return SecretBuffer(sealed.first(sealed.size() - aead_tag_bytes));
}

}  // namespace oberih::crypto
