// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/channel_state.hpp"

#include <algorithm>

#include "protocol/crypto/signature.hpp"
#include "protocol/sealing/record_rules.hpp"

namespace oberih::sealing {
namespace {

bool has_ended(const RosterLine& line, Milliseconds server_ms) {
  return line.ends_ms != 0 && line.ends_ms <= server_ms;
}

/// Calls `take(device)` for each roster device that is revoked at `index`, until it returns true.
template <class Take>
bool any_revoked(const Roster& roster, const Directory& directory, std::uint64_t index, Take take) {
  const auto& revoked = directory.revoked_devices();
  if (revoked.size() < roster.size()) {
    for (const auto& [device, at] : revoked)
      if (at <= index && find_line(roster, device) != nullptr && take(device)) return true;
    return false;
  }
  for (const RosterLine& line : roster) {
    auto found = revoked.find(line.device);
    if (found != revoked.end() && found->second <= index && take(line.device)) return true;
  }
  return false;
}

}  // namespace

bool ChannelState::rotation_due(const Directory& directory, std::uint64_t index,
                                Milliseconds server_ms) const {
  if (!left_lines_.empty()) return true;
  for (const RosterLine& line : *roster_)
    if (has_ended(line, server_ms)) return true;
  return any_revoked(*roster_, directory, index, [](const DeviceId&) { return true; });
}

std::vector<DeviceId> ChannelState::lines_to_remove(const Directory& directory, std::uint64_t index,
                                                    Milliseconds server_ms) const {
  std::set<DeviceId> due(left_lines_.begin(), left_lines_.end());
  for (const RosterLine& line : *roster_)
    if (has_ended(line, server_ms)) due.insert(line.device);
  any_revoked(*roster_, directory, index, [&](const DeviceId& device) {
    due.insert(device);
    return false;
  });
  return {due.begin(), due.end()};
}

SenderHead ChannelState::sender_head(const DeviceId& device) const {
  SenderHead head;
  if (auto found = senders_.find(device); found != senders_.end()) head = found->second;
  if (auto found = record_log_sizes_.find(device); found != record_log_sizes_.end())
    head.log_size = std::max(head.log_size, found->second);
  return head;
}

const ChannelState::Person* ChannelState::find_person(const PersonId& person) const {
  auto found = people_.find(person);
  return found == people_.end() ? nullptr : &found->second;
}

bool ChannelState::has_left(const PersonId& person) const {
  const Person* found = find_person(person);
  return found != nullptr && found->status == Person::Status::left;
}

bool ChannelState::is_used(const Approval& approval) const {
  return used_approvals_.contains({approval.approver, approval.id});
}

const GrantItem* ChannelState::find_grant(const GrantId& grant) const {
  auto found = grants_.find(grant);
  return found == grants_.end() ? nullptr : &found->second;
}

std::optional<EpochTimes> ChannelState::find_epoch_times(const EpochRange& epochs) const {
  if (epochs.first == 0 || epochs.last < epochs.first || epochs.last > epoch_begins_ms_.size())
    return std::nullopt;
  const bool is_in_force = epochs.last == epoch_begins_ms_.size();
  return EpochTimes{epoch_begins_ms_[epochs.first - 1],
                    is_in_force ? 0 : epoch_begins_ms_[epochs.last]};
}

// -- records --------------------------------------------------------------------------------------

Result<void> ChannelState::judge_place(const Place& place) const {
  if (place.channel_seq != newest_seq_ + 1)
    return refuse(RefusalCode::record_out_of_order, "not the channel's next sequence");
  return {};
}

Result<void> ChannelState::judge_record(const ChannelRecord& record,
                                        const SignedRecord& signed_record,
                                        const Directory& directory, const Place& place) const {
  const bool is_create = record.op == RecordOp::create;
  if (is_create && exists()) return refuse(RefusalCode::id_taken, "a second create of one channel");
  // First, and the same for all: who is not on the roster learns nothing of the channel.
  if (!is_create && find_member(record.author) == nullptr) return refuse(RefusalCode::not_found);
  OBERIH_TRY(judge_place(place));
  if (closed_ && record.op != RecordOp::grant) return refuse(RefusalCode::channel_closed);
  const RecordCase record_case{
      *this,     record, signed_record.approvals,
      directory, place,  lines_to_remove(directory, place.index, place.server_ms)};
  OBERIH_TRY(check_chain(record_case));
  OBERIH_TRY(check_roster_and_policy(record_case));
  if (record.op == RecordOp::grant) OBERIH_TRY(check_grant(record_case));
  OBERIH_TRY(check_handling(record_case));
  OBERIH_TRY(check_may_be_told(record_case));
  OBERIH_TRY(check_authority(record_case));
  if (record.log_size < sender_head(record.author).log_size)
    return refuse(RefusalCode::checkpoint_unknown, "an older checkpoint than this device's last");
  return {};
}

void ChannelState::apply_record(const ChannelRecord& record, const SignedRecord& signed_record,
                                const Directory& directory, const Place& place,
                                const Digest& leaf_hash) {
  apply_people(record, directory, place);  // looks at the roster before
  channel_ = record.channel;
  record_seq_ = record.seq;
  head_ = record_hash(signed_record.content);
  epoch_ = record.epoch;
  key_commitment_ = record.key_commitment;
  message_key_commitment_ = record.message_key_commitment;
  if (*roster_ != record.roster) roster_ = std::make_shared<const Roster>(record.roster);
  policy_ = record.policy;
  closed_ = closed_ || record.op == RecordOp::close;
  for (const Approval& approval : signed_record.approvals)
    used_approvals_.emplace(approval.approver, approval.id);
  if (begins_epoch(record.op)) epoch_begins_ms_.push_back(place.server_ms);
  if (record.change.grant) grants_[record.change.grant->grant] = *record.change.grant;
  std::uint64_t& log_size = record_log_sizes_[record.author];
  log_size = std::max(log_size, record.log_size);
  refresh_left_lines(directory);
  restore_newest(place.channel_seq, leaf_hash);
}

/// Who is there now, and why the others are not: what decides whether a further device of theirs
/// may come without approvals.
void ChannelState::apply_people(const ChannelRecord& record, const Directory& directory,
                                const Place& place) {
  const auto person_of = [&](const DeviceId& device) -> const DeviceCertificate* {
    const Device* found = directory.find_device(device);
    return found == nullptr ? nullptr : &found->certificate;
  };
  std::set<PersonId> staying;
  for (const RosterLine& line : record.roster)
    if (const DeviceCertificate* certificate = person_of(line.device))
      staying.insert(certificate->person);
  for (const RosterLine& line : *roster_) {
    const DeviceCertificate* certificate = person_of(line.device);
    if (certificate == nullptr || staying.contains(certificate->person)) continue;
    Person& person = people_[certificate->person];
    if (person.status == Person::Status::left) continue;
    const bool revoked =
        directory.standing(line.device, place.index, place.server_ms) == Standing::revoked;
    // Several lines of one person: one that went for another cause decides.
    if (person.status == Person::Status::removed) continue;
    person = {certificate->agency, line.role, line.ends_ms,
              revoked ? Person::Status::removed_after_revocation : Person::Status::removed};
  }
  for (const RosterLine& line : record.roster) {
    const DeviceCertificate* certificate = person_of(line.device);
    if (certificate == nullptr) continue;
    const bool is_added = find_line(*roster_, line.device) == nullptr;
    if (is_added) seated_.try_emplace(line.device, place.index);
    Person& person = people_[certificate->person];
    if (person.status == Person::Status::left && !is_added) continue;
    person = {certificate->agency, line.role, line.ends_ms, Person::Status::present};
  }
  std::map<PersonId, AgencyId> there;
  for (const PersonId& person : staying) there[person] = people_[person].agency;
  handling_.take_roster(there, place.channel_seq);
}

void ChannelState::refresh_left_lines(const Directory& directory) {
  left_lines_.clear();
  for (const RosterLine& line : *roster_) {
    const Device* device = directory.find_device(line.device);
    if (device != nullptr && has_left(device->certificate.person))
      left_lines_.push_back(line.device);
  }
}

bool verify_record_signature(const SignedRecord& record, const SignaturePublicKey& author) {
  return crypto::verify(author, "channel-record", record.content, record.signature);
}

}  // namespace oberih::sealing
