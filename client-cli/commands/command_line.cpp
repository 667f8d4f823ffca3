// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/command_line.hpp"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <iostream>

#include "client-cli/commands/agency_commands.hpp"
#include "client-cli/commands/channel_commands.hpp"
#include "client-cli/commands/device_commands.hpp"
#include "client-cli/commands/message_commands.hpp"
#include "client-cli/commands/profile_commands.hpp"
#include "client-cli/commands/status_command.hpp"

namespace oberih::client {
namespace {

/// The language must be known before the first help text is made.
Language language_of_line(int count, const char* const* arguments) {
  for (int i = 1; i < count; ++i) {
    const std::string_view word = arguments[i];
    std::optional<Language> chosen;
    if (word == "--lang" && i + 1 < count) chosen = find_language(arguments[i + 1]);
    if (word.starts_with("--lang=")) chosen = find_language(word.substr(7));
    if (chosen) return *chosen;
  }
  return language_of_environment();
}

void translate_labels(CLI::App& line, const CommandContext& context) {
  auto formatter = line.get_formatter();
  formatter->column_width(36);
  formatter->label("Usage", context.text(Message::label_usage));
  formatter->label("OPTIONS", context.text(Message::label_options));
  formatter->label("SUBCOMMAND", context.text(Message::label_subcommand));
  formatter->label("Subcommands", context.text(Message::label_subcommands));
  formatter->label("Options", context.text(Message::label_options));
  formatter->label("Positionals", context.text(Message::label_positionals));
  formatter->label("REQUIRED", context.text(Message::label_required));
  formatter->label("TEXT", "");
}

int run(const CommandContext& context) {
  try {
    const Result<> outcome = context.run();
    return outcome ? 0 : context.report(outcome.error());
  } catch (const std::exception& failure) {
    return context.report(refuse(RefusalCode::local_state_broken, failure.what()));
  }
}

}  // namespace

int run_command_line(int count, const char* const* arguments) {
  CommandContext context;
  context.language = language_of_line(count, arguments);
  context.colours = isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;

  CLI::App line(context.text(Message::help_oberih), "oberih");
  translate_labels(line, context);
  line.require_subcommand(1);
  line.fallthrough();
  std::string language;
  line.add_option("--profile", context.profile_name, context.text(Message::help_profile_option))
      ->envname("OBERIH_PROFILE");
  line.add_flag("--json", context.json, context.text(Message::help_json));
  line.add_option("--lang", language, context.text(Message::help_lang))
      ->check(CLI::IsMember({"en", "uk"}));
  line.set_version_flag("--version", "oberih " OBERIH_VERSION " (oberih.v1)",
                        context.text(Message::help_version));
  line.set_help_flag("-h,--help", context.text(Message::help_help));
  line.footer(context.text(Message::help_footer));
  add_profile_commands(line, context);
  add_agency_commands(line, context);
  add_device_commands(line, context);
  add_channel_commands(line, context);
  add_message_commands(line, context);
  add_status_command(line, context);

  try {
    line.parse(count, arguments);
  } catch (const CLI::Success& shown) {
    return line.exit(shown);
  } catch (const CLI::ParseError& failure) {
    return context.report(refuse(RefusalCode::usage, failure.what()));
  }
  return run(context);
}

}  // namespace oberih::client
