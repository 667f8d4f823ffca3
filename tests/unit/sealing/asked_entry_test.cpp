// SPDX-License-Identifier: Apache-2.0
// Whom an entry asks, and what a server may say of their silence: everybody who reads the channel
// finds out one that lies about an entry, a moment or somebody who has acknowledged.
#include "protocol/sealing/asked_entry.hpp"

#include "malformed_input.hpp"
#include "protocol/sealing/entry_facts.hpp"
#include "protocol/sealing/task_facts.hpp"
#include "world.hpp"

namespace oberih::sealing {
namespace {

constexpr Milliseconds one_minute = 60'000;

class AskedEntryTest : public testing::Test {
 protected:
  AskedEntryTest() {
    channel_.policy.approvals_k = 1;
    EXPECT_EQ(channel_.append(channel_.create(
                  chief_, {chief_.line(RosterRole::admin), officer_.line(RosterRole::member),
                           second_device_.line(RosterRole::member)})),
              "accepted");
    EXPECT_EQ(channel_.append(channel_.follow(chief_, RecordOp::change,
                                              adding({clerk_.line(RosterRole::read_only)}))),
              "accepted");
    world_.now_ms += 10 * one_minute;
  }

  static PersonId person(const TestDevice& device) { return device.certificate.person; }
  static Bytes facts(std::uint8_t priority, std::uint8_t asks_for) {
    return encode_common_facts({{}, priority, asks_for});
  }
  std::optional<AskedEntry> ask(const EntryHeader& header, const TestDevice& author) {
    const Place place = channel_.place();
    const RosterActors actors(channel_.state, world_.directory, place);
    return asked_entry_of(header, hash_, person(author), actors, place);
  }
  std::optional<AskedEntry> ask(std::uint8_t priority, std::uint8_t asks_for) {
    EntryHeader header = channel_.entry(chief_);
    header.facts = facts(priority, asks_for);
    return ask(header, chief_);
  }
  std::vector<PersonId> people_of(const std::optional<AskedEntry>& entry) {
    std::vector<PersonId> people;
    if (entry)
      for (const AskedPerson& each : entry->people) people.push_back(each.person);
    return people;
  }
  static std::vector<PersonId> sorted(std::vector<PersonId> people) {
    std::sort(people.begin(), people.end());
    return people;
  }

  /// Of the officer, an hour behind the entry, which lies a minute ahead of it.
  MissingStep silence(const AskedEntry& entry, EvidenceStep step = EvidenceStep::acknowledged) {
    MissingStep event{entry.channel_seq, hash_, step, entry.server_ms + one_minute, 0, {}, {}};
    event.said_for_ms = event.due_ms;
    event.people = {person(officer_)};
    return event;
  }
  std::string judged(const std::optional<AskedEntry>& entry, const MissingStep& event) {
    return outcome_of(judge_missing_step(entry ? &*entry : nullptr, event, channel_.state,
                                         world_.directory, channel_.place()));
  }

