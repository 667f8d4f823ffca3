// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/refusal_leaf.hpp"

#include <algorithm>

#include "protocol/base/byte_reader.hpp"
#include "protocol/base/byte_writer.hpp"
#include "protocol/sealing/malformed.hpp"

namespace oberih::sealing {
namespace {

constexpr std::uint8_t refusal_leaf_version = 1;  // ON DISK
constexpr std::size_t method_bytes = 64;

bool is_method(std::string_view method) {
  return !method.empty() && std::all_of(method.begin(), method.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || c == '_' || c == '.';
  });
}

}  // namespace

Bytes encode_refusal_leaf(const RefusalLeaf& leaf) {
  ByteWriter writer;
  writer.u8(refusal_leaf_version).raw(leaf.device).vec(leaf.method);
  writer.u8(leaf.type ? static_cast<std::uint8_t>(*leaf.type) : 0);
  writer.u16(leaf.code).u32(leaf.count).u64(leaf.since_ms).raw(leaf.salt);
  return writer.take();
}

Result<RefusalLeaf> parse_refusal_leaf(ByteView body) {
  ByteReader reader(body);
  if (reader.u8() != refusal_leaf_version) return malformed("unknown version of a refusal leaf");
  RefusalLeaf leaf;
  leaf.device = reader.id<DeviceId>();
  leaf.method = as_text(reader.vec(method_bytes));
  const std::uint8_t type = reader.u8();
  leaf.code = reader.u16();
  leaf.count = reader.u32();
  leaf.since_ms = reader.u64();
  leaf.salt = reader.id<LeafSalt>();
  if (!reader.complete()) return malformed("a refusal leaf of wrong length");
  if (!is_method(leaf.method)) return malformed("a method's name has other characters");
  if (type != 0 && !(leaf.type = entry_type_of(type)))
    return malformed("a refused entry of unknown type");
  if (leaf.code == 0 || leaf.count == 0) return malformed("a refusal of nothing");
  return leaf;
}

}  // namespace oberih::sealing
