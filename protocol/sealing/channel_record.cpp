// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/channel_record.hpp"

#include <algorithm>

#include "protocol/base/byte_reader.hpp"
#include "protocol/base/byte_writer.hpp"
#include "protocol/base/limits.hpp"
#include "protocol/crypto/digest.hpp"
#include "protocol/sealing/malformed.hpp"

namespace oberih::sealing {
namespace {

constexpr std::uint8_t record_version = 1;
constexpr std::uint8_t approval_version = 1;

std::optional<RecordOp> op_of(std::uint8_t number) {
  if (number > static_cast<std::uint8_t>(RecordOp::grant)) return std::nullopt;
  return static_cast<RecordOp>(number);
}

/// The fixed fields of a record; the three vectors are returned as views.
struct Vectors {
  ByteView roster, policy, change;
};

Vectors read_fields(ByteReader& reader, ChannelRecord& record) {
  record.channel = reader.id<ChannelId>();
  record.seq = reader.u64();
  record.prev_record = reader.id<Digest>();
  record.epoch = reader.u64();
  record.key_commitment = reader.id<Digest>();
  record.message_key_commitment = reader.id<Digest>();
  record.prev_epoch = reader.u64();
  record.prev_box_hash = reader.id<Digest>();
  record.wraps_root = reader.id<Digest>();
  Vectors vectors;
  vectors.roster = reader.vec(limits::leaf_bytes);
  vectors.policy = reader.vec(limits::leaf_bytes);
  vectors.change = reader.vec(limits::leaf_bytes);
  record.log_size = reader.u64();
  record.log_root = reader.id<Digest>();
  record.author = reader.id<DeviceId>();
  record.client_ms = reader.u64();
  return vectors;
}

}  // namespace

std::string_view name_of(RecordOp op) {
  switch (op) {
    case RecordOp::create:
      return "create";
    case RecordOp::change:
      return "change";
    case RecordOp::rotate:
      return "rotate";
    case RecordOp::close:
      return "close";
    case RecordOp::grant:
      return "grant";
  }
  return {};
}

const RosterLine* find_line(const Roster& roster, const DeviceId& device) {
  auto found = std::lower_bound(
      roster.begin(), roster.end(), device,
      [](const RosterLine& line, const DeviceId& wanted) { return line.device < wanted; });
  return found != roster.end() && found->device == device ? &*found : nullptr;
}

Bytes encode_record_content(const ChannelRecord& record) {
  ByteWriter change;
  for (const Bytes& item : encode_change_items(record.change)) change.raw(item);
  ByteWriter writer(512 + record.roster.size() * 64);
  writer.u8(record_version).u8(static_cast<std::uint8_t>(record.op));
  writer.raw(record.channel).u64(record.seq).raw(record.prev_record).u64(record.epoch);
  writer.raw(record.key_commitment).raw(record.message_key_commitment);
  writer.u64(record.prev_epoch).raw(record.prev_box_hash).raw(record.wraps_root);
  writer.vec(encode_roster(record.roster)).vec(encode_policy(record.policy)).vec(change.bytes());
  writer.u64(record.log_size).raw(record.log_root).raw(record.author).u64(record.client_ms);
  return writer.take();
}

Result<ChannelRecord> parse_record_content(ByteView content) {
  ByteReader reader(content);
  if (reader.u8() != record_version) return malformed("unknown version of a record");
  const std::optional<RecordOp> op = op_of(reader.u8());
  ChannelRecord record;
  const Vectors vectors = read_fields(reader, record);
  if (!reader.complete()) return malformed("a record of wrong length");
  if (!op) return malformed("unknown op of a record");
  record.op = *op;
  Result<Roster> roster = parse_roster(vectors.roster);
  if (!roster) return roster.error();
  Result<ChannelPolicy> policy = parse_policy(vectors.policy);
  if (!policy) return policy.error();
  Result<Change> change = parse_change(vectors.change);
  if (!change) return change.error();
  record.roster = std::move(*roster);
  record.policy = *policy;
  record.change = std::move(*change);
  return record;
}

Bytes encode_record_body(const SignedRecord& record) {
  ByteWriter writer(record.content.size() + 128 + record.approvals.size() * approval_wire_bytes);
  writer.vec(record.content).raw(record.signature).vec(encode_approvals(record.approvals));
  return writer.take();
}

Result<SignedRecord> parse_record_body(ByteView body) {
  ByteReader reader(body);
  SignedRecord record;
  record.content = to_bytes(reader.vec(limits::leaf_bytes));
  record.signature = reader.id<Signature>();
  const ByteView approvals = reader.vec(limits::leaf_bytes);
  if (!reader.complete()) return malformed("a signed record of wrong length");
  Result<std::vector<Approval>> parsed = parse_approvals(approvals);
  if (!parsed) return parsed.error();
  record.approvals = std::move(*parsed);
  return record;
}

Bytes encode_approvals(const std::vector<Approval>& approvals) {
  ByteWriter writer(approvals.size() * approval_wire_bytes);
  for (const Approval& approval : approvals) {
    writer.u8(approval.item_index).raw(approval.id).u64(approval.expires_ms);
    writer.raw(approval.approver).raw(approval.signature);
  }
  return writer.take();
}

Result<std::vector<Approval>> parse_approvals(ByteView bytes) {
  if (bytes.size() % approval_wire_bytes != 0) return malformed("approvals of wrong length");
  if (bytes.size() / approval_wire_bytes > limits::approvals) return malformed("over 32 approvals");
  std::vector<Approval> approvals;
  ByteReader reader(bytes);
  while (!reader.at_end()) {
    Approval approval;
    approval.item_index = reader.u8();
    approval.id = reader.id<ApprovalId>();
    approval.expires_ms = reader.u64();
    approval.approver = reader.id<DeviceId>();
    approval.signature = reader.id<Signature>();
    approvals.push_back(approval);
  }
  return approvals;
}

Digest record_hash(ByteView content) { return crypto::labelled_hash("record-hash", content); }

ChannelId derive_channel_id(const ChannelRecord& create) {
  ChannelRecord bare = create;  // what depends on the id is not part of it
  bare.channel = {};
  bare.key_commitment = {};
  bare.message_key_commitment = {};
  bare.prev_box_hash = {};
  bare.wraps_root = {};
  const Digest hash = crypto::labelled_hash("channel-id", encode_record_content(bare));
  return ChannelId{hash.bytes};
}

Bytes approval_content(const Approval& approval, const ChannelId& channel, ByteView item) {
  ByteWriter writer(1 + 16 + 32 + 32 + 8);
  writer.u8(approval_version).raw(approval.id).raw(channel).raw(crypto::sha256(item));
  writer.u64(approval.expires_ms);
  return writer.take();
}

}  // namespace oberih::sealing
