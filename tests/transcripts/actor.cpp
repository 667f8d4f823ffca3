// SPDX-License-Identifier: Apache-2.0
#include "tests/transcripts/actor.hpp"

#include <algorithm>

#include "protocol/crypto/digest.hpp"
#include "protocol/crypto/random_bytes.hpp"
#include "protocol/sealing/message_text.hpp"
#include "protocol/sealing/record_rules.hpp"
#include "protocol/sealing/remark_text.hpp"
#include "protocol/sealing/roster_actors.hpp"
#include "protocol/sealing/task_text.hpp"

namespace oberih::transcripts {
namespace {

Refusal broken(const std::string& what) { return refuse(RefusalCode::verification_failed, what); }

}  // namespace

Root::Root(std::string agency_name, AgencyKind kind)
    : Root(std::move(agency_name), kind, crypto::generate_signature_keys()) {}

Root::Root(std::string agency_name, AgencyKind kind, const crypto::SignatureKeyPair& keys)
    : agency{crypto::random_id<AgencyId>(), kind, std::move(agency_name), keys.public_key},
      signer(keys.secret_key) {}

Actor::Actor(std::string name, const AgencyId& agency, Role role, Milliseconds now_ms)
    : name_(std::move(name)), hpke_(crypto::generate_hpke_keys()) {
  const crypto::SignatureKeyPair keys = crypto::generate_signature_keys();
  signer_ = std::make_unique<crypto::Signer>(keys.secret_key);
  certificate_.agency = agency;
  certificate_.person = crypto::random_id<PersonId>();
  certificate_.device = crypto::random_id<DeviceId>();
  certificate_.role = role;
  certificate_.signature_key = keys.public_key;
  certificate_.hpke_key = hpke_.public_key;
  certificate_.tls_spki = crypto::random_id<Digest>();
  certificate_.not_before_ms = now_ms - day_ms;
  certificate_.not_after_ms = now_ms + 365 * day_ms;
  name_card_ = {certificate_.device, crypto::random_id<NameSalt>(), name_, "uk"};
  certificate_.name_hash = sealing::name_hash(name_card_.salt, name_card_.name);
}

wire::DirectoryAppend Actor::certify(const Actor* certifier, const crypto::Signer& signer) {
  certificate_.certifier_device = certifier == nullptr ? DeviceId{} : certifier->device();
  sealing::SignedCertificate signed_certificate;
  signed_certificate.content = sealing::encode_certificate_content(certificate_);
  signed_certificate.certifier_signature = signer.sign("device-cert", signed_certificate.content);
  signed_certificate.possession_signature = signer_->sign("device-pop", signed_certificate.content);
  return {journal::LeafKind::device_certificate,
          sealing::encode_certificate_body(signed_certificate), name_card_};
}

wire::DirectoryAppend Actor::revoke(const Actor& other) const {
  sealing::SignedRevocation revocation;
  revocation.content =
      sealing::encode_revocation_content({other.certificate_.agency, other.device(), 3, device()});
  revocation.signature = signer_->sign("device-revoke", revocation.content);
  return {journal::LeafKind::device_revocation, sealing::encode_revocation_body(revocation), {}};
}

// -- what the server sends
// -------------------------------------------------------------------------

Result<void> Actor::take_directory(const wire::DirectoryPage& page) {
  for (const wire::DirectoryLeaf& leaf : page.leaves)
    OBERIH_TRY(directory_.apply_leaf(leaf.leaf, leaf.index));
  return {};
}

Result<void> Actor::take_checkpoint(const std::string& note) {
  auto opened = sealing::open_checkpoint(note, directory_);
  if (!opened) return opened.error();
  if (opened->size < checkpoint_.size) return broken("the journal has shrunk");
  checkpoint_ = *opened;
  return {};
}

Result<void> Actor::take_item(const ChannelId& channel, const wire::ChannelItem& item) {
  Conversation& conversation = conversations_[channel];
  auto leaf = journal::parse_leaf(item.leaf);
  if (!leaf) return leaf.error();
  if (leaf->channel_id != channel) return broken("a leaf of another channel");
  if (leaf->channel_seq <= conversation.state.newest_seq()) return {};  // came live and by reading
  if (leaf->channel_seq != conversation.state.newest_seq() + 1 ||
      leaf->prev_leaf != conversation.state.newest_leaf())
    return broken("a gap in the channel");
  const sealing::Place place{item.index, leaf->channel_seq, leaf->server_ms};
  if (leaf->kind == journal::LeafKind::channel_record)
    OBERIH_TRY(take_record(conversation, *leaf, place, item));
  else if (leaf->kind == journal::LeafKind::server_event)
    OBERIH_TRY(take_server_event(conversation, *leaf, place, journal::leaf_hash(item.leaf)));
  else
    OBERIH_TRY(take_entry(conversation, *leaf, place, item));
  conversation.leaf_hashes_.push_back(journal::leaf_hash(item.leaf));
  conversation.entries_.push_back(sealing::placed_entry_of(item.leaf));
  return open_what_can_be_opened(conversation, channel);
}

Result<void> Actor::take_record(Conversation& conversation, const journal::Leaf& leaf,
                                const sealing::Place& place, const wire::ChannelItem& item) {
  auto body = sealing::parse_record_body(leaf.body);
  if (!body) return body.error();
  auto record = sealing::parse_record_content(body->content);
  if (!record) return record.error();
  const sealing::Device* author = directory_.find_device(record->author);
  if (author == nullptr || !verify_record_signature(*body, author->certificate.signature_key))
    return broken("a record's signature");
  OBERIH_TRY(conversation.state.judge_record(*record, *body, directory_, place));
  OBERIH_TRY(sealing::check_wraps(*record, item.wraps));
  OBERIH_TRY(sealing::check_prev_box(*record, item.prev_box));
  conversation.state.apply_record(*record, *body, directory_, place, journal::leaf_hash(item.leaf));
  if (!sealing::begins_epoch(record->op)) return {};
  Conversation::Epoch& epoch = conversation.epochs_[record->epoch];
  epoch.key_commitment = record->key_commitment;
  epoch.previous = record->prev_epoch;
  epoch.prev_box = item.prev_box;
  auto wraps = sealing::parse_wraps(item.wraps);
  if (!wraps) return wraps.error();
  for (const sealing::KeyWrap& wrap : *wraps) {
    if (wrap.device != device()) continue;
    const sealing::WrapContext context{
        record->channel, record->epoch,       wrap.kind, record->key_commitment,
        record->author,  certificate_.agency, device(),  certificate_.hpke_key};
    auto secret = sealing::unwrap_key(context, wrap, hpke_.secret_key);
    if (!secret) return broken("an own wrap does not open");
    auto key = std::make_unique<EpochKey>();
    std::copy(secret->view().begin(), secret->view().end(), key->writable().begin());
    epoch.key = std::move(key);
  }
  return {};
}

Result<void> Actor::take_entry(Conversation& conversation, const journal::Leaf& leaf,
                               const sealing::Place& place, const wire::ChannelItem& item) {
  auto entry = sealing::parse_entry_body(leaf.body);
  if (!entry) return entry.error();
  auto header = sealing::parse_header(entry->header);
  if (!header) return header.error();
  const sealing::Device* sender = directory_.find_device(header->sender);
  if (sender == nullptr || !verify_entry_signature(*entry, sender->certificate.signature_key))
    return broken("an entry's signature");
  OBERIH_TRY(conversation.state.judge_entry(
      *header, directory_, place, [&](std::uint64_t seq) -> std::optional<Digest> {
        if (seq == 0 || seq > conversation.leaf_hashes_.size()) return std::nullopt;
        return conversation.leaf_hashes_[seq - 1];
      }));
  const sealing::EntryAt entries = [&](std::uint64_t seq) -> std::optional<sealing::PlacedEntry> {
    if (seq == 0 || seq > conversation.entries_.size()) return std::nullopt;
    return conversation.entries_[seq - 1];
  };
  OBERIH_TRY(sealing::judge_references(*header, directory_, entries));
  if (header->type == EntryType::task) OBERIH_TRY(take_task(conversation, *header, place));
  const Digest hash = sealing::message_hash(*entry);
  if (header->type == EntryType::hearing || header->type == EntryType::acknowledgement)
    OBERIH_TRY(take_hearing(conversation, *header, hash, place, entries));
  take_asked(conversation, *header, hash, place);
  conversation.state.apply_entry(*header, hash, directory_, place, journal::leaf_hash(item.leaf));
  if (header->sender == device() && header->sender_seq > conversation.own.sender_seq)
    conversation.own = {header->sender_seq, hash, header->seen_seq, header->log_size};
  if (!sealing::has_body(header->type)) return {};
  if (!item.ciphertext) return broken("a ciphertext is missing");
  conversation.unopened_.push_back(
      {header->epoch, header->sender == device(), *entry, *item.ciphertext});
  return {};
}

/// Keys of earlier epochs come by the boxes of later records, so an entry may have to wait for one.
Result<void> Actor::open_what_can_be_opened(Conversation& conversation, const ChannelId& channel) {
  for (auto epoch = conversation.epochs_.rbegin(); epoch != conversation.epochs_.rend(); ++epoch) {
    const auto& [number, now] = *epoch;
    if (!now.key || now.previous == 0 || conversation.epochs_[now.previous].key) continue;
    Conversation::Epoch& before = conversation.epochs_[now.previous];
    auto key = sealing::open_previous_key(sealing::derive_epoch_keys(*now.key, channel, number),
                                          channel, number, before.key_commitment, now.prev_box);
    if (!key) return broken("a box with the previous key does not open");
    before.key = std::make_unique<EpochKey>(std::move(*key));
  }
  std::vector<Conversation::Sealed> waiting;
  for (Conversation::Sealed& sealed : conversation.unopened_) {
    const auto& key = conversation.epochs_[sealed.epoch].key;
    if (!key) {
      waiting.push_back(std::move(sealed));
      continue;
    }
    const auto keys = sealing::derive_epoch_keys(*key, channel, sealed.epoch);
    auto text = sealing::open_entry(sealed.entry, sealed.ciphertext, keys.message_key);
    if (!text) return text.error();
    const EntryType type = sealing::parse_header(sealed.entry.header)->type;
    if (type == EntryType::task) {
      if (auto words = sealing::parse_task_text(text->view()); !words) return words.error();
      continue;
    }
    if (type == EntryType::hearing) {
      if (auto words = sealing::parse_hearing_text(text->view()); !words) return words.error();
      continue;
    }
    if (type != EntryType::message) {
      OBERIH_TRY(sealing::parse_remark(text->view()));
      continue;
    }
    auto message = sealing::parse_message_text(text->view());
    if (!message) return message.error();
    if (!sealed.is_own) conversation.unread.push_back(message->text);
  }
  conversation.unopened_ = std::move(waiting);
  return {};
}

// -- what the person does
// --------------------------------------------------------------------------

wire::ChannelAppend Actor::create_channel(ChannelKind kind, Milliseconds now_ms,
                                          ChannelId* channel) const {
  sealing::ChannelRecord record;
  record.op = sealing::RecordOp::create;
  record.seq = 1;
  record.prev_record = crypto::random_id<Digest>();
  record.epoch = 1;
  record.roster = {line(RosterRole::admin)};
  record.policy = {kind, static_cast<std::uint8_t>(kind == ChannelKind::case_ ? 2 : 1),
                   History::full};
  record.log_size = checkpoint_.size;
  record.log_root = checkpoint_.root;
  record.author = device();
  record.client_ms = now_ms;
  record.channel = sealing::derive_channel_id(record);
  *channel = record.channel;
  return seal_record(std::move(record), nullptr, {});
}

sealing::ChannelRecord Actor::next_record(const Conversation& conversation,
                                          Milliseconds now_ms) const {
  const sealing::ChannelState& state = conversation.state;
  sealing::ChannelRecord record;
  record.channel = state.channel();
  record.seq = state.record_seq() + 1;
  record.prev_record = state.head();
  record.epoch = state.epoch();
  record.roster = state.roster();
  record.policy = state.policy();
  record.log_size = checkpoint_.size;
  record.log_root = checkpoint_.root;
  record.author = device();
  record.client_ms = now_ms;
  return record;
}

wire::ChannelAppend Actor::change_channel(const ChannelId& channel, const sealing::Change& change,
                                          const std::vector<Actor*>& approvers,
                                          Milliseconds now_ms) {
  const Conversation& conversation = conversations_[channel];
  sealing::ChannelRecord record = next_record(conversation, now_ms);
  const bool has_items = !sealing::encode_change_items(change).empty();
  record.op = has_items ? sealing::RecordOp::change : sealing::RecordOp::rotate;
  record.epoch += 1;
  record.prev_epoch = conversation.state.epoch();
  record.change = change;
  record.policy = change.policy.value_or(record.policy);
  record.roster = sealing::apply_items(record.roster, change).value_or(record.roster);
  return seal_record(std::move(record), &conversation, approvers);
}

wire::ChannelAppend Actor::close_channel(const ChannelId& channel,
                                         const std::vector<Actor*>& approvers,
                                         Milliseconds now_ms) {
  const Conversation& conversation = conversations_[channel];
  sealing::ChannelRecord record = next_record(conversation, now_ms);
  record.op = sealing::RecordOp::close;
  record.key_commitment = conversation.state.key_commitment();
  record.message_key_commitment = conversation.state.message_key_commitment();
  record.change.close_reason = "the case is decided";
  record.wraps_root = sealing::wraps_root({});
  return sign_record(record, approvers);
}

wire::ChannelAppend Actor::carry_out(const sealing::WaitingProposal& waiting, Milliseconds now_ms) {
  const sealing::Proposal& proposal = waiting.proposal;
  if (proposal.is_of_grant()) return give_grant(waiting, now_ms);
  wire::ChannelAppend request = proposal.op == sealing::RecordOp::close
                                    ? close_channel(proposal.channel, {}, now_ms)
                                    : change_channel(proposal.channel, proposal.change, {}, now_ms);
  request.approvals = sealing::encode_approvals(waiting.approvals);
  return request;
}

wire::ChannelAppend Actor::seal_record(sealing::ChannelRecord record,
                                       const Conversation* conversation,
                                       const std::vector<Actor*>& approvers) const {
  const EpochKey key = crypto::random_secret<EpochKey>();
  const auto keys = sealing::derive_epoch_keys(key, record.channel, record.epoch);
  record.key_commitment = keys.key_commitment;
  record.message_key_commitment = keys.message_key_commitment;
  Bytes prev_box;
  if (conversation != nullptr) {
    const Conversation::Epoch& before = conversation->epochs_.at(record.prev_epoch);
    prev_box = sealing::seal_previous_key(keys, record.channel, record.epoch, before.key_commitment,
                                          *before.key);
    record.prev_box_hash = crypto::sha256(prev_box);
  }
  std::vector<sealing::KeyWrap> wraps;
  for (const sealing::RosterLine& line : record.roster) {
    const sealing::Device* recipient = directory_.find_device(line.device);
    const sealing::WrapContext context{
        record.channel,        record.epoch, sealing::WrapKind::epoch_key,
        record.key_commitment, device(),     recipient->certificate.agency,
        line.device,           line.hpke_key};
    wraps.push_back(sealing::wrap_key(context, key.view()).value());
  }
  const Bytes encoded = sealing::encode_wraps(wraps);
  record.wraps_root = sealing::wraps_root(encoded);
  wire::ChannelAppend request = sign_record(record, approvers);
  request.wraps = encoded;
  request.prev_box = prev_box;
  return request;
}

wire::ChannelAppend Actor::sign_record(const sealing::ChannelRecord& record,
                                       const std::vector<Actor*>& approvers) const {
  std::vector<sealing::Approval> approvals;
  const std::size_t items = sealing::encode_change_items(record.change).size();
  for (std::size_t item = 0; item < items; ++item)
    for (const Actor* approver : approvers) approvals.push_back(approver->approve(record, item));
  wire::ChannelAppend request;
  request.content = sealing::encode_record_content(record);
  request.signature = signer_->sign("channel-record", request.content);
  request.approvals = sealing::encode_approvals(approvals);
  return request;
}

sealing::Approval Actor::approve(const sealing::ChannelRecord& record, std::size_t item) const {
  sealing::Approval approval;
  approval.item_index = static_cast<std::uint8_t>(item);
  approval.id = crypto::random_id<ApprovalId>();
  approval.expires_ms = record.client_ms + day_ms;
  approval.approver = device();
  approval.signature = signer_->sign(
      "approval", sealing::approval_content(approval, record.channel,
                                            sealing::encode_change_items(record.change)[item]));
  return approval;
}

wire::EntryPost Actor::post(const ChannelId& channel, const std::string& text, Milliseconds now_ms,
                            const MessageOptions& options) {
  Conversation& conversation = conversations_[channel];
  sealing::EntryHeader header;
  header.type = options.type.value_or(EntryType::message);
  header.channel = channel;
  header.epoch = conversation.state.epoch();
  header.channel_head = conversation.state.head();
  header.sender = device();
  header.sender_seq = conversation.own.sender_seq + 1 + options.skip;
  header.sender_prev = conversation.own.message_hash;
  header.seen_seq = conversation.state.newest_seq();
  header.seen_hash = conversation.state.newest_leaf();
  header.log_size = checkpoint_.size;
  header.log_root = checkpoint_.root;
  header.client_ms = now_ms;
  header.message_id = options.message_id.value_or(crypto::random_id<MessageId>());
  header.facts = options.facts;
  const auto& epoch = conversation.epochs_[header.epoch];
  const EpochKey stranger_key;  // who is not on the roster seals under something
  const auto keys =
      sealing::derive_epoch_keys(epoch.key ? *epoch.key : stranger_key, channel, header.epoch);
  SecretBuffer body;
  if (!options.body.empty())
    body = SecretBuffer(ByteView(options.body));
  else if (header.type == EntryType::acknowledgement || header.type == EntryType::consent)
    body = sealing::encode_remark(text).value();
  else if (sealing::has_body(header.type))
    body = sealing::encode_message_text({sealing::MessageWhat::text, text}).value();
  auto sealed = sealing::seal_entry(header, body.view(), keys.message_key, *signer_);
  wire::EntryPost request;
  request.header = sealed->entry.header;
  request.salt = sealed->entry.salt;
  request.commitment = sealed->entry.commitment;
  request.ciphertext = sealed->ciphertext;
  request.signature = sealed->entry.signature;
  if (options.forge_signature) request.signature.bytes[5] ^= 1;
  return request;
}

Result<void> Actor::take_server_event(Conversation& conversation, const journal::Leaf& leaf,
                                      const sealing::Place& place, const Digest& leaf_hash) {
  if (sealing::is_missing_step(leaf.body)) {
    OBERIH_TRY(take_silence(conversation, leaf, place));
    conversation.state.apply_other(place, leaf_hash);
    return {};
  }
  if (sealing::is_hearing_event(leaf.body)) {
    OBERIH_TRY(take_hearing_event(conversation, leaf, place));
    conversation.state.apply_other(place, leaf_hash);
    return {};
  }
  auto event = sealing::parse_server_event(leaf.body);
  if (!event) return event.error();
  sealing::TaskPointer& known = conversation.tasks[event->task];
  auto task = sealing::judge_event(known, *event, place);
  if (!task) return task.error();
  known = std::make_shared<const sealing::Task>(std::move(*task));
  conversation.said_by_server.push_back(*event);
  conversation.state.apply_other(place, leaf_hash);
  return {};
}

void Actor::take_asked(Conversation& conversation, const sealing::EntryHeader& header,
                       const Digest& hash, const sealing::Place& place) {
  const PersonId& author = directory_.find_device(header.sender)->certificate.person;
  const sealing::RosterActors actors(conversation.state, directory_, place);
  if (auto asked = sealing::asked_entry_of(header, hash, author, actors, place))
    conversation.asked[place.channel_seq] = std::move(*asked);
  if (header.type != EntryType::acknowledgement) return;
  const auto facts = sealing::parse_acknowledgement_facts(header.facts).value();
  const auto known = conversation.asked.find(facts.entry.channel_seq);
  if (known == conversation.asked.end()) return;
  if (auto after = sealing::acknowledge(known->second, facts, author))
    known->second = std::move(*after);
}

Result<void> Actor::take_silence(Conversation& conversation, const journal::Leaf& leaf,
                                 const sealing::Place& place) {
  auto event = sealing::parse_missing_step(leaf.body);
  if (!event) return event.error();
  const auto known = conversation.asked.find(event->channel_seq);
  auto after =
      sealing::judge_missing_step(known == conversation.asked.end() ? nullptr : &known->second,
                                  *event, conversation.state, directory_, place);
  if (!after) return after.error();
  known->second = std::move(*after);
  conversation.silence.push_back(std::move(*event));
  return {};
}

sealing::SignedReceipt Actor::receipt(const ChannelId& channel, sealing::ReceiptStep step,
                                      Milliseconds now_ms) {
  const Conversation& conversation = conversations_[channel];
  // Who is not on the roster claims the first.
  const std::uint64_t seq = std::max<std::uint64_t>(1, conversation.state.newest_seq());
  return sealing::sign_receipt(
      {channel, device(), step, seq, conversation.state.newest_leaf(), now_ms}, *signer_);
}

Result<sealing::Receipt> Actor::take_receipt(const ChannelId& channel,
                                             const wire::DirectoryLeaf& stored) {
  auto leaf = journal::parse_leaf(stored.leaf);
  if (!leaf) return leaf.error();
  if (leaf->kind != journal::LeafKind::access || leaf->channel_id != channel ||
      leaf->channel_seq != 0)
    return broken("no receipt of the channel");
  auto body = sealing::parse_receipt_body(leaf->body);
  if (!body) return body.error();
  const sealing::Receipt& receipt = body->receipt;
  const sealing::Device* device = directory_.find_device(receipt.device);
  if (device == nullptr ||
      !sealing::verify_receipt_signature(*body, device->certificate.signature_key))
    return broken("a receipt's signature");
  const auto& hashes = conversations_[channel].leaf_hashes_;
  if (receipt.channel_seq > hashes.size() || hashes[receipt.channel_seq - 1] != receipt.leaf_hash)
    return broken("a receipt for another leaf");
  return receipt;
}

void Actor::note_accepted(const ChannelId& channel, const wire::EntryPost& request) {
  const sealing::EntryHeader header = sealing::parse_header(request.header).value();
  sealing::SealedEntry entry{
      request.header, request.salt, request.commitment, {}, request.signature};
  if (sealing::has_body(header.type)) entry.ciphertext_hash = crypto::sha256(request.ciphertext);
  conversations_[channel].own = {header.sender_seq, sealing::message_hash(entry), header.seen_seq,
                                 header.log_size};
}

std::vector<DeviceId> Actor::due_lines(const ChannelId& channel, Milliseconds now_ms) {
  return conversations_[channel].state.lines_to_remove(directory_, UINT64_MAX, now_ms);
}

}  // namespace oberih::transcripts
