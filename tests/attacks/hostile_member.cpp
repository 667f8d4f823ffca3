// SPDX-License-Identifier: Apache-2.0
#include "tests/attacks/hostile_member.hpp"

#include <algorithm>

#include "protocol/crypto/digest.hpp"
#include "protocol/crypto/random_bytes.hpp"
#include "protocol/sealing/message_text.hpp"

namespace oberih::attacks {
namespace {

client::StoredCheckpoint checkpoint_of(Member& view) {
  auto checkpoint = view.session().verified_directory().newest_checkpoint();
  if (!checkpoint) throw std::logic_error("the view has no checkpoint");
  return *checkpoint;
}

sealing::Roster apply(const sealing::Roster& before, const sealing::Change& change) {
  sealing::Roster after;
  for (const sealing::RosterLine& line : before) {
    const auto* altered =
        change.alter ? sealing::find_line(change.alter->lines, line.device) : nullptr;
    const bool is_removed =
        change.remove && std::ranges::count(change.remove->devices, line.device) > 0;
    if (!is_removed) after.push_back(altered == nullptr ? line : *altered);
  }
  if (change.add) after.insert(after.end(), change.add->lines.begin(), change.add->lines.end());
  std::ranges::sort(after, {}, [](const auto& line) { return line.device; });
  return after;
}

bool is_empty(const sealing::Change& change) {
  return !change.add && !change.remove && !change.alter && !change.policy;
}

std::vector<sealing::KeyWrap> wrap_for_roster(Member& view, const sealing::ChannelRecord& record,
                                              const EpochKey& key) {
  std::vector<sealing::KeyWrap> wraps;
  for (const sealing::RosterLine& line : record.roster) {
    const sealing::Device* device = view.session().directory().find_device(line.device);
    const AgencyId agency = device == nullptr ? AgencyId{} : device->certificate.agency;
    wraps.push_back(sealing::wrap_key(
                        {record.channel, record.epoch, sealing::WrapKind::epoch_key,
                         record.key_commitment, record.author, agency, line.device, line.hpke_key},
                        key.view())
                        .value());
  }
  return wraps;
}

std::vector<sealing::Approval> approvals_of(const sealing::ChannelRecord& record,
                                            const RecordSpoils& spoils) {
  std::vector<sealing::Approval> approvals;
  const std::vector<Bytes> items = sealing::encode_change_items(record.change);
  for (const Device* approver : spoils.approvers) {
    sealing::Approval approval{
        0, crypto::random_id<ApprovalId>(), spoils.approvals_expire_ms, approver->id(), {}};
    approval.signature = approver->signer().sign(
        "approval", sealing::approval_content(approval, record.channel, items.at(0)));
    approvals.push_back(approval);
  }
  if (spoils.approvals) spoils.approvals(approvals);
  return approvals;
}

}  // namespace

sealing::EntryHeader next_header(Member& view, const ChannelId& channel, const Device& author) {
  const sealing::ChannelState& state = view.channel(channel).state();
  const sealing::SenderHead head = state.sender_head(author.id());
  const client::StoredCheckpoint checkpoint = checkpoint_of(view);
  sealing::EntryHeader header;
  header.type = EntryType::message;
  header.channel = channel;
  header.epoch = state.epoch();
  header.channel_head = state.head();
  header.sender = author.id();
  header.sender_seq = head.sender_seq + 1;
  header.sender_prev = head.message_hash;
  header.seen_seq = state.newest_seq();
  header.seen_hash = state.newest_leaf();
  header.log_size = checkpoint.size;
  header.log_root = checkpoint.root;
  header.client_ms = wall_clock_ms();
  header.message_id = crypto::random_id<MessageId>();
  return header;
}

wire::EntryPost seal_post(const sealing::EntryHeader& header, const std::string& text,
                          const MessageKey& key, const crypto::Signer& signer) {
  const SecretBuffer encoded =
      sealing::encode_message_text({sealing::MessageWhat::text, text}).value();
  auto sealed = sealing::seal_entry(header, encoded.view(), key, signer).value();
  return {sealed.entry.header, sealed.entry.salt, sealed.entry.commitment,
          std::move(sealed.ciphertext), sealed.entry.signature};
}

wire::EntryPost forge_entry(Member& view, const ChannelId& channel, const Device& author,
                            const std::string& text, const SpoilHeader& spoil) {
  sealing::EntryHeader header = next_header(view, channel, author);
  if (spoil) spoil(header);
  const MessageKey key = view.channel(channel).keys().message_key(header.epoch).value();
  return seal_post(header, text, key, author.signer());
}

wire::ChannelAppend forge_record(Member& view, const ChannelId& channel, const Device& author,
                                 const sealing::Change& change, const RecordSpoils& spoils) {
  const sealing::ChannelState& state = view.channel(channel).state();
  const client::StoredCheckpoint checkpoint = checkpoint_of(view);
  sealing::ChannelRecord record;
  record.op = is_empty(change) ? sealing::RecordOp::rotate : sealing::RecordOp::change;
  record.channel = channel;
  record.seq = state.record_seq() + 1;
  record.prev_record = state.head();
  record.epoch = state.epoch() + 1;
  record.roster = apply(state.roster(), change);
  record.policy = change.policy.value_or(state.policy());
  record.change = change;
  record.log_size = checkpoint.size;
  record.log_root = checkpoint.root;
  record.author = author.id();
  record.client_ms = wall_clock_ms();
  const auto key = crypto::random_secret<EpochKey>();
  const sealing::EpochKeys keys = sealing::derive_epoch_keys(key, channel, record.epoch);
  record.key_commitment = keys.key_commitment;
  record.message_key_commitment = keys.message_key_commitment;
  wire::ChannelAppend append;
  if (state.policy().history == History::full) {
    record.prev_epoch = state.epoch();
    append.prev_box =
        sealing::seal_previous_key(keys, channel, record.epoch, state.key_commitment(),
                                   view.channel(channel).keys().key(state.epoch()).value());
    record.prev_box_hash = crypto::sha256(append.prev_box);
  }
  if (spoils.record) spoils.record(record);
  auto wraps = wrap_for_roster(view, record, spoils.wrapped_key ? *spoils.wrapped_key : key);
  if (spoils.wraps) spoils.wraps(wraps);
  append.wraps = sealing::encode_wraps(wraps);
  record.wraps_root = sealing::wraps_root(append.wraps);
  append.content = sealing::encode_record_content(record);
  append.signature = author.signer().sign(spoils.label, append.content);
  append.approvals = sealing::encode_approvals(approvals_of(record, spoils));
  return append;
}

wire::ChannelAppend forge_grant(Member& view, const ChannelId& channel, const Device& author,
                                const sealing::GrantItem& grant, const GrantSpoils& spoils) {
  const sealing::ChannelState& state = view.channel(channel).state();
  const client::StoredCheckpoint checkpoint = checkpoint_of(view);
  sealing::ChannelRecord record;
  record.op = sealing::RecordOp::grant;
  record.channel = channel;
  record.seq = state.record_seq() + 1;
  record.prev_record = state.head();
  record.epoch = state.epoch();
  record.key_commitment = state.key_commitment();
  record.message_key_commitment = state.message_key_commitment();
  record.roster = state.roster();
  record.policy = state.policy();
  record.change.grant = grant;
  record.log_size = checkpoint.size;
  record.log_root = checkpoint.root;
  record.author = author.id();
  record.client_ms = wall_clock_ms();
  std::vector<sealing::KeyWrap> wraps;
  client::ChannelKeys& keys = view.channel(channel).keys();
  const sealing::Device* auditor = view.session().directory().find_device(grant.auditor_device);
  for (std::uint64_t epoch = grant.first_epoch; grant.ends_ms != 0 && epoch <= grant.last_epoch;
       ++epoch) {
    sealing::WrapContext context{channel,
                                 epoch,
                                 sealing::WrapKind::message_key,
                                 keys.find_epoch(epoch)->key_commitment,
                                 author.id(),
                                 auditor->certificate.agency,
                                 grant.auditor_device,
                                 grant.hpke_key};
    if (spoils.context) spoils.context(context);
    const MessageKey key =
        spoils.wrapped_key ? spoils.wrapped_key->copy() : keys.message_key(epoch).value();
    wraps.push_back(sealing::wrap_key(context, key.view()).value());
  }
  wire::ChannelAppend append;
  append.wraps = sealing::encode_wraps(wraps);
  record.wraps_root = sealing::wraps_root(append.wraps);
  append.content = sealing::encode_record_content(record);
  append.signature = author.signer().sign("channel-record", append.content);
  RecordSpoils approving;
  approving.approvers = spoils.approvers;
  approving.approvals_expire_ms = spoils.approvals_expire_ms;
  approving.approvals = spoils.approvals;
  append.approvals = sealing::encode_approvals(approvals_of(record, approving));
  return append;
}

}  // namespace oberih::attacks
