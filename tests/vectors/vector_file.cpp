// SPDX-License-Identifier: Apache-2.0
#include "vector_file.hpp"

#include "history_check.hpp"
#include "protocol/encoding/strict_json.hpp"

namespace oberih::vectors {
namespace {

void collect_paths(const nlohmann::json& json, const std::string& path,
                   std::vector<std::string>& paths) {
  if (json.is_object()) {
    for (const auto& [key, value] : json.items())
      collect_paths(value, path.empty() ? key : path + "." + key, paths);
  } else if (json.is_array()) {
    for (std::size_t i = 0; i < json.size(); ++i)
      collect_paths(json[i], path + "[" + std::to_string(i) + "]", paths);
  } else {
    paths.push_back(path);
  }
}

/// What no single history says: they are told apart by their seeds and share one note.
void check_across(const Value& file) {
  const std::vector<Value> histories = file.items();
  file.expect(!histories.empty(), "holds no history");
  for (std::size_t i = 0; i < histories.size(); ++i)
    for (std::size_t j = 0; j < histories.size(); ++j) {
      if (i == j) continue;
      histories[i]["seed"].expect(
          histories[i]["seed"].number() != histories[j]["seed"].number(),
          "two histories have one seed");
      histories[i]["note"].expect(histories[i]["note"].text() == histories[j]["note"].text(),
                                  "the histories bear different notes");
    }
}

}  // namespace

std::vector<std::string> value_paths(const nlohmann::json& file) {
  std::vector<std::string> paths;
  collect_paths(file, "", paths);
  return paths;
}

VectorReport check_vector_file(const nlohmann::json& file) {
  VectorReport report;
  const Value root(file, report);
  check_across(root);
  for (const Value& history : root.items()) check_history(history);
  for (const std::string& path : value_paths(file))
    if (!report.verdicts().contains(path))
      report.record(path, false, "is not known: nothing checks it");
  return report;
}

VectorReport check_vector_text(std::string_view text) {
  Result<nlohmann::json> file = encoding::parse_strict_json(text);
  if (file) return check_vector_file(*file);
  VectorReport report;
  report.record("", false, "is no strict JSON: " + file.error().detail);
  return report;
}

}  // namespace oberih::vectors
