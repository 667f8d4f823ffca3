// SPDX-License-Identifier: Apache-2.0
// Hostile members and a server that lets them: what a client takes of tasks, and what it refuses,
// whatever stands in the journal.
#include <gtest/gtest.h>

#include <cstdlib>

#include "client-cli/verification/task_book.hpp"
#include "client-cli/verification/verified_channel.hpp"
#include "protocol/crypto/random_bytes.hpp"
#include "tests/support/journal_builder.hpp"

namespace oberih::client {
namespace {

using sealing::TaskAction;
using sealing::TaskFacts;
using sealing::TaskParty;
using test::JournalBuilder;
using test::TestDevice;

TaskParty party_of(const TestDevice& device) {
  return TaskParty::of(device.certificate.agency, device.certificate.person);
}

/// The prosecutor's client, fed by hand with what stands in the journal.
class ClientTasks : public testing::Test {
 protected:
  ClientTasks() {
    char name[] = "/tmp/oberih-client-XXXXXX";
    if (mkdtemp(name) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = name;
    const TestDevice& device = journal_.prosecutor();
    ring_.device = device.certificate.device;
    ring_.signature_seed = device.signature_key.copy();
    ring_.hpke_secret = device.hpke_key.copy();
    ring_.storage_key = crypto::random_secret<SymmetricKey>();
    channel_id_ = journal_.open_channel();
    open();
  }
  ~ClientTasks() override {
    channel_.reset();
    directory_.reset();
    store_.reset();
    std::filesystem::remove_all(folder_);
  }
  /// As another command of the same profile would.
  void open() {
    channel_.reset();
    directory_.reset();
    store_ = std::make_unique<LocalStore>(folder_, ring_.storage_key);
    directory_ = std::make_unique<VerifiedDirectory>(*store_, journal_.genesis_hash(), folder_);
    EXPECT_TRUE(directory_->load());
    channel_ = std::make_unique<VerifiedChannel>(*store_, *directory_, ring_, folder_, channel_id_);
  }

  TaskFacts proposal() const {
    TaskFacts facts;
    facts.task = task_;
    facts.action = TaskAction::propose;
    facts.requester = party_of(journal_.investigator());
    facts.kind = sealing::TaskKind::general;
    facts.urgency = sealing::TaskUrgency::hours_8;
    facts.slots = {party_of(journal_.prosecutor())};
    return facts;
  }
  TaskFacts action(TaskAction action) const {
    TaskFacts facts;
    facts.task = task_;
    facts.action = action;
    return facts;
  }
  static std::string text_of(TaskAction action, const std::string& title,
                             const std::string& words) {
    return std::string(as_text(sealing::encode_task_text({action, title, words}).value().view()));
  }
  void propose() {
    journal_.act_on_task(channel_id_, journal_.investigator(), proposal(),
                         JournalBuilder::Judged::yes,
                         text_of(TaskAction::propose, "Допит", "Через перекладачку"));
  }

  Result<> take() {
    const application::Batch batch = journal_.take_batch();
    wire::DirectoryPage page;
    std::vector<wire::ChannelItem> items;
    for (const application::JournalRow& row : batch.rows) {
      if (journal::is_directory_kind(row.kind)) {
        page.leaves.push_back({row.index, row.leaf});
        continue;
      }
      wire::ChannelItem item;
      item.index = row.index;
      item.leaf = row.leaf;
      for (const application::EntryRow& entry : batch.entries)
        if (entry.index == row.index) item.ciphertext = entry.ciphertext;
      for (const application::EpochRow& epoch : batch.epochs)
        if (epoch.index == row.index) {
          item.wraps = epoch.wraps;
          item.prev_box = epoch.prev_box;
        }
      items.push_back(std::move(item));
    }
    page.directory_count = page.leaves.size();
    if (!page.leaves.empty()) OBERIH_TRY(directory_->add(page));
    return channel_->apply(items);
  }
  TaskBook book() { return TaskBook(*store_, channel_->keys(), channel_id_); }
  sealing::TaskState state() { return book().find(task_)->slots.at(0).state; }

  /// INVARIANT of every lie: refused, kept as evidence, and the task stays as it was.
  void expect_refused(const TestDevice& author, const TaskFacts& facts, const std::string& why) {
    const sealing::Task before = *book().find(task_);
    journal_.act_on_task(channel_id_, author, facts, JournalBuilder::Judged::no);
    const Result<> taken = take();
    ASSERT_FALSE(taken);
    EXPECT_EQ(taken.error().code, RefusalCode::verification_failed);
    EXPECT_NE(taken.error().detail.find(why), std::string::npos) << taken.error().detail;
    EXPECT_EQ(*book().find(task_), before);
    EXPECT_TRUE(std::filesystem::exists(folder_ / "evidence"));
  }

  JournalBuilder journal_;
  ChannelId channel_id_;
  TaskId task_ = crypto::random_id<TaskId>();
  KeyRing ring_;
  std::filesystem::path folder_;
  std::unique_ptr<LocalStore> store_;
  std::unique_ptr<VerifiedDirectory> directory_;
  std::unique_ptr<VerifiedChannel> channel_;
};

TEST_F(ClientTasks, what_the_rules_permit_is_kept_and_its_words_open) {
  propose();
  ASSERT_TRUE(take());
  journal_.act_on_task(channel_id_, journal_.prosecutor(), action(TaskAction::accept));
  ASSERT_TRUE(take());
  open();
  EXPECT_EQ(state(), sealing::TaskState::accepted);
  EXPECT_EQ(book().title(*book().find(task_)), "Допит");
  const std::vector<TaskEvent> events = book().events(task_);
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].text->words, "Через перекладачку");
  EXPECT_EQ(events[1].author, journal_.prosecutor().certificate.device);
  EXPECT_FALSE(events[1].text);  // what is no text of a task is not shown
}

TEST_F(ClientTasks, somebody_elses_slot_is_not_taken) {
  propose();
  ASSERT_TRUE(take());
  expect_refused(journal_.colleague(), action(TaskAction::accept), "not_your_part");
}

TEST_F(ClientTasks, nobody_acts_for_whom_they_are_no_deputy_of) {
  propose();
  ASSERT_TRUE(take());
  TaskFacts facts = action(TaskAction::accept);
  facts.acting_for = journal_.prosecutor().certificate.person;
  expect_refused(journal_.colleague(), facts, "not_your_part");
}

TEST_F(ClientTasks, a_forged_version_is_not_taken) {
  propose();
  ASSERT_TRUE(take());
  TaskFacts facts = action(TaskAction::accept);
  facts.expected_version = 7;
  expect_refused(journal_.prosecutor(), facts, "stale_version");
}

TEST_F(ClientTasks, a_state_is_not_skipped) {
  propose();
  ASSERT_TRUE(take());
  expect_refused(journal_.prosecutor(), action(TaskAction::submit), "transition_unknown");
}

TEST_F(ClientTasks, own_work_is_not_confirmed) {
  propose();
  for (const TaskAction next : {TaskAction::accept, TaskAction::start, TaskAction::submit})
    journal_.act_on_task(channel_id_, journal_.prosecutor(), action(next));
  ASSERT_TRUE(take());
  expect_refused(journal_.prosecutor(), action(TaskAction::confirm), "own_work");
}

TEST_F(ClientTasks, a_text_of_another_action_is_not_shown_under_this_one) {
  propose();
  journal_.act_on_task(channel_id_, journal_.prosecutor(), action(TaskAction::accept),
                       JournalBuilder::Judged::yes, text_of(TaskAction::decline, {}, "Ні, ніколи"));
  ASSERT_TRUE(take());
  EXPECT_FALSE(book().events(task_).at(1).text);
}

}  // namespace
}  // namespace oberih::client
