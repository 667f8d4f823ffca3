// SPDX-License-Identifier: Apache-2.0
// A malicious server says that people are silent who are not: of an entry that asked for nothing,
// of somebody whose acknowledgement stands in the channel, twice, before its time, of a stranger.
#include "client-cli/verification/asked_book.hpp"
#include "protocol/sealing/entry_facts.hpp"
#include "protocol/sealing/remark_text.hpp"
#include "tests/attacks/server_attack.hpp"

namespace oberih::attacks {
namespace {

constexpr Milliseconds said_late_ms = 60'000;

class ServerAttackOnSilence : public ServerAttack {
 protected:
  /// Oksana asks; Taras acknowledges, the prosecutor does not. No policy of the scene's server says
  /// so soon that a step is missing.
  ServerAttackOnSilence() : channel_(scene().open_channel()) {
    auto oksana = scene().honest_member(scene().oksana()),
         taras = scene().honest_member(scene().taras());
    const Bytes asking = sealing::encode_common_facts({{}, 1, 2});
    EXPECT_EQ(outcome(oksana->read(channel_)), "accepted");
    const auto asked =
        client::EntrySender(oksana->session())
            .post(oksana->channel(channel_), {sealing::MessageWhat::text, "терміново", {}}, asking);
    EXPECT_TRUE(asked);
    EXPECT_EQ(outcome(taras->read(channel_)), "accepted");
    const auto entry =
        client::AskedBook(taras->session().store(), channel_).find(asked->channel_seq);
    EXPECT_TRUE(entry);
    asked_ = *entry;
    sealing::AcknowledgementFacts facts;
    facts.entry = {asked_.channel_seq, asked_.message_hash};
    facts.kind = sealing::AcknowledgementKind::understood;
    EXPECT_TRUE(client::EntrySender(taras->session())
                    .post(taras->channel(channel_), EntryType::acknowledgement,
                          sealing::encode_remark("").value(),
                          sealing::encode_acknowledgement_facts(facts)));
  }

  sealing::MissingStep silence_of(const Device& device) const {
    sealing::MissingStep event;
    event.channel_seq = asked_.channel_seq;
    event.message_hash = asked_.message_hash;
    event.step = EvidenceStep::acknowledged;
    event.due_ms = event.said_for_ms = asked_.server_ms + said_late_ms;
    event.people = {device.certificate.person};
    return event;
  }
  /// A leaf of the server's, which needs nobody's key, an hour behind what stands there.
  wire::ChannelItem leaf_with(const sealing::MissingStep& event) const {
    journal::Leaf leaf;
    leaf.kind = journal::LeafKind::server_event;
    leaf.channel_id = channel_;
    leaf.channel_seq = 1;
    leaf.server_ms = asked_.server_ms + 60 * said_late_ms;
    leaf.body = sealing::encode_missing_step(event);
    wire::ChannelItem item;
    item.leaf = journal::encode_leaf(leaf);
    return item;
  }
  void expect_refused(std::string_view why, const std::vector<sealing::MissingStep>& events) {
    expect_items_refused(channel_, scene().taras(), why, Scene::said().size() + 1,
                         [&](Items& items) {
                           for (const sealing::MissingStep& event : events)
                             items.push_back(leaf_with(event));
                         });
  }

  const ChannelId channel_;
  sealing::AskedEntry asked_;
};

TEST_F(ServerAttackOnSilence, nobody_is_called_silent_whose_acknowledgement_stands_there) {
  expect_refused("transition_unknown, a step of somebody who has acknowledged",
                 {silence_of(scene().taras())});
}

TEST_F(ServerAttackOnSilence, nothing_is_missing_of_an_entry_that_asked_for_nothing) {
  const Items items = items_of(channel_, scene().taras());
  sealing::MissingStep event = silence_of(scene().odesa());
  event.channel_seq = 3;  // the first word
  event.message_hash = sealing::message_hash(entry_of(items[2]));
  expect_refused("not_found, no entry that asks", {event});
}

TEST_F(ServerAttackOnSilence, a_missing_step_is_not_said_twice_for_one_moment) {
  const sealing::MissingStep event = silence_of(scene().odesa());
  expect_refused("due_in_past, a missing step that was said already", {event, event});
}

TEST_F(ServerAttackOnSilence, a_limit_is_not_said_before_its_moment) {
  sealing::MissingStep event = silence_of(scene().odesa());
  event.due_ms = event.said_for_ms = asked_.server_ms + 100 * said_late_ms;
  expect_refused("due_in_past, a limit before its moment", {event});
}

TEST_F(ServerAttackOnSilence, whoever_was_not_asked_is_not_silent) {
  expect_refused("not_found, a step of somebody whom the entry did not ask",
                 {silence_of(scene().oksana())});
  expect_refused("not_found, a step of somebody whom the entry did not ask",
                 {silence_of(scene().police_admin())});
}

}  // namespace
}  // namespace oberih::attacks
