// SPDX-License-Identifier: Apache-2.0
// Of journal_builder.hpp: entries that ask people for something, and what is said of their silence.
#include <algorithm>

#include "protocol/crypto/random_bytes.hpp"
#include "protocol/sealing/entry_facts.hpp"
#include "tests/support/journal_builder.hpp"

namespace oberih::test {

std::uint64_t JournalBuilder::post_with(const ChannelId& id, const TestDevice& sender,
                                        EntryType type, const Bytes& facts) {
  Channel& channel = channels_.at(id);
  const sealing::Place place{size(), channel.state.newest_seq() + 1, server_ms_ + 10};
  const sealing::RosterActors actors(channel.state, directory_, place);
  const std::uint64_t index = append_entry(channel, sender, type, "sealed", {}, facts);
  const PersonId& author = sender.certificate.person;
  sealing::EntryHeader header;
  header.type = type;
  header.facts = facts;
  if (auto asked = sealing::asked_entry_of(header, batch_.entries.back().message_hash, author,
                                           actors, place))
    put_asked(id, channel.asked[place.channel_seq] = std::move(*asked));
  if (type != EntryType::acknowledgement) return index;
  const auto acknowledged = sealing::parse_acknowledgement_facts(facts).value();
  auto& asked = channel.asked.at(acknowledged.entry.channel_seq);
  if (auto after = sealing::acknowledge(asked, acknowledged, author)) asked = std::move(*after);
  put_asked(id, asked);
  return index;
}

void JournalBuilder::put_asked(const ChannelId& id, const sealing::AskedEntry& asked) {
  std::erase_if(batch_.asked, [&](const application::AskedRow& row) {
    return row.channel == id && row.asked.channel_seq == asked.channel_seq;
  });
  batch_.asked.push_back({id, asked, asked.server_ms + 60'000, server_ms_});
}

sealing::MissingStep JournalBuilder::silence(const ChannelId& id, std::uint64_t channel_seq,
                                             EvidenceStep step,
                                             std::vector<const TestDevice*> people) const {
  const sealing::AskedEntry& asked = channels_.at(id).asked.at(channel_seq);
  sealing::MissingStep event;
  event.channel_seq = channel_seq;
  event.message_hash = asked.message_hash;
  event.step = step;
  event.due_ms = event.said_for_ms = asked.server_ms + 1;
  for (const TestDevice* device : people) event.people.push_back(device->certificate.person);
  std::sort(event.people.begin(), event.people.end());
  event.salt = crypto::random_id<sealing::LeafSalt>();
  return event;
}

std::uint64_t JournalBuilder::announce(const ChannelId& id, const sealing::MissingStep& event,
                                       Told told) {
  Channel& channel = channels_.at(id);
  const sealing::Place place{size(), channel.state.newest_seq() + 1, server_ms_ + 10};
  const auto known = channel.asked.find(event.channel_seq);
  auto after = sealing::judge_missing_step(known == channel.asked.end() ? nullptr : &known->second,
                                           event, channel.state, directory_, place);
  const std::uint64_t index = append_event(channel, id, sealing::encode_missing_step(event)).index;
  if (!after) return index;
  if (told == Told::yes)
    for (const sealing::SilenceAlert& alert :
         sealing::silence_alerts_of(known->second, event, directory_))
      append_alert(alert);
  put_asked(id, known->second = std::move(*after));
  return index;
}

const application::JournalRow& JournalBuilder::append_event(Channel& channel, const ChannelId& id,
                                                            Bytes body) {
  const sealing::Place place{size(), channel.state.newest_seq() + 1, server_ms_ + 10};
  const application::JournalRow& row =
      append_leaf({journal::LeafKind::server_event, 0, id, place.channel_seq,
                   channel.state.newest_leaf(), std::move(body)});
  channel.state.apply_other(place, row.leaf_hash);
  channel.leaf_hashes.push_back(row.leaf_hash);
  return row;
}

std::uint64_t JournalBuilder::append_alert(const sealing::SilenceAlert& alert) {
  const std::uint64_t index =
      append_leaf(
          {journal::LeafKind::server_event, 0, {}, 0, {}, sealing::encode_silence_alert(alert)})
          .index;
  batch_.alerts.push_back({index, alert.agency, alert.unit});
  return index;
}

}  // namespace oberih::test
