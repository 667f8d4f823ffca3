// SPDX-License-Identifier: Apache-2.0
// The half of channel_state.hpp that is asked at every entry: C5, C6 and seen_* (design 3.6).
#include <algorithm>

#include "protocol/sealing/channel_state.hpp"

namespace oberih::sealing {
namespace {

/// What a member who may only read may post all the same.
bool is_open_to_readers(EntryType type) {
  switch (type) {
    case EntryType::acknowledgement:
    case EntryType::leave:
    case EntryType::wrap_unusable:
      return true;
    case EntryType::message:
    case EntryType::task:
    case EntryType::hearing:
    case EntryType::consent:
      return false;
  }
  return false;
}

/// leave and wrap_unusable are what makes a rotation due: they do not wait for it.
bool waits_for_rotation(EntryType type) {
  return type != EntryType::leave && type != EntryType::wrap_unusable;
}

}  // namespace

Result<void> ChannelState::judge_entry(const EntryHeader& header, const Directory& directory,
                                       const Place& place, const LeafHashAt& leaf_hash_at) const {
  OBERIH_TRY(judge_sender(header, directory, place));
  OBERIH_TRY(judge_place(place));
  if (header.channel_head != head_ || header.epoch != epoch_)
    return refuse(RefusalCode::wrong_epoch);
  if (waits_for_rotation(header.type) && rotation_due(directory, place.index, place.server_ms))
    return refuse(RefusalCode::rotation_due);
  return judge_chain(header, place, leaf_hash_at);
}

Result<void> ChannelState::judge_sender(const EntryHeader& header, const Directory& directory,
                                        const Place& place) const {
  // First, and the same for all: who is not on the roster learns nothing of the channel.
  const RosterLine* line = find_member(header.sender);
  if (!exists() || header.channel != channel_ || line == nullptr)
    return refuse(RefusalCode::not_found);
  const Standing standing = directory.standing(header.sender, place.index, place.server_ms);
  if (standing != Standing::active) return refusal_of(standing);
  if (has_left(directory.find_device(header.sender)->certificate.person))
    return refuse(RefusalCode::not_found);
  if (closed_) return refuse(RefusalCode::channel_closed);
  OBERIH_TRY(judge_type(header, *line));
  return judge_handling(header, directory);
}

Result<void> ChannelState::judge_type(const EntryHeader& header, const RosterLine& line) const {
  if (policy_.kind == ChannelKind::hearing && header.type == EntryType::message)
    return refuse(RefusalCode::entry_type_forbidden, "a hearing channel carries no messages");
  // In an announcement channel everybody but its admins is a reader.
  const bool only_reads =
      line.role == RosterRole::read_only ||
      (policy_.kind == ChannelKind::announcement && line.role != RosterRole::admin);
  if (only_reads && !is_open_to_readers(header.type)) return refuse(RefusalCode::read_only_member);
  return {};
}

Result<void> ChannelState::judge_chain(const EntryHeader& header, const Place& place,
                                       const LeafHashAt& leaf_hash_at) const {
  const SenderHead head = sender_head(header.sender);
  if (header.sender_seq != head.sender_seq + 1 || header.sender_prev != head.message_hash)
    return refuse(RefusalCode::sender_chain_broken);
  if (header.seen_seq >= place.channel_seq)
    return refuse(RefusalCode::seen_invalid, "seen before it was there");
  if (header.seen_seq < head.seen_seq)
    return refuse(RefusalCode::seen_invalid, "less than this device has seen before");
  const std::optional<Digest> seen =
      header.seen_seq == 0 ? Digest{} : leaf_hash_at(header.seen_seq);
  if (!seen || *seen != header.seen_hash)
    return refuse(RefusalCode::seen_invalid, "another leaf stands there");
  if (header.log_size < head.log_size)
    return refuse(RefusalCode::checkpoint_unknown, "an older checkpoint than this device's last");
  return {};
}

void ChannelState::apply_entry(const EntryHeader& header, const Digest& message_hash,
                               const Directory& directory, const Place& place,
                               const Digest& leaf_hash) {
  senders_[header.sender] = {header.sender_seq, message_hash, header.seen_seq, header.log_size};
  if (header.type == EntryType::leave) restore_leave(header, directory);
  if (header.type == EntryType::wrap_unusable) restore_wrap_unusable(header);
  restore_handling(header, directory, place.channel_seq);
  if (header.type == EntryType::hearing) exclusions_.take_entry(header);
  restore_newest(place.channel_seq, leaf_hash);
}

void ChannelState::restore_leave(const EntryHeader& header, const Directory& directory) {
  const Device* device = directory.find_device(header.sender);
  if (device == nullptr) return;
  people_[device->certificate.person].status = Person::Status::left;
  refresh_left_lines(directory);
}

void ChannelState::restore_wrap_unusable(const EntryHeader& header) {
  unusable_epoch_ = std::max(unusable_epoch_, header.epoch);
}

void ChannelState::apply_other(const Place& place, const Digest& leaf_hash) {
  restore_newest(place.channel_seq, leaf_hash);
}

void ChannelState::restore_newest(std::uint64_t channel_seq, const Digest& leaf_hash) {
  newest_seq_ = channel_seq;
  newest_leaf_ = leaf_hash;
}

}  // namespace oberih::sealing
