// SPDX-License-Identifier: Apache-2.0
// oberih-garbage --seed N [--connections N | --minutes M] [--at-once N] | --only SEED | --list
// Connections that speak half the protocol, against a real server at which others work. Exit code 1
// where something was not as promised; each sentence names the seed of its connection.
#include <signal.h>

#include <iostream>

#include "tests/garbage/campaign.hpp"

namespace {

using namespace oberih::garbage;

std::optional<CampaignWish> parse(int count, char** words) {
  CampaignWish wish;
  bool has_number = false;
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string name = words[i];
    const std::uint64_t value = std::stoull(words[i + 1]);
    if (name == "--seed")
      wish.seed = value;
    else if (name == "--connections")
      wish.connections = value, has_number = true;
    else if (name == "--minutes")
      wish.time = std::chrono::minutes(value);
    else if (name == "--at-once")
      wish.at_once = value;
    else if (name == "--only")
      wish.only = value;
    else
      return std::nullopt;
  }
  if (wish.time.count() > 0 && !has_number) wish.connections = 0;
  return count % 2 == 1 ? std::optional(wish) : std::nullopt;
}

int run(const CampaignWish& wish) {
  std::cout << (wish.only ? "only " : "seed ") << wish.only.value_or(wish.seed) << std::endl;
  const auto violations = run_campaign(wish, std::cout);
  for (const std::string& violation : violations) std::cout << "VIOLATION: " << violation << '\n';
  if (!violations.empty()) std::cout << "again: oberih-garbage --only SEED OF THE CONNECTION\n";
  return violations.empty() ? 0 : 1;
}

}  // namespace

int main(int count, char** words) {
  ::signal(SIGPIPE, SIG_IGN);
  if (count == 2 && std::string(words[1]) == "--list") {
    for (const Mischief& row : mischief_table())
      std::cout << stage_names[static_cast<std::size_t>(row.stage)] << ' ' << row.name << ": "
                << row.what << '\n';
    return 0;
  }
  try {
    if (const auto wish = parse(count, words)) return run(*wish);
  } catch (const std::exception& failure) {
    std::cerr << failure.what() << '\n';
    return 70;
  }
  std::cerr << "oberih-garbage --seed N [--connections N | --minutes M] [--at-once N]\n"
               "oberih-garbage --only SEED_OF_A_CONNECTION\noberih-garbage --list\n";
  return 64;
}
