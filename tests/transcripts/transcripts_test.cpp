// SPDX-License-Identifier: Apache-2.0
// Every .play of this folder, on every store.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "server/runtime/policy_loader.hpp"
#include "tests/support/memory_store.hpp"
#include "tests/transcripts/play.hpp"
#ifdef OBERIH_PLAYS_ON_POSTGRES
#include "server/storage/audit_indexer.hpp"
#include "server/storage/journal_reader.hpp"
#include "server/storage/journal_store.hpp"
#include "tests/support/postgres_fixture.hpp"
#endif

namespace oberih::transcripts {
namespace {

class InMemory final : public StorePlace {
 public:
  std::unique_ptr<application::JournalStore> open_store() override {
    return std::make_unique<test::MemoryStore>(journal_);
  }
  std::unique_ptr<application::JournalReader> open_reader() override {
    return std::make_unique<test::MemoryReader>(journal_);
  }

 private:
  test::MemoryJournal journal_;
};

#ifdef OBERIH_PLAYS_ON_POSTGRES
class OnPostgres final : public StorePlace {
 public:
  std::unique_ptr<application::JournalStore> open_store() override {
    return std::make_unique<storage::PostgresJournalStore>(database_.settings(), nullptr);
  }
  std::unique_ptr<application::JournalReader> open_reader() override {
    return std::make_unique<storage::PostgresJournalReader>(database_.settings(), nullptr);
  }
  std::unique_ptr<application::AuditIndex> open_audit_index(
      std::function<std::uint64_t()> committed) override {
    auto index = std::make_unique<storage::AuditIndexer>(database_.settings(), std::move(committed),
                                                         nullptr, nullptr);
    index->start();
    return index;
  }

 private:
  test::PostgresDatabase database_;
};
#endif

struct Performance {
  std::filesystem::path script;
  std::string store;
};

void PrintTo(const Performance& performance, std::ostream* out) {
  *out << performance.script.stem().string() << " on " << performance.store;
}

std::unique_ptr<StorePlace> make_place(const std::string& store) {
#ifdef OBERIH_PLAYS_ON_POSTGRES
  if (store == "postgres") return std::make_unique<OnPostgres>();
#endif
  if (store != "memory") throw std::logic_error("no store is called " + store);
  return std::make_unique<InMemory>();
}

std::vector<Performance> all_performances() {
  std::vector<Performance> performances;
  std::vector<std::string> stores{"memory"};
#ifdef OBERIH_PLAYS_ON_POSTGRES
  stores.push_back("postgres");
#endif
  for (const auto& file : std::filesystem::directory_iterator(OBERIH_SOURCE "/tests/transcripts"))
    if (file.path().extension() == ".play")
      for (const std::string& store : stores) performances.push_back({file.path(), store});
  return performances;
}

class Transcript : public testing::TestWithParam<Performance> {};

TEST_P(Transcript, goes_as_written) {
  auto policies = runtime::load_policies(OBERIH_SOURCE "/policies");
  ASSERT_TRUE(policies) << policies.error().detail;
  std::ifstream file(GetParam().script);
  std::ostringstream script;
  script << file.rdbuf();
  Play play(make_place(GetParam().store), *policies);
  const std::string fault = play.perform(script.str());
  EXPECT_TRUE(fault.empty()) << GetParam().script.filename().string() << ", " << fault;
}

INSTANTIATE_TEST_SUITE_P(Plays, Transcript, testing::ValuesIn(all_performances()),
                         [](const testing::TestParamInfo<Performance>& play) {
                           return play.param.script.stem().string() + "_on_" + play.param.store;
                         });

}  // namespace
}  // namespace oberih::transcripts
