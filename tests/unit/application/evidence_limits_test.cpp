// SPDX-License-Identifier: Apache-2.0
// Silence is said at the limit, of who is silent, once: whoever looks, however often, and however a
// commit ended.
#include "server/application/evidence_limits.hpp"

#include <gtest/gtest.h>

#include <future>

#include "protocol/sealing/entry_facts.hpp"
#include "protocol/sealing/receipt.hpp"
#include "recording.hpp"
#include "server/application/deadline_watch.hpp"
#include "tests/unit/sealing/world.hpp"

namespace oberih::application {
namespace {

using sealing::ReceiptStep;
using sealing::World;
using SilentDevice = sealing::TestDevice;

const ChannelId silent_channel = crypto::random_id<ChannelId>();
constexpr Milliseconds minutes_ms = 60'000;

/// Of urgent messages 5, 10 and 20 minutes, and again every 30; of others an hour each.
Policies silent_policies() {
  domain::DeadlineRows rows;
  rows.classes = {{"8h", 8, 0}};
  rows.notices = {{{"8h", "date"}, {}, {}, {}}};
  rows.evidence = {{{EntryType::message, EntryType::task, EntryType::hearing},
                    {domain::Priority::urgent},
                    5,
                    10,
                    20,
                    {},
                    30},
                   {{EntryType::message, EntryType::task, EntryType::hearing},
                    {domain::Priority::normal},
                    60,
                    60,
                    60,
                    {}}};
  Policies policies;
  policies.deadlines = std::get<domain::DeadlinePolicy>(domain::DeadlinePolicy::make(rows));
  return policies;
}

class EvidenceLimitsTest : public testing::Test {
 protected:
  void SetUp() override {
    here_.start();
    certify(journal::LeafKind::genesis, world_.genesis_body());
    for (std::size_t i = 0; i < world_.admins.size(); ++i)
      certify(journal::LeafKind::device_certificate,
              World::certify(world_.admins[i]->certificate, world_.agencies[i].root,
                             world_.admins[i]->signer));
    for (const SilentDevice* device : {&author_, &officer_, &clerk_})
      certify(journal::LeafKind::device_certificate,
              World::certify(device->certificate,
                             device == &clerk_ ? world_.admin_of(world_.prosecution()).signer
                                               : world_.admin_of(world_.police()).signer,
                             device->signer));
    ASSERT_TRUE(here_.run(seating({&author_, &officer_, &clerk_})));
  }

