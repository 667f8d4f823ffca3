// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/attachment.hpp"

#include <numeric>

#include "malformed_input.hpp"
#include "protocol/crypto/aead.hpp"
#include "protocol/crypto/digest.hpp"
#include "protocol/encoding/hex.hpp"

namespace oberih::sealing {
namespace {

AttachmentKey key_of(std::uint8_t number) {
  AttachmentKey key;
  std::fill(key.writable().begin(), key.writable().end(), number);
  return key;
}

/// A file of `size` bytes, sealed whole.
struct SealedFile {
  SealedFile(std::size_t size, std::uint8_t key_number) : key(key_of(key_number)), file(size) {
    for (std::size_t i = 0; i < size; ++i) file[i] = static_cast<std::uint8_t>(i * 31 + i / 257);
    const AttachmentCipher cipher(key, size);
    manifest = {cipher.padded_bytes(), cipher.commitment(), {}};
    for (std::uint32_t number = 0; number < cipher.chunks(); ++number) {
      chunks.push_back(cipher.seal(
          number,
          ByteView(file).subspan(std::min(size, std::size_t{number} * attachment_chunk_bytes),
                                 cipher.file_bytes(number))));
      const Digest hash = crypto::sha256(chunks.back());
      manifest.chunk_hashes.insert(manifest.chunk_hashes.end(), hash.bytes.begin(),
                                   hash.bytes.end());
    }
  }
  Attachment reference() const {
    return {"план.pdf", file.size(), key.copy(), manifest.commitment, content_id(manifest)};
  }
  AttachmentKey key;
  Bytes file;
  AttachmentManifest manifest;
  std::vector<Bytes> chunks;
};

constexpr std::size_t three_chunks = 2 * attachment_chunk_bytes + 777;

RefusalCode code_of(const Result<void>& result) {
  return result ? RefusalCode::usage : result.error().code;
}

TEST(AttachmentCipher, opens_what_it_sealed_at_every_edge_of_a_chunk) {
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{1}, std::size_t{4096}, std::size_t{4097},
        attachment_chunk_bytes - 1, attachment_chunk_bytes, attachment_chunk_bytes + 1,
        three_chunks}) {
    const SealedFile sealed(size, 1);
    const AttachmentCipher cipher(sealed.key, size);
    ASSERT_EQ(sealed.chunks.size(), cipher.chunks());
    Bytes opened;
    for (std::uint32_t number = 0; number < cipher.chunks(); ++number) {
      EXPECT_EQ(sealed.chunks[number].size(), sealed_chunk_bytes(cipher.padded_bytes(), number));
      const auto part = cipher.open(number, sealed.chunks[number]);
      ASSERT_TRUE(part) << size << " " << number;
      opened.insert(opened.end(), part->view().begin(), part->view().end());
    }
    EXPECT_EQ(opened, sealed.file) << size;
    EXPECT_TRUE(judge_reference(sealed.reference()));
    EXPECT_TRUE(judge_manifest_for(sealed.reference(), sealed.manifest));
  }
}

// Reproduced from the text of the reference by a program of another hand, in another language.
TEST(AttachmentCipher, has_the_bytes_of_the_reference) {
  const SealedFile sealed(5, 7);
  EXPECT_EQ(encoding::encode_hex(sealed.manifest.commitment),
            "cf00179bcb305e57121f03b69511715dae9d925d0f0ff881d32aa933fa47fe39");
  EXPECT_EQ(encoding::encode_hex(crypto::sha256(sealed.chunks[0])),
            "2b47dbe39326ae07911fae16ef1e3d239e73a156bcb4a314aef3ecf1696e53e5");
  EXPECT_EQ(encoding::encode_hex(content_id(sealed.manifest)),
            "b1018c5d5e958b9c7f53911d755ec3fb3f7092ca9ac055c89bdeab212dd40cae");
}

TEST(AttachmentCipher, refuses_a_flipped_bit_in_any_byte) {
  const SealedFile sealed(100, 1);
  const AttachmentCipher cipher(sealed.key, 100);
  for (std::size_t i = 0; i < sealed.chunks[0].size(); ++i) {
    Bytes chunk = sealed.chunks[0];
    chunk[i] ^= 0x40;
    EXPECT_FALSE(
        judge_chunk(sealed.manifest.padded_bytes, 0, chunk_hash(sealed.manifest, 0), chunk));
    const auto opened = cipher.open(0, chunk);
    ASSERT_FALSE(opened) << i;
    EXPECT_EQ(opened.error().code, RefusalCode::attachment_invalid);
  }
}

