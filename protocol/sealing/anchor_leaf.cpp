// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/anchor_leaf.hpp"

#include "protocol/base/byte_reader.hpp"
#include "protocol/base/byte_writer.hpp"
#include "protocol/crypto/digest.hpp"
#include "protocol/sealing/malformed.hpp"

namespace oberih::sealing {
namespace {

constexpr std::uint8_t anchor_leaf_version = 1;  // ON DISK

}  // namespace

Digest anchored_hash(const journal::Checkpoint& checkpoint) {
  return crypto::sha256(as_bytes(journal::format_checkpoint(checkpoint)));
}

Bytes encode_anchor_leaf(const AnchorLeaf& leaf) {
  ByteWriter writer;
  writer.u8(anchor_leaf_version).u64(leaf.size).raw(leaf.checkpoint_hash).vec(leaf.token);
  writer.raw(leaf.salt);
  return writer.take();
}

Result<AnchorLeaf> parse_anchor_leaf(ByteView body) {
  ByteReader reader(body);
  if (reader.u8() != anchor_leaf_version) return malformed("unknown version of an anchor");
  AnchorLeaf leaf;
  leaf.size = reader.u64();
  leaf.checkpoint_hash = reader.id<Digest>();
  leaf.token = to_bytes(reader.vec(crypto::timestamp_token_bytes));
  leaf.salt = reader.id<LeafSalt>();
  if (!reader.complete()) return malformed("an anchor of wrong length");
  if (leaf.size == 0 || leaf.token.empty()) return malformed("an anchor of nothing");
  return leaf;
}

Result<crypto::Timestamp> read_anchor(const AnchorLeaf& leaf,
                                      const std::optional<std::string>& ca_pem) {
  if (!ca_pem) return crypto::read_timestamp_token(leaf.token, leaf.checkpoint_hash);
  return crypto::verify_timestamp_token(leaf.token, leaf.checkpoint_hash, *ca_pem);
}

Result<crypto::Timestamp> verify_anchor(const AnchorLeaf& leaf,
                                        const journal::Checkpoint& checkpoint,
                                        std::string_view ca_pem) {
  if (leaf.size != checkpoint.size || leaf.checkpoint_hash != anchored_hash(checkpoint))
    return refuse(RefusalCode::verification_failed, "the anchor is of another checkpoint");
  return crypto::verify_timestamp_token(leaf.token, leaf.checkpoint_hash, ca_pem);
}

}  // namespace oberih::sealing
