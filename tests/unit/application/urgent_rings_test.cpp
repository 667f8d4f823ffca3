// SPDX-License-Identifier: Apache-2.0
// Whom an urgent entry calls: decided by its clear facts, rung after the commit, and only then.
#include "server/application/urgent_rings.hpp"

#include <gtest/gtest.h>

#include "recording.hpp"
#include "server/application/ringing_listener.hpp"
#include "tests/unit/sealing/world.hpp"

namespace oberih::application {
namespace {

using sealing::TaskAction;
using sealing::TaskFacts;
using sealing::TaskParty;

const ChannelId urgent_channel = crypto::random_id<ChannelId>();
const TaskId urgent_task = crypto::random_id<TaskId>();
const UnitId night_unit = crypto::random_id<UnitId>();

class UrgentRingsTest : public testing::Test {
 protected:
  void SetUp() override {
    here_.start();
    ASSERT_TRUE(here_.run([this](BatchView& batch) { return found(batch); }));
    ASSERT_TRUE(here_.run([this](BatchView& batch) { return create(batch); }));
  }
  Result<wire::Appended> certify(BatchView& batch, const sealing::TestAgency& agency,
                                 const sealing::TestDevice& device) {
    return batch.stage_directory_leaf(
        journal::LeafKind::device_certificate,
        sealing::World::certify(device.certificate,
                                world_.certifier_of(agency, device.certificate.role),
                                device.signer),
        {});
  }
  Result<wire::Appended> found(BatchView& batch) {
    Result<wire::Appended> last =
        batch.stage_directory_leaf(journal::LeafKind::genesis, world_.genesis_body(), {});
    for (const sealing::TestAgency& agency : world_.agencies)
      if (last) last = certify(batch, agency, world_.admin_of(agency));
    if (last) last = certify(batch, world_.police(), author_);
    if (last) last = certify(batch, world_.police(), colleague_);
    if (last) last = certify(batch, world_.prosecution(), prosecutor_);
    if (last) last = certify(batch, world_.ngo(), caseworker_);
    return last;
  }
  Result<wire::Appended> create(BatchView& batch) {
    sealing::ChannelRecord record;
    record.op = sealing::RecordOp::create;
    record.channel = urgent_channel;
    record.seq = record.epoch = 1;
    for (const sealing::TestDevice* device : {&author_, &colleague_, &prosecutor_, &caseworker_})
      record.roster.push_back(device->line(RosterRole::member));
    std::ranges::sort(record.roster, {}, [](const auto& line) { return line.device; });
    record.policy = {ChannelKind::ordinary, 1, History::full};
    record.author = author_.id();
    return batch.stage_record(record, {sealing::encode_record_content(record), {}, {}}, {}, {});
  }
  /// Unjudged but for its rings.
  TestUnit::Judge posting_as(EntryType type, Bytes facts, std::optional<TaskFacts> task = {}) {
    return [this, type, facts, task](BatchView& batch) -> Result<wire::Appended> {
      const sealing::SenderHead head = batch.load_sender(urgent_channel, author_.id());
      sealing::EntryHeader header;
      header.type = type;
      header.channel = urgent_channel;
      header.sender = author_.id();
      header.sender_seq = head.sender_seq + 1;
      header.sender_prev = head.message_hash;
      header.message_id = crypto::random_id<MessageId>();
      header.facts = facts;
      if (task) batch.stage_task(urgent_channel, projection());
      sealing::SealedEntry entry;
      entry.header = sealing::encode_header(header);
      const auto appended =
          batch.stage_entry(header, entry, sealing::message_hash(entry), Bytes{1});
      stage_rings(batch, header, task);
      return appended;
    };
  }
  TestUnit::Judge urgent_message() {
    return posting_as(EntryType::message, sealing::encode_common_facts({{}, 1, 0}));
  }
  sealing::Task projection() {
    sealing::Task task;
    task.id = urgent_task;
    task.requester = TaskParty::of(world_.police().agency.id, author_.certificate.person);
    task.slots.resize(2);
    task.slots[0].assignee = TaskParty::of(world_.prosecution().agency.id, night_unit);
    task.slots[1].assignee = TaskParty::of(world_.ngo().agency.id, caseworker_.certificate.person);
    return task;
  }
  TestUnit::Judge acting(TaskAction action, std::uint16_t slot, std::uint8_t priority = 1) {
    TaskFacts facts;
    facts.priority = priority;
    facts.task = urgent_task;
    facts.action = action;
    facts.slot = slot;
    facts.due_ms = action == TaskAction::extend ? 1 : 0;
    return posting_as(EntryType::task, sealing::encode_task_facts(facts), facts);
  }
  /// Of the commit that this brings. The listener hears of it behind the answer.
  std::vector<Ring> rings_of(TestUnit::Judge judge) {
    EXPECT_TRUE(here_.run(std::move(judge)));
    while (here_.listener.batches().size() == commits_) std::this_thread::yield();
    return here_.listener.batches().at(commits_++).rings;
  }
  Ring ring(const sealing::TestAgency& agency, const UnitId& unit = {}) {
    return {agency.agency.id, unit};
  }