TEST(AttachmentCipher, refuses_chunks_swapped_doubled_cut_or_of_another_file) {
  const SealedFile sealed(three_chunks, 1), other(three_chunks, 2);
  const AttachmentCipher cipher(sealed.key, three_chunks);
  EXPECT_FALSE(cipher.open(0, sealed.chunks[1]));
  EXPECT_FALSE(cipher.open(1, sealed.chunks[0]));
  EXPECT_FALSE(cipher.open(0, other.chunks[0]));
  EXPECT_FALSE(cipher.open(3, sealed.chunks[2]));
  EXPECT_FALSE(cipher.open(0, ByteView(sealed.chunks[0]).first(1'000)));
  for (const std::uint32_t place : {0u, 1u, 2u})
    for (const std::uint32_t from : {0u, 1u, 2u})
      if (from != place) {
        EXPECT_FALSE(judge_chunk(sealed.manifest.padded_bytes, place,
                                 chunk_hash(sealed.manifest, place), sealed.chunks[from]));
      }
}

TEST(AttachmentCipher, a_chunk_that_is_not_the_last_one_does_not_open_as_the_last_one) {
  // The same key, and a file that ends where the second chunk of the longer one ends.
  const SealedFile longer(three_chunks, 1), shorter(2 * attachment_chunk_bytes, 1);
  const AttachmentCipher cipher(longer.key, 2 * attachment_chunk_bytes);
  ASSERT_EQ(cipher.chunks(), 2u);
  EXPECT_TRUE(cipher.open(1, shorter.chunks[1]));
  EXPECT_FALSE(cipher.open(1, longer.chunks[1]));
}

TEST(AttachmentCipher, refuses_padding_that_is_not_zeros) {
  const AttachmentKey key = key_of(1);
  // Sealed as a file of 4,096 bytes, all of them content, the padding of a shorter one is not zero;
  // the size is bound into the key, so that such a chunk does not even open.
  const SealedFile whole(4096, 1);
  EXPECT_FALSE(AttachmentCipher(key, 100).open(0, whole.chunks[0]));
}

TEST(AttachmentManifest, one_content_id_names_one_key) {
  const SealedFile sealed(three_chunks, 1);
  AttachmentManifest other = sealed.manifest;
  other.commitment = SealedFile(10, 2).manifest.commitment;
  EXPECT_NE(content_id(other), content_id(sealed.manifest));
  EXPECT_EQ(code_of(judge_manifest(content_id(sealed.manifest), other)),
            RefusalCode::attachment_invalid);
}

TEST(AttachmentManifest, is_refused_cut_longer_reordered_or_of_another_size) {
  const SealedFile sealed(three_chunks, 1);
  const ContentId content = content_id(sealed.manifest);
  EXPECT_TRUE(judge_manifest(content, sealed.manifest));
  AttachmentManifest wrong = sealed.manifest;
  wrong.chunk_hashes.resize(wrong.chunk_hashes.size() - Digest::size);
  EXPECT_FALSE(judge_manifest(content, wrong));
  EXPECT_FALSE(judge_manifest(content_id(wrong), wrong)) << "a hash for each chunk";
  wrong = sealed.manifest;
  std::swap_ranges(wrong.chunk_hashes.begin(), wrong.chunk_hashes.begin() + 32,
                   wrong.chunk_hashes.begin() + 32);
  EXPECT_FALSE(judge_manifest(content, wrong));
  wrong = sealed.manifest;
  wrong.padded_bytes += 1;
  EXPECT_FALSE(judge_manifest(content_id(wrong), wrong)) << "no file is padded to that";
  wrong.padded_bytes = 2 * attachment_bytes_at_most;
  EXPECT_EQ(code_of(judge_manifest(content, wrong)), RefusalCode::attachment_too_large);
  wrong.padded_bytes = 0;
  EXPECT_FALSE(judge_manifest(content_id(wrong), wrong));
}

TEST(AttachmentReference, must_commit_to_its_key_and_mean_the_manifest) {
  const SealedFile sealed(three_chunks, 1);
  Attachment reference = sealed.reference();
  reference.key = key_of(2);
  EXPECT_EQ(code_of(judge_reference(reference)), RefusalCode::attachment_invalid);
  reference.commitment = AttachmentCipher(reference.key, reference.size).commitment();
  EXPECT_TRUE(judge_reference(reference));
  EXPECT_FALSE(judge_manifest_for(reference, sealed.manifest)) << "another key than it is under";
  reference = sealed.reference();
  reference.size -= 1;  // would cut a byte off
  EXPECT_FALSE(judge_reference(reference));
}

TEST(AttachmentSize, is_padded_to_few_sizes_and_by_little) {
  EXPECT_EQ(padded_attachment_bytes(0), 4096u);
  EXPECT_EQ(padded_attachment_bytes(4096), 4096u);
  EXPECT_EQ(padded_attachment_bytes(4097), 4352u);
  EXPECT_EQ(padded_attachment_bytes(attachment_bytes_at_most), attachment_bytes_at_most);
  EXPECT_EQ(attachment_chunks(attachment_bytes_at_most), 2048u);
  for (std::uint64_t size = 4096; size < attachment_bytes_at_most; size += size / 7 + 1) {
    const std::uint64_t padded = padded_attachment_bytes(size);
    EXPECT_GE(padded, size);
    EXPECT_LE(padded - size, size / 16);
    EXPECT_TRUE(is_padded_size(padded)) << size;
  }
  EXPECT_FALSE(is_padded_size(4097));
  EXPECT_FALSE(is_padded_size(2 * attachment_bytes_at_most));
}

TEST(AttachmentName, is_one_component_of_a_path_that_hides_nothing) {
  EXPECT_EQ(find_name_fault("план будівлі (2).pdf"), nullptr);
  const std::string longest(255, 'x');
  EXPECT_EQ(find_name_fault(longest), nullptr);
  for (const std::string& name :
       {std::string(), longest + "x", std::string("../x"), std::string("a/b"), std::string("a\\b"),
        std::string(".."), std::string("."), std::string(".bashrc"), std::string("a\nb"),
        std::string("a\0b", 3), std::string("\xe2\x80\xaegpj.exe"), std::string("\xff"),
        std::string("и\xcc\x86")})
    EXPECT_NE(find_name_fault(name), nullptr) << name;
}

Bytes encoded(const std::vector<Attachment>& attachments) {
  Bytes bytes(encoded_attachments_bytes(attachments));
  encode_attachments(attachments, bytes);
  return bytes;
}

Result<std::vector<Attachment>> parse(ByteView bytes) {
  ByteReader reader(bytes);
  auto attachments = read_attachments(reader);
  if (attachments && !reader.complete()) return refuse(RefusalCode::malformed_object);
  return attachments;
}

TEST(AttachmentCodec, comes_back_as_it_went_and_is_strict) {
  std::vector<Attachment> attachments;
  attachments.push_back(SealedFile(10, 1).reference());
  attachments.push_back(SealedFile(20, 2).reference());
  const Bytes bytes = encoded(attachments);
  const auto back = parse(bytes);
  ASSERT_TRUE(back);
  ASSERT_EQ(back->size(), 2u);
  EXPECT_EQ((*back)[1].name, "план.pdf");
  EXPECT_EQ((*back)[1].size, 20u);
  EXPECT_EQ(to_bytes((*back)[1].key.view()), to_bytes(attachments[1].key.view()));
  EXPECT_EQ((*back)[1].content, attachments[1].content);
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(parse(ByteView(bytes).first(size))) << size;
  Bytes longer = bytes;
  longer.push_back(0);
  EXPECT_FALSE(parse(longer));
  Bytes of_another_version = bytes;
  of_another_version[6] = 2;
  EXPECT_FALSE(parse(of_another_version));
}

TEST(AttachmentCodec, refuses_too_many_and_names_that_may_not_be) {
  std::vector<Attachment> attachments;
  for (int i = 0; i < 17; ++i) attachments.push_back(SealedFile(10, 1).reference());
  EXPECT_FALSE(parse(encoded(attachments)));
  attachments.pop_back();
  EXPECT_TRUE(parse(encoded(attachments)));
  attachments.resize(1);
  attachments[0].name = "../../etc/cron.d/x";
  EXPECT_FALSE(parse(encoded(attachments)));
  attachments[0] = SealedFile(10, 1).reference();
  attachments[0].size = attachment_bytes_at_most + 1;
  EXPECT_FALSE(parse(encoded(attachments)));
}

}  // namespace
}  // namespace oberih::sealing
