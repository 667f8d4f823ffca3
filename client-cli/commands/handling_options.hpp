// SPDX-License-Identifier: Apache-2.0
// How a person says what readers may do with an entry: H0 to H3, TLP, or a name that officers know
// (policies/handling_codes.json).
#pragma once

#include "client-cli/commands/command_tree.hpp"
#include "protocol/sealing/entry_facts.hpp"

namespace oberih::client {

struct HandlingOptions {
  std::string restriction, traffic_light, code;
};
void add_handling_options(CommandTree& tree, CLI::App* command, HandlingOptions& options);

/// A code of the file gives both; what is said besides takes its place. Refusal: usage.
Result<sealing::HandlingCode> read_handling(const HandlingOptions& options);

struct NamedCode {
  std::string name, uk, en;
  sealing::HandlingCode handling;
};
/// As they were when this was built. INVARIANT: a test reads them.
std::vector<NamedCode> named_codes();
Result<std::vector<NamedCode>> parse_named_codes(std::string_view json);

/// `[H2 TLP:AMBER]`, or nothing where nothing is marked.
std::string handling_tag(const sealing::HandlingCode& code);

}  // namespace oberih::client
