// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/policy_leaf.hpp"

#include <algorithm>

#include "protocol/base/byte_reader.hpp"
#include "protocol/base/byte_writer.hpp"
#include "protocol/sealing/malformed.hpp"

namespace oberih::sealing {
namespace {

// ON DISK
constexpr std::uint8_t policy_leaf_version = 1;
constexpr std::uint8_t what_policies = 1;
constexpr std::size_t most_files = 64;
constexpr std::size_t name_bytes = 64;

bool is_policy_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(),
                                      [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
}

}  // namespace

Bytes encode_policy_leaf(const PolicyLeaf& leaf) {
  ByteWriter writer;
  writer.u8(policy_leaf_version).u8(what_policies).u64(leaf.read_ms);
  writer.u16(static_cast<std::uint16_t>(leaf.files.size()));
  for (const PolicyFile& file : leaf.files) writer.vec(file.name).raw(file.hash);
  writer.raw(leaf.salt);
  return writer.take();
}

Result<PolicyLeaf> parse_policy_leaf(ByteView body) {
  ByteReader reader(body);
  if (reader.u8() != policy_leaf_version) return malformed("unknown version of a policy leaf");
  if (reader.u8() != what_policies) return malformed("an administration leaf of unknown meaning");
  PolicyLeaf leaf;
  leaf.read_ms = reader.u64();
  const std::uint16_t count = reader.u16();
  if (count == 0 || count > most_files) return malformed("a policy leaf of no or too many files");
  for (std::uint16_t i = 0; i < count && !reader.failed(); ++i) {
    PolicyFile file;
    file.name = as_text(reader.vec(name_bytes));
    file.hash = reader.id<Digest>();
    if (reader.failed()) break;
    if (!is_policy_name(file.name)) return malformed("a policy's name has other characters");
    if (!leaf.files.empty() && leaf.files.back().name >= file.name)
      return malformed("policies do not ascend by name");
    leaf.files.push_back(std::move(file));
  }
  leaf.salt = reader.id<LeafSalt>();
  if (!reader.complete()) return malformed("a policy leaf of wrong length");
  return leaf;
}

}  // namespace oberih::sealing
