// SPDX-License-Identifier: Apache-2.0
#include "client-cli/verification/record_sender.hpp"

#include "client-cli/verification/roster_change.hpp"
#include "protocol/base/limits.hpp"
#include "protocol/crypto/digest.hpp"
#include "protocol/crypto/random_bytes.hpp"
#include "protocol/sealing/key_wrap.hpp"
#include "protocol/sealing/record_rules.hpp"

namespace oberih::client {
namespace {

constexpr int most_record_attempts = 30;  // each loss of a race is another's success

bool is_unknown_outcome(RefusalCode code) {
  return code == RefusalCode::not_connected || code == RefusalCode::unavailable;
}

}  // namespace

Result<> RecordSender::quote_checkpoint(sealing::ChannelRecord& record) {
  std::optional<StoredCheckpoint> checkpoint = session_.verified_directory().newest_checkpoint();
  if (!checkpoint) return refuse(RefusalCode::verification_failed, "no checkpoint is known");
  session_.store().directory().keep_quoted(checkpoint->size);
  record.log_size = checkpoint->size;
  record.log_root = checkpoint->root;
  return {};
}

Result<Bytes> RecordSender::make_wraps(const sealing::ChannelRecord& record,
                                       const EpochKey& key) const {
  std::vector<sealing::KeyWrap> wraps;
  for (const sealing::RosterLine& line : record.roster) {
    const sealing::Device* device = session_.directory().find_device(line.device);
    if (device == nullptr) return refuse(RefusalCode::unknown_device);
    sealing::WrapContext context{record.channel,        record.epoch,  sealing::WrapKind::epoch_key,
                                 record.key_commitment, record.author, device->certificate.agency,
                                 line.device,           line.hpke_key};
    Result<sealing::KeyWrap> wrap = sealing::wrap_key(context, key.view());
    if (!wrap) return wrap.error();
    wraps.push_back(*wrap);
  }
  return sealing::encode_wraps(wraps);
}

/// From a record whose channel, epoch, roster and change are set.
Result<RecordSender::Sealed> RecordSender::seal(sealing::ChannelRecord record, const EpochKey& key,
                                                Bytes previous_box) {
  sealing::EpochKeys keys = sealing::derive_epoch_keys(key, record.channel, record.epoch);
  record.key_commitment = keys.key_commitment;
  record.message_key_commitment = keys.message_key_commitment;
  record.prev_box_hash = previous_box.empty() ? Digest{} : crypto::sha256(previous_box);
  Result<Bytes> wraps = make_wraps(record, key);
  if (!wraps) return wraps.error();
  record.wraps_root = sealing::wraps_root(*wraps);
  Sealed sealed;
  sealed.request.content = sealing::encode_record_content(record);
  sealed.request.signature = session_.signer().sign("channel-record", sealed.request.content);
  sealed.request.wraps = std::move(*wraps);
  sealed.request.prev_box = std::move(previous_box);
  sealed.record = std::move(record);
  return sealed;
}

Result<ChannelId> RecordSender::create(const NewChannel& channel) {
  const sealing::Device* own = session_.directory().find_device(session_.ring().device);
  if (own == nullptr) return refuse(RefusalCode::unknown_device);
  sealing::ChannelRecord record;
  record.op = sealing::RecordOp::create;
  record.seq = 1;
  record.prev_record = crypto::random_id<Digest>();
  record.epoch = 1;
  record.policy = {channel.kind, channel.approvals_k, channel.history};
  record.author = own->certificate.device;
  record.client_ms = wall_clock_ms();
  for (const auto& [id, device] : session_.directory().devices())
    if (device.certificate.person == own->certificate.person &&
        may_sit_in_roster(device.certificate.role) &&
        session_.directory().is_active(id, UINT64_MAX, session_.hello().server_ms))
      record.roster.push_back({id, device.certificate.hpke_key, RosterRole::admin, 0});
  OBERIH_TRY(quote_checkpoint(record));
  record.channel = sealing::derive_channel_id(record);
  Result<Sealed> sealed = seal(std::move(record), crypto::random_secret<EpochKey>(), {});
  if (!sealed) return sealed.error();
  VerifiedChannel created = session_.open_channel(sealed->record.channel);
  OBERIH_TRY(send_create(created, *sealed));
  return sealed->record.channel;
}

Result<> RecordSender::send_create(VerifiedChannel& channel, const Sealed& sealed) {
  for (int attempt = 0; attempt < most_record_attempts; ++attempt) {
    Result<wire::Appended> appended = session_.ask(sealed.request);
    bool is_unknown = !appended && is_unknown_outcome(appended.error().code);
    // A repeated create of an id that came through before its reply was lost is refused id_taken.
    bool came_through = !appended && attempt > 0 && appended.error().code == RefusalCode::id_taken;
    if (!appended && !is_unknown && !came_through) return appended.error();
    if (is_unknown) {
      OBERIH_TRY(session_.connect());
      continue;
    }
    OBERIH_TRY(session_.pull(channel));
    if (channel.state().record_seq() >= 1) return {};
  }
  return refuse(RefusalCode::unavailable, "whether the channel was created is not known");
}

/// What a change, a close and a grant have in common.
Result<sealing::ChannelRecord> RecordSender::next_record(const VerifiedChannel& channel,
                                                         const sealing::Change& change) const {
  const sealing::ChannelState& state = channel.state();
  std::optional<sealing::Roster> roster = sealing::apply_items(state.roster(), change);
  if (!roster)
    return refuse(RefusalCode::record_invalid, "the change does not fit the roster as it is now");
  if (roster->size() > limits::roster_lines) return refuse(RefusalCode::roster_too_large);
  sealing::ChannelRecord record;
  record.channel = channel.id();
  record.seq = state.record_seq() + 1;
  record.prev_record = state.head();
  record.epoch = state.epoch();
  record.roster = std::move(*roster);
  record.policy = change.policy.value_or(state.policy());
  record.change = change;
  record.author = session_.ring().device;
  record.client_ms = wall_clock_ms();
  return record;
}

Result<RecordSender::Sealed> RecordSender::make_record(VerifiedChannel& channel,
                                                       sealing::RecordOp op,
                                                       const sealing::Change& change) {
  const sealing::ChannelState& state = channel.state();
  Result<sealing::ChannelRecord> next = next_record(channel, change);
  if (!next) return next.error();
  sealing::ChannelRecord& record = *next;
  record.op = op;
  record.epoch += 1;
  OBERIH_TRY(quote_checkpoint(record));
  auto key = crypto::random_secret<EpochKey>();
  Bytes previous_box;
  if (state.policy().history == History::full) {
    std::optional<StoredEpoch> previous = channel.keys().find_epoch(channel.keys().newest_epoch());
    if (!previous)
      return refuse(RefusalCode::cannot_open, "this device holds no key of the channel");
    Result<EpochKey> previous_key = channel.keys().key(previous->epoch);
    if (!previous_key) return previous_key.error();
    record.prev_epoch = previous->epoch;
    sealing::EpochKeys keys = sealing::derive_epoch_keys(key, record.channel, record.epoch);
    previous_box = sealing::seal_previous_key(keys, record.channel, record.epoch,
                                              previous->key_commitment, *previous_key);
  }
  return seal(std::move(record), key, std::move(previous_box));
}

Result<bool> RecordSender::send(VerifiedChannel& channel, const Sealed& sealed) {
  const auto made_from = std::pair(channel.state().newest_seq(), session_.directory().count());
  Result<wire::Appended> appended = session_.ask(sealed.request);
  bool is_unknown = !appended && is_unknown_outcome(appended.error().code);
  bool is_behind = !appended && (appended.error().code == RefusalCode::record_out_of_order ||
                                 appended.error().code == RefusalCode::checkpoint_unknown);
  bool is_busy = !appended && appended.error().code == RefusalCode::server_busy;
  // Somebody left or was revoked meanwhile: that is no record, and yet their line must not stay.
  bool may_be_behind = !appended && appended.error().code == RefusalCode::record_invalid;
  if (!appended && !is_unknown && !is_behind && !is_busy && !may_be_behind) return appended.error();
  if (is_busy && !session_.wait(std::chrono::milliseconds(500))) return appended.error();
  OBERIH_TRY(session_.pull(channel));
  if (may_be_behind &&
      made_from == std::pair(channel.state().newest_seq(), session_.directory().count()))
    return appended.error();
  // Ours may be followed by others already; then its sequence is not ours to look at, and a second
  // record would find nothing left to change.
  return appended.has_value() ||
         channel.state().head() == sealing::record_hash(sealed.request.content);
}

Result<> RecordSender::change(VerifiedChannel& channel, const sealing::Roster& add,
                              const std::string& mandate, const std::vector<DeviceId>& remove,
                              const std::string& reason) {
  for (int attempt = 0; attempt < most_record_attempts; ++attempt) {
    std::vector<DeviceId> due = channel.state().lines_to_remove(session_.directory(), UINT64_MAX,
                                                                session_.server_time_ms(channel));
    sealing::Change change =
        change_now(channel.state(), add, mandate, {remove.begin(), remove.end()}, reason, due);
    if (!change.add && !change.remove) return {};
    Result<Sealed> sealed = make_record(channel, sealing::RecordOp::change, change);
    if (!sealed) return sealed.error();
    Result<bool> sent = send(channel, *sealed);
    if (!sent) return sent.error();
    if (*sent) return {};
  }
  return refuse(RefusalCode::record_out_of_order, "the roster changed again and again");
}

Result<bool> RecordSender::try_repair(VerifiedChannel& channel, const RepairNeed& need) {
  const sealing::Change change = change_of(need);
  const bool has_items = change.remove || change.add;
  Result<Sealed> sealed = make_record(
      channel, has_items ? sealing::RecordOp::change : sealing::RecordOp::rotate, change);
  if (!sealed) return sealed.error();
  return send(channel, *sealed);
}

Result<> RecordSender::repair(VerifiedChannel& channel) {
  bool may_add = true;
  for (int attempt = 0; attempt < most_record_attempts; ++attempt) {
    RepairNeed need = find_need(session_, channel);
    if (!may_add) need.add.clear();
    if (need.is_nothing()) return {};
    Result<bool> sent = try_repair(channel, need);
    // A policy file may refuse a seat that the protocol permits: that must not stop a rotation.
    const bool may_do_less = may_add && !need.add.empty();
    if (!sent && may_do_less && refusal_row(sent.error().code).retry == Retry::never) {
      may_add = false;
      continue;
    }
    if (!sent) return sent.error();
    if (*sent) return tell(channel, need);
  }
  return refuse(RefusalCode::record_out_of_order, "the roster changed again and again");
}

Result<> RecordSender::tell(const VerifiedChannel& channel, const RepairNeed& need) {
  Repair repair;
  for (const DeviceId& device : need.remove)
    (need.unlisted.contains(device) ? repair.unlisted : repair.removed).push_back(device);
  for (const sealing::RosterLine& line : need.add)
    (need.brought.contains(line.device) ? repair.brought : repair.added).push_back(line.device);
  repair.is_fresh_key = need.fresh_key;
  if (session_.notices().repaired) session_.notices().repaired(channel.id(), repair);
  return {};
}

Result<> RecordSender::rotate(VerifiedChannel& channel) {
  for (int attempt = 0; attempt < most_record_attempts; ++attempt) {
    OBERIH_TRY(repair(channel));  // a rotate keeps the roster, and some lines must not stay
    Result<Sealed> sealed = make_record(channel, sealing::RecordOp::rotate, {});
    if (!sealed) return sealed.error();
    Result<bool> sent = send(channel, *sealed);
    if (!sent) return sent.error();
    if (*sent) return {};
  }
  return refuse(RefusalCode::record_out_of_order, "the roster changed again and again");
}

Result<> RecordSender::carry_out(VerifiedChannel& channel, sealing::RecordOp op,
                                 const sealing::Change& change,
                                 const std::vector<sealing::Approval>& approvals) {
  // By another member, or by ourselves where the answer was lost and others went on meanwhile. Of
  // several items a record may have carried out some: that is not all.
  const auto is_item_done = [&](const sealing::Approval& one) {
    return std::any_of(approvals.begin(), approvals.end(), [&](const sealing::Approval& each) {
      return each.item_index == one.item_index && channel.state().is_used(each);
    });
  };
  const auto is_carried_out = [&] {
    return !approvals.empty() && std::all_of(approvals.begin(), approvals.end(), is_item_done);
  };
  for (int attempt = 0; attempt < most_record_attempts; ++attempt) {
    if (is_carried_out()) return {};
    // A grant lets nobody in, and may follow a close.
    if (op != sealing::RecordOp::grant) {
      if (channel.state().is_closed()) return refuse(RefusalCode::channel_closed);
      OBERIH_TRY(repair(channel));
    }
    Result<Sealed> sealed = sealing::begins_epoch(op) ? make_record(channel, op, change)
                                                      : make_same_epoch(channel, op, change);
    if (!sealed) return sealed.error();
    sealed->request.approvals = sealing::encode_approvals(approvals);
    Result<bool> sent = send(channel, *sealed);
    if (!sent) return sent.error();
    if (*sent) return {};
  }
  return refuse(RefusalCode::record_out_of_order, "the roster changed again and again");
}

}  // namespace oberih::client