  void certify(journal::LeafKind kind, const Bytes& body) {
    ASSERT_TRUE(here_.run(
        [&](BatchView& batch) { return batch.stage_directory_leaf(kind, body, std::nullopt); }));
  }
  /// A record with these people, judged by nobody.
  static TestUnit::Judge seating(std::vector<const SilentDevice*> devices, bool closes = false) {
    return [=](BatchView& batch) -> Result<wire::Appended> {
      const sealing::ChannelState& state = batch.channel(silent_channel);
      sealing::ChannelRecord record;
      record.op = state.exists() ? sealing::RecordOp::change : sealing::RecordOp::create;
      if (closes) record.op = sealing::RecordOp::close;
      record.channel = silent_channel;
      record.seq = record.epoch = state.record_seq() + 1;
      for (const SilentDevice* device : devices)
        record.roster.push_back(device->line(RosterRole::admin));
      std::ranges::sort(record.roster, {}, [](const auto& line) { return line.device; });
      record.policy = {ChannelKind::ordinary, 1, History::full};
      record.author = devices.front()->id();
      return batch.stage_record(record, {sealing::encode_record_content(record), {}, {}}, {}, {});
    };
  }
  TestUnit::Judge posting(const SilentDevice& sender, EntryType type, Bytes facts) {
    return [=, this, device = sender.id()](BatchView& batch) -> Result<wire::Appended> {
      const sealing::SenderHead head = batch.load_sender(silent_channel, device);
      sealing::EntryHeader header;
      header.type = type;
      header.channel = silent_channel;
      header.sender = device;
      header.sender_seq = head.sender_seq + 1;
      header.sender_prev = head.message_hash;
      header.message_id = crypto::random_id<MessageId>();
      header.facts = facts;
      sealing::SealedEntry entry;
      entry.header = sealing::encode_header(header);
      entry.salt = crypto::random_id<Salt>();
      hash_ = sealing::message_hash(entry);
      const auto appended = batch.stage_entry(header, entry, hash_, Bytes{1, 2, 3});
      EvidenceLimits(policies_).follow_entry(batch, header, hash_, appended);
      return appended;
    };
  }
  /// An entry of the author's that asks for an acknowledgement.
  void ask(std::uint8_t priority, std::uint8_t asks_for = 2) {
    const auto appended = here_.run(posting(
        author_, EntryType::message, sealing::encode_common_facts({{}, priority, asks_for})));
    ASSERT_TRUE(appended);
    asked_ = {appended->channel_seq, hash_};
  }
  void acknowledge(const SilentDevice& device) {
    sealing::AcknowledgementFacts facts;
    facts.entry = asked_;
    facts.kind = sealing::AcknowledgementKind::received;
    ASSERT_TRUE(here_.run(
        posting(device, EntryType::acknowledgement, sealing::encode_acknowledgement_facts(facts))));
  }
  void receive(const SilentDevice& device, ReceiptStep step) {
    ASSERT_TRUE(here_.run([&](BatchView& batch) -> Result<wire::Appended> {
      return batch.stage_receipt(sealing::sign_receipt(
          {silent_channel, device.id(), step, batch.channel(silent_channel).newest_seq(),
           batch.channel(silent_channel).newest_leaf(), 1},
          device.signer));
    }));
  }
  static std::string look(DeadlineWatch& watch) {
    std::promise<Result<std::size_t>> looked;
    watch.look([&](Result<std::size_t> outcome) { looked.set_value(std::move(outcome)); });
    const Result<std::size_t> outcome = looked.get_future().get();
    return outcome ? std::to_string(*outcome) : std::string(refusal_row(outcome.error().code).name);
  }
  /// "officer clerk opened 10": who, what, and for which minute; in order.
  std::string said() const {
    std::string words;
    Milliseconds entry_ms = 0;
    for (const JournalRow& row : journal_.rows()) {
      if (row.channel_seq == asked_.channel_seq && row.kind == journal::LeafKind::entry)
        entry_ms = row.server_ms;
      if (row.kind != journal::LeafKind::server_event || row.channel.is_zero()) continue;
      const auto event = sealing::parse_missing_step(journal::parse_leaf(row.leaf).value().body);
      words += words.empty() ? "" : ", ";
      for (const PersonId& person : event->people)
        words += person == officer_.certificate.person ? "officer " : "clerk ";
      words += std::string(name_of(event->step)) + " " +
               std::to_string((event->said_for_ms - entry_ms) / minutes_ms);
    }
    return words;
  }
  /// Of everything that an agency was told, how many of its people: "1 1".
  std::string told(const sealing::TestAgency& agency) {
    std::string words;
    test::MemoryReader reader(journal_);
    reader.read_alerts({}, agency.agency.id, {UnitId{}}, 0, 100, [&](Result<wire::AlertPage> page) {
      for (const wire::DirectoryLeaf& each : page->leaves) {
        const auto leaf = journal::parse_leaf(each.leaf);
        EXPECT_TRUE(leaf->channel_id.is_zero());
        const auto alert = sealing::parse_silence_alert(leaf->body);
        EXPECT_EQ(alert->message_hash, asked_.message_hash);
        words += (words.empty() ? "" : " ") + std::to_string(alert->count);
      }
    });
    return words;
  }

