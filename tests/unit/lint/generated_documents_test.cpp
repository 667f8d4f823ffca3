// SPDX-License-Identifier: Apache-2.0
// docs/rules is rendered from tables; ops/generate-docs is the one renderer, here and by hand.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "source_tree.hpp"

namespace oberih::lint {
namespace {

namespace fs = std::filesystem;

const std::string root = OBERIH_SOURCE;

int run(const std::string& command) { return std::system(command.c_str()); }

std::string quoted(const std::string& path) { return "'" + path + "'"; }

TEST(GeneratedDocuments, equal_what_their_tables_render) {
  EXPECT_EQ(run(quoted(root + "/ops/generate-docs") + " --check >&2"), 0)
      << "run ops/generate-docs and commit docs/rules";
}

class CopyOfTheTables : public testing::Test {
 protected:
  void SetUp() override {
    copy_ = fs::temp_directory_path() / ("oberih-lint-" + std::to_string(::getpid()));
    fs::create_directories(copy_ / "protocol/base");
    fs::create_directories(copy_ / "docs");
    fs::copy(fs::path(root) / "docs/rules", copy_ / "docs/rules", fs::copy_options::recursive);
    fs::copy(fs::path(root) / "protocol/base/refusal_codes.def", copy_ / "protocol/base");
    fs::copy(fs::path(root) / "policies", copy_ / "policies", fs::copy_options::recursive);
  }
  void TearDown() override { fs::remove_all(copy_); }

  int check() const {
    return run(quoted(root + "/ops/generate-docs") + " --check --root " + quoted(copy_.string()) +
               " >/dev/null 2>&1");
  }

  fs::path copy_;
};

TEST_F(CopyOfTheTables, is_accepted_as_it_is) { EXPECT_EQ(check(), 0); }

TEST_F(CopyOfTheTables, is_caught_when_a_row_was_added_and_not_rendered) {
  std::ofstream(copy_ / "protocol/base/refusal_codes.def", std::ios::app)
      << "OBERIH_REFUSAL(brand_new, -32099, 65, never, \"A row nobody rendered.\")\n";
  EXPECT_NE(check(), 0);
}

TEST_F(CopyOfTheTables, is_caught_when_a_permission_was_taken_away_and_not_rendered) {
  const fs::path file = copy_ / "policies/permissions.json";
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  std::string changed = text.str();
  const std::size_t at = changed.find("\"auditor\"");
  ASSERT_NE(at, changed.npos);
  std::ofstream(file) << changed.replace(at, 9, "\"liaison\"");
  EXPECT_NE(check(), 0);
}

TEST_F(CopyOfTheTables, is_caught_when_the_document_was_edited_by_hand) {
  std::ofstream(copy_ / "docs/rules/refusals.md", std::ios::app) << "a word\n";
  EXPECT_NE(check(), 0);
}

}  // namespace
}  // namespace oberih::lint
