// SPDX-License-Identifier: Apache-2.0
// The people and devices that a command names with --person and --device, and ends of mandates.
#pragma once

#include "client-cli/commands/command_tree.hpp"

namespace oberih::client {

struct NamedPeople {
  std::vector<std::string> devices, people;
  bool is_empty() const { return devices.empty() && people.empty(); }
};
void add_named_options(CommandTree& tree, CLI::App* command, NamedPeople& named);

/// Their devices, ascending, each once. Refusals: not_found, usage.
Result<std::vector<DeviceId>> find_named(ClientSession& session, const NamedPeople& named);

/// `--until`: the end of that day in Kyiv; 0 where it was not given. Refusal: usage.
Result<Milliseconds> read_end(const std::string& until);

}  // namespace oberih::client
