// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/access_leaf.hpp"

#include "protocol/base/byte_reader.hpp"
#include "protocol/base/byte_writer.hpp"
#include "protocol/sealing/malformed.hpp"

namespace oberih::sealing {
namespace {

constexpr std::uint8_t access_leaf_version = 1;  // ON DISK; never 0, with which receipts begin

}  // namespace

std::string_view name_of(AccessWhat what) {
  switch (what) {
    case AccessWhat::session:
      return "session";
    case AccessWhat::history:
      return "history";
    case AccessWhat::leaves:
      return "leaves";
    case AccessWhat::attachment:
      return "attachment";
  }
  return "session";
}

Bytes encode_access_leaf(const AccessLeaf& leaf) {
  ByteWriter writer(1 + 1 + 16 + 8 + 8 + 4 + 8 + 16);
  writer.u8(access_leaf_version).u8(static_cast<std::uint8_t>(leaf.what)).raw(leaf.device);
  writer.u64(leaf.from).u64(leaf.to).u32(leaf.count).u64(leaf.since_ms).raw(leaf.salt);
  return writer.take();
}

Result<AccessLeaf> parse_access_leaf(ByteView body) {
  ByteReader reader(body);
  if (reader.u8() != access_leaf_version) return malformed("unknown version of an access leaf");
  AccessLeaf leaf;
  const std::uint8_t what = reader.u8();
  leaf.device = reader.id<DeviceId>();
  leaf.from = reader.u64();
  leaf.to = reader.u64();
  leaf.count = reader.u32();
  leaf.since_ms = reader.u64();
  leaf.salt = reader.id<LeafSalt>();
  if (!reader.complete()) return malformed("an access leaf of wrong length");
  if (what < 1 || what > 4) return malformed("an access of unknown kind");
  leaf.what = static_cast<AccessWhat>(what);
  if (leaf.count == 0 || leaf.from > leaf.to) return malformed("an access to nothing");
  if (leaf.what == AccessWhat::history && leaf.from == 0)
    return malformed("a channel's sequence begins at 1");
  return leaf;
}

}  // namespace oberih::sealing
