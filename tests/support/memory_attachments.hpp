// SPDX-License-Identifier: Apache-2.0
// Attachments in memory, and a sealed file to fill them with. Faults are set by the test.
#pragma once

#include <map>

#include "protocol/crypto/digest.hpp"
#include "protocol/wire/attachments.hpp"
#include "server/application/attachment_ports.hpp"

namespace oberih::test {

class MemoryCatalogue final : public application::AttachmentCatalogue {
 public:
  std::optional<application::AttachmentRow> find(const sealing::ContentId& content) override {
    const auto found = rows.find(content);
    if (found == rows.end()) return std::nullopt;
    return found->second;
  }
  void insert(const application::AttachmentRow& row, const Bytes& chunk_hashes) override {
    rows.emplace(row.content, row);
    hashes.emplace(row.content, chunk_hashes);
  }
  Bytes load_hashes(const sealing::ContentId& content) override { return hashes.at(content); }
  Digest load_hash(const sealing::ContentId& content, std::uint32_t number) override {
    return *Digest::from(ByteView(hashes.at(content)).subspan(std::size_t{number} * 32, 32));
  }
  void update(const application::AttachmentRow& row) override { rows.at(row.content) = row; }
  void remove(const sealing::ContentId& content) override {
    rows.erase(content);
    hashes.erase(content);
  }
  std::uint64_t used_bytes(const AgencyId& agency) override {
    std::uint64_t used = 0;
    for (const auto& [content, row] : rows)
      if (row.agency == agency) used += sealing::sealed_attachment_bytes(row.padded_bytes);
    return used;
  }
  std::uint32_t count_incomplete(const DeviceId& device) override {
    std::uint32_t count = 0;
    for (const auto& [content, row] : rows) count += row.device == device && !row.is_complete;
    return count;
  }
  std::vector<sealing::ContentId> list_lapsed(Milliseconds begun_before_ms,
                                              std::uint32_t limit) override {
    std::vector<sealing::ContentId> lapsed;
    for (const auto& [content, row] : rows)
      if (!row.is_kept && row.begun_ms < begun_before_ms && lapsed.size() < limit)
        lapsed.push_back(content);
    return lapsed;
  }

  std::map<sealing::ContentId, application::AttachmentRow> rows;
  std::map<sealing::ContentId, Bytes> hashes;
};

class MemoryChunks final : public application::ChunkStore {
 public:
  void put(const application::AttachmentRow& row, std::uint32_t number, ByteView chunk) override {
    if (is_full) throw application::AttachmentStoreFull("full");
    if (is_lost) throw application::ChunksLost("lost");
    chunks[row.content][number] = to_bytes(chunk);
  }
  void finish(const application::AttachmentRow&) override {}
  std::optional<Bytes> load(const application::AttachmentRow& row, std::uint32_t number) override {
    const auto found = chunks[row.content].find(number);
    if (found == chunks[row.content].end()) return std::nullopt;
    return found->second;
  }
  void remove(const sealing::ContentId& content) override { chunks.erase(content); }

  std::map<sealing::ContentId, std::map<std::uint32_t, Bytes>> chunks;
  bool is_full = false, is_lost = false;
};

/// A file of `size` bytes under a key of its own, as a client would send it.
struct SealedAttachment {
  SealedAttachment(std::size_t size, std::uint8_t key_number) {
    sealing::AttachmentKey key;
    std::fill(key.writable().begin(), key.writable().end(), key_number);
    const sealing::AttachmentCipher cipher(key, size);
    manifest = {cipher.padded_bytes(), cipher.commitment(), {}};
    for (std::uint32_t number = 0; number < cipher.chunks(); ++number) {
      chunks.push_back(cipher.seal(number, Bytes(cipher.file_bytes(number), key_number)));
      const Digest hash = crypto::sha256(chunks.back());
      manifest.chunk_hashes.insert(manifest.chunk_hashes.end(), hash.bytes.begin(),
                                   hash.bytes.end());
    }
    content = sealing::content_id(manifest);
  }
  wire::AttachmentBegin begin(const ChannelId& channel) const {
    return {channel, content, manifest};
  }
  wire::AttachmentPut put(const ChannelId& channel, std::uint32_t number) const {
    return {channel, content, number, chunks.at(number)};
  }
  sealing::AttachmentManifest manifest;
  sealing::ContentId content;
  std::vector<Bytes> chunks;
};

}  // namespace oberih::test
