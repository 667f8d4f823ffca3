// SPDX-License-Identifier: Apache-2.0
// What the workloads found: a row each, median, minimum and maximum of the runs, as a table and as
// JSON.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace oberih::load {

/// One run. What a workload does not measure is absent, and null in the JSON.
struct Measures {
  std::optional<double> posts_s;  // acknowledged
  std::optional<double> deliv_s;
  std::optional<double> full_p50;  // ms, from the post to the last member; W5, W7: the fetch
  std::optional<double> full_p99;
  std::optional<double> full_max;
  std::optional<double> cpu_srv;  // s
  std::optional<double> cpu_pg;
  std::optional<double> cpu_gen;
  std::optional<double> srv_us_del;  // server's CPU microseconds a delivery
  std::optional<double> kib_per_conn;
  std::optional<double> peak_mib;    // most that the server had resident in the run
  std::optional<double> connect_ms;  // slowest connect of somebody who comes meanwhile
  std::optional<double> x_quiet;     // full_p99 in those of the quiet run before
  std::optional<double> lost;
  std::optional<double> doubled;
};

struct Row {
  std::string workload;
  std::string variant;
  std::vector<Measures> runs;
};

std::string format_table(const std::vector<Row>& rows);
std::string format_json(const std::vector<Row>& rows);
/// True when no run of any row lost or doubled anything.
bool is_whole(const std::vector<Row>& rows);

}  // namespace oberih::load
