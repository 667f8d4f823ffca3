// SPDX-License-Identifier: Apache-2.0
// Sizes, manifests and references; what touches keys is in attachment_cipher.cpp.
#include "protocol/sealing/attachment.hpp"

#include <algorithm>
#include <bit>

#include "protocol/crypto/aead.hpp"
#include "protocol/crypto/digest.hpp"
#include "protocol/encoding/utf8.hpp"
#include "protocol/sealing/label.hpp"

namespace oberih::sealing {
namespace {

constexpr std::uint8_t attachment_version = 1;
constexpr std::uint64_t padded_bytes_at_least = 4096;
constexpr std::size_t fixed_bytes = 1 + 4 + 8 + 3 * 32;  // beside the name

static_assert(attachment_chunk_bytes * 4 / 3 < 200 * 1024, "a chunk must fit into a frame");

Refusal bad_attachment_text(std::string detail) {
  return refuse(RefusalCode::attachment_invalid, std::move(detail));
}

/// Big-endian integers and bytes into memory that is wiped: a growing writer would leave copies.
class PlaceWriter {
 public:
  explicit PlaceWriter(std::span<std::uint8_t> out) : out_(out) {}
  void integer(std::uint64_t value, int width) {
    for (int shift = (width - 1) * 8; shift >= 0; shift -= 8)
      out_[at_++] = static_cast<std::uint8_t>(value >> shift);
  }
  void raw(ByteView bytes) {
    std::copy(bytes.begin(), bytes.end(), out_.begin() + static_cast<std::ptrdiff_t>(at_));
    at_ += bytes.size();
  }