  World world_;
  TestDevice& chief_ = world_.enrol(world_.police(), Role::investigator);
  TestDevice& officer_ = world_.enrol(world_.police(), Role::investigator);
  TestDevice& second_device_ =
      world_.enrol(world_.police(), Role::investigator, officer_.certificate.person);
  TestDevice& clerk_ = world_.enrol(world_.prosecution(), Role::liaison);
  TestDevice& stranger_ = world_.enrol(world_.ngo(), Role::caseworker);
  TestChannel channel_{world_};
  const Digest hash_ = made_of<Digest>(70);
};

TEST_F(AskedEntryTest, asks_everybody_on_the_roster_but_its_author) {
  const auto entry = ask(0, 2);
  ASSERT_TRUE(entry);
  EXPECT_EQ(people_of(entry), sorted({person(officer_), person(clerk_)}));
  EXPECT_EQ(entry->channel_seq, 3u);
  EXPECT_EQ(entry->server_ms, world_.now_ms);
  EXPECT_FALSE(entry->is_urgent);
}

TEST_F(AskedEntryTest, asks_for_what_its_facts_say) {
  EXPECT_FALSE(ask(0, 0));
  EXPECT_FALSE(ask(0, 4)) << "a request to the originator has an answer of its own";
  for (const auto& entry : {ask(0, 1), ask(1, 0)}) {
    ASSERT_TRUE(entry);
    EXPECT_TRUE(entry->asks_for(EvidenceStep::delivered));
    EXPECT_TRUE(entry->asks_for(EvidenceStep::opened));
    EXPECT_FALSE(entry->asks_for(EvidenceStep::acknowledged));
  }
  EXPECT_TRUE(ask(1, 2)->asks_for(EvidenceStep::acknowledged));
  EXPECT_TRUE(ask(1, 2)->is_urgent);
}

TEST_F(AskedEntryTest, nobody_who_has_left_or_is_revoked_is_asked) {
  ASSERT_EQ(channel_.post(channel_.entry(clerk_, EntryType::leave)), "accepted");
  EXPECT_EQ(people_of(ask(0, 2)), std::vector<PersonId>{person(officer_)});
  world_.revoke(officer_);
  EXPECT_EQ(people_of(ask(0, 2)), std::vector<PersonId>{person(officer_)}) << "another device";
  world_.revoke(second_device_);
  EXPECT_FALSE(ask(0, 2));
}

TEST_F(AskedEntryTest, other_entries_than_messages_and_proposals_ask_nobody) {
  for (const EntryType type : {EntryType::acknowledgement, EntryType::consent, EntryType::leave}) {
    EntryHeader header = channel_.entry(chief_, type);
    header.facts = facts(1, 0);
    EXPECT_FALSE(ask(header, chief_)) << name_of(type);
  }
}

TEST_F(AskedEntryTest, a_proposal_asks_the_people_of_its_assignees_and_no_other_action_does) {
  TaskFacts task;
  task.asks_for = 2;
  task.task = made_of<TaskId>(5);
  task.action = TaskAction::propose;
  task.kind = TaskKind::general;
  task.urgency = TaskUrgency::days_3;
  task.requester = TaskParty::of(world_.police().agency.id, person(chief_));
  task.slots = {TaskParty::of(world_.prosecution().agency.id, person(clerk_))};
  EntryHeader header = channel_.entry(chief_, EntryType::task);
  header.facts = encode_task_facts(task);
  const auto entry = ask(header, chief_);
  ASSERT_TRUE(entry);
  EXPECT_EQ(people_of(entry), std::vector<PersonId>{person(clerk_)});
  EXPECT_EQ(entry->task, task.task);
  task.slots = {TaskParty::of(world_.ngo().agency.id, person(stranger_))};
  header.facts = encode_task_facts(task);
  EXPECT_FALSE(ask(header, chief_)) << "nobody of them is there";
  task.action = TaskAction::start;
  header.facts = encode_task_facts(task);
  EXPECT_FALSE(ask(header, chief_));
}

TEST_F(AskedEntryTest, an_acknowledgement_counts_once_for_who_was_asked) {
  const AskedEntry entry = *ask(0, 2);
  AcknowledgementFacts said;
  said.entry = {entry.channel_seq, hash_};
  const auto after = acknowledge(entry, said, person(officer_));
  ASSERT_TRUE(after);
  EXPECT_TRUE(after->has_acknowledged(person(officer_)));
  EXPECT_FALSE(after->has_acknowledged(person(clerk_)));
  EXPECT_FALSE(acknowledge(*after, said, person(officer_)));
  EXPECT_FALSE(acknowledge(entry, said, person(stranger_)));
  EXPECT_FALSE(acknowledge(entry, said, person(chief_)));
  said.entry.message_hash = made_of<Digest>(71);
  EXPECT_FALSE(acknowledge(entry, said, person(officer_)));
}

TEST_F(AskedEntryTest, each_step_is_said_once_a_moment_and_in_order) {
  AskedEntry entry = *ask(1, 2);
  world_.now_ms = entry.server_ms + one_minute;
  for (const EvidenceStep step : all_evidence_steps) {
    const auto after = judge_missing_step(&entry, silence(entry, step), channel_.state,
                                          world_.directory, channel_.place());
    ASSERT_TRUE(after) << name_of(step);
    EXPECT_EQ(judged(*after, silence(entry, step)), "due_in_past") << name_of(step);
    entry = *after;
  }
  MissingStep again = silence(entry);
  again.said_for_ms += one_minute;
  EXPECT_EQ(judged(entry, again), "due_in_past") << "before its moment";
  world_.now_ms += one_minute;
  EXPECT_EQ(judged(entry, again), "accepted");
}

TEST_F(AskedEntryTest, a_limit_lies_behind_the_entry) {
  const AskedEntry entry = *ask(0, 2);
  world_.now_ms += one_minute;
  MissingStep event = silence(entry);
  EXPECT_EQ(judged(entry, event), "accepted");
  event.due_ms = event.said_for_ms = entry.server_ms;
  EXPECT_EQ(judged(entry, event), "due_in_past");
  event.due_ms = event.said_for_ms = world_.now_ms + 1;
  EXPECT_EQ(judged(entry, event), "due_in_past");
}

TEST_F(AskedEntryTest, nothing_is_said_of_an_entry_that_asked_for_nothing_or_is_not_there) {
  const AskedEntry entry = *ask(0, 1);
  world_.now_ms += one_minute;
  EXPECT_EQ(judged(entry, silence(entry, EvidenceStep::opened)), "accepted");
  EXPECT_EQ(judged(entry, silence(entry)), "transition_unknown");
  EXPECT_EQ(judged(std::nullopt, silence(entry)), "not_found");
  MissingStep other = silence(entry, EvidenceStep::opened);
  other.channel_seq += 1;
  EXPECT_EQ(judged(entry, other), "not_found");
  other = silence(entry, EvidenceStep::opened);
  other.message_hash = made_of<Digest>(71);
  EXPECT_EQ(judged(entry, other), "not_found");
}

TEST_F(AskedEntryTest, who_has_acknowledged_lacks_no_step) {
  const AskedEntry entry = *ask(0, 2);
  AcknowledgementFacts said;
  said.entry = {entry.channel_seq, hash_};
  const AskedEntry after = *acknowledge(entry, said, person(officer_));
  world_.now_ms += one_minute;
  for (const EvidenceStep step : all_evidence_steps)
    EXPECT_EQ(judged(after, silence(entry, step)), "transition_unknown") << name_of(step);
  MissingStep event = silence(entry);
  event.people = {person(clerk_)};
  EXPECT_EQ(judged(after, event), "accepted");
  event.people = sorted({person(clerk_), person(officer_)});
  EXPECT_EQ(judged(after, event), "transition_unknown");
}

TEST_F(AskedEntryTest, only_who_was_asked_and_is_still_there_can_be_silent) {
  const AskedEntry entry = *ask(0, 2);
  world_.now_ms += one_minute;
  MissingStep event = silence(entry);
  for (const TestDevice* other : {&chief_, &stranger_}) {
    event.people = {person(*other)};
    EXPECT_EQ(judged(entry, event), "not_found");
  }
  ASSERT_EQ(channel_.append(channel_.follow(chief_, RecordOp::change,
                                            removing({officer_.id(), second_device_.id()}))),
            "accepted");
  EXPECT_EQ(judged(entry, silence(entry)), "not_found");
}

TEST_F(AskedEntryTest, in_a_closed_channel_nobody_is_silent) {
  TestChannel closed(world_);
  closed.policy.approvals_k = 1;
  ASSERT_EQ(closed.append(closed.create(
                chief_, {chief_.line(RosterRole::admin), officer_.line(RosterRole::member)})),
            "accepted");
  const AskedEntry entry = *ask(0, 2);
  ASSERT_EQ(closed.append(closed.follow(chief_, RecordOp::close, closing())), "accepted");
  world_.now_ms += one_minute;
  EXPECT_EQ(outcome_of(judge_missing_step(&entry, silence(entry), closed.state, world_.directory,
                                          closed.place())),
            "channel_closed");
}

TEST_F(AskedEntryTest, each_agency_is_told_how_many_of_its_people) {
  AskedEntry entry = *ask(0, 2);
  MissingStep event = silence(entry);
  event.people = sorted({person(officer_), person(clerk_)});
  auto alerts = silence_alerts_of(entry, event, world_.directory);
  ASSERT_EQ(alerts.size(), 2u);
  for (const SilenceAlert& alert : alerts) {
    EXPECT_EQ(alert.count, 1u);
    EXPECT_TRUE(alert.unit.is_zero());
    EXPECT_EQ(alert.message_hash, hash_);
    EXPECT_TRUE(parse_silence_alert(encode_silence_alert(alert)));
  }
  EXPECT_EQ(alerts[0].agency, world_.police().agency.id);
  EXPECT_EQ(alerts[1].agency, world_.prosecution().agency.id);
  entry.people[0].unit = made_of<UnitId>(3);
  event.people = {entry.people[0].person};
  alerts = silence_alerts_of(entry, event, world_.directory);
  ASSERT_EQ(alerts.size(), 1u);
  EXPECT_EQ(alerts[0].unit, made_of<UnitId>(3));
}

TEST_F(AskedEntryTest, is_kept_as_it_was) {
  AskedEntry entry = *ask(1, 2);
  entry.acknowledged = {entry.people[1].person};
  entry.said_of(EvidenceStep::opened) = 7;
  const Bytes bytes = encode_asked_entry(entry);
  const auto parsed = parse_asked_entry(bytes);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(*parsed, entry);
  expect_strict(bytes, parse_asked_entry);
  std::swap(entry.people[0], entry.people[1]);
  EXPECT_FALSE(parse_asked_entry(encode_asked_entry(entry)));
}

}  // namespace
}  // namespace oberih::sealing
