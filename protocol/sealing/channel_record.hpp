// SPDX-License-Identifier: Apache-2.0
// Channel records (kind 4): the signed chain of roster changes. Bytes, hashes and signatures; which
// record may follow which is channel_state's business.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "protocol/base/ids.hpp"
#include "protocol/base/result.hpp"
#include "protocol/base/timestamp.hpp"
#include "protocol/base/vocabulary.hpp"

namespace oberih::sealing {

enum class RecordOp : std::uint8_t { create = 0, change = 1, rotate = 2, close = 3, grant = 4 };
std::string_view name_of(RecordOp op);  // create, change, ...

struct RosterLine {
  DeviceId device;
  HpkePublicKey hpke_key;
  RosterRole role{};
  Milliseconds ends_ms = 0;  // 0: no end
  bool operator==(const RosterLine&) const = default;
};
using Roster = std::vector<RosterLine>;  // strictly ascending by device

const RosterLine* find_line(const Roster& roster, const DeviceId& device);

struct ChannelPolicy {
  ChannelKind kind{};
  std::uint8_t approvals_k = 0;  // at least 2 in a case channel
  History history{};
  bool operator==(const ChannelPolicy&) const = default;
};

// The items of a change, by their number on the wire.
struct LinesItem {  // 1 add, 3 new role or end
  std::string mandate;
  Roster lines;
};
struct RemoveItem {  // 2
  std::string reason;
  std::vector<DeviceId> devices;
};
struct GrantItem {  // 5
  GrantId grant;
  DeviceId auditor_device;
  HpkePublicKey hpke_key;
  std::uint64_t first_epoch = 0;
  std::uint64_t last_epoch = 0;
  Milliseconds ends_ms = 0;  // 0: withdrawn
  std::string order;
};
struct Change {
  std::optional<LinesItem> add;
  std::optional<RemoveItem> remove;
  std::optional<LinesItem> alter;
  std::optional<ChannelPolicy> policy;
  std::optional<GrantItem> grant;
  std::optional<std::string> close_reason;  // 6
};

struct ChannelRecord {
  RecordOp op{};
  ChannelId channel;
  std::uint64_t seq = 0;
  Digest prev_record;  // create: 32 random bytes
  std::uint64_t epoch = 0;
  Digest key_commitment;          // kc
  Digest message_key_commitment;  // mc
  std::uint64_t prev_epoch = 0;
  Digest prev_box_hash;
  Digest wraps_root;
  Roster roster;
  ChannelPolicy policy;
  Change change;
  std::uint64_t log_size = 0;
  Digest log_root;
  DeviceId author;
  Milliseconds client_ms = 0;
};

struct Approval {  // on the wire: u8 item || approval_id || u64 expires_ms || approver || sig
  std::uint8_t item_index = 0;
  ApprovalId id;
  Milliseconds expires_ms = 0;
  DeviceId approver;
  Signature signature;
};
inline constexpr std::size_t approval_wire_bytes = 1 + 16 + 8 + 16 + 64;

/// Leaf body of kind 4: `vec(content) || sig || vec(approvals, concatenated)`.
struct SignedRecord {
  Bytes content;
  Signature signature;  // label channel-record
  std::vector<Approval> approvals;
};

Bytes encode_roster(const Roster& roster);
Result<Roster> parse_roster(ByteView bytes);
Bytes encode_policy(const ChannelPolicy& policy);
Result<ChannelPolicy> parse_policy(ByteView bytes);
/// Items `u8 number || vec(content)`, ascending; what an approval covers is `H(item)` of one of
/// them.
std::vector<Bytes> encode_change_items(const Change& change);
Result<Change> parse_change(ByteView bytes);

Bytes encode_record_content(const ChannelRecord& record);
Result<ChannelRecord> parse_record_content(ByteView content);
Bytes encode_record_body(const SignedRecord& record);
Result<SignedRecord> parse_record_body(ByteView body);
Bytes encode_approvals(const std::vector<Approval>& approvals);
Result<std::vector<Approval>> parse_approvals(ByteView bytes);

/// `H(vec(P||"record-hash") || content)`.
Digest record_hash(ByteView content);
/// `H(vec(P||"channel-id") || content)` of a create record with channel_id, kc, mc, prev_box_hash
/// and wraps_root zeroed.
ChannelId derive_channel_id(const ChannelRecord& create);
/// What an approval signs (label `approval`): `u8 1 || approval_id || channel || H(item) || u64
/// expires_ms`.
Bytes approval_content(const Approval& approval, const ChannelId& channel, ByteView item);

}  // namespace oberih::sealing
