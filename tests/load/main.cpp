// SPDX-License-Identifier: Apache-2.0
// oberih-load: measures a server of its own on a database of its own, and counts every post.
#include <signal.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>

#include "tests/load/stage.hpp"
#include "tests/load/workloads.hpp"

namespace {

using oberih::load::Options;

std::string description() {
  std::string text = "Measures oberihd under load. Workloads:";
  for (const auto& workload : oberih::load::workloads)
    text += "\n  " + std::string(workload.name) + "  " + std::string(workload.what);
  return text;
}

void add_options(CLI::App& app, Options& options) {
  std::vector<std::string> names{"all"};
  for (const auto& workload : oberih::load::workloads) names.emplace_back(workload.name);
  app.add_option("workload", options.workloads, "W1 to W7, verify, abuse, or all")
      ->required()
      ->check(CLI::IsMember(names));
  app.add_option("--json", options.json_file, "Where the rows go as JSON");
  app.add_option("--runs", options.runs, "A row is their median")
      ->check(CLI::Range(1, 1'000))
      ->capture_default_str();
  app.add_option("--seconds", options.seconds, "Of one run")
      ->check(CLI::Range(0.1, 3'600.0))
      ->capture_default_str();
  app.add_option("--scale", options.scale,
                 "Part of the people, channels and history: 0.02 for a smoke pass")
      ->check(CLI::Range(0.0001, 1.0))
      ->capture_default_str();
  app.add_option("--witnesses", options.witnesses, "W1 a second time with so many witnesses")
      ->check(CLI::Range(0, 5))
      ->capture_default_str();
  app.add_option("--attacks", options.attacks, "Of abuse, as its rows name them; else all")
      ->delimiter(',');
  app.add_option("--sizes", options.sizes, "Journal leaves of W6, ascending")
      ->delimiter(',')
      ->capture_default_str();
}

bool is_wanted(const Options& options, std::string_view workload) {
  return std::ranges::any_of(options.workloads, [&](const std::string& name) {
    return name == "all" || name == workload;
  });
}

/// After each workload: what was measured is kept when a later one fails.
void write_json(const Options& options, const std::vector<oberih::load::Row>& rows) {
  if (options.json_file.empty()) return;
  std::ofstream file(options.json_file, std::ios::trunc);
  file << oberih::load::format_json(rows) << std::flush;
  if (!file) throw std::runtime_error(options.json_file + " cannot be written");
}

int run(const Options& options) {
  ::signal(SIGPIPE, SIG_IGN);
  std::vector<oberih::load::Row> rows;
  bool has_failed = false;
  for (const auto& workload : oberih::load::workloads) {
    if (!is_wanted(options, workload.name)) continue;
    std::cerr << workload.name << ": " << workload.what << std::endl;
    try {
      for (auto& row : workload.run(options)) rows.push_back(std::move(row));
    } catch (const std::exception& failure) {
      std::cerr << workload.name << " failed: " << failure.what() << std::endl;
      has_failed = true;
    }
    write_json(options, rows);
  }
  std::cout << oberih::load::format_table(rows)
            << "\nTimes in ms, CPU in seconds of a run; median (minimum..maximum) of "
            << options.runs << " runs; lost and doubled are sums.\n"
            << oberih::load::Stage::settings_note() << std::endl;
  if (!oberih::load::is_whole(rows)) {
    std::cerr << "Entries were lost or doubled." << std::endl;
    has_failed = true;
  }
  return has_failed ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app(description(), "oberih-load");
  add_options(app, options);
  CLI11_PARSE(app, argc, argv);
  try {
    return run(options);
  } catch (const std::exception& failure) {
    std::cerr << "oberih-load: " << failure.what() << std::endl;
    return 1;
  }
}
