// SPDX-License-Identifier: Apache-2.0
// A leaf of the journal: what is hashed into the tree, for ever. It holds hashes of sealed bodies,
// never ciphertext, so that a lawful erasure leaves every proof valid. Bodies are opaque here.
#pragma once

#include "protocol/base/ids.hpp"
#include "protocol/base/limits.hpp"
#include "protocol/base/result.hpp"
#include "protocol/base/timestamp.hpp"

namespace oberih::journal {

// ON DISK: hashed and stored.
enum class LeafKind : std::uint8_t {
  genesis = 0,
  governance = 1,
  device_certificate = 2,
  device_revocation = 3,
  channel_record = 4,
  entry = 5,
  audit_query = 6,  // or export
  administration = 7,
  erasure = 8,
  timestamp_token = 9,  // RFC 3161
  software_release = 10,
  server_event = 11,  // overdue, missing step, reminder due, escalated
  access = 12,        // session, history read, receipt
  refusal = 13,
  unit = 14,
  out_of_service = 15,
};

std::optional<LeafKind> leaf_kind_of(std::uint8_t number);
std::string_view name_of(LeafKind kind);

/// Kinds 0 to 3, 14 and 15: channel_id 0^32 and one gap-free chain of their own.
bool is_directory_kind(LeafKind kind);
/// Kinds 4, 5, 8 and 11: with a channel id they stand in that channel's chain, which members
/// receive without gaps. Without one (8: erasure of a name card; 11: escalations) they stand in
/// no chain.
bool takes_channel_sequence(LeafKind kind);

struct Leaf {
  LeafKind kind{};
  Milliseconds server_ms = 0;
  ChannelId channel_id;
  std::uint64_t channel_seq = 0;  // from 1; 0 = stands in no chain
  Digest prev_leaf;               // leaf hash of the one before in the chain; 0^32 at sequence 1
  Bytes body;

  bool operator==(const Leaf&) const = default;
};

/// Before the body stand
/// `u8 1||u8 kind||u64 server_ms||channel_id[32]||u64 channel_seq||prev_leaf[32]||u32 length`.
inline constexpr std::size_t leaf_header_bytes = 1 + 1 + 8 + 32 + 8 + 32 + 4;
inline constexpr std::size_t leaf_body_bytes = limits::leaf_bytes - leaf_header_bytes;

/// Why the chain fields do not fit the kind; nothing when they do.
std::optional<std::string_view> find_chain_fault(const Leaf& leaf);

/// Throws std::logic_error for a leaf that parse_leaf would refuse: a broken invariant.
Bytes encode_leaf(const Leaf& leaf);
/// Refusal: malformed_object.
Result<Leaf> parse_leaf(ByteView data);
/// `H(0x00||data)`.
Digest leaf_hash(ByteView data);

}  // namespace oberih::journal
