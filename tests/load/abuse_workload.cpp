// SPDX-License-Identifier: Apache-2.0
// W2 under one attack after another, each beside a quiet run: what honest people notice. The limits
// are those that the server is shipped with; each attack has an agency and an address of its own.
#include <algorithm>
#include <cstdio>

#include "tests/load/attack_thread.hpp"
#include "tests/load/newcomer.hpp"
#include "tests/load/posting.hpp"
#include "tests/load/workloads.hpp"

namespace oberih::load {
namespace {

constexpr double posts_per_second = 200;
constexpr std::size_t history_entries = 2'000;
constexpr in_addr_t first_address = INADDR_LOOPBACK + 256;  // 127.0.1.1

/// An attack with its people, channel and address.
struct Gang {
  Attack attack;
  std::vector<Member*> people;
  in_addr_t address = 0;
  Row row;
};

std::vector<Gang> gather(Stage& stage, const Options& options) {
  std::vector<Gang> gangs;
  for (std::size_t i = 0; i < attack_count(); ++i) {
    const auto people = stage.enrol_elsewhere(attackers, i);
    Channel& channel = stage.open_channel(people);
    stage.history().wait();
    std::vector<SenderChain> chains;
    for (const Member* member : people) chains.emplace_back(*member, channel, stage.checkpoint());
    lay_entries(stage.history(), channel, chains, options.scaled(history_entries, attackers),
                text_bytes);
    Attack attack = make_attacks(channel)[i];
    attack.connections = options.scaled(attack.connections, 2);
    const std::string name = attack.name;
    gangs.push_back({std::move(attack), people, first_address + static_cast<in_addr_t>(i),
                     Row{"abuse", name, {}}});
  }
  return gangs;
}

Measures run_honest(Stage& stage, Posting& posting, Newcomer& newcomer, double seconds) {
  stage.forget_peak();
  newcomer.begin();
  Measures measures = posting.run_open(posts_per_second, seconds);
  measures.connect_ms = newcomer.end();
  measures.peak_mib = stage.server_peak_kib() / 1024;
  return measures;
}

bool is_wanted(const Options& options, const std::string& attack) {
  return options.attacks.empty() ||
         std::ranges::find(options.attacks, attack) != options.attacks.end();
}

}  // namespace

std::vector<Row> run_abuse(const Options& options) {
  require_open_files(8'000);
  Stage stage(Stage::Limits::as_shipped, attack_count());
  const auto opened = stage.open_channels(options.scaled(50, 2), people_in_channel);
  Member& comes_and_goes = *stage.enrol(1)[0];
  std::vector<Gang> gangs = gather(stage, options);
  stage.start_server();
  Posting posting(stage, opened);
  Newcomer newcomer(comes_and_goes, *opened[0], stage.port());
  posting.leave_out(posting.run_open(posts_per_second, std::min(1.0, options.seconds)));
  Row quiet{"abuse", "quiet", {}};
  for (unsigned run = 0; run < options.runs; ++run)
    for (Gang& gang : gangs) {
      if (!is_wanted(options, gang.attack.name)) continue;
      quiet.runs.push_back(run_honest(stage, posting, newcomer, options.seconds));
      AttackThread attack(gang.attack, gang.people, stage.port(), gang.address);
      gang.row.runs.push_back(run_honest(stage, posting, newcomer, options.seconds));
      Measures& attacked = gang.row.runs.back();
      attacked.x_quiet = *attacked.full_p99 / *quiet.runs.back().full_p99;
      const auto& counts = attack.counts();
      std::fprintf(stderr,
                   "  %s: p99 %.1f ms, quiet %.1f; attackers came in %llu times, were ended %llu "
                   "times, refused %llu times\n",
                   gang.attack.name.c_str(), *attacked.full_p99, *quiet.runs.back().full_p99,
                   static_cast<unsigned long long>(counts.opened),
                   static_cast<unsigned long long>(counts.ended),
                   static_cast<unsigned long long>(counts.refused));
    }
  std::vector<Row> rows{std::move(quiet)};
  for (Gang& gang : gangs)
    if (!gang.row.runs.empty()) rows.push_back(std::move(gang.row));
  return rows;
}

}  // namespace oberih::load
