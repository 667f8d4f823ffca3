// SPDX-License-Identifier: Apache-2.0
// Of actor.hpp: grants, given by a member and opened by an auditor.
#include "protocol/sealing/message_text.hpp"
#include "tests/transcripts/actor.hpp"

namespace oberih::transcripts {

wire::ChannelAppend Actor::give_grant(const sealing::WaitingProposal& waiting,
                                      Milliseconds now_ms) {
  const ChannelId& channel = waiting.proposal.channel;
  const sealing::GrantItem& grant = *waiting.proposal.change.grant;
  const Conversation& conversation = conversations_[channel];
  sealing::ChannelRecord record = next_record(conversation, now_ms);
  record.op = sealing::RecordOp::grant;
  record.key_commitment = conversation.state.key_commitment();
  record.message_key_commitment = conversation.state.message_key_commitment();
  record.change = waiting.proposal.change;
  std::vector<sealing::KeyWrap> wraps;
  const sealing::Device* auditor = directory_.find_device(grant.auditor_device);
  for (std::uint64_t epoch = grant.first_epoch; grant.ends_ms != 0 && epoch <= grant.last_epoch;
       ++epoch) {
    const Conversation::Epoch& known = conversation.epochs_.at(epoch);
    const auto keys = sealing::derive_epoch_keys(*known.key, channel, epoch);
    const sealing::WrapContext context{channel,
                                       epoch,
                                       sealing::WrapKind::message_key,
                                       known.key_commitment,
                                       device(),
                                       auditor->certificate.agency,
                                       grant.auditor_device,
                                       grant.hpke_key};
    wraps.push_back(sealing::wrap_key(context, keys.message_key.view()).value());
  }
  const Bytes encoded = sealing::encode_wraps(wraps);
  record.wraps_root = sealing::wraps_root(encoded);
  wire::ChannelAppend request = sign_record(record, {});
  request.wraps = encoded;
  request.approvals = sealing::encode_approvals(waiting.approvals);
  return request;
}

Result<std::vector<std::string>> Actor::open_granted(
    const ChannelId& channel, const std::vector<wire::ChannelItem>& items) const {
  std::map<std::uint64_t, std::pair<Digest, Digest>> commitments;
  std::map<std::uint64_t, MessageKey> keys;
  std::vector<std::string> texts;
  const auto take_wraps = [&](const sealing::ChannelRecord& record, ByteView bytes) {
    const auto wraps = sealing::parse_wraps(bytes);
    if (!wraps) return;
    for (const sealing::KeyWrap& wrap : *wraps) {
      const auto& [key_commitment, message_key_commitment] = commitments.at(wrap.epoch);
      const sealing::WrapContext context{channel,        wrap.epoch,           wrap.kind,
                                         key_commitment, record.author,        certificate_.agency,
                                         device(),       certificate_.hpke_key};
      const auto secret = sealing::unwrap_key(context, wrap, hpke_.secret_key);
      if (!secret) continue;
      MessageKey key;
      std::copy(secret->view().begin(), secret->view().end(), key.writable().begin());
      if (sealing::message_key_commitment(key, channel, wrap.epoch) == message_key_commitment)
        keys.emplace(wrap.epoch, std::move(key));
    }
  };
  // Wraps come behind the entries that they open.
  for (const wire::ChannelItem& item : items) {
    const auto leaf = journal::parse_leaf(item.leaf);
    if (!leaf) return leaf.error();
    if (leaf->kind != journal::LeafKind::channel_record) continue;
    const auto body = sealing::parse_record_body(leaf->body);
    const auto record = body ? sealing::parse_record_content(body->content) : body.error();
    if (!record) return record.error();
    commitments[record->epoch] = {record->key_commitment, record->message_key_commitment};
    if (!item.wraps.empty()) take_wraps(*record, item.wraps);
  }
  for (const wire::ChannelItem& item : items) {
    const auto leaf = journal::parse_leaf(item.leaf);
    if (!item.ciphertext || leaf->kind != journal::LeafKind::entry) continue;
    const auto entry = sealing::parse_entry_body(leaf->body).value();
    const auto header = sealing::parse_header(entry.header).value();
    const auto key = keys.find(header.epoch);
    if (key == keys.end() || header.type != EntryType::message) continue;
    const auto opened = sealing::open_entry(entry, *item.ciphertext, key->second);
    if (!opened) return opened.error();
    texts.push_back(sealing::parse_message_text(opened->view()).value().text);
  }
  return texts;
}

}  // namespace oberih::transcripts
