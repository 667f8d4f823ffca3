// SPDX-License-Identifier: Apache-2.0
// What a server or a sender says of an attachment: the list in a sealed text, a manifest, a chunk.
#include "protocol/crypto/digest.hpp"
#include "protocol/sealing/attachment.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace oberih::fuzz {
namespace {

constexpr std::uint64_t known_size = 5;

bool judge_list(ByteView input) {
  ByteReader reader(input);
  const auto attachments = sealing::read_attachments(reader);
  if (!attachments || !reader.complete()) return false;
  Bytes encoded(sealing::encoded_attachments_bytes(*attachments));
  sealing::encode_attachments(*attachments, encoded);
  require(equal(encoded, input), "a list of attachments has one form");
  return true;
}

/// `content || u64 padded || commitment || hashes`.
bool judge_manifest(ByteView input) {
  ByteReader reader(input);
  const auto content = reader.id<sealing::ContentId>();
  sealing::AttachmentManifest manifest;
  manifest.padded_bytes = reader.u64();
  manifest.commitment = reader.id<Digest>();
  manifest.chunk_hashes = to_bytes(reader.remaining());
  if (reader.failed() || !sealing::judge_manifest(content, manifest)) return false;
  require(manifest.padded_bytes <= sealing::attachment_bytes_at_most, "a manifest has a bound");
  require(manifest.chunk_hashes.size() == 32 * ((manifest.padded_bytes + 131'071) / 131'072),
          "a manifest has a hash for each chunk");
  require(sealing::content_id(manifest) == content, "a content id names one manifest");
  return true;
}

bool judge_chunk(ByteView input) {
  static const sealing::AttachmentKey key = [] {
    sealing::AttachmentKey made;
    std::fill(made.writable().begin(), made.writable().end(), 7);
    return made;
  }();
  static const sealing::AttachmentCipher cipher(key, known_size);
  const auto opened = cipher.open(0, input);
  if (!opened) return false;
  require(opened->size() == known_size, "a chunk opens to its part of the file");
  require(equal(cipher.seal(0, opened->view()), input), "nothing opens but what the key sealed");
  return true;
}

}  // namespace

bool judge(ByteView input) {
  bool accepted = judge_list(input);
  accepted |= judge_manifest(input);
  accepted |= judge_chunk(input);
  return accepted;
}

}  // namespace oberih::fuzz
