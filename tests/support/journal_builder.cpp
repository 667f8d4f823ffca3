// SPDX-License-Identifier: Apache-2.0
#include "tests/support/journal_builder.hpp"

#include <algorithm>
#include <stdexcept>

#include "protocol/crypto/digest.hpp"
#include "protocol/crypto/hpke.hpp"
#include "protocol/crypto/random_bytes.hpp"
#include "protocol/sealing/device_certificate.hpp"
#include "protocol/sealing/genesis.hpp"
#include "protocol/sealing/roster_actors.hpp"

namespace oberih::test {
namespace {

constexpr const char* origin = "journal.oberih.test";

template <class T>
void require(const Result<T>& result, const char* what) {
  if (!result)
    throw std::logic_error(std::string("the test's journal is wrong: ") + what + ": " +
                           std::string(refusal_row(result.error().code).name) + " " +
                           result.error().detail);
}

journal::NoteSigner make_signer() {
  return {origin, crypto::Signer(crypto::generate_signature_keys().secret_key)};
}

std::unique_ptr<TestDevice> make_device() {
  auto device = std::make_unique<TestDevice>();
  crypto::SignatureKeyPair signature = crypto::generate_signature_keys();
  crypto::HpkeKeyPair hpke = crypto::generate_hpke_keys();
  device->certificate.device = crypto::random_id<DeviceId>();
  device->certificate.person = crypto::random_id<PersonId>();
  device->certificate.signature_key = signature.public_key;
  device->certificate.hpke_key = hpke.public_key;
  device->certificate.tls_spki = crypto::random_id<Digest>();
  device->signature_key = std::move(signature.secret_key);
  device->hpke_key = std::move(hpke.secret_key);
  return device;
}

sealing::RosterLine line_of(const TestDevice& device, RosterRole role) {
  return {device.certificate.device, device.certificate.hpke_key, role, 0};
}

void sort_by_device(sealing::Roster& roster) {
  std::sort(roster.begin(), roster.end(),
            [](const auto& a, const auto& b) { return a.device < b.device; });
}

}  // namespace

JournalBuilder::JournalBuilder() : signer_(make_signer()) {
  crypto::SignatureKeyPair police = crypto::generate_signature_keys();
  crypto::SignatureKeyPair prosecution = crypto::generate_signature_keys();
  sealing::Genesis genesis;
  genesis.origin = origin;
  genesis.journal_key = signer_.signer.public_key();
  genesis.server_spki = crypto::random_id<Digest>();
  genesis.created_ms = server_ms_;
  genesis.governance_quorum = 1;
  AgencyId first = crypto::random_id<AgencyId>(), second = crypto::random_id<AgencyId>();
  first.bytes[0] = 1;
  second.bytes[0] = 2;
  genesis.agencies = {{first, AgencyKind::police, "Police", police.public_key},
                      {second, AgencyKind::prosecution, "Prosecution", prosecution.public_key}};
  sealing::SignedGenesis signed_genesis{sealing::encode_genesis_content(genesis), {}};
  signed_genesis.signatures = {
      {first, crypto::Signer(police.secret_key).sign("genesis", signed_genesis.content)},
      {second, crypto::Signer(prosecution.secret_key).sign("genesis", signed_genesis.content)}};
  journal::Leaf leaf;
  leaf.kind = journal::LeafKind::genesis;
  leaf.body = sealing::encode_genesis_body(signed_genesis);
  append_leaf(std::move(leaf));

  const TestDevice& first_admin =
      certify(first, police.secret_key, Role::agency_admin, "Admin One", nullptr);
  const TestDevice& second_admin =
      certify(second, prosecution.secret_key, Role::agency_admin, "Admin Two", nullptr);
  investigator_ = &certify(first, police.secret_key, Role::investigator, "Oksana", &first_admin);
  colleague_ = &certify(first, police.secret_key, Role::investigator, "Taras", &first_admin);
  prosecutor_ = &certify(second, prosecution.secret_key, Role::prosecutor, "Odesa", &second_admin);
}

const TestDevice& JournalBuilder::certify(const AgencyId& agency, const SignatureSecretKey& root,
                                          Role role, const std::string& name,
                                          const TestDevice* certifier) {
  devices_.push_back(make_device());
  TestDevice& device = *devices_.back();
  sealing::NameCard card{device.certificate.device, crypto::random_id<NameSalt>(), name, "uk"};
  device.certificate.agency = agency;
  device.certificate.role = role;
  if (certifier) device.certificate.certifier_device = certifier->certificate.device;
  device.certificate.name_hash = sealing::name_hash(card.salt, card.name);
  device.certificate.not_before_ms = server_ms_ - 1000;
  device.certificate.not_after_ms = server_ms_ + 1'000'000'000;
  sealing::SignedCertificate signed_certificate;
  signed_certificate.content = sealing::encode_certificate_content(device.certificate);
  signed_certificate.certifier_signature =
      crypto::Signer(certifier ? certifier->signature_key : root)
          .sign("device-cert", signed_certificate.content);
  signed_certificate.possession_signature =
      crypto::Signer(device.signature_key).sign("device-pop", signed_certificate.content);
  journal::Leaf leaf;
  leaf.kind = journal::LeafKind::device_certificate;
  leaf.body = sealing::encode_certificate_body(signed_certificate);
  append_leaf(std::move(leaf));
  batch_.name_cards.push_back(std::move(card));
  return device;
}

application::JournalRow& JournalBuilder::append_leaf(journal::Leaf leaf) {
  leaf.server_ms = server_ms_ += 10;
  if (journal::is_directory_kind(leaf.kind)) {
    leaf.channel_seq = directory_.count() + 1;
    leaf.prev_leaf = directory_.newest_leaf();
  }
  application::JournalRow row;
  row.index = size();
  row.kind = leaf.kind;
  row.server_ms = leaf.server_ms;
  row.channel = leaf.channel_id;
  row.channel_seq = leaf.channel_seq;
  row.leaf = journal::encode_leaf(leaf);
  row.leaf_hash = journal::leaf_hash(row.leaf);
  if (journal::is_directory_kind(leaf.kind))
    require(directory_.apply_leaf(row.leaf, row.index), "directory leaf");
  frontier_.append(row.leaf_hash);
  batch_.rows.push_back(std::move(row));
  return batch_.rows.back();
}

// -- channels -----------------------------------------------------------------------------------

ChannelId JournalBuilder::open_channel() {
  Channel channel;
  EpochKey first_key = crypto::random_secret<EpochKey>();
  sealing::ChannelRecord create = begin_record(channel, investigator());
  create.op = sealing::RecordOp::create;
  create.prev_record = crypto::random_id<Digest>();
  create.roster = {line_of(investigator(), RosterRole::admin),
                   line_of(colleague(), RosterRole::member)};
  sort_by_device(create.roster);
  create.policy = {ChannelKind::ordinary, 1, History::full};
  create.channel = sealing::derive_channel_id(create);
  append_record(channel, create, investigator(), first_key, {});

  sealing::ChannelRecord add = begin_record(channel, investigator());
  EpochKey second_key = crypto::random_secret<EpochKey>();
  add.op = sealing::RecordOp::change;
  add.prev_record = channel.state.head();
  add.prev_epoch = 1;
  sealing::Roster added = {line_of(prosecutor(), RosterRole::admin)};
  add.change.add = sealing::LinesItem{"order 1", added};
  add.roster = channel.state.roster();
  add.roster.push_back(added.front());
  sort_by_device(add.roster);
  add.policy = channel.state.policy();
  sealing::EpochKeys keys = sealing::derive_epoch_keys(second_key, create.channel, 2);
  Bytes prev_box = sealing::seal_previous_key(keys, create.channel, 2,
                                              channel.state.key_commitment(), first_key);
  append_record(channel, add, investigator(), second_key, prev_box);
  channel.epoch_key = std::move(second_key);
  ChannelId id = create.channel;
  channels_[id] = std::move(channel);
  return id;
}

sealing::ChannelRecord JournalBuilder::begin_record(const Channel& channel,
                                                    const TestDevice& author) const {
  sealing::ChannelRecord record;
  record.channel = channel.state.channel();
  record.seq = channel.state.record_seq() + 1;
  record.epoch = channel.state.epoch() + 1;
  record.log_size = quoted_size_;
  record.log_root = quoted_root_;
  record.author = author.certificate.device;
  record.client_ms = server_ms_;
  return record;
}

void JournalBuilder::append_record(Channel& channel, sealing::ChannelRecord record,
                                   const TestDevice& author, const EpochKey& key,
                                   const Bytes& prev_box) {
  sealing::EpochKeys keys = sealing::derive_epoch_keys(key, record.channel, record.epoch);
  record.key_commitment = keys.key_commitment;
  record.message_key_commitment = keys.message_key_commitment;
  if (!prev_box.empty()) record.prev_box_hash = crypto::sha256(prev_box);
  std::vector<sealing::KeyWrap> wraps;
  for (const sealing::RosterLine& line : record.roster) {
    AgencyId agency = directory_.find_device(line.device)->certificate.agency;
    wraps.push_back(sealing::wrap_key(
                        {record.channel, record.epoch, sealing::WrapKind::epoch_key,
                         record.key_commitment, record.author, agency, line.device, line.hpke_key},
                        key.view())
                        .value());
  }
  Bytes wraps_bytes = sealing::encode_wraps(wraps);
  record.wraps_root = sealing::wraps_root(wraps_bytes);
  sealing::SignedRecord signed_record;
  signed_record.content = sealing::encode_record_content(record);
  signed_record.signature =
      crypto::Signer(author.signature_key).sign("channel-record", signed_record.content);

  journal::Leaf leaf;
  leaf.kind = journal::LeafKind::channel_record;
  leaf.channel_id = record.channel;
  leaf.channel_seq = channel.state.newest_seq() + 1;
  leaf.prev_leaf = channel.state.newest_leaf();
  leaf.body = sealing::encode_record_body(signed_record);
  const application::JournalRow& row = append_leaf(std::move(leaf));
  sealing::Place place{row.index, row.channel_seq, row.server_ms};
  require(channel.state.judge_record(record, signed_record, directory_, place), "record");
  channel.state.apply_record(record, signed_record, directory_, place, row.leaf_hash);
  channel.leaf_hashes.push_back(row.leaf_hash);
  batch_.epochs.push_back({row.index, record.channel, record.epoch, wraps_bytes, prev_box});
}

// -- entries ------------------------------------------------------------------------------------

std::uint64_t JournalBuilder::post(const ChannelId& channel, const TestDevice& sender,
                                   const std::string& text, const MessageId& message_id) {
  return append_entry(channels_.at(channel), sender, EntryType::message, text, message_id);
}

std::uint64_t JournalBuilder::leave(const ChannelId& channel, const TestDevice& sender) {
  return append_entry(channels_.at(channel), sender, EntryType::leave, {}, {});
}

std::uint64_t JournalBuilder::act_on_task(const ChannelId& id, const TestDevice& sender,
                                          sealing::TaskFacts facts, Judged judged,
                                          const std::string& text) {
  Channel& channel = channels_.at(id);
  const sealing::FindTask find = [&](const TaskId& task) {
    const auto found = channel.tasks.find(task);
    return found == channel.tasks.end() ? sealing::TaskPointer() : found->second;
  };
  const sealing::TaskPointer before = find(facts.task);
  if (before && facts.expected_version == 0 && facts.slot < before->slots.size())
    facts.expected_version = before->slots[facts.slot].version;
  const sealing::Place place{size(), channel.state.newest_seq() + 1, server_ms_ + 10};
  const sealing::RosterActors actors(channel.state, directory_, place);
  auto task =
      sealing::judge_task(sealing::task_case_of(channel.state, directory_,
                                                sender.certificate.device, place, actors, find),
                          facts);
  if (judged == Judged::yes) require(task, "task");
  const std::uint64_t index =
      append_entry(channel, sender, EntryType::task, text, {}, sealing::encode_task_facts(facts));
  if (!task) return index;
  auto& now = channel.tasks[facts.task];
  now = std::make_shared<const sealing::Task>(std::move(*task));
  const auto same = [&](const application::TaskRow& row) { return row.task->id == facts.task; };
  auto row = std::find_if(batch_.tasks.begin(), batch_.tasks.end(), same);
  if (row != batch_.tasks.end())
    row->task = now;
  else
    batch_.tasks.push_back({id, now, before == nullptr});
  put_wakes(id, *now);
  return index;
}

std::uint64_t JournalBuilder::announce(const ChannelId& id, const sealing::ServerEvent& event) {
  Channel& channel = channels_.at(id);
  const sealing::Place place{size(), channel.state.newest_seq() + 1, server_ms_ + 10};
  auto task = sealing::judge_event(channel.tasks[event.task], event, place);
  const application::JournalRow row =
      append_event(channel, id, sealing::encode_server_event(event));
  if (!task) return row.index;
  auto& now = channel.tasks[event.task];
  now = std::make_shared<const sealing::Task>(std::move(*task));
  batch_.tasks.push_back({id, now, false});
  put_wakes(id, *now);
  return row.index;
}

/// As if every slot were looked at again when it is due.
void JournalBuilder::put_wakes(const ChannelId& id, const sealing::Task& task) {
  std::erase_if(batch_.wakes, [&](const auto& row) { return row.task == task.id; });
  for (std::size_t i = 0; i < task.slots.size(); ++i) {
    const sealing::TaskSlot& slot = task.slots[i];
    batch_.wakes.push_back({id, task.id, static_cast<std::uint16_t>(i), slot.due_ms,
                            sealing::is_awaited(slot.state) ? slot.due_ms : 0, server_ms_});
  }
}

std::uint64_t JournalBuilder::administer(const ChannelId& channel, const Bytes& body) {
  return append_leaf({journal::LeafKind::administration, 0, channel, 0, {}, body}).index;
}

std::uint64_t JournalBuilder::refuse(const ChannelId& channel, const Bytes& body) {
  return append_leaf({journal::LeafKind::refusal, 0, channel, 0, {}, body}).index;
}

std::uint64_t JournalBuilder::append_alert(const sealing::Alert& alert) {
  const std::uint64_t index =
      append_leaf({journal::LeafKind::server_event, 0, {}, 0, {}, sealing::encode_alert(alert)})
          .index;
  batch_.alerts.push_back({index, alert.agency, alert.unit});
  return index;
}

std::uint64_t JournalBuilder::append_receipt(const sealing::SignedReceipt& signed_receipt) {
  const sealing::Receipt& receipt = signed_receipt.receipt;
  const std::uint64_t index = append_leaf({journal::LeafKind::access,
                                           0,
                                           receipt.channel,
                                           0,
                                           {},
                                           sealing::encode_receipt_body(signed_receipt)})
                                  .index;
  batch_.receipts.push_back(
      {index, receipt.channel, receipt.device, receipt.step, receipt.channel_seq});
  return index;
}

std::uint64_t JournalBuilder::append_entry(Channel& channel, const TestDevice& sender,
                                           EntryType type, const std::string& text,
                                           const MessageId& message_id, const Bytes& facts) {
  sealing::ChannelState& state = channel.state;
  sealing::SenderHead head = state.sender_head(sender.certificate.device);
  sealing::EntryHeader header;
  header.type = type;
  header.channel = state.channel();
  header.epoch = state.epoch();
  header.channel_head = state.head();
  header.sender = sender.certificate.device;
  header.sender_seq = head.sender_seq + 1;
  header.sender_prev = head.message_hash;
  header.seen_seq = state.newest_seq();
  header.seen_hash = state.newest_leaf();
  header.log_size = quoted_size_;
  header.log_root = quoted_root_;
  header.client_ms = server_ms_;
  header.message_id = message_id.is_zero() ? crypto::random_id<MessageId>() : message_id;
  header.facts = facts;
  sealing::EpochKeys keys =
      sealing::derive_epoch_keys(channel.epoch_key, header.channel, header.epoch);
  sealing::SealedEntryWithBody sealed =
      sealing::seal_entry(header, as_bytes(text), keys.message_key,
                          crypto::Signer(sender.signature_key))
          .value();
  Digest message_hash = sealing::message_hash(sealed.entry);

  journal::Leaf leaf;
  leaf.kind = journal::LeafKind::entry;
  leaf.channel_id = header.channel;
  leaf.channel_seq = state.newest_seq() + 1;
  leaf.prev_leaf = state.newest_leaf();
  leaf.body = sealing::encode_entry_body(sealed.entry);
  const application::JournalRow& row = append_leaf(std::move(leaf));
  sealing::Place place{row.index, row.channel_seq, row.server_ms};
  sealing::LeafHashAt leaf_hash_at = [&](std::uint64_t sequence) -> std::optional<Digest> {
    if (sequence == 0 || sequence > channel.leaf_hashes.size()) return std::nullopt;
    return channel.leaf_hashes[sequence - 1];
  };
  require(state.judge_entry(header, directory_, place, leaf_hash_at), "entry");
  state.apply_entry(header, message_hash, directory_, place, row.leaf_hash);
  channel.leaf_hashes.push_back(row.leaf_hash);
  batch_.entries.push_back({row.index, header.channel, row.channel_seq, type, header.sender,
                            header.sender_seq, header.seen_seq, header.log_size, header.message_id,
                            message_hash, sealed.ciphertext});
  return row.index;
}

// -- batches and checkpoints --------------------------------------------------------------------

application::Batch JournalBuilder::take_batch() {
  application::Batch batch = std::exchange(batch_, {});
  batch.expected_size = size() - batch.rows.size();
  batch.head = {size(), frontier_.encode(), server_ms_, directory_.count(),
                directory_.newest_leaf()};
  return batch;
}

application::StoredCheckpoint JournalBuilder::sign_checkpoint() {
  journal::Checkpoint checkpoint{origin, size(), frontier_.root(), directory_.count(),
                                 directory_.newest_leaf()};
  quoted_size_ = checkpoint.size;
  quoted_root_ = checkpoint.root;
  return {checkpoint.size, checkpoint.root, journal::sign_checkpoint(checkpoint, signer_)};
}

journal::NoteVerifier JournalBuilder::journal_key() const { return signer_.verifier(); }

}  // namespace oberih::test