 private:
  std::span<std::uint8_t> out_;
  std::size_t at_ = 0;
};

std::size_t encoded_bytes(const Attachment& attachment) {
  return fixed_bytes + attachment.name.size();
}

Result<Attachment> parse_attachment(ByteView bytes) {
  ByteReader reader(bytes);
  const std::uint8_t version = reader.u8();
  Attachment attachment;
  attachment.name = as_text(reader.vec(attachment_name_bytes));
  attachment.size = reader.u64();
  const ByteView key = reader.take(32);
  std::copy(key.begin(), key.end(), attachment.key.writable().begin());
  attachment.commitment = reader.id<Digest>();
  attachment.content = reader.id<ContentId>();
  if (!reader.complete() || version != attachment_version)
    return refuse(RefusalCode::malformed_object, "an attachment of wrong length or version");
  return attachment;
}

}  // namespace

// PADME (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files", 2019): of the E+1 bits
// of a size, all but the first E - floor(log2 E) - 1 are rounded away.
std::uint64_t padded_attachment_bytes(std::uint64_t size) {
  if (size <= padded_bytes_at_least) return padded_bytes_at_least;
  const int exponent = std::bit_width(size) - 1;
  const int kept = std::bit_width(static_cast<unsigned>(exponent));
  const std::uint64_t mask = (std::uint64_t{1} << (exponent - kept)) - 1;
  return (size + mask) & ~mask;
}

bool is_padded_size(std::uint64_t padded) {
  return padded >= padded_bytes_at_least && padded <= attachment_bytes_at_most &&
         padded_attachment_bytes(padded) == padded;
}

std::uint32_t attachment_chunks(std::uint64_t padded) {
  return static_cast<std::uint32_t>((padded + attachment_chunk_bytes - 1) / attachment_chunk_bytes);
}

std::size_t sealed_chunk_bytes(std::uint64_t padded, std::uint32_t number) {
  const std::uint64_t begin = std::uint64_t{number} * attachment_chunk_bytes;
  if (begin >= padded) return 0;
  const std::uint64_t left = padded - begin;
  return static_cast<std::size_t>(std::min<std::uint64_t>(left, attachment_chunk_bytes)) +
         crypto::aead_tag_bytes;
}

std::uint64_t sealed_attachment_bytes(std::uint64_t padded) {
  return padded + std::uint64_t{attachment_chunks(padded)} * crypto::aead_tag_bytes;
}

ContentId content_id(const AttachmentManifest& manifest) {
  ByteWriter writer = begin_label("attachment-content");
  writer.u32(attachment_chunk_bytes)
      .u64(manifest.padded_bytes)
      .raw(manifest.commitment)
      .raw(manifest.chunk_hashes);
  return ContentId{crypto::sha256(writer.bytes()).bytes};
}

Result<void> judge_manifest(const ContentId& content, const AttachmentManifest& manifest) {
  if (manifest.padded_bytes > attachment_bytes_at_most)
    return refuse(RefusalCode::attachment_too_large);
  if (!is_padded_size(manifest.padded_bytes))
    return bad_attachment_text("no file is padded to that size");
  if (manifest.chunk_hashes.size() != std::size_t{manifest.chunks()} * Digest::size)
    return bad_attachment_text("there is not one hash for each chunk");
  if (content_id(manifest) != content)
    return bad_attachment_text("the content id is of another attachment");
  return {};
}

Digest chunk_hash(const AttachmentManifest& manifest, std::uint32_t number) {
  const ByteView hashes = manifest.chunk_hashes;
  return Digest::from(hashes.subspan(std::size_t{number} * Digest::size, Digest::size))
      .value_or(Digest{});
}

Result<void> judge_chunk(std::uint64_t padded, std::uint32_t number, const Digest& expected,
                         ByteView chunk) {
  const std::string name = "chunk " + std::to_string(number);
  const std::size_t size = sealed_chunk_bytes(padded, number);
  if (size == 0) return bad_attachment_text("there is no " + name);
  if (chunk.size() != size)
    return bad_attachment_text(name + " has " + std::to_string(chunk.size()) + " bytes, not " +
                               std::to_string(size) + ": it was cut, or put in another's place");
  if (crypto::sha256(chunk) != expected)
    return bad_attachment_text(name + " was changed, or put in another's place");
  return {};
}

const char* find_name_fault(std::string_view name) {
  if (name.empty()) return "the name is empty";
  if (name.size() > attachment_name_bytes) return "the name has over 255 bytes";
  if (!encoding::is_nfc(name)) return "the name is not UTF-8 in its composed form (NFC)";
  if (encoding::has_control_characters(name)) return "the name has control characters";
  if (name.find_first_of("/\\") != std::string_view::npos) return "the name is a path";
  if (name.front() == '.') return "the name begins with a dot";
  return nullptr;
}

const char* find_attachments_fault(const std::vector<Attachment>& attachments) {
  if (attachments.size() > attachments_at_most) return "there are over 16 attachments";
  for (const Attachment& attachment : attachments) {
    if (const char* fault = find_name_fault(attachment.name)) return fault;
    if (attachment.size > attachment_bytes_at_most) return "an attachment is over 256 MiB";
  }
  return nullptr;
}

std::size_t encoded_attachments_bytes(const std::vector<Attachment>& attachments) {
  std::size_t bytes = 2;
  for (const Attachment& attachment : attachments) bytes += 4 + encoded_bytes(attachment);
  return bytes;
}

void encode_attachments(const std::vector<Attachment>& attachments, std::span<std::uint8_t> out) {
  PlaceWriter writer(out);
  writer.integer(attachments.size(), 2);
  for (const Attachment& attachment : attachments) {
    writer.integer(encoded_bytes(attachment), 4);
    writer.integer(attachment_version, 1);
    writer.integer(attachment.name.size(), 4);
    writer.raw(as_bytes(attachment.name));
    writer.integer(attachment.size, 8);
    writer.raw(attachment.key.view());
    writer.raw(attachment.commitment.view());
    writer.raw(attachment.content.view());
  }
}

Result<std::vector<Attachment>> read_attachments(ByteReader& reader) {
  const std::size_t count = reader.u16();
  std::vector<Attachment> attachments;
  for (std::size_t i = 0; i < count && !reader.failed(); ++i) {
    if (i == attachments_at_most)
      return refuse(RefusalCode::malformed_object, "there are over 16 attachments");
    const ByteView bytes = reader.vec(fixed_bytes + attachment_name_bytes);
    if (reader.failed()) break;
    Result<Attachment> attachment = parse_attachment(bytes);
    if (!attachment) return attachment.error();
    attachments.push_back(std::move(*attachment));
  }
  if (reader.failed()) return refuse(RefusalCode::malformed_object, "attachments of wrong length");
  if (const char* fault = find_attachments_fault(attachments))
    return refuse(RefusalCode::malformed_object, fault);
  return attachments;
}

}  // namespace oberih::sealing
