// SPDX-License-Identifier: Apache-2.0
// Files beside an entry: a one-use key and a content id inside the sealed text, the ciphertext in
// chunks outside of it. Bytes, keys and what verifies; no file and no network. Docs: protocol, 17.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "protocol/base/byte_reader.hpp"
#include "protocol/base/result.hpp"
#include "protocol/base/secret.hpp"

namespace oberih::sealing {

using ContentId = FixedBytes<struct ContentTag, 32>;
using AttachmentKey = Secret<struct AttachmentKeyTag, 32>;

inline constexpr std::uint64_t attachment_bytes_at_most = 256ull * 1024 * 1024;
// As base64url it fits into one frame with all that is around it.
inline constexpr std::size_t attachment_chunk_bytes = 128 * 1024;
inline constexpr std::size_t attachments_at_most = 16;  // of one entry
inline constexpr std::size_t attachment_name_bytes = 255;

// -- sizes ----------------------------------------------------------------------------------------

/// What the server sees instead of the size: PADME, so that it learns the order of magnitude and a
/// few bits more; at least 4 KiB, then at most a sixteenth more. REQUIRES: at most 256 MiB.
std::uint64_t padded_attachment_bytes(std::uint64_t size);
/// Whether some size is padded to this.
bool is_padded_size(std::uint64_t padded);
std::uint32_t attachment_chunks(std::uint64_t padded);
/// Of chunk `number` with its tag.
std::size_t sealed_chunk_bytes(std::uint64_t padded, std::uint32_t number);
/// Of all chunks with their tags: what a store needs and a quota counts.
std::uint64_t sealed_attachment_bytes(std::uint64_t padded);

// -- what is stored beside the journal ------------------------------------------------------------

/// Everything about a ciphertext but its bytes; public to the server. Each chunk verifies by
/// itself.
struct AttachmentManifest {
  std::uint64_t padded_bytes = 0;
  Digest commitment;   // of the key
  Bytes chunk_hashes;  // SHA-256 of each chunk with its tag, in order

  std::uint32_t chunks() const { return attachment_chunks(padded_bytes); }
};

/// `H(vec(P||"attachment-content") || u32 chunk size || u64 padded || commitment || hashes)`: names
/// one ciphertext under one key, and thereby one file.
ContentId content_id(const AttachmentManifest& manifest);
/// Refuses attachment_too_large and attachment_invalid: a size that none is padded to, not a hash
/// for each chunk, another content id.
Result<void> judge_manifest(const ContentId& content, const AttachmentManifest& manifest);
/// Refuses attachment_invalid, with the number, where the chunk is not the one that is announced.
Result<void> judge_chunk(std::uint64_t padded, std::uint32_t number, const Digest& expected,
                         ByteView chunk);
/// REQUIRES: judged; `number` below chunks().
Digest chunk_hash(const AttachmentManifest& manifest, std::uint32_t number);

// -- what stands in a sealed text -----------------------------------------------------------------

struct Attachment {
  std::string name;  // for people: see find_name_fault()
  std::uint64_t size = 0;
  AttachmentKey key;
  Digest commitment;
  ContentId content;
};

/// Why a file may not be called so; null when it may. Such a name is one component of a path, NFC,
/// without control characters, and does not begin with a dot.
const char* find_name_fault(std::string_view name);

/// `u16 n || n * vec(attachment)`, where a sealed text ends.
std::size_t encoded_attachments_bytes(const std::vector<Attachment>& attachments);
/// Fills `out` exactly. INVARIANT: no copy of a key is left behind.
void encode_attachments(const std::vector<Attachment>& attachments, std::span<std::uint8_t> out);
/// Why they may not stand in a text; null when they may.
const char* find_attachments_fault(const std::vector<Attachment>& attachments);
/// Reads to behind the last of them. Refusal: malformed_object.
Result<std::vector<Attachment>> read_attachments(ByteReader& reader);

// -- keys -----------------------------------------------------------------------------------------

/// Seals and opens the chunks of one file. INVARIANT: one key seals one file. A chunk is sealed the
/// same way however often, so the caller must send nothing whose hash differs from the manifest's.
class AttachmentCipher {
 public:
  AttachmentCipher(const AttachmentKey& key, std::uint64_t size);

  const Digest& commitment() const { return commitment_; }
  std::uint64_t padded_bytes() const { return padded_; }
  std::uint32_t chunks() const { return attachment_chunks(padded_); }
  /// How many bytes of the file chunk `number` holds; the rest of it is padding.
  std::size_t file_bytes(std::uint32_t number) const;

  /// `file_part` has file_bytes(number) bytes.
  Bytes seal(std::uint32_t number, ByteView file_part) const;
  /// The part of the file. Refuses attachment_invalid: it does not open at this place, or the
  /// padding is not zeros.
  Result<SecretBuffer> open(std::uint32_t number, ByteView chunk) const;

 private:
  Bytes additional_data() const;
  std::size_t padded_part(std::uint32_t number) const;

  std::uint64_t size_;
  std::uint64_t padded_;
  SymmetricKey key_;
  Digest commitment_;
};

/// Before anything is fetched: the reference names a key that it commits to. Refuses
/// attachment_invalid.
Result<void> judge_reference(const Attachment& attachment);
/// What the server says of the content must be what the reference means: its content id, its
/// commitment, its size. Refuses attachment_invalid.
Result<void> judge_manifest_for(const Attachment& attachment, const AttachmentManifest& manifest);

}  // namespace oberih::sealing
