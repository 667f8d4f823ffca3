// SPDX-License-Identifier: Apache-2.0
// Where the settings come from on a command line: --settings FILE, the environment, and a flag for
// each setting.
#pragma once

#include <string>

#include "server/runtime/settings.hpp"
#include "server/storage/database_settings.hpp"

namespace CLI {
class App;
}

namespace oberih::runtime {

struct SettingsArguments {
  std::string file;  // empty: defaults, environment and flags alone
  FlagValues flags;
};

/// Adds --settings and the flags to a command. `arguments` outlives the command.
void add_settings_arguments(CLI::App& command, SettingsArguments& arguments);

Result<Settings> load_settings(const SettingsArguments& arguments);

storage::DatabaseSettings database_settings(const Settings& settings);
/// Empty: attachments lie in the database.
std::string attachment_directory(const Settings& settings);

}  // namespace oberih::runtime
