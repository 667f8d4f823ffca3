// SPDX-License-Identifier: Apache-2.0
// The half of attachment.hpp that touches keys. STREAM (Hoang, Reyhanitabar, Rogaway, Vizar, 2015)
// over AES-256-GCM: the nonce is the chunk's number and whether it is the last one, so that a chunk
// opens at one place of one file alone, and a file that was cut does not open.
#include <algorithm>

#include "protocol/crypto/aead.hpp"
#include "protocol/crypto/digest.hpp"
#include "protocol/crypto/hkdf.hpp"
#include "protocol/crypto/random_bytes.hpp"
#include "protocol/sealing/attachment.hpp"
#include "protocol/sealing/label.hpp"

namespace oberih::sealing {
namespace {

using crypto::Aead;

Refusal bad_attachment(std::string detail) {
  return refuse(RefusalCode::attachment_invalid, std::move(detail));
}

/// `vec(P||label) || u32 chunk size || u64 size`.
Bytes file_info(std::string_view label, std::uint64_t size) {
  ByteWriter writer = begin_label(label);
  writer.u32(attachment_chunk_bytes).u64(size);
  return writer.take();
}

/// `u8[7] zeros || u32 number || u8 last`.
ByteArray<crypto::aead_nonce_bytes> nonce_of(std::uint32_t number, bool is_last) {
  ByteArray<crypto::aead_nonce_bytes> nonce{};
  for (int i = 0; i < 4; ++i) nonce[7 + i] = static_cast<std::uint8_t>(number >> (24 - 8 * i));
  nonce[11] = is_last ? 1 : 0;
  return nonce;
}

}  // namespace

AttachmentCipher::AttachmentCipher(const AttachmentKey& key, std::uint64_t size)
    : size_(size), padded_(padded_attachment_bytes(size)) {
  crypto::hkdf_expand(key.view(), file_info("attachment-key", size), key_.writable());
  crypto::hkdf_expand(key.view(), file_info("attachment-commit", size), commitment_.bytes);
}

/// Repeats what the key is derived from: a chunk says by itself what it belongs to.
Bytes AttachmentCipher::additional_data() const { return file_info("attachment", size_); }

std::size_t AttachmentCipher::padded_part(std::uint32_t number) const {
  const std::size_t sealed = sealed_chunk_bytes(padded_, number);
  return sealed == 0 ? 0 : sealed - crypto::aead_tag_bytes;
}

std::size_t AttachmentCipher::file_bytes(std::uint32_t number) const {
  const std::uint64_t begin = std::uint64_t{number} * attachment_chunk_bytes;
  if (begin >= size_) return 0;
  return static_cast<std::size_t>(std::min<std::uint64_t>(size_ - begin, padded_part(number)));
}

Bytes AttachmentCipher::seal(std::uint32_t number, ByteView file_part) const {
  SecretBuffer padded(padded_part(number));
  std::copy(file_part.begin(), file_part.end(), padded.writable().begin());
  return crypto::aead_seal(Aead::aes_256_gcm, key_.view(), nonce_of(number, number + 1 == chunks()),
                           additional_data(), padded.view());
}

Result<SecretBuffer> AttachmentCipher::open(std::uint32_t number, ByteView chunk) const {
  const std::string name = "chunk " + std::to_string(number);
  if (number >= chunks() || chunk.size() != sealed_chunk_bytes(padded_, number))
    return bad_attachment(name + " was cut, or put in another's place");
  std::optional<SecretBuffer> part =
      crypto::aead_open(Aead::aes_256_gcm, key_.view(), nonce_of(number, number + 1 == chunks()),
                        additional_data(), chunk);
  if (!part) return bad_attachment(name + " does not open with the key of its entry");
  const std::size_t size = file_bytes(number);
  std::uint8_t rest = 0;
  for (std::uint8_t byte : part->view().subspan(size)) rest |= byte;
  if (rest != 0) return bad_attachment("the padding of " + name + " is wrong");
  part->shrink_to(size);
  return std::move(*part);
}

Result<void> judge_reference(const Attachment& attachment) {
  const AttachmentCipher cipher(attachment.key, attachment.size);
  if (!crypto::constant_time_equal(cipher.commitment().view(), attachment.commitment.view()))
    return bad_attachment("the entry does not commit to the key that it names");
  return {};
}

Result<void> judge_manifest_for(const Attachment& attachment, const AttachmentManifest& manifest) {
  OBERIH_TRY(judge_manifest(attachment.content, manifest));
  if (manifest.commitment != attachment.commitment)
    return bad_attachment("the content is sealed under another key than the entry names");
  if (manifest.padded_bytes != padded_attachment_bytes(attachment.size))
    return bad_attachment("the content is of another size than the entry says");
  return {};
}

}  // namespace oberih::sealing
