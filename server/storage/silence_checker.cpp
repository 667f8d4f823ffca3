// SPDX-License-Identifier: Apache-2.0
#include "server/storage/silence_checker.hpp"

#include <algorithm>

#include "protocol/sealing/entry_facts.hpp"

namespace oberih::storage {

void SilenceChecker::take_entry(const sealing::ChannelState& state,
                                const sealing::EntryHeader& header, const Digest& message_hash,
                                const sealing::Place& place) {
  const sealing::Device* sender = directory_.find_device(header.sender);
  if (sender == nullptr) return;
  const PersonId& author = sender->certificate.person;
  if (header.type == EntryType::acknowledgement) {
    const auto facts = sealing::parse_acknowledgement_facts(header.facts);
    if (!facts) return;
    const auto known = asked_.find({header.channel, facts->entry.channel_seq});
    if (known == asked_.end()) return;
    if (auto after = sealing::acknowledge(known->second.asked, *facts, author))
      known->second.asked = std::move(*after);
    return;
  }
  const sealing::RosterActors actors(state, directory_, place);
  if (auto asked = sealing::asked_entry_of(header, message_hash, author, actors, place))
    asked_[{header.channel, place.channel_seq}] = {std::move(*asked), place.index};
}

Result<void> SilenceChecker::check_event(const sealing::ChannelState& state,
                                         const sealing::MissingStep& event,
                                         const sealing::Place& place, const ReceiptReachOf& reach) {
  const auto known = asked_.find({state.channel(), event.channel_seq});
  const sealing::AskedEntry* asked = known == asked_.end() ? nullptr : &known->second.asked;
  Result<sealing::AskedEntry> after =
      sealing::judge_missing_step(asked, event, state, directory_, place);
  if (!after) return after.error();
  for (const sealing::RosterLine& line : state.roster()) {
    const PersonId& person = directory_.find_device(line.device)->certificate.person;
    if (!std::binary_search(event.people.begin(), event.people.end(), person)) continue;
    const bool opened = reach(line.device, sealing::ReceiptStep::opened) >= event.channel_seq;
    const bool received =
        opened || reach(line.device, sealing::ReceiptStep::delivered) >= event.channel_seq;
    if ((event.step == EvidenceStep::delivered && received) ||
        (event.step == EvidenceStep::opened && opened))
      report_.add(place.index,
                  "The server's event says that a step is missing whose receipt stands before it.");
  }
  alerts_.expect(place.index, sealing::silence_alerts_of(*asked, event, directory_));
  known->second.asked = std::move(*after);
  return {};
}

void SilenceChecker::compare(CheckCursor& cursor,
                             const std::function<bool(const ChannelId&)>& is_judged) {
  alerts_.finish();
  cursor.walk_asked([&](const ChannelId& channel, std::uint64_t channel_seq,
                        const std::optional<application::AskedRow>& stored) {
    if (is_judged(channel)) compare_row({channel, channel_seq}, stored);
  });
  const std::uint64_t begin = cursor.load_asked_begin();
  for (const auto& [place, known] : asked_)
    if (is_judged(place.first) && !known.is_stored && known.index >= begin)
      report_.add(known.index, "The entry's row in the table asked_entry is missing.");
}

/// When it is to be looked at next is policy, and no business of the check.
void SilenceChecker::compare_row(const Place& place,
                                 const std::optional<application::AskedRow>& stored) {
  const auto known = asked_.find(place);
  if (known == asked_.end())
    return report_.add(std::nullopt,
                       "The table asked_entry has an entry that asks nobody for anything.");
  known->second.is_stored = true;
  const sealing::AskedEntry& asked = known->second.asked;
  if (!stored)
    return report_.add(known->second.index, "The row in the table asked_entry cannot be read.");
  const Milliseconds said_ms = *std::max_element(asked.said_ms.begin(), asked.said_ms.end());
  const std::string differing =
      differing_columns({{"asked", stored->asked == asked},
                         {"looked_ms", stored->looked_ms >= std::max(said_ms, asked.server_ms)}});
  if (!differing.empty())
    report_.add(known->second.index,
                "The row in the table asked_entry differs from what the channel adds up to: " +
                    differing + ".");
}

}  // namespace oberih::storage
