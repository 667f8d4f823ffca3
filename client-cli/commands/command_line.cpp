// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/command_line.hpp"

#include <cstdlib>

#include "client-cli/commands/command_fault.hpp"
#include "client-cli/commands/command_tree.hpp"
#include "client-cli/verification/channel_care.hpp"
#include "client-cli/verification/receipt_sender.hpp"

namespace oberih::client {
namespace {

/// Before the line is parsed, because its help is already in that language. Nothing: not
/// understood.
std::optional<Language> language_of(const std::vector<std::string>& arguments) {
  constexpr std::string_view option = "--lang";
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] == "--") break;
    if (arguments[i] == option && i + 1 < arguments.size()) return find_language(arguments[i + 1]);
    if (arguments[i].starts_with("--lang=")) return find_language(arguments[i].substr(7));
  }
  return language_of_environment();
}

struct ParsedLine {
  GlobalOptions options;
  bool json = false;
  std::string language;
};

void add_global_options(CLI::App& app, const CommandTree& tree, ParsedLine& line) {
  const char* profile = std::getenv("OBERIH_PROFILE");
  if (profile != nullptr && *profile != '\0') line.options.profile = profile;
  app.add_option("--profile", line.options.profile, tree.text(Sentence::help_option_profile));
  app.add_flag("--json", line.json, tree.text(Sentence::help_option_json));
  app.add_option("--lang", line.language, tree.text(Sentence::help_option_lang))
      ->type_name("en|uk");
  app.add_option("--wait", line.options.wait_seconds, tree.text(Sentence::help_option_wait));
  app.set_version_flag("--version", std::string("oberih ") + OBERIH_VERSION);
}

void add_commands(CommandTree& tree) {
  add_status_command(tree);
  add_lock_commands(tree);
  add_follow_everything_command(tree);
  add_inbox_command(tree);
  add_message_commands(tree);
  add_task_commands(tree);
  add_hearing_commands(tree);
  add_entry_commands(tree);
  add_receipts_command(tree);
  add_attachment_commands(tree);
  add_channel_commands(tree);
  add_unit_commands(tree);
  add_who_command(tree);
  add_device_commands(tree);
  add_profile_commands(tree);
  add_agency_commands(tree);
  add_evidence_commands(tree);
  add_audit_commands(tree);
  add_verify_command(tree);
  add_governance_commands(tree);
  add_witness_commands(tree);
  add_grant_commands(tree);
}

void label(CLI::App& app, const CommandTree& tree) {
  auto formatter = app.get_formatter();
  formatter->label("Usage", tree.text(Sentence::help_usage));
  formatter->label("OPTIONS", tree.text(Sentence::help_options));
  formatter->label("SUBCOMMAND", tree.text(Sentence::help_command));
  formatter->label("SUBCOMMANDS", tree.text(Sentence::help_commands));
  formatter->label("Options", tree.text(Sentence::help_options));
  formatter->label("Subcommands", tree.text(Sentence::help_commands));
  formatter->label("REQUIRED", tree.text(Sentence::help_required));
  formatter->label("Positionals", tree.text(Sentence::help_arguments));
  formatter->column_width(34);
}

/// Whoever is online anyhow brings the channels of the profile into order.
void take_care(CommandContext& context) {
  if (!context.has_session() || !context.session().connection().is_open()) return;
  ChannelCare(context.session()).tend_all();
  ReceiptSender(context.session()).tell_all();
}

int run(CommandContext& context, const RunCommand& command) {
  try {
    Result<> result = command(context);
    if (result) {
      take_care(context);
      return 0;
    }
    const Refusal& refusal = result.error();
    if (refusal.code == RefusalCode::not_found && context.is_about_channel() &&
        refusal.detail.empty())
      return context.console().refuse(refusal, Sentence::no_such_channel);
    return context.console().refuse(refusal, context.find_words(refusal.code));
  } catch (const LocalStoreFailure& failure) {
    return context.console().refuse(refuse(RefusalCode::local_state_broken, failure.what()));
  }
}

}  // namespace

int run_command_line(const std::vector<std::string>& arguments, std::ostream& out,
                     std::ostream& err) {
  std::optional<Language> language = language_of(arguments);
  CLI::App app(compose(language.value_or(Language::english), Sentence::help_oberih), "oberih");
  CommandTree tree(app, language.value_or(Language::english));
  ParsedLine line;
  app.require_subcommand(1);
  label(app, tree);
  add_global_options(app, tree, line);
  add_commands(tree);
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());  // as CLI11 wants it
  bool wants_json = false;
  for (const std::string& argument : arguments) wants_json |= argument == "--json";
  Console early(out, err, language.value_or(Language::english),
                wants_json ? OutputForm::json : OutputForm::people);
  if (!language) return early.refuse_command_line("--lang is en or uk");
  try {
    app.parse(reversed);
  } catch (const CLI::Success& help) {
    return app.exit(help, out, err);
  } catch (const CLI::ParseError& error) {
    int exit_code = early.refuse_command_line(describe_command_fault(early, app, error));
    if (!wants_json) early.note(Sentence::see_help);
    return exit_code;
  }
  Console console(out, err, *language, line.json ? OutputForm::json : OutputForm::people);
  CommandContext context(console, line.options);
  return run(context, tree.chosen());
}

}  // namespace oberih::client
