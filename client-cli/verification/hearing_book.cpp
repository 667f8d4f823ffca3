// SPDX-License-Identifier: Apache-2.0
#include "client-cli/verification/hearing_book.hpp"

#include "client-cli/verification/stored_entries.hpp"
#include "protocol/journal/leaf.hpp"
#include "protocol/sealing/remark_text.hpp"
#include "protocol/sealing/roster_actors.hpp"

namespace oberih::client {
namespace {

sealing::HearingPointer parse_stored_hearing(ByteView bytes) {
  Result<sealing::Hearing> hearing = sealing::parse_hearing(bytes);
  if (!hearing) throw LocalStoreFailure("the local store: a hearing is damaged");
  return std::make_shared<const sealing::Hearing>(std::move(*hearing));
}

struct OpenedEntry {
  Milliseconds server_ms = 0;
  sealing::EntryHeader header;
  std::optional<SecretBuffer> text;  // nothing: it does not open here
};

std::optional<OpenedEntry> open_stored(const StoredItem& stored, EntryType type,
                                       MessageKeys& keys) {
  const Result<journal::Leaf> leaf = journal::parse_leaf(stored.leaf);
  if (!leaf || leaf->kind != journal::LeafKind::entry) return std::nullopt;
  const Result<sealing::SealedEntry> entry = sealing::parse_entry_body(leaf->body);
  if (!entry) return std::nullopt;
  Result<sealing::EntryHeader> header = sealing::parse_header(entry->header);
  if (!header || header->type != type) return std::nullopt;
  OpenedEntry opened{leaf->server_ms, std::move(*header), std::nullopt};
  const Result<MessageKey> key = keys.message_key(opened.header.epoch);
  if (!key || !stored.ciphertext) return opened;
  if (auto text = sealing::open_entry(*entry, *stored.ciphertext, *key))
    opened.text = std::move(*text);
  return opened;
}

}  // namespace

bool fits(const sealing::SummonsText& summons, const sealing::HearingNotice& notice) {
  if (summons.called.size() != notice.addressees.size()) return false;
  for (std::size_t i = 0; i < summons.called.size(); ++i) {
    const sealing::CalledPerson& called = summons.called[i];
    if (!notice.addressees[i].has_account() && called.name.empty()) return false;
    if (notice.goes_through_centre(i) && !(called.name.empty() && called.address.empty()))
      return false;
  }
  return true;
}

sealing::HearingPointer HearingBook::find(const HearingId& id) {
  const std::optional<Bytes> stored = store_.hearings().find(channel_, id);
  return stored ? parse_stored_hearing(*stored) : nullptr;
}

std::vector<sealing::HearingPointer> HearingBook::list() {
  std::vector<sealing::HearingPointer> hearings;
  for (const Bytes& state : store_.hearings().list(channel_))
    hearings.push_back(parse_stored_hearing(state));
  return hearings;
}

Result<sealing::Hearing> HearingBook::judge(const sealing::ChannelState& state,
                                            const sealing::Directory& directory,
                                            const DeviceId& sender, const sealing::Place& place,
                                            const Digest& message_hash,
                                            const sealing::HearingFacts& facts) {
  const sealing::RosterActors actors(state, directory, place);
  return sealing::judge_hearing(
      sealing::hearing_case_of(state, directory, sender, place, {place.channel_seq, message_hash},
                               actors, finder()),
      facts);
}

Result<std::optional<sealing::Hearing>> HearingBook::judge_answer(
    const sealing::ChannelState& state, const sealing::Directory& directory, const DeviceId& sender,
    const sealing::Place& place, const sealing::AcknowledgementFacts& facts) {
  const sealing::RosterActors actors(state, directory, place);
  return sealing::judge_hearing_answer(
      sealing::hearing_case_of(state, directory, sender, place, {}, actors, finder()), facts,
      [this](std::uint64_t seq) { return find_stored_entry(store_.channels(), channel_, seq); });
}

void HearingBook::put(const sealing::Hearing& hearing, std::uint64_t seq) {
  store_.hearings().put(channel_, hearing.id, sealing::encode_hearing(hearing), seq);
}

std::optional<sealing::SummonsText> HearingBook::summons(const sealing::Hearing& hearing) {
  std::optional<sealing::SummonsText> newest;
  for (const HearingEvent& event : events(hearing.id)) {
    if (event.facts.notice.addressees.empty()) continue;
    newest.reset();
    if (event.text && event.text->summons && fits(*event.text->summons, event.facts.notice))
      newest = event.text->summons;
  }
  return newest;
}

std::vector<HearingEvent> HearingBook::events(const HearingId& id) {
  std::vector<HearingEvent> events;
  for (const std::uint64_t seq : store_.hearings().entries_of(channel_, id))
    if (std::optional<HearingEvent> event = event_at(seq)) events.push_back(std::move(*event));
  return events;
}

std::vector<HearingAnswer> HearingBook::answers(const HearingId& id) {
  std::vector<HearingAnswer> answers;
  for (const std::uint64_t seq : store_.hearings().entries_of(channel_, id))
    if (std::optional<HearingAnswer> answer = answer_at(seq)) answers.push_back(std::move(*answer));
  return answers;
}

std::vector<SaidOfHearing> HearingBook::said_by_server(const HearingId& id) {
  std::vector<SaidOfHearing> all;
  for (const std::uint64_t seq : store_.hearings().entries_of(channel_, id)) {
    const std::optional<StoredItem> stored = store_.channels().find_item(channel_, seq);
    if (!stored) continue;
    const Result<journal::Leaf> leaf = journal::parse_leaf(stored->leaf);
    if (!leaf || leaf->kind != journal::LeafKind::server_event) continue;
    if (auto event = sealing::parse_hearing_event(leaf->body))
      all.push_back({stored->seq, stored->index, leaf->server_ms, std::move(*event)});
  }
  return all;
}

std::optional<HearingEvent> HearingBook::event_at(std::uint64_t seq) {
  const std::optional<StoredItem> stored = store_.channels().find_item(channel_, seq);
  return stored ? decode(*stored) : std::nullopt;
}

std::optional<HearingAnswer> HearingBook::answer_at(std::uint64_t seq) {
  const std::optional<StoredItem> stored = store_.channels().find_item(channel_, seq);
  if (!stored) return std::nullopt;
  const std::optional<OpenedEntry> opened = open_stored(*stored, EntryType::acknowledgement, keys_);
  if (!opened) return std::nullopt;
  const auto facts = sealing::parse_acknowledgement_facts(opened->header.facts);
  if (!facts) return std::nullopt;
  HearingAnswer answer{stored->seq,           stored->index, opened->server_ms,
                       opened->header.sender, *facts,        {}};
  if (!opened->text) return answer;
  if (Result<std::string> remark = sealing::parse_remark(opened->text->view()))
    answer.remark = std::move(*remark);
  return answer;
}

std::optional<HearingEvent> HearingBook::decode(const StoredItem& stored) {
  const std::optional<OpenedEntry> opened = open_stored(stored, EntryType::hearing, keys_);
  if (!opened) return std::nullopt;
  Result<sealing::HearingFacts> facts = sealing::parse_hearing_facts(opened->header.facts);
  if (!facts) return std::nullopt;
  HearingEvent event{stored.seq,        stored.index, opened->server_ms, opened->header.sender,
                     std::move(*facts), std::nullopt};
  if (!opened->text) return event;
  Result<sealing::HearingText> text = sealing::parse_hearing_text(opened->text->view());
  // A text under another verb would say what its author did not sign in the open.
  if (text && text->verb == event.facts.verb) event.text = std::move(*text);
  return event;
}

}  // namespace oberih::client
