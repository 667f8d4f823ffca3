// SPDX-License-Identifier: Apache-2.0
// What an export that was stopped leaves behind, and what lies there beside it.
#include "client-cli/archive/export_folder.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "protocol/evidence/export_file_names.hpp"
#include "tests/support/process.hpp"

namespace oberih::client {
namespace {

namespace of = evidence::export_name;

class UnfinishedExport : public testing::Test {
 protected:
  void put(std::string_view name) {
    const auto path = folder() / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << "x";
  }
  std::filesystem::path folder() const { return home_.path() / "leak.making"; }

 private:
  test::TemporaryFolder home_;
};

TEST_F(UnfinishedExport, of_every_form_is_removed) {
  for (const std::string_view name :
       {of::manifest, of::readme, of::head, of::checkpoint, of::leaf_hashes, of::proof, of::anchors,
        of::selection, of::names, of::texts})
    put(name);
  put(evidence::export_bundle_name(0, 256));
  const Result<> removed = remove_unfinished(folder());
  EXPECT_TRUE(removed) << removed.error().detail;
  EXPECT_FALSE(std::filesystem::exists(folder()));
}

TEST_F(UnfinishedExport, with_somebodys_own_file_stays_and_names_it) {
  put(of::head);
  put("diary.txt");
  const Result<> refused = remove_unfinished(folder());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, RefusalCode::usage);
  EXPECT_NE(refused.error().detail.find("diary.txt"), std::string::npos) << refused.error().detail;
  EXPECT_TRUE(std::filesystem::exists(folder() / "diary.txt"));
  EXPECT_TRUE(std::filesystem::exists(folder() / of::head));
}

}  // namespace
}  // namespace oberih::client
