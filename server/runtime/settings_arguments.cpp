// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/settings_arguments.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <thread>

#include "server/runtime/private_file.hpp"

namespace oberih::runtime {
namespace {

std::optional<std::string> look_up_environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value ? std::optional<std::string>(value) : std::nullopt;
}

std::string describe(const SettingRow& row) {
  std::string text(row.reason.substr(0, row.reason.find_first_of(".;:")));
  text += ". Default " + std::string(row.initial);
  if (row.is_number()) text += " " + std::string(row.unit);
  return text;
}

std::size_t reader_connections(const Settings& settings) {
  if (settings.reader_threads != 0) return settings.reader_threads;
  return std::max(1U, std::thread::hardware_concurrency() / 2);
}

}  // namespace

void add_settings_arguments(CLI::App& command, SettingsArguments& arguments) {
  command.add_option("--settings", arguments.file,
                     "Settings file; 'oberihd settings' prints an example");
  for (const SettingRow& row : setting_table())
    command
        .add_option_function<std::string>(
            "--" + std::string(row.name),
            [&arguments, name = std::string(row.name)](const std::string& value) {
              arguments.flags[name] = value;
            },
            describe(row))
        ->group("Settings");
}

Result<Settings> load_settings(const SettingsArguments& arguments) {
  SettingSources sources;
  sources.environment = look_up_environment;
  sources.flags = arguments.flags;
  if (!arguments.file.empty()) {
    auto text = read_public_file(arguments.file);
    if (!text) return text.error();
    sources.file_name = arguments.file;
    sources.file_text = std::move(*text);
  }
  return read_settings(sources);
}

storage::DatabaseSettings database_settings(const Settings& settings) {
  storage::DatabaseSettings database;
  database.connection = settings.database;
  database.reader_connections = reader_connections(settings);
  database.reader_queue = settings.reader_queue;
  database.statement_timeout = std::chrono::milliseconds(settings.statement_timeout_ms);
  return database;
}

std::string attachment_directory(const Settings& settings) {
  return settings.attachment_store == "database" ? std::string() : settings.attachment_store;
}

}  // namespace oberih::runtime
