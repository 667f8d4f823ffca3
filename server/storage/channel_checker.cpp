// SPDX-License-Identifier: Apache-2.0
#include "server/storage/channel_checker.hpp"

#include "protocol/crypto/digest.hpp"
#include "protocol/sealing/access_leaf.hpp"
#include "protocol/sealing/key_wrap.hpp"

namespace oberih::storage {
void ChannelChecker::check(const StoredLeaf& row, const journal::Leaf& leaf,
                           const Digest& leaf_hash, bool in_chain) {
  if (leaf.kind != journal::LeafKind::entry && (row.entry || row.ciphertext))
    report_.add(row.index, "A row of an entry or a ciphertext lies beside a leaf that is none.");
  if (leaf.kind != journal::LeafKind::channel_record && row.wraps)
    report_.add(row.index, "Wrapped keys lie beside a leaf that is no channel record.");
  if ((leaf.kind != journal::LeafKind::access || sealing::is_access_leaf(leaf.body)) && row.receipt)
    report_.add(row.index, "A row of a receipt lies beside a leaf that is none.");
  silence_.expect_alert(row.index, leaf);
  hearings_.expect_alert(row.index, leaf);
  if (leaf.kind == journal::LeafKind::access && !sealing::is_access_leaf(leaf.body))
    return check_receipt(row, leaf);
  if (leaf.kind == journal::LeafKind::administration && !leaf.channel_id.is_zero())
    return check_proposal(row, leaf, leaf_hash);
  if (leaf.kind == journal::LeafKind::server_event && leaf.channel_id.is_zero())
    return check_alert(row, leaf);
  if (leaf.channel_seq == 0) return;

  Channel& channel = channels_[leaf.channel_id];
  if (!in_chain) channel.is_judged = false;
  if (leaf.kind == journal::LeafKind::channel_record)
    check_record(row, leaf, leaf_hash, channel);
  else if (leaf.kind == journal::LeafKind::entry)
    check_entry(row, leaf, leaf_hash, channel);
  else if (leaf.kind == journal::LeafKind::server_event)
    check_server_event(row, leaf, leaf_hash, channel);
  else if (channel.is_judged)
    channel.state.apply_other({row.index, leaf.channel_seq, leaf.server_ms}, leaf_hash);
  channel.recent[leaf.channel_seq % channel.recent.size()] = {leaf.channel_seq, leaf_hash};
}

// -- records ------------------------------------------------------------------------------------

void ChannelChecker::check_record(const StoredLeaf& row, const journal::Leaf& leaf,
                                  const Digest& leaf_hash, Channel& channel) {
  ++report_.records;
  Result<sealing::SignedRecord> body = sealing::parse_record_body(leaf.body);
  if (!body) return stop_judging(channel, row.index, "The record cannot be read", body.error());
  Result<sealing::ChannelRecord> record = sealing::parse_record_content(body->content);
  if (!record) return stop_judging(channel, row.index, "The record cannot be read", record.error());
  if (record->channel != leaf.channel_id)
    report_.add(row.index, "The record is of another channel than its leaf.");
  const SignaturePublicKey* author = find_key(record->author);
  if (!author)
    report_.add(row.index, "The record's author is no device of the directory.");
  else if (!sealing::verify_record_signature(*body, *author))
    report_.add(row.index, "The signature of the record's author does not verify.");
  check_wraps(row, *record);
  check_quote(row.index, record->log_size, record->log_root);
  if (!channel.is_judged) return;
  sealing::Place place{row.index, leaf.channel_seq, leaf.server_ms};
  if (auto judged = channel.state.judge_record(*record, *body, directory_, place); !judged)
    return stop_judging(channel, row.index, "The record breaks a rule", judged.error());
  channel.state.apply_record(*record, *body, directory_, place, leaf_hash);
  proposals_.apply_record(*record);
}

// -- proposals ----------------------------------------------------------------------------------

void ChannelChecker::check_proposal(const StoredLeaf& row, const journal::Leaf& leaf,
                                    const Digest& leaf_hash) {
  Result<sealing::ParsedProposalBody> body = sealing::parse_proposal_body(leaf.body);
  if (!body)
    return report_.add(row.index, "The proposal cannot be read: " + words_of(body.error()));
  if (body->channel() != leaf.channel_id)
    return report_.add(row.index, "The proposal is of another channel than its leaf.");
  if (auto verified = sealing::verify_proposal_body(*body, directory_); !verified)
    return report_.add(row.index, "The proposal's signature: " + words_of(verified.error()));
  proposals_.drop_lapsed(leaf.server_ms);
  auto channel = channels_.find(leaf.channel_id);
  if (channel == channels_.end())
    return report_.add(row.index, "The proposal is of a channel that does not exist.");
  const sealing::ChannelState& state = channel->second.state;
  const sealing::Place place{row.index, state.newest_seq() + 1, leaf.server_ms};
  if (channel->second.is_judged)
    if (auto judged = sealing::judge_proposal_body({state, directory_, place}, proposals_, *body);
        !judged)
      return report_.add(row.index, "The proposal breaks a rule: " + words_of(judged.error()));
  proposals_.apply(*body, {row.index, leaf.server_ms, leaf_hash, row.leaf});
}

void ChannelChecker::check_wraps(const StoredLeaf& row, const sealing::ChannelRecord& record) {
  static const StoredLeaf::Wraps none{};
  const StoredLeaf::Wraps& stored = row.wraps ? *row.wraps : none;
  if (auto matches = sealing::check_wraps(record, stored.wraps); !matches)
    report_.add(row.index,
                "The stored wraps are not those of the record: " + words_of(matches.error()));
  if (auto matches = sealing::check_prev_box(record, stored.prev_box); !matches)
    report_.add(row.index, "The stored box of the previous key is not that of the record: " +
                               words_of(matches.error()));
  if (row.wraps && (stored.channel != record.channel || stored.epoch != record.epoch))
    report_.add(row.index, "The row in epoch_wraps names another channel or epoch.");
}

// -- entries ------------------------------------------------------------------------------------

void ChannelChecker::check_entry(const StoredLeaf& row, const journal::Leaf& leaf,
                                 const Digest& leaf_hash, Channel& channel) {
  ++report_.entries;
  Result<sealing::SealedEntry> entry = sealing::parse_entry_body(leaf.body);
  if (!entry) return stop_judging(channel, row.index, "The entry cannot be read", entry.error());
  Result<sealing::EntryHeader> header = sealing::parse_header(entry->header);
  if (!header) return stop_judging(channel, row.index, "The entry cannot be read", header.error());
  if (header->channel != leaf.channel_id)
    report_.add(row.index, "The entry is of another channel than its leaf.");
  const SignaturePublicKey* sender = find_key(header->sender);
  if (!sender)
    report_.add(row.index, "The entry's sender is no device of the directory.");
  else if (!sealing::verify_entry_signature(*entry, *sender))
    report_.add(row.index, "The signature of the entry's sender does not verify.");
  Digest message_hash = sealing::message_hash(*entry);
  check_projection(row, leaf, *header, message_hash);
  check_ciphertext(row, *entry, header->type);
  check_quote(row.index, header->log_size, header->log_root);
  if (!channel.is_judged) return;
  sealing::Place place{row.index, leaf.channel_seq, leaf.server_ms};
  auto judged = channel.state.judge_entry(*header, directory_, place, [&](std::uint64_t sequence) {
    return leaf_hash_at(channel, leaf.channel_id, sequence);
  });
  if (judged) judged = judge_what_it_says(channel, *header, message_hash, place);
  if (!judged) return stop_judging(channel, row.index, "The entry breaks a rule", judged.error());
  silence_.take_entry(channel.state, *header, message_hash, place);
  channel.state.apply_entry(*header, message_hash, directory_, place, leaf_hash);
}

Result<void> ChannelChecker::judge_what_it_says(const Channel& channel,
                                                const sealing::EntryHeader& header,
                                                const Digest& message_hash,
                                                const sealing::Place& place) {
  const sealing::EntryAt entries = [&](std::uint64_t sequence) {
    const std::optional<Bytes> bytes =
        sequence < place.channel_seq ? cursor_.load_channel_leaf(channel.state.channel(), sequence)
                                     : std::nullopt;
    return bytes ? sealing::placed_entry_of(*bytes) : std::optional<sealing::PlacedEntry>();
  };
  OBERIH_TRY(sealing::judge_references(header, directory_, entries));
  if (header.type == EntryType::task) return tasks_.check(channel.state, directory_, header, place);
  if (header.type == EntryType::hearing || header.type == EntryType::acknowledgement)
    return hearings_.check(channel.state, header, message_hash, place, entries);
  return {};
}

void ChannelChecker::check_projection(const StoredLeaf& row, const journal::Leaf& leaf,
                                      const sealing::EntryHeader& header,
                                      const Digest& message_hash) {
  if (!row.entry) return report_.add(row.index, "The entry's row in the table entry is missing.");
  const StoredLeaf::Projection& stored = *row.entry;
  std::string differing =
      differing_columns({{"channel_id", stored.channel == leaf.channel_id},
                         {"channel_seq", stored.channel_seq == leaf.channel_seq},
                         {"type", stored.type == static_cast<int>(header.type)},
                         {"sender_device", stored.sender == header.sender},
                         {"sender_seq", stored.sender_seq == header.sender_seq},
                         {"seen_seq", stored.seen_seq == header.seen_seq},
                         {"log_size", stored.log_size == header.log_size},
                         {"message_id", stored.message_id == header.message_id},
                         {"message_hash", stored.message_hash == message_hash}});
  if (!differing.empty())
    report_.add(row.index,
                "The row in the table entry differs from the signed leaf: " + differing + ".");
}

// No kind of leaf erases ciphertexts yet: a missing one is a loss.
void ChannelChecker::check_ciphertext(const StoredLeaf& row, const sealing::SealedEntry& entry,
                                      EntryType type) {
  if (row.ciphertext) ++report_.ciphertexts;
  if (!sealing::has_body(type)) {
    if (row.ciphertext) report_.add(row.index, "An entry without a body has a ciphertext.");
  } else if (!row.ciphertext) {
    report_.add(row.index, "The ciphertext is missing, and no erasure says so.");
  } else if (crypto::sha256(*row.ciphertext) != entry.ciphertext_hash) {
    report_.add(row.index, "The ciphertext is not the one that was signed: it was changed.");
  }
}

// -- events of the server -----------------------------------------------------------------------

void ChannelChecker::check_server_event(const StoredLeaf& row, const journal::Leaf& leaf,
                                        const Digest& leaf_hash, Channel& channel) {
  ++report_.server_events;
  if (!channel.is_judged) return pass_over_alerts();
  const sealing::Place place{row.index, leaf.channel_seq, leaf.server_ms};
  if (auto judged = judge_server_event(leaf, place, channel); !judged) {
    pass_over_alerts();
    const bool is_read = judged.error().code != RefusalCode::malformed_object;
    return stop_judging(
        channel, row.index,
        is_read ? "The server's event breaks a rule" : "The server's event cannot be read",
        judged.error());
  }
  channel.state.apply_other(place, leaf_hash);
}

Result<void> ChannelChecker::judge_server_event(const journal::Leaf& leaf,
                                                const sealing::Place& place,
                                                const Channel& channel) {
  if (sealing::is_missing_step(leaf.body)) {
    const Result<sealing::MissingStep> event = sealing::parse_missing_step(leaf.body);
    if (!event) return event.error();
    return silence_.check_event(
        channel.state, *event, place,
        [&](const DeviceId& device, sealing::ReceiptStep step) -> std::uint64_t {
          const auto told = channel.told.find({device, step});
          return told == channel.told.end() ? 0 : told->second;
        });
  }
  if (sealing::is_hearing_event(leaf.body)) {
    const Result<sealing::HearingEvent> event = sealing::parse_hearing_event(leaf.body);
    if (!event) return event.error();
    return hearings_.check_event(channel.state, *event, place);
  }
  const Result<sealing::ServerEvent> event = sealing::parse_server_event(leaf.body);
  if (!event) return event.error();
  return tasks_.check_event(leaf.channel_id, *event, place);
}

// -- what both need -----------------------------------------------------------------------------

void ChannelChecker::compare_projections() {
  const auto is_judged = [this](const ChannelId& id) {
    const auto channel = channels_.find(id);
    return channel == channels_.end() || channel->second.is_judged;
  };
  tasks_.compare(cursor_, report_, is_judged);
  silence_.compare(cursor_, is_judged);
  hearings_.compare(cursor_, is_judged);
  compare_alerts();
}

void ChannelChecker::remember_root(std::uint64_t size, const Digest& root) {
  roots_[size % roots_.size()] = {size, root};
}

void ChannelChecker::check_quote(std::uint64_t index, std::uint64_t log_size,
                                 const Digest& log_root) {
  if (log_size > index)
    return report_.add(index, "A checkpoint is quoted that was signed only later.");
  const auto& remembered = roots_[log_size % roots_.size()];
  std::optional<Digest> root;
  if (log_size > 0 && remembered.first == log_size)
    root = remembered.second;
  else if (log_size > 0 && (root = cursor_.load_checkpoint_root(log_size)))
    remember_root(log_size, *root);
  if (root != log_root)
    report_.add(index, "A checkpoint is quoted (size " + std::to_string(log_size) +
                           ") that is not among the signed ones.");
}

void ChannelChecker::stop_judging(Channel& channel, std::uint64_t index, const std::string& what,
                                  const Refusal& refusal) {
  report_.add(index,
              what + ": " + words_of(refusal) +
                  " Signatures and hashes of the channel's later leaves are checked, its rules "
                  "no more.");
  channel.is_judged = false;
}

std::optional<Digest> ChannelChecker::leaf_hash_at(const Channel& channel, const ChannelId& id,
                                                   std::uint64_t channel_seq) {
  const auto& recent = channel.recent[channel_seq % channel.recent.size()];
  if (channel_seq != 0 && recent.first == channel_seq) return recent.second;
  return cursor_.load_leaf_hash(id, channel_seq);
}

const SignaturePublicKey* ChannelChecker::find_key(const DeviceId& device) const {
  const sealing::Device* found = directory_.find_device(device);
  return found ? &found->certificate.signature_key : nullptr;
}

}  // namespace oberih::storage
