// SPDX-License-Identifier: Apache-2.0
// The table of the workloads. Each makes its own stage and measures its rows.
#pragma once

#include "tests/load/options.hpp"
#include "tests/load/report.hpp"

namespace oberih::load {

inline constexpr std::size_t people_in_channel = 10;

std::vector<Row> run_closed_loop(const Options& options);
std::vector<Row> run_open_loop(const Options& options);
std::vector<Row> run_large_channel(const Options& options);
std::vector<Row> run_idle_connections(const Options& options);
std::vector<Row> run_latest_page(const Options& options);
std::vector<Row> run_growth(const Options& options);
std::vector<Row> run_reconnect_storm(const Options& options);
std::vector<Row> run_tasks(const Options& options);
std::vector<Row> run_verification(const Options& options);
std::vector<Row> run_abuse(const Options& options);

struct Workload {
  std::string_view name;
  std::string_view what;
  std::vector<Row> (*run)(const Options&);
};

inline constexpr Workload workloads[] = {
    {"W1", "closed loop, 64 posts outstanding: 1 channel of 10 and 50 channels of 10",
     run_closed_loop},
    {"W2", "open loop, 200 posts/s in 50 channels of 10", run_open_loop},
    {"W3", "one channel of 1,000 members, raising the rate until it saturates", run_large_channel},
    {"W4", "server memory per idle connection, 2,000 and 10,000", run_idle_connections},
    {"W5", "latest 100 of 1,000,000 entries of a channel", run_latest_page},
    {"W6", "growth: W1 and W5 at ever more journal leaves (--sizes)", run_growth},
    {"W7", "reconnect storm: 2,000 clients, 50 entries to fetch each", run_reconnect_storm},
    {"W8", "tasks: open loop, 500 actions/s in 50 channels of 10", run_tasks},
    {"verify", "the client's verification: catching up alone, ten who follow", run_verification},
    {"abuse", "W2 under one attack after another, limits as shipped", run_abuse},
};

/// "10,000"
std::string with_commas(std::uint64_t number);

}  // namespace oberih::load
