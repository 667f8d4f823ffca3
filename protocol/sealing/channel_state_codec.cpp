// SPDX-License-Identifier: Apache-2.0
// channel_state.hpp as bytes, for a client's own store. Strict all the same: a damaged file must
// not become a wrong judgement.
#include "protocol/base/byte_reader.hpp"
#include "protocol/base/byte_writer.hpp"
#include "protocol/base/limits.hpp"
#include "protocol/sealing/channel_state.hpp"

namespace oberih::sealing {
namespace {

constexpr std::uint8_t state_version = 5;  // 5: when its epochs began

template <class Container>
void write_count(ByteWriter& writer, const Container& container) {
  writer.u32(static_cast<std::uint32_t>(container.size()));
}

/// Calls `read()` as often as a count says, until the bytes end.
template <class Read>
void read_all(ByteReader& reader, Read read) {
  for (std::uint32_t n = reader.u32(); n > 0 && !reader.failed(); --n) read();
}

void write_grant(ByteWriter& writer, const GrantItem& grant) {
  Change change;
  change.grant = grant;
  writer.vec(encode_change_items(change).front());
}

GrantItem read_grant(ByteReader& reader) {
  Result<Change> change = parse_change(reader.vec(limits::leaf_bytes));
  if (!change || !change->grant) {
    reader.fail();
    return {};
  }
  return std::move(*change->grant);
}

}  // namespace

Bytes ChannelState::encode() const {
  ByteWriter writer(1'024);
  writer.u8(state_version).raw(channel_).u64(record_seq_).raw(head_).u64(epoch_);
  writer.raw(key_commitment_).raw(message_key_commitment_).u8(closed_ ? 1 : 0);
  writer.u64(newest_seq_).raw(newest_leaf_);
  writer.vec(exists() ? encode_roster(*roster_) : Bytes{});
  writer.vec(exists() ? encode_policy(policy_) : Bytes{});
  write_count(writer, senders_);
  for (const auto& [device, head] : senders_) {
    writer.raw(device).u64(head.sender_seq).raw(head.message_hash);
    writer.u64(head.seen_seq).u64(head.log_size);
  }
  write_count(writer, people_);
  for (const auto& [id, person] : people_) {
    writer.raw(id).raw(person.agency).u8(static_cast<std::uint8_t>(person.role));
    writer.u64(person.ends_ms).u8(static_cast<std::uint8_t>(person.status));
  }
  write_count(writer, left_lines_);
  for (const DeviceId& device : left_lines_) writer.raw(device);
  write_count(writer, record_log_sizes_);
  for (const auto& [device, log_size] : record_log_sizes_) writer.raw(device).u64(log_size);
  write_count(writer, used_approvals_);
  for (const auto& [device, id] : used_approvals_) writer.raw(device).raw(id);
  write_count(writer, grants_);
  for (const auto& [id, grant] : grants_) write_grant(writer, grant);
  writer.u64(unusable_epoch_);
  write_count(writer, seated_);
  for (const auto& [device, index] : seated_) writer.raw(device).u64(index);
  write_count(writer, epoch_begins_ms_);
  for (Milliseconds begins_ms : epoch_begins_ms_) writer.u64(begins_ms);
  handling_.write(writer);
  exclusions_.write(writer);
  return writer.take();
}

bool ChannelState::is_outdated(ByteView bytes) {
  return !bytes.empty() && bytes[0] < state_version;
}

Result<ChannelState> ChannelState::parse(ByteView bytes) {
  const auto malformed = [] {
    return refuse(RefusalCode::malformed_object, "a channel's stored state");
  };
  ByteReader reader(bytes);
  if (reader.u8() != state_version) return malformed();
  ChannelState state;
  state.channel_ = reader.id<ChannelId>();
  state.record_seq_ = reader.u64();
  state.head_ = reader.id<Digest>();
  state.epoch_ = reader.u64();
  state.key_commitment_ = reader.id<Digest>();
  state.message_key_commitment_ = reader.id<Digest>();
  const std::uint8_t closed = reader.u8();
  state.closed_ = closed == 1;
  state.newest_seq_ = reader.u64();
  state.newest_leaf_ = reader.id<Digest>();
  const ByteView roster = reader.vec(limits::leaf_bytes);
  const ByteView policy = reader.vec(limits::leaf_bytes);
  if (reader.failed() || closed > 1) return malformed();
  if (state.exists()) {
    Result<Roster> parsed_roster = parse_roster(roster);
    Result<ChannelPolicy> parsed_policy = parse_policy(policy);
    if (!parsed_roster || !parsed_policy) return malformed();
    state.roster_ = std::make_shared<const Roster>(std::move(*parsed_roster));
    state.policy_ = *parsed_policy;
  } else if (!roster.empty() || !policy.empty()) {
    return malformed();
  }
  state.read_history(reader);
  if (!reader.complete()) return malformed();
  return state;
}

void ChannelState::read_history(ByteReader& reader) {
  read_all(reader, [&] {
    SenderHead& head = senders_[reader.id<DeviceId>()];
    head.sender_seq = reader.u64();
    head.message_hash = reader.id<Digest>();
    head.seen_seq = reader.u64();
    head.log_size = reader.u64();
  });
  read_all(reader, [&] {
    Person& person = people_[reader.id<PersonId>()];
    person.agency = reader.id<AgencyId>();
    // A person known by a leave alone has no role yet.
    const std::uint8_t role = reader.u8();
    if (role != 0 && !roster_role_of(role)) reader.fail();
    person.role = static_cast<RosterRole>(role);
    person.ends_ms = reader.u64();
    const std::uint8_t status = reader.u8();
    if (status > static_cast<std::uint8_t>(Person::Status::removed_after_revocation)) reader.fail();
    person.status = static_cast<Person::Status>(status);
  });
  read_all(reader, [&] { left_lines_.push_back(reader.id<DeviceId>()); });
  read_all(reader, [&] {
    const DeviceId device = reader.id<DeviceId>();
    record_log_sizes_[device] = reader.u64();
  });
  read_all(reader, [&] {
    const DeviceId device = reader.id<DeviceId>();
    used_approvals_.emplace(device, reader.id<ApprovalId>());
  });
  read_all(reader, [&] {
    GrantItem grant = read_grant(reader);
    grants_[grant.grant] = std::move(grant);
  });
  unusable_epoch_ = reader.u64();
  read_all(reader, [&] {
    const DeviceId device = reader.id<DeviceId>();
    seated_[device] = reader.u64();
  });
  read_all(reader, [&] { epoch_begins_ms_.push_back(reader.u64()); });
  handling_ = HandlingLedger::read(reader);
  exclusions_ = ExclusionLedger::read(reader);
}

}  // namespace oberih::sealing
