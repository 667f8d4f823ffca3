// SPDX-License-Identifier: Apache-2.0
// What auditors ask of the database, held against a model that looks at every leaf; rows made for a
// journal that is older than their table; rows that were changed.
#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include "protocol/crypto/random_bytes.hpp"
#include "protocol/sealing/access_leaf.hpp"
#include "protocol/sealing/refusal_leaf.hpp"
#include "server/application/audit_row.hpp"
#include "server/storage/audit_indexer.hpp"
#include "server/storage/journal_checker.hpp"
#include "server/storage/journal_reader.hpp"
#include "server/storage/journal_store.hpp"
#include "tests/support/journal_builder.hpp"
#include "tests/support/postgres_fixture.hpp"

namespace oberih::test {
namespace {

using application::AuditWish;
using journal::LeafKind;
using sealing::AuditFilter;

class AuditStorageTest : public testing::Test {
 protected:
  AuditStorageTest() : store_(database_.settings(), nullptr) {
    commit();
    store_.store_checkpoint(builder_.sign_checkpoint());  // what is written quotes it
    first_ = builder_.open_channel();
    second_ = builder_.open_channel();
    for (int i = 0; i < 3; ++i) {
      builder_.pass(60'000);
      builder_.post(first_, builder_.investigator(), "one");
      builder_.post(second_, builder_.prosecutor(), "two");
      builder_.post_with(second_, builder_.prosecutor(), EntryType::message, Bytes{1, 1, 0, 0});
      access(builder_.colleague(), first_, sealing::AccessWhat::history);
      access(builder_.prosecutor(), {}, sealing::AccessWhat::session);
      refuse(builder_.colleague(), second_, i == 0 ? 32'020 : 32'021);
    }
    propose_task();
    commit();
  }

  void commit(bool make_rows = true) {
    application::Batch batch = builder_.take_batch();
    for (const application::JournalRow& row : batch.rows) {
      const journal::Leaf leaf = journal::parse_leaf(row.leaf).value();
      if (journal::is_directory_kind(leaf.kind)) {
        ASSERT_TRUE(directory_.apply_leaf(row.leaf, row.index));
      }
      audit_.push_back(application::audit_row_of(row.index, leaf, directory_));
      rows_.push_back(row);
    }
    ASSERT_EQ(store_.append(batch), application::CommitOutcome::committed);
    if (make_rows) make_audit_rows();
  }
  std::uint64_t make_audit_rows() {
    storage::AuditRowMaker maker(database_.settings());
    std::uint64_t made = 0;
    while (const std::uint64_t portion = maker.make_portion()) made += portion;
    return made;
  }
  void access(const TestDevice& who, const ChannelId& channel, sealing::AccessWhat what) {
    builder_.append_unchained(
        LeafKind::access, channel,
        sealing::encode_access_leaf(
            {what, who.certificate.device, 1, 2, 2, 1, crypto::random_id<sealing::LeafSalt>()}));
  }
  void refuse(const TestDevice& who, const ChannelId& channel, std::uint16_t code) {
    builder_.refuse(channel,
                    sealing::encode_refusal_leaf({who.certificate.device,
                                                  "channel.read",
                                                  {},
                                                  code,
                                                  1,
                                                  1,
                                                  crypto::random_id<sealing::LeafSalt>()}));
  }
  void propose_task() {
    sealing::TaskFacts facts;
    facts.task = task_;
    facts.action = sealing::TaskAction::propose;
    facts.requester = party_of(builder_.investigator());
    facts.kind = sealing::TaskKind::general;
    facts.urgency = sealing::TaskUrgency::date;
    facts.due_ms = builder_.server_ms() + 3'600'000;
    facts.slots = {party_of(builder_.prosecutor())};
    builder_.act_on_task(first_, builder_.investigator(), facts);
  }
  static sealing::TaskParty party_of(const TestDevice& device) {
    return sealing::TaskParty::of(device.certificate.agency, device.certificate.person);
  }

  std::vector<std::uint64_t> expected(const AuditWish& wish) const {
    std::vector<std::uint64_t> found;
    for (const application::AuditRow& row : audit_)
      if (row.index >= wish.from_index && row.index < wish.size &&
          sealing::fits(wish.filter, rows_[row.index].server_ms, row.channel, row.facts, row.actor))
        found.push_back(row.index);
    return found;
  }
  wire::AuditPage ask(AuditWish wish) {
    if (!reader_)
      reader_ = std::make_unique<storage::PostgresJournalReader>(database_.settings(), nullptr);
    std::promise<Result<wire::AuditPage>> promise;
    reader_->find_leaves({}, std::move(wish),
                       [&](Result<wire::AuditPage> page) { promise.set_value(std::move(page)); });
    return promise.get_future().get().value();
  }
  AuditWish wish_for(const AuditFilter& filter) const {
    AuditWish wish{filter, {}, rows_.size(), 0, 500, true};
    if (filter.person)
      for (const TestDevice* each :
           {&builder_.investigator(), &builder_.colleague(), &builder_.prosecutor()})
        if (each->certificate.person == *filter.person)
          wish.devices.push_back(each->certificate.device);
    return wish;
  }
  void expect_as_the_model_says(const AuditFilter& filter, const std::string& what) {
    const AuditWish wish = wish_for(filter);
    const std::vector<std::uint64_t> model = expected(wish);
    const wire::AuditPage page = ask(wish);
    std::vector<std::uint64_t> found;
    for (const wire::DirectoryLeaf& leaf : page.leaves) {
      found.push_back(leaf.index);
      EXPECT_EQ(leaf.leaf, rows_[leaf.index].leaf);
    }
    EXPECT_EQ(found, model) << what;
    EXPECT_EQ(page.count, model.size()) << what;
    EXPECT_FALSE(page.more);
  }

  /// Filters that ask for one thing, each of which something in the journal fits.
  std::vector<std::pair<std::string, std::function<void(AuditFilter&)>>> single_filters() const {
    const auto& officer = builder_.investigator().certificate;
    const auto& prosecutor = builder_.prosecutor().certificate;
    const Milliseconds middle = rows_[rows_.size() / 2].server_ms;
    return {
        {"from", [=](AuditFilter& f) { f.from_ms = middle; }},
        {"to", [=](AuditFilter& f) { f.to_ms = middle; }},
        {"person", [=](AuditFilter& f) { f.person = prosecutor.person; }},
        {"device", [=](AuditFilter& f) { f.device = officer.device; }},
        {"agency", [=](AuditFilter& f) { f.agency = officer.agency; }},
        {"role", [=](AuditFilter& f) { f.role = prosecutor.role; }},
        {"channel", [=, this](AuditFilter& f) { f.channel = second_; }},
        {"kind", [](AuditFilter& f) { f.kind = LeafKind::refusal; }},
        {"type",
         [](AuditFilter& f) {
           f.kind = LeafKind::access;
           f.type = static_cast<std::uint8_t>(sealing::AccessWhat::history);
         }},
        {"task", [=, this](AuditFilter& f) { f.task = task_; }},
        {"handling", [](AuditFilter& f) { f.handling = 1; }},
        {"refusal", [](AuditFilter& f) { f.refusal = 32'021; }},
    };
  }

  PostgresDatabase database_;
  storage::PostgresJournalStore store_;
  std::unique_ptr<storage::PostgresJournalReader> reader_;
  JournalBuilder builder_;
  std::vector<application::JournalRow> rows_;
  std::vector<application::AuditRow> audit_;
  sealing::Directory directory_;
  ChannelId first_, second_;
  const TaskId task_ = crypto::random_id<TaskId>();
};

TEST_F(AuditStorageTest, each_filter_alone_finds_what_the_model_finds) {
  expect_as_the_model_says({}, "everything");
  for (const auto& [name, set] : single_filters()) {
    AuditFilter filter;
    set(filter);
    EXPECT_FALSE(expected(wish_for(filter)).empty()) << name << " must find something";
    expect_as_the_model_says(filter, name);
  }
}

TEST_F(AuditStorageTest, every_pair_of_filters_finds_what_the_model_finds) {
  const auto filters = single_filters();
  for (const auto& [one, set_one] : filters)
    for (const auto& [other, set_other] : filters) {
      AuditFilter filter;
      set_one(filter);
      set_other(filter);
      expect_as_the_model_says(filter, one + " and " + other);
    }
}

TEST_F(AuditStorageTest, who_is_unknown_did_nothing) {
  AuditFilter filter;
  filter.person = crypto::random_id<PersonId>();
  expect_as_the_model_says(filter, "nobody");
  filter = {};
  filter.hearing = crypto::random_id<HearingId>();
  expect_as_the_model_says(filter, "no hearing");
}

TEST_F(AuditStorageTest, pages_stay_below_the_pinned_size_while_the_journal_grows) {
  AuditFilter filter;
  filter.channel = second_;
  AuditWish wish = wish_for(filter);
  wish.limit = 2;
  const std::vector<std::uint64_t> model = expected(wish);
  ASSERT_GT(model.size(), 4u);
  std::vector<std::uint64_t> found;
  for (bool more = true; more;) {
    const wire::AuditPage page = ask(wish);
    ASSERT_LE(page.leaves.size(), 2u);
    for (const wire::DirectoryLeaf& leaf : page.leaves) found.push_back(leaf.index);
    EXPECT_EQ(page.count, model.size());
    more = page.more;
    wish.from_index = found.back() + 1;
    builder_.post(second_, builder_.prosecutor(), "later");
    commit();
  }
  EXPECT_EQ(found, model);
}

TEST_F(AuditStorageTest, a_page_is_bounded_in_bytes_but_never_empty) {
  for (int i = 0; i < 20; ++i)
    builder_.append_unchained(LeafKind::software_release, {}, Bytes(60'000, 7));
  commit();
  AuditFilter filter;
  filter.kind = LeafKind::software_release;
  const wire::AuditPage page = ask(wish_for(filter));
  EXPECT_EQ(page.leaves.size(), 2u);
  EXPECT_TRUE(page.more);
  EXPECT_EQ(page.count, 20u);
}

TEST_F(AuditStorageTest, rows_are_made_once_and_the_same_again) {
  const std::string all =
      "SELECT md5(string_agg(r::text, '|' ORDER BY journal_index)) FROM audit_row r";
  const std::string made = database_.ask("oberih_superuser", all);
  EXPECT_EQ(make_audit_rows(), 0u);
  database_.run_as_superuser(
      "ALTER TABLE audit_row DISABLE TRIGGER append_only; DELETE FROM audit_row; "
      "ALTER TABLE audit_row ENABLE ALWAYS TRIGGER append_only");
  EXPECT_EQ(make_audit_rows(), rows_.size());
  EXPECT_EQ(database_.ask("oberih_superuser", all), made);
}

TEST_F(AuditStorageTest, the_newest_leaves_may_lack_their_rows_and_no_others) {
  const storage::CheckOptions options;
  builder_.post(second_, builder_.prosecutor(), "a moment ago");
  commit(false);
  EXPECT_TRUE(storage::check_journal(database_.settings(), options).is_sound());
  // Behind the last that has one a row is made later; in front of one it was taken away.
  database_.run_as_superuser(
      "ALTER TABLE audit_row DISABLE TRIGGER append_only; "
      "DELETE FROM audit_row WHERE journal_index = " +
      std::to_string(rows_.size() - 3));
  const storage::CheckReport report = storage::check_journal(database_.settings(), options);
  ASSERT_EQ(report.finding_count, 1u);
  EXPECT_EQ(report.findings[0].index, rows_.size() - 3);
}

TEST_F(AuditStorageTest, who_asks_waits_until_the_newest_leaf_can_be_found) {
  std::atomic<std::uint64_t> committed = rows_.size();
  storage::AuditIndexerSettings calm;
  calm.pause = std::chrono::hours(1);  // only who asks wakes it
  storage::AuditIndexer indexer(
      database_.settings(), [&] { return committed.load(); }, nullptr, nullptr, calm);
  indexer.start();
  const auto reach = [&](std::uint64_t size) {
    std::promise<Result<void>> reached;
    indexer.reach(size, [&](Result<void> result) { reached.set_value(std::move(result)); });
    return reached.get_future().get().has_value();
  };
  EXPECT_TRUE(reach(rows_.size()));  // from here on it sleeps
  builder_.post(second_, builder_.prosecutor(), "just now");
  commit(false);
  committed = rows_.size();
  AuditFilter filter;
  filter.channel = second_;
  AuditWish wish = wish_for(filter);
  EXPECT_LT(ask(wish).leaves.size(), expected(wish).size());  // the control: not there by itself
  EXPECT_TRUE(reach(wish.size));
  expect_as_the_model_says(filter, "after waiting");
}

TEST_F(AuditStorageTest, who_asks_for_what_does_not_come_is_told_so) {
  storage::AuditIndexerSettings hasty;
  hasty.patience = std::chrono::milliseconds(1);
  hasty.pause = std::chrono::milliseconds(1);
  hasty.waiting = 2;
  storage::AuditIndexer indexer(
      database_.settings(), [this] { return rows_.size(); }, nullptr, nullptr, hasty);
  std::vector<std::promise<Result<void>>> answers(4);
  const auto wait_for = [&](std::size_t which, std::uint64_t size) {
    indexer.reach(size, [&answers, which](Result<void> result) {
      answers[which].set_value(std::move(result));
    });
  };
  const auto code_of = [&](std::size_t which) {
    return answers[which].get_future().get().error().code;
  };
  wait_for(0, rows_.size() + 1);
  wait_for(1, rows_.size() + 1);
  wait_for(2, rows_.size() + 1);  // one more than may wait
  EXPECT_EQ(code_of(2), RefusalCode::unavailable);
  indexer.start();
  EXPECT_EQ(code_of(0), RefusalCode::unavailable);
  EXPECT_EQ(code_of(1), RefusalCode::unavailable);
  indexer.stop();
  wait_for(3, rows_.size() + 1);
  EXPECT_EQ(code_of(3), RefusalCode::unavailable);
}

TEST_F(AuditStorageTest, rows_go_on_where_another_writer_stopped) {
  std::atomic<std::uint64_t> committed = rows_.size();
  std::atomic<int> reports = 0;
  storage::AuditIndexerSettings quick;
  quick.pause = quick.failure_pause = std::chrono::milliseconds(1);
  storage::AuditIndexer indexer(
      database_.settings(), [&] { return committed.load(); }, nullptr,
      [&](const std::string&) { ++reports; }, quick);
  indexer.start();
  const auto reach = [&](std::uint64_t size) {
    std::promise<Result<void>> reached;
    indexer.reach(size, [&](Result<void> result) { reached.set_value(std::move(result)); });
    return reached.get_future().get().has_value();
  };
  EXPECT_TRUE(reach(rows_.size()));
  builder_.post(second_, builder_.prosecutor(), "made by another process");
  commit();  // with its row: the indexer's own is refused
  committed = rows_.size();
  EXPECT_TRUE(reach(rows_.size()));
  EXPECT_EQ(reports, 1);
  expect_as_the_model_says({}, "everything");
}

TEST_F(AuditStorageTest, a_row_that_says_something_else_than_its_leaf_is_named) {
  const storage::CheckOptions options;
  const storage::CheckReport before = storage::check_journal(database_.settings(), options);
  ASSERT_TRUE(before.is_sound()) << before.findings.front().sentence;
  database_.run_as_superuser(
      "ALTER TABLE audit_row DISABLE TRIGGER append_only; "
      "UPDATE audit_row SET agency = decode(repeat('07', 16), 'hex') WHERE journal_index = 9; "
      "DELETE FROM audit_row WHERE journal_index = 10");
  const storage::CheckReport report = storage::check_journal(database_.settings(), options);
  ASSERT_EQ(report.finding_count, 2u);
  EXPECT_EQ(report.findings[0].index, 9u);
  EXPECT_NE(report.findings[0].sentence.find("something else: agency"), std::string::npos);
  EXPECT_EQ(report.findings[1].index, 10u);
  EXPECT_NE(report.findings[1].sentence.find("missing"), std::string::npos);
}

TEST_F(AuditStorageTest, the_databases_auditor_asks_the_same_of_the_view) {
  const std::string condition =
      " FROM audit_metadata WHERE kind = 12 AND subtype = 2 AND device = decode('" +
      database_.ask("oberih_superuser",
                    "SELECT encode(device, 'hex') FROM audit_row WHERE kind = 12 AND type = 2") +
      "', 'hex')";
  EXPECT_EQ(database_.ask("oberih_auditor", "SELECT count(*)" + condition), "0")
      << "without the name of a query: no rows";
  EXPECT_EQ(database_.ask("oberih_auditor",
                          "SET oberih.audit_query = '417'; SELECT count(*)" + condition),
            "3");
}

}  // namespace
}  // namespace oberih::test