  sealing::World world_;
  const sealing::TestDevice author_ = world_.prepare(world_.police(), Role::investigator);
  const sealing::TestDevice colleague_ = world_.prepare(world_.police(), Role::investigator);
  const sealing::TestDevice prosecutor_ = world_.prepare(world_.prosecution(), Role::prosecutor);
  const sealing::TestDevice caseworker_ = world_.prepare(world_.ngo(), Role::caseworker);
  test::MemoryJournal journal_;
  ManualClock clock_;
  Process here_{journal_, clock_};
  std::size_t commits_ = 2;  // of SetUp()
};

TEST_F(UrgentRingsTest, a_message_calls_each_other_agency_once_and_not_its_authors) {
  std::vector<Ring> expected{ring(world_.prosecution()), ring(world_.ngo())};
  std::ranges::sort(expected);
  EXPECT_EQ(rings_of(urgent_message()), expected);
}

TEST_F(UrgentRingsTest, what_is_not_urgent_calls_nobody) {
  EXPECT_TRUE(rings_of(posting_as(EntryType::message, {})).empty());
  EXPECT_TRUE(rings_of(acting(TaskAction::withdraw, 0, 0)).empty());
}

TEST_F(UrgentRingsTest, a_task_calls_those_who_are_asked_and_nobody_else_of_the_roster) {
  TaskFacts facts;
  facts.priority = 1;
  facts.task = urgent_task;
  facts.action = TaskAction::propose;
  facts.requester = projection().requester;
  facts.kind = sealing::TaskKind::general;
  facts.urgency = sealing::TaskUrgency::hours_8;
  facts.slots = {projection().slots[0].assignee};
  EXPECT_EQ(rings_of(posting_as(EntryType::task, sealing::encode_task_facts(facts), facts)),
            std::vector<Ring>{ring(world_.prosecution(), night_unit)});
}

TEST_F(UrgentRingsTest, an_action_calls_whoever_it_speaks_to) {
  EXPECT_EQ(rings_of(acting(TaskAction::withdraw, 0)),
            std::vector<Ring>{ring(world_.prosecution(), night_unit)});
  EXPECT_EQ(rings_of(acting(TaskAction::extend, 1)), std::vector<Ring>{ring(world_.ngo())})
      << "a person is not named";
  EXPECT_EQ(rings_of(acting(TaskAction::submit, 0)), std::vector<Ring>{ring(world_.police())});
}

TEST_F(UrgentRingsTest, what_is_rolled_back_calls_nobody) {
  journal_.inject({test::MemoryJournal::Fault::fail});
  EXPECT_FALSE(here_.run(urgent_message()));
  EXPECT_TRUE(rings_of(posting_as(EntryType::message, {})).empty()) << "nor does what comes next";
}

class CountingDoorbell final : public Doorbell {
 public:
  void ring(const Ring& ring) override { rings.push_back(ring); }
  std::vector<Ring> rings;
};

TEST(RingingListener, passes_commits_on_and_rings_for_them) {
  RecordingListener next;
  CountingDoorbell doorbell;
  RingingListener listener(next, &doorbell);
  CommittedBatch batch;
  batch.directory_count = 7;
  batch.rings = {{crypto::random_id<AgencyId>(), {}}, {crypto::random_id<AgencyId>(), night_unit}};
  listener.on_commit(batch);
  ASSERT_EQ(next.batches().size(), 1u);
  EXPECT_EQ(next.batches()[0].directory_count, 7u);
  EXPECT_EQ(doorbell.rings, batch.rings);
  RingingListener(next, nullptr).on_commit(batch);
  EXPECT_EQ(next.batches().size(), 2u) << "without a doorbell, too";
}

}  // namespace
}  // namespace oberih::application
