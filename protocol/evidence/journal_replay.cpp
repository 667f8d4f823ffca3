// SPDX-License-Identifier: Apache-2.0
#include "protocol/evidence/journal_replay.hpp"

#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/whole_words.hpp"
#include "protocol/evidence/failed_leaf.hpp"
#include "protocol/sealing/unit_mark.hpp"

namespace oberih::evidence {

std::string leaf_in_words(std::uint64_t index, const journal::Leaf* leaf) {
  std::string words = "leaf " + std::to_string(index);
  if (leaf == nullptr) return words;
  words += " (" + std::string(journal::name_of(leaf->kind));
  if (leaf->channel_seq != 0) words += ", sequence " + std::to_string(leaf->channel_seq);
  if (!leaf->channel_id.is_zero())
    words += ", channel " + encoding::encode_hex(leaf->channel_id).substr(0, 8);
  else if (journal::is_directory_kind(leaf->kind))
    words += " of the directory";
  return words + ")";
}

Refusal failed_leaf(std::uint64_t index, const journal::Leaf* leaf, const Refusal& refusal) {
  std::string why = leaf_in_words(index, leaf) + ": ";
  if (refusal.code != RefusalCode::proof_invalid) why += refusal_row(refusal.code).name;
  if (refusal.code != RefusalCode::proof_invalid && !refusal.detail.empty()) why += ", ";
  return refuse(RefusalCode::proof_invalid, why + refusal.detail);
}

Result<> JournalReplay::take(std::uint64_t index, ByteView leaf_data) {
  taken_entry_ = nullptr;
  const Result<journal::Leaf> leaf = journal::parse_leaf(leaf_data);
  if (!leaf) return failed_leaf(index, nullptr, leaf.error());
  if (auto taken = take_leaf(*leaf, index, leaf_data); !taken)
    return failed_leaf(index, &*leaf, taken.error());
  ++report_.leaves;
  ++report_.kinds[static_cast<std::size_t>(leaf->kind)];
  next_index_ = index + 1;
  newest_ms_ = leaf->server_ms;
  return {};
}

Result<> JournalReplay::take_leaf(const journal::Leaf& leaf, std::uint64_t index,
                                  ByteView leaf_data) {
  if (index < next_index_)
    return refuse(RefusalCode::proof_invalid, "its index does not rise: leaves are out of order");
  if (leaf.server_ms < newest_ms_)
    return refuse(RefusalCode::proof_invalid, "its server time goes back: leaves were exchanged");
  if (journal::is_directory_kind(leaf.kind)) return take_directory(leaf, index, leaf_data);
  if (directory_.is_empty())
    return refuse(RefusalCode::proof_invalid, "the first leaf is no genesis");
  const Moment said{index, leaf.server_ms};
  switch (leaf.kind) {
    case journal::LeafKind::channel_record:
    case journal::LeafKind::entry:
      return take_channel_leaf(leaf, index, leaf_data);
    case journal::LeafKind::server_event:
      return leaf.channel_id.is_zero() ? take_alert(leaf)
                                       : take_channel_leaf(leaf, index, leaf_data);
    case journal::LeafKind::erasure:
      if (!leaf.channel_id.is_zero()) return take_channel_leaf(leaf, index, leaf_data);
      ++report_.not_understood;
      return {};
    case journal::LeafKind::access:
      return take_access(leaf, said);
    case journal::LeafKind::administration:
      return take_administration(leaf, index, leaf_data);
    case journal::LeafKind::audit_query:
      return take_audit(leaf, said);
    case journal::LeafKind::refusal:
      return take_refusal(leaf);
    case journal::LeafKind::timestamp_token:
      return take_anchor(leaf, said);
    case journal::LeafKind::software_release:
      ++report_.not_understood;
      return {};
    case journal::LeafKind::genesis:
    case journal::LeafKind::governance:
    case journal::LeafKind::device_certificate:
    case journal::LeafKind::device_revocation:
    case journal::LeafKind::unit:
    case journal::LeafKind::out_of_service:
      break;  // taken above
  }
  return {};
}

Result<> JournalReplay::take_directory(const journal::Leaf& leaf, std::uint64_t index,
                                       ByteView leaf_data) {
  if (directory_.count() == 0) {
    if (leaf.kind != journal::LeafKind::genesis || index != 0)
      return refuse(RefusalCode::proof_invalid, "the first leaf is no genesis");
    const Result<sealing::SignedGenesis> genesis = sealing::parse_genesis_body(leaf.body);
    if (!genesis) return genesis.error();
    if (sealing::genesis_hash(genesis->content) != genesis_hash_)
      return refuse(RefusalCode::proof_invalid,
                    "it is the genesis of another journal than the pinned one, " +
                        encoding::encode_hex(genesis_hash_));
  }
  OBERIH_TRY(directory_.apply_leaf(leaf_data, index));
  directory_leaves_.emplace_back(index, directory_.newest_leaf());
  return {};
}

JournalReplay::Channel* JournalReplay::find_channel(const ChannelId& id) {
  const auto found = channels_.find(id);
  return found == channels_.end() ? nullptr : found->second.get();
}

Result<> JournalReplay::take_channel_leaf(const journal::Leaf& leaf, std::uint64_t index,
                                          ByteView leaf_data) {
  Channel* channel = find_channel(leaf.channel_id);
  if (channel == nullptr) {
    if (leaf.channel_seq != 1)
      return refuse(RefusalCode::proof_invalid,
                    "the channel's first leaf has sequence 1: those before this one are missing");
    auto made = std::make_unique<Channel>(
        Channel{{directory_, leaf.channel_id, ChannelReplay::Keep::references}, {}});
    channel = channels_.emplace(leaf.channel_id, std::move(made)).first->second.get();
  }
  OBERIH_TRY(channel->replay.take(index, leaf_data));
  ChannelReport& report = report_.channels[leaf.channel_id];
  const Moment said{index, leaf.server_ms};
  if (leaf.channel_seq == 1) report.first = said;
  report.newest = said;
  report.newest_seq = leaf.channel_seq;
  if (const sealing::ChannelRecord* record = channel->replay.taken_record()) {
    OBERIH_TRY(take_quote(index, record->log_size, record->log_root));
    proposals_.apply_record(*record);
    note_record(*record, report, said);
  } else if (const ReplayedEntry* entry = channel->replay.taken_entry()) {
    OBERIH_TRY(take_quote(index, entry->header.log_size, entry->header.log_root));
    ++report.entries[static_cast<std::size_t>(entry->header.type)];
    ++report.senders[entry->header.sender];
    taken_entry_ = entry;
  } else {
    ++report.events;
  }
  return {};
}

void JournalReplay::note_record(const sealing::ChannelRecord& record, ChannelReport& report,
                                const Moment& said) {
  ++report.records;
  report.id = record.channel;
  report.kind = record.policy.kind;
  report.history = record.policy.history;
  report.is_closed = report.is_closed || record.op == sealing::RecordOp::close;
  if (record.change.grant) report.grants.push_back({*record.change.grant, said});
  note_case(record.change, report, said);
  for (Stay& stay : report.stays) {
    if (stay.to) continue;
    const sealing::RosterLine* line = sealing::find_line(record.roster, stay.device);
    if (line == nullptr) {
      stay.to = said;
    } else {
      stay.role = line->role;
      stay.ends_ms = line->ends_ms;
    }
  }
  const auto is_there = [&](const DeviceId& device) {
    for (const Stay& stay : report.stays)
      if (!stay.to && stay.device == device) return true;
    return false;
  };
  static const sealing::Roster nobody;
  const sealing::Roster& brought = record.op == sealing::RecordOp::create ? record.roster
                                   : record.change.add                    ? record.change.add->lines
                                                                          : nobody;
  for (const sealing::RosterLine& line : brought)
    if (!is_there(line.device))
      report.stays.push_back({line.device, line.role, record.epoch, said, {}, line.ends_ms});
}

void JournalReplay::note_case(const sealing::Change& change, ChannelReport& report,
                              const Moment& said) {
  if (case_number_.empty() || report.case_named) return;
  for (const auto* lines : {&change.add, &change.alter}) {
    if (!*lines) continue;
    std::string mandate = sealing::read_unit_marks((*lines)->mandate).text;
    if (!encoding::has_whole_words(mandate, case_number_)) continue;
    report.case_named = {std::move(mandate), said};
    return;
  }
}

Result<> JournalReplay::take_quote(std::uint64_t index, std::uint64_t size, const Digest& root) {
  if (size == 0) return {};
  if (size > index)
    return refuse(RefusalCode::proof_invalid, "it quotes a checkpoint that was signed only later");
  const auto [known, is_new] = quotes_.try_emplace(size, root);
  if (!is_new && known->second != root)
    return refuse(RefusalCode::proof_invalid, "it quotes another root of the checkpoint of size " +
                                                  std::to_string(size) + " than a leaf before it");
  return {};
}

void JournalReplay::finish() {
  report_.newest_ms = newest_ms_;
  date_channels();
  const auto name_device = [this](const DeviceId& id) {
    const sealing::Device* device = directory_.find_device(id);
    if (device == nullptr) return;
    const sealing::DeviceCertificate& certificate = device->certificate;
    report_.devices.try_emplace(
        id,
        DeviceFact{
            certificate.person, certificate.agency, certificate.role, device->revoked_index, {}});
  };
  for (const auto& [id, channel] : report_.channels) {
    for (const Stay& stay : channel.stays) name_device(stay.device);
    for (const GrantFact& grant : channel.grants) name_device(grant.item.auditor_device);
    for (const auto& [place, fact] : channel.receipts) name_device(place.first);
    for (const auto& [place, fact] : channel.access) name_device(place.first);
  }
  for (const auto& [place, fact] : report_.access) name_device(place.first);
  for (const AuditFact& audit : report_.audits) name_device(audit.auditor);
  name_device(report_.question.auditor);  // however many were before
  for (const auto& [id, agency] : directory_.agencies()) report_.agencies[id] = agency.name;
  report_.directory_count = directory_.count();
}

std::vector<const Stay*> readers_by(const ChannelReport& channel, Milliseconds by_ms) {
  std::vector<const Stay*> readers;
  for (const Stay& stay : channel.stays)
    if (by_ms == 0 || stay.from.server_ms <= by_ms) readers.push_back(&stay);
  return readers;
}

}  // namespace oberih::evidence
