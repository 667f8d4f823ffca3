// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/epoch_keys.hpp"

#include "protocol/crypto/aead.hpp"
#include "protocol/crypto/hkdf.hpp"
#include "protocol/sealing/label.hpp"

namespace oberih::sealing {
namespace {

using crypto::Aead;

// pv is used once, for this box alone: a fixed nonce repeats nothing.
constexpr ByteArray<crypto::aead_nonce_bytes> zero_nonce{};

Bytes prev_box_aad(const ChannelId& channel, std::uint64_t epoch,
                   const Digest& previous_commitment) {
  ByteWriter writer = begin_label("prev-box");
  writer.raw(channel).u64(epoch).raw(previous_commitment);
  return writer.take();
}

}  // namespace

EpochKeys derive_epoch_keys(const EpochKey& key, const ChannelId& channel, std::uint64_t epoch) {
  EpochKeys keys;
  crypto::hkdf_expand(key.view(), epoch_info("msg-key", channel, epoch),
                      keys.message_key.writable());
  crypto::hkdf_expand(key.view(), epoch_info("prev-key", channel, epoch),
                      keys.previous_key_key.writable());
  crypto::hkdf_expand(key.view(), epoch_info("key-commit", channel, epoch),
                      keys.key_commitment.bytes);
  keys.message_key_commitment = message_key_commitment(keys.message_key, channel, epoch);
  return keys;
}

Digest message_key_commitment(const MessageKey& key, const ChannelId& channel,
                              std::uint64_t epoch) {
  Digest commitment;
  crypto::hkdf_expand(key.view(), epoch_info("msg-commit", channel, epoch), commitment.bytes);
  return commitment;
}

Bytes seal_previous_key(const EpochKeys& keys, const ChannelId& channel, std::uint64_t epoch,
                        const Digest& previous_commitment, const EpochKey& previous_key) {
  return crypto::aead_seal(Aead::aes_256_gcm, keys.previous_key_key.view(), zero_nonce,
                           prev_box_aad(channel, epoch, previous_commitment), previous_key.view());
}

std::optional<EpochKey> open_previous_key(const EpochKeys& keys, const ChannelId& channel,
                                          std::uint64_t epoch, const Digest& previous_commitment,
                                          ByteView prev_box) {
  std::optional<SecretBuffer> opened =
      crypto::aead_open(Aead::aes_256_gcm, keys.previous_key_key.view(), zero_nonce,
                        prev_box_aad(channel, epoch, previous_commitment), prev_box);
  EpochKey key;
  if (!opened || opened->size() != key.writable().size()) return std::nullopt;
  std::copy(opened->view().begin(), opened->view().end(), key.writable().begin());
  return key;
}

}  // namespace oberih::sealing
