// SPDX-License-Identifier: Apache-2.0
#include "protocol/evidence/channel_replay.hpp"

#include "protocol/sealing/hearing_event.hpp"
#include "protocol/sealing/hearing_rules.hpp"
#include "protocol/sealing/missing_step.hpp"
#include "protocol/sealing/roster_actors.hpp"
#include "protocol/sealing/task_events.hpp"
#include "protocol/sealing/task_rules.hpp"

namespace oberih::evidence {
namespace {

Refusal not_continued(std::string why) {
  return refuse(RefusalCode::verification_failed, std::move(why));
}

}  // namespace

Result<> ChannelReplay::check_chain(const journal::Leaf& leaf, std::uint64_t index) const {
  if (leaf.channel_id != channel_) return not_continued("it belongs to another channel");
  if (leaf.channel_seq != state_.newest_seq() + 1)
    return not_continued("a leaf of the channel is missing before it");
  if (leaf.prev_leaf != state_.newest_leaf())
    return not_continued("it does not continue the channel's chain");
  if (state_.newest_seq() != 0 && index <= newest_index_)
    return not_continued("its journal index does not rise");
  if (leaf.server_ms < newest_ms_) return not_continued("its server time goes back");
  return {};
}

Result<> ChannelReplay::take(std::uint64_t index, ByteView leaf_data) {
  const Result<journal::Leaf> leaf = journal::parse_leaf(leaf_data);
  if (!leaf) return leaf.error();
  OBERIH_TRY(check_chain(*leaf, index));
  const Digest hash = journal::leaf_hash(leaf_data);
  const sealing::Place place{index, leaf->channel_seq, leaf->server_ms};
  taken_entry_.reset();
  taken_record_.reset();
  if (leaf->kind == journal::LeafKind::channel_record) {
    OBERIH_TRY(take_record(*leaf, place, hash));
  } else if (leaf->kind == journal::LeafKind::entry) {
    OBERIH_TRY(take_entry(*leaf, place, hash));
  } else if (journal::takes_channel_sequence(leaf->kind) && state_.exists()) {
    if (leaf->kind == journal::LeafKind::server_event && keep_ == Keep::references)
      OBERIH_TRY(take_event(*leaf, place));
    state_.apply_other(place, hash);
  } else {
    return not_continued("leaves of this kind do not stand in a channel");
  }
  newest_index_ = index;
  newest_ms_ = leaf->server_ms;
  kept_.push_back({hash, {}, 0, {}});
  if (taken_entry_) keep_reference(*taken_entry_, kept_.back());
  return {};
}

std::optional<Digest> ChannelReplay::leaf_hash_at(std::uint64_t channel_seq) const {
  if (channel_seq == 0 || channel_seq > kept_.size()) return std::nullopt;
  return kept_[channel_seq - 1].leaf_hash;
}

void ChannelReplay::keep_reference(const ReplayedEntry& entry, Kept& kept) {
  if (keep_ == Keep::entries) entries_.emplace(entry.place.channel_seq, entry);
  const auto [place, is_new] = places_of_senders_.try_emplace(
      entry.header.sender, static_cast<std::uint32_t>(senders_.size()));
  if (is_new) senders_.push_back(entry.header.sender);
  kept.message_hash = entry.reference.message_hash;
  kept.sender = place->second;
  kept.type = entry.header.type;
  const bool may_be_asked =
      entry.header.type == EntryType::message || entry.header.type == EntryType::hearing;
  if (may_be_asked && !entry.header.facts.empty())
    facts_.emplace(entry.place.channel_seq, entry.header.facts);
}

Result<> ChannelReplay::take_record(const journal::Leaf& leaf, const sealing::Place& place,
                                    const Digest& hash) {
  const Result<sealing::SignedRecord> body = sealing::parse_record_body(leaf.body);
  if (!body) return body.error();
  const Result<sealing::ChannelRecord> record = sealing::parse_record_content(body->content);
  if (!record) return record.error();
  if (record->channel != channel_) return not_continued("the record is of another channel");
  const sealing::Device* author = directory_.find_device(record->author);
  if (author == nullptr) return refuse(RefusalCode::unknown_device);
  if (!sealing::verify_record_signature(*body, author->certificate.signature_key))
    return refuse(RefusalCode::bad_signature);
  OBERIH_TRY(state_.judge_record(*record, *body, directory_, place));
  state_.apply_record(*record, *body, directory_, place, hash);
  taken_record_ = *record;
  return {};
}

/// Of a silence its form and the entry that it names: who was silent, receipts decide, which stand
/// in no chain.
Result<> ChannelReplay::take_event(const journal::Leaf& leaf, const sealing::Place& place) {
  if (sealing::is_missing_step(leaf.body)) {
    const Result<sealing::MissingStep> event = sealing::parse_missing_step(leaf.body);
    if (!event) return event.error();
    const auto entry = placed_entry(event->channel_seq);
    if (!entry || entry->message_hash != event->message_hash)
      return refuse(RefusalCode::not_found, "no entry with that hash stands there");
    return {};
  }
  if (sealing::is_hearing_event(leaf.body)) {
    const Result<sealing::HearingEvent> event = sealing::parse_hearing_event(leaf.body);
    if (!event) return event.error();
    Result<sealing::Hearing> after =
        sealing::judge_hearing_event(find_hearing(event->hearing), *event, state_, place);
    if (!after) return after.error();
    keep(std::move(*after));
    return {};
  }
  const Result<sealing::ServerEvent> event = sealing::parse_server_event(leaf.body);
  if (!event) return event.error();
  const auto found = tasks_.find(event->task);
  Result<sealing::Task> after =
      sealing::judge_event(found == tasks_.end() ? nullptr : found->second, *event, place);
  if (!after) return after.error();
  tasks_[after->id] = std::make_shared<const sealing::Task>(std::move(*after));
  return {};
}

Result<> ChannelReplay::take_entry(const journal::Leaf& leaf, const sealing::Place& place,
                                   const Digest& hash) {
  Result<sealing::SealedEntry> entry = sealing::parse_entry_body(leaf.body);
  if (!entry) return entry.error();
  Result<sealing::EntryHeader> header = sealing::parse_header(entry->header);
  if (!header) return header.error();
  if (header->channel != channel_) return not_continued("the entry is of another channel");
  const sealing::Device* sender = directory_.find_device(header->sender);
  if (sender == nullptr) return refuse(RefusalCode::unknown_device);
  if (!sealing::verify_entry_signature(*entry, sender->certificate.signature_key))
    return refuse(RefusalCode::bad_signature);
  OBERIH_TRY(state_.judge_entry(*header, directory_, place,
                                [this](std::uint64_t seq) { return leaf_hash_at(seq); }));
  OBERIH_TRY(sealing::judge_references(*header, directory_,
                                       [this](std::uint64_t seq) { return placed_entry(seq); }));
  const Digest message_hash = sealing::message_hash(*entry);
  ReplayedEntry replayed{
      std::move(*header), std::move(*entry), {place.channel_seq, message_hash}, place};
  OBERIH_TRY(take_facts(replayed));
  state_.apply_entry(replayed.header, message_hash, directory_, place, hash);
  taken_entry_ = std::move(replayed);
  return {};
}

Result<> ChannelReplay::take_facts(const ReplayedEntry& entry) {
  switch (entry.header.type) {
    case EntryType::hearing:
      return take_hearing(entry);
    case EntryType::acknowledgement:
      return take_answer(entry);
    case EntryType::task:
      return take_task(entry);
    case EntryType::message:
    case EntryType::leave:
    case EntryType::wrap_unusable:
    case EntryType::consent:
      return {};
  }
  return {};
}

Result<> ChannelReplay::take_hearing(const ReplayedEntry& entry) {
  const Result<sealing::HearingFacts> facts = sealing::parse_hearing_facts(entry.header.facts);
  if (!facts) return facts.error();
  const sealing::RosterActors actors(state_, directory_, entry.place);
  Result<sealing::Hearing> after = sealing::judge_hearing(
      sealing::hearing_case_of(state_, directory_, entry.header.sender, entry.place,
                               entry.reference, actors,
                               [this](const HearingId& id) { return find_hearing(id); }),
      *facts);
  if (!after) return after.error();
  keep(std::move(*after));
  return {};
}

Result<> ChannelReplay::take_answer(const ReplayedEntry& entry) {
  const Result<sealing::AcknowledgementFacts> facts =
      sealing::parse_acknowledgement_facts(entry.header.facts);
  if (!facts) return facts.error();
  const sealing::RosterActors actors(state_, directory_, entry.place);
  Result<std::optional<sealing::Hearing>> after = sealing::judge_hearing_answer(
      sealing::hearing_case_of(state_, directory_, entry.header.sender, entry.place,
                               entry.reference, actors,
                               [this](const HearingId& id) { return find_hearing(id); }),
      *facts, [this](std::uint64_t seq) { return placed_entry(seq); });
  if (!after) return after.error();
  if (*after) keep(std::move(**after));
  return {};
}

Result<> ChannelReplay::take_task(const ReplayedEntry& entry) {
  const Result<sealing::TaskFacts> facts = sealing::parse_task_facts(entry.header.facts);
  if (!facts) return facts.error();
  const sealing::RosterActors actors(state_, directory_, entry.place);
  Result<sealing::Task> after = sealing::judge_task(
      sealing::task_case_of(state_, directory_, entry.header.sender, entry.place, actors,
                            [this](const TaskId& id) -> sealing::TaskPointer {
                              const auto found = tasks_.find(id);
                              return found == tasks_.end() ? nullptr : found->second;
                            }),
      *facts);
  if (!after) return after.error();
  tasks_[after->id] = std::make_shared<const sealing::Task>(std::move(*after));
  return {};
}

void ChannelReplay::keep(sealing::Hearing hearing) {
  const HearingId id = hearing.id;
  hearings_[id] = std::make_shared<const sealing::Hearing>(std::move(hearing));
}

sealing::HearingPointer ChannelReplay::find_hearing(const HearingId& id) const {
  const auto found = hearings_.find(id);
  return found == hearings_.end() ? nullptr : found->second;
}

const ReplayedEntry* ChannelReplay::find_entry(std::uint64_t channel_seq) const {
  const auto found = entries_.find(channel_seq);
  return found == entries_.end() ? nullptr : &found->second;
}

std::optional<sealing::PlacedEntry> ChannelReplay::placed_entry(std::uint64_t channel_seq) const {
  if (channel_seq == 0 || channel_seq > kept_.size()) return std::nullopt;
  const Kept& kept = kept_[channel_seq - 1];
  if (!kept.type) return std::nullopt;
  const auto facts = facts_.find(channel_seq);
  return sealing::PlacedEntry{*kept.type, senders_[kept.sender], kept.message_hash,
                              facts == facts_.end() ? Bytes{} : facts->second};
}

}  // namespace oberih::evidence
