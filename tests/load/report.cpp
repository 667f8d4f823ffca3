// SPDX-License-Identifier: Apache-2.0
#include "tests/load/report.hpp"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <numeric>

namespace oberih::load {
namespace {

struct Column {
  const char* key;
  std::optional<double> Measures::*value;
  int decimals;
  bool is_summed;  // over the runs: one lost entry in five runs must not vanish in a median
};

constexpr Column columns[] = {
    {"posts_s", &Measures::posts_s, 0, false},
    {"deliv_s", &Measures::deliv_s, 0, false},
    {"full_p50", &Measures::full_p50, 2, false},
    {"full_p99", &Measures::full_p99, 2, false},
    {"full_max", &Measures::full_max, 2, false},
    {"cpu_srv", &Measures::cpu_srv, 2, false},
    {"cpu_pg", &Measures::cpu_pg, 2, false},
    {"cpu_gen", &Measures::cpu_gen, 2, false},
    {"srv_us_del", &Measures::srv_us_del, 1, false},
    {"kib_per_conn", &Measures::kib_per_conn, 1, false},
    {"peak_mib", &Measures::peak_mib, 1, false},
    {"connect_ms", &Measures::connect_ms, 1, false},
    {"x_quiet", &Measures::x_quiet, 2, false},
    {"lost", &Measures::lost, 0, true},
    {"doubled", &Measures::doubled, 0, true},
};

std::vector<double> values_of(const Row& row, const Column& column) {
  std::vector<double> values;
  for (const Measures& run : row.runs)
    if (run.*column.value) values.push_back(*(run.*column.value));
  std::ranges::sort(values);
  return values;
}

double middle_of(const std::vector<double>& sorted, const Column& column) {
  if (column.is_summed) return std::accumulate(sorted.begin(), sorted.end(), 0.0);
  const std::size_t half = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

std::string number(double value, int decimals) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

std::string cell(const Row& row, const Column& column) {
  const auto values = values_of(row, column);
  if (values.empty()) return "-";
  std::string text = number(middle_of(values, column), column.decimals);
  if (values.size() > 1 && !column.is_summed)
    text += " (" + number(values.front(), column.decimals) + ".." +
            number(values.back(), column.decimals) + ")";
  return text;
}

}  // namespace

std::string format_table(const std::vector<Row>& rows) {
  std::string text = "| workload | variant |";
  std::string line = "|---|---|";
  for (const Column& column : columns) {
    text.append(" ").append(column.key).append(" |");
    line += "---|";
  }
  text += "\n" + line + "\n";
  for (const Row& row : rows) {
    text.append("| ").append(row.workload).append(" | ").append(row.variant).append(" |");
    for (const Column& column : columns) text.append(" ").append(cell(row, column)).append(" |");
    text += "\n";
  }
  return text;
}

std::string format_json(const std::vector<Row>& rows) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Row& row : rows) {
    nlohmann::ordered_json object;
    object["workload"] = row.workload;
    object["variant"] = row.variant;
    for (const Column& column : columns) {
      const auto values = values_of(row, column);
      const std::string key = column.key;
      object[key] = nullptr;
      object[key + "_min"] = nullptr;
      object[key + "_max"] = nullptr;
      if (values.empty()) continue;
      object[key] = middle_of(values, column);
      object[key + "_min"] = values.front();
      object[key + "_max"] = values.back();
    }
    list.push_back(std::move(object));
  }
  return list.dump(1) + "\n";
}

bool is_whole(const std::vector<Row>& rows) {
  return std::ranges::all_of(rows, [](const Row& row) {
    return std::ranges::all_of(row.runs, [](const Measures& run) {
      return run.lost.value_or(0) == 0 && run.doubled.value_or(0) == 0;
    });
  });
}

}  // namespace oberih::load
