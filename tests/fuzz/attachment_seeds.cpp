// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/attachment_seeds.hpp"

#include <algorithm>

#include "protocol/base/byte_writer.hpp"
#include "protocol/crypto/digest.hpp"
#include "protocol/sealing/message_text.hpp"
#include "tests/fuzz/known_objects.hpp"

namespace oberih::fuzz {
namespace {

sealing::Attachment known_attachment() {
  sealing::Attachment attachment;
  attachment.name = "план.pdf";
  attachment.size = 5;
  attachment.commitment.bytes.fill(2);
  attachment.content.bytes.fill(3);
  return attachment;
}

}  // namespace

void write_attachments(const Corpus& corpus, const Corpus& texts) {
  sealing::MessageText message{sealing::MessageWhat::text, "план"};
  message.attachments.push_back(known_attachment());
  texts.add("message_with_attachment", sealing::encode_message_text(message)->view());
  Bytes list(sealing::encoded_attachments_bytes(message.attachments));
  sealing::encode_attachments(message.attachments, list);
  corpus.add("list", list);
  corpus.add("refused_list_cut", ByteView(list).first(list.size() - 1));

  sealing::AttachmentKey key;
  std::fill(key.writable().begin(), key.writable().end(), 7);
  const sealing::AttachmentCipher cipher(key, 5);
  const Bytes chunk = cipher.seal(0, Bytes{0, 31, 62, 93, 124});
  corpus.add("chunk", chunk);
  const Digest hash = crypto::sha256(chunk);
  const sealing::AttachmentManifest manifest{cipher.padded_bytes(), cipher.commitment(),
                                             to_bytes(hash.view())};
  ByteWriter writer;
  writer.raw(sealing::content_id(manifest))
      .u64(manifest.padded_bytes)
      .raw(manifest.commitment)
      .raw(manifest.chunk_hashes);
  corpus.add("manifest", writer.bytes());
}

}  // namespace oberih::fuzz