  World world_;
  // In this order, so that the officer's id is the lesser one.
  SilentDevice author_ = world_.prepare(world_.police(), Role::investigator);
  SilentDevice officer_ = world_.prepare(world_.police(), Role::investigator);
  SilentDevice clerk_ = world_.prepare(world_.prosecution(), Role::liaison);
  test::MemoryJournal journal_;
  ManualClock clock_;
  const PoliciesInForce policies_{silent_policies()};
  Process here_{journal_, clock_};
  DeadlineWatch watch_{here_.recorder, policies_};
  Digest hash_;
  sealing::EntryReference asked_;
};

TEST_F(EvidenceLimitsTest, each_step_is_said_at_its_limit_of_who_has_not_done_it) {
  ask(1);
  clock_.pass(5 * minutes_ms - 1);
  EXPECT_EQ(look(watch_), "0");
  receive(officer_, ReceiptStep::delivered);
  clock_.pass(1);
  EXPECT_EQ(look(watch_), "1");
  EXPECT_EQ(said(), "clerk delivered 5");
  EXPECT_EQ(look(watch_), "0");
  receive(clerk_, ReceiptStep::opened);
  clock_.pass(5 * minutes_ms);
  look(watch_);
  EXPECT_EQ(said(), "clerk delivered 5, officer opened 10");
  clock_.pass(10 * minutes_ms);
  look(watch_);
  EXPECT_EQ(said(), "clerk delivered 5, officer opened 10, officer clerk acknowledged 20");
  EXPECT_EQ(told(world_.police()), "1 1");
  EXPECT_EQ(told(world_.prosecution()), "1 1");
  EXPECT_EQ(told(world_.ngo()), "");
}

TEST_F(EvidenceLimitsTest, what_is_urgent_is_repeated_until_everybody_has_acknowledged) {
  ask(1);
  receive(officer_, ReceiptStep::opened);
  receive(clerk_, ReceiptStep::opened);
  clock_.pass(20 * minutes_ms);
  look(watch_);
  clock_.pass(30 * minutes_ms);
  acknowledge(officer_);
  look(watch_);
  EXPECT_EQ(said(), "officer clerk acknowledged 20, clerk acknowledged 50");
  acknowledge(clerk_);
  clock_.pass(300 * minutes_ms);
  EXPECT_EQ(look(watch_), "0");
  EXPECT_EQ(told(world_.prosecution()), "1 1");
}

TEST_F(EvidenceLimitsTest, what_is_urgent_rings_again_where_somebody_has_not_acknowledged) {
  const auto rings = [&] {
    // The listener hears of a commit behind the answer.
    while (here_.listener.batches().size() < journal_.batches()) std::this_thread::yield();
    std::vector<Ring> all;
    for (const CommittedBatch& batch : here_.listener.batches())
      all.insert(all.end(), batch.rings.begin(), batch.rings.end());
    return all;
  };
  ask(sealing::priority_urgent);
  acknowledge(officer_);
  clock_.pass(10 * minutes_ms);
  look(watch_);
  EXPECT_TRUE(rings().empty()) << "not for what was not opened";
  const Ring ring{world_.prosecution().agency.id, {}};
  clock_.pass(10 * minutes_ms);
  look(watch_);
  EXPECT_EQ(rings(), std::vector<Ring>{ring});
  clock_.pass(30 * minutes_ms);
  look(watch_);
  EXPECT_EQ(rings(), (std::vector<Ring>{ring, ring}));
  acknowledge(clerk_);
  clock_.pass(30 * minutes_ms);
  look(watch_);
  EXPECT_EQ(rings().size(), 2u);
}

TEST_F(EvidenceLimitsTest, an_acknowledgement_just_in_time_leaves_nothing_to_say) {
  ask(1);
  acknowledge(officer_);
  acknowledge(clerk_);
  const std::size_t leaves = journal_.rows().size();
  clock_.pass(500 * minutes_ms);
  EXPECT_EQ(look(watch_), "0");
  EXPECT_EQ(journal_.rows().size(), leaves);
}

TEST_F(EvidenceLimitsTest, a_normal_entry_is_said_once_and_one_that_asks_for_nothing_never) {
  ask(0, 0);
  clock_.pass(60 * minutes_ms);
  EXPECT_EQ(look(watch_), "0");
  ask(0, 1);
  clock_.pass(60 * minutes_ms);
  EXPECT_EQ(look(watch_), "1");
  EXPECT_EQ(said(), "officer clerk delivered 60, officer clerk opened 60");
  clock_.pass(5'000 * minutes_ms);
  EXPECT_EQ(look(watch_), "0");
}

TEST_F(EvidenceLimitsTest, what_came_while_nobody_served_is_said_once_a_step) {
  ask(1);
  here_.recorder.stop();
  clock_.pass(3'000 * minutes_ms);
  Process again(journal_, clock_);
  again.start();
  DeadlineWatch watch(again.recorder, policies_);
  EXPECT_EQ(look(watch), "1");
  EXPECT_EQ(look(watch), "0");
  // The last of the repeats: 20 minutes and 24 times 30.
  EXPECT_EQ(said(),
            "officer clerk delivered 5, officer clerk opened 10, officer clerk acknowledged 740");
  clock_.pass(3'000 * minutes_ms);
  EXPECT_EQ(look(watch), "0");
}

TEST_F(EvidenceLimitsTest, a_commit_of_unknown_outcome_neither_loses_nor_doubles_it) {
  using Fault = test::MemoryJournal::Fault;
  ask(1);
  clock_.pass(5 * minutes_ms);
  journal_.inject({Fault::lose_after_commit});
  EXPECT_EQ(look(watch_), "unavailable");
  look(watch_);
  EXPECT_EQ(said(), "officer clerk delivered 5");
  clock_.pass(5 * minutes_ms);
  journal_.inject({Fault::lose_before_commit});
  EXPECT_EQ(look(watch_), "unavailable");
  EXPECT_EQ(look(watch_), "1");
  EXPECT_EQ(said(), "officer clerk delivered 5, officer clerk opened 10");
  EXPECT_EQ(told(world_.police()), "1 1");
}

TEST_F(EvidenceLimitsTest, of_two_servers_that_look_one_speaks) {
  ask(1);
  Process there(journal_, clock_);
  there.start();
  DeadlineWatch other(there.recorder, policies_);
  clock_.pass(5 * minutes_ms);
  EXPECT_EQ(look(watch_), "1");
  look(other);
  EXPECT_EQ(said(), "officer clerk delivered 5");
}

TEST_F(EvidenceLimitsTest, nobody_who_is_off_the_roster_is_silent) {
  ask(1);
  ASSERT_TRUE(here_.run(seating({&author_, &clerk_})));
  clock_.pass(5 * minutes_ms);
  look(watch_);
  EXPECT_EQ(said(), "clerk delivered 5");
  EXPECT_EQ(told(world_.police()), "");
  ASSERT_TRUE(here_.run(posting(clerk_, EntryType::leave, {})));
  const std::size_t leaves = journal_.rows().size();
  clock_.pass(5 * minutes_ms);
  EXPECT_EQ(look(watch_), "1");
  EXPECT_EQ(journal_.rows().size(), leaves) << "nobody is left to be waited for";
  clock_.pass(500 * minutes_ms);
  EXPECT_EQ(look(watch_), "0");
}

TEST_F(EvidenceLimitsTest, whoever_comes_later_was_not_asked) {
  ASSERT_TRUE(here_.run(seating({&author_, &clerk_})));
  ask(1);
  ASSERT_TRUE(here_.run(seating({&author_, &officer_, &clerk_})));
  clock_.pass(5 * minutes_ms);
  look(watch_);
  EXPECT_EQ(said(), "clerk delivered 5");
}

TEST_F(EvidenceLimitsTest, in_a_closed_channel_nothing_is_said) {
  ask(1);
  ASSERT_TRUE(here_.run(seating({&author_, &officer_, &clerk_}, true)));
  clock_.pass(50 * minutes_ms);
  EXPECT_EQ(look(watch_), "1");
  EXPECT_EQ(look(watch_), "0");
  EXPECT_EQ(said(), "");
}

TEST_F(EvidenceLimitsTest, where_the_policy_has_no_rule_nothing_is_said) {
  const PoliciesInForce none;
  ASSERT_TRUE(here_.run([&](BatchView& batch) -> Result<wire::Appended> {
    sealing::EntryHeader header;
    header.type = EntryType::message;
    header.channel = silent_channel;
    header.sender = author_.id();
    header.sender_seq = 1;
    header.message_id = crypto::random_id<MessageId>();
    header.facts = sealing::encode_common_facts({{}, 1, 2});
    const sealing::SealedEntry entry{sealing::encode_header(header), {}, {}, {}, {}};
    const Digest hash = sealing::message_hash(entry);
    const auto appended = batch.stage_entry(header, entry, hash, Bytes{1});
    EvidenceLimits(none).follow_entry(batch, header, hash, appended);
    return appended;
  }));
  DeadlineWatch watch(here_.recorder, none);
  clock_.pass(5'000 * minutes_ms);
  EXPECT_EQ(look(watch), "0");
}

}  // namespace
}  // namespace oberih::application
