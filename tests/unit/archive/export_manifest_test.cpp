// SPDX-License-Identifier: Apache-2.0
// What an export says to people of the question that it answers.
#include "client-cli/archive/export_manifest.hpp"

#include <nlohmann/json.hpp>

#include "tests/unit/evidence/export_world.hpp"

namespace oberih::client {
namespace {

nlohmann::json asked_in(evidence::ExportWorld& scene, const evidence::ExportQuery& query) {
  const evidence::MemoryExport files =
      query.is_whole() ? scene.export_whole() : scene.export_selection(query);
  const auto report = evidence::verify_export(files, scene.genesis());
  EXPECT_TRUE(report) << evidence::words_of(report);
  if (!report) return {};
  return nlohmann::json::parse(make_export_manifest(files, *report).value())["asked"];
}

TEST(ExportManifest, says_what_was_asked_for_and_nothing_that_was_not) {
  evidence::ExportWorld scene;
  using nlohmann::json;
  EXPECT_EQ(asked_in(scene, {}), (json{{"whole_journal", true}}));
  EXPECT_EQ(asked_in(scene, {{}, {}, 1, 0, "Order 417"}),
            (json{{"whole_journal", false}, {"from_ms", 1}, {"case", "Order 417"}}));
}

}  // namespace
}  // namespace oberih::client
