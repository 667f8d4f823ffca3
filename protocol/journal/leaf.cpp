// SPDX-License-Identifier: Apache-2.0
#include "protocol/journal/leaf.hpp"

#include <array>
#include <stdexcept>

#include "protocol/base/byte_reader.hpp"
#include "protocol/base/byte_writer.hpp"
#include "protocol/journal/merkle_tree.hpp"

namespace oberih::journal {
namespace {

constexpr std::uint8_t leaf_version = 1;

// In the order of their numbers.
constexpr std::array<std::string_view, 16> kind_names = {"genesis",
                                                         "governance",
                                                         "device_certificate",
                                                         "device_revocation",
                                                         "channel_record",
                                                         "entry",
                                                         "audit_query",
                                                         "administration",
                                                         "erasure",
                                                         "timestamp_token",
                                                         "software_release",
                                                         "server_event",
                                                         "access",
                                                         "refusal",
                                                         "unit",
                                                         "out_of_service"};

enum class Chain { none, directory, channel, channel_or_none };

Chain chain_of(LeafKind kind) {
  switch (kind) {
    case LeafKind::genesis:
    case LeafKind::governance:
    case LeafKind::device_certificate:
    case LeafKind::device_revocation:
    case LeafKind::unit:
    case LeafKind::out_of_service:
      return Chain::directory;
    case LeafKind::channel_record:
    case LeafKind::entry:
      return Chain::channel;
    case LeafKind::erasure:
    case LeafKind::server_event:
      return Chain::channel_or_none;
    case LeafKind::audit_query:
    case LeafKind::administration:
    case LeafKind::timestamp_token:
    case LeafKind::software_release:
    case LeafKind::access:
    case LeafKind::refusal:
      return Chain::none;
  }
  throw std::logic_error("unknown kind of leaf");
}

}  // namespace

std::optional<LeafKind> leaf_kind_of(std::uint8_t number) {
  if (number >= kind_names.size()) return std::nullopt;
  return static_cast<LeafKind>(number);
}

std::string_view name_of(LeafKind kind) { return kind_names.at(static_cast<std::size_t>(kind)); }

bool is_directory_kind(LeafKind kind) { return chain_of(kind) == Chain::directory; }

bool takes_channel_sequence(LeafKind kind) {
  Chain chain = chain_of(kind);
  return chain == Chain::channel || chain == Chain::channel_or_none;
}

std::optional<std::string_view> find_chain_fault(const Leaf& leaf) {
  Chain chain = chain_of(leaf.kind);
  bool has_channel = !leaf.channel_id.is_zero();
  if (chain == Chain::channel && !has_channel) return "a leaf of this kind needs a channel id";
  if (chain == Chain::directory && has_channel) return "a leaf of the directory has no channel id";
  bool stands_in_chain =
      chain == Chain::directory ||
      (has_channel && (chain == Chain::channel || chain == Chain::channel_or_none));
  if (stands_in_chain != (leaf.channel_seq > 0))
    return stands_in_chain ? "a sequence begins at 1" : "a leaf outside of chains has sequence 0";
  if ((leaf.channel_seq > 1) == leaf.prev_leaf.is_zero())
    return "the previous leaf's hash must be there from sequence 2 on, and only then";
  return std::nullopt;
}

Bytes encode_leaf(const Leaf& leaf) {
  if (auto fault = find_chain_fault(leaf)) throw std::logic_error(std::string(*fault));
  if (leaf.body.size() > leaf_body_bytes) throw std::logic_error("the leaf is too long");
  ByteWriter writer(leaf_header_bytes + leaf.body.size());
  writer.u8(leaf_version).u8(static_cast<std::uint8_t>(leaf.kind)).u64(leaf.server_ms);
  writer.raw(leaf.channel_id).u64(leaf.channel_seq).raw(leaf.prev_leaf).vec(leaf.body);
  return writer.take();
}

Result<Leaf> parse_leaf(ByteView data) {
  ByteReader reader(data);
  Leaf leaf;
  std::uint8_t version = reader.u8();
  std::optional<LeafKind> kind = leaf_kind_of(reader.u8());
  leaf.server_ms = reader.u64();
  leaf.channel_id = reader.id<ChannelId>();
  leaf.channel_seq = reader.u64();
  leaf.prev_leaf = reader.id<Digest>();
  leaf.body = to_bytes(reader.vec(leaf_body_bytes));
  if (!reader.complete())
    return refuse(RefusalCode::malformed_object, "the leaf has the wrong length");
  if (version != leaf_version)
    return refuse(RefusalCode::malformed_object, "the leaf's version is unknown");
  if (!kind) return refuse(RefusalCode::malformed_object, "the leaf's kind is unknown");
  leaf.kind = *kind;
  if (auto fault = find_chain_fault(leaf))
    return refuse(RefusalCode::malformed_object, std::string(*fault));
  return leaf;
}

Digest leaf_hash(ByteView data) { return hash_leaf(data); }

}  // namespace oberih::journal
