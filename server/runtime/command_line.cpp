// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/command_line.hpp"

#include <CLI/CLI.hpp>
#include <functional>
#include <iostream>

#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/utf8.hpp"
#include "protocol/wire/exchange_files.hpp"
#include "server/runtime/append_directory_leaf.hpp"
#include "server/runtime/attachment_room.hpp"
#include "server/runtime/check_journal.hpp"
#include "server/runtime/found_journal.hpp"
#include "server/runtime/governance_keys.hpp"
#include "server/runtime/lost_tail.hpp"
#include "server/runtime/policy_commands.hpp"
#include "server/runtime/private_file.hpp"
#include "server/runtime/process_hardening.hpp"
#include "server/runtime/serve_journal.hpp"
#include "server/runtime/settings_arguments.hpp"
#include "server/storage/migrations.hpp"

namespace oberih::runtime {
namespace {

/// What the command line said; the chosen command is run when all of it is understood.
struct Chosen {
  SettingsArguments settings;
  FoundingArguments founding;
  std::string signed_genesis;
  std::vector<std::string> leaf_files;
  std::vector<std::string> policy_files;
  std::string content;
  PolicyQuestion policy_question;
  bool confirms_clock = false;
  std::function<Result<int>(const Settings&)> run;  // not set: nothing with settings was chosen

  ClockConfirmation clock() const {
    return confirms_clock ? ClockConfirmation::yes : ClockConfirmation::no;
  }
};

int complain(const Refusal& refusal) {
  const RefusalRow& row = refusal_row(refusal.code);
  // A detail that is a whole sentence says all by itself; the table's sentences are meant for
  // clients.
  bool stands_alone =
      refusal.detail.ends_with('.') || refusal.code == RefusalCode::local_state_broken;
  std::string text =
      stands_alone && !refusal.detail.empty() ? std::string() : std::string(row.sentence);
  if (!refusal.detail.empty()) text += (text.empty() ? "" : " ") + refusal.detail;
  std::cerr << "oberihd: " << encoding::printable(text) << '\n';
  return row.exit_code;
}

Result<int> run_migrate(const Settings& settings) {
  auto applied = storage::migrate(database_settings(settings), settings.schema_directory);
  for (const std::string& file : applied) std::cout << "applied " << file << '\n';
  if (applied.empty()) std::cout << "The database is up to date.\n";
  return 0;
}

Result<int> run_init(const Chosen& chosen, const Settings& settings) {
  if (!chosen.signed_genesis.empty()) {
    auto hash = start_journal(settings, chosen.signed_genesis);
    if (!hash) return hash.error();
    std::cout << "The journal is started. Everybody pins this genesis hash, compared by another "
                 "way than this machine:\n"
              << encoding::encode_hex(*hash) << '\n';
    return 0;
  }
  const FoundingArguments& founding = chosen.founding;
  if (founding.origin.empty() || founding.agency_files.empty() || founding.out_file.empty())
    return refuse(RefusalCode::usage,
                  "init needs --origin, --agency (once for each) and --out; or --signed. "
                  "See 'oberihd init --help'.");
  OBERIH_TRY(write_unsigned_genesis(settings, founding));
  std::cout << founding.out_file
            << " is written. Each agency signs it with 'oberih agency sign'; then 'oberihd init "
               "--signed' starts the journal.\n";
  return 0;
}

/// A leaf that one root signed, or a governance change that several have.
Result<wire::DirectoryLeafFile> read_leaf_file(const std::string& text) {
  auto leaf = wire::parse_directory_leaf_file(text);
  if (leaf) return leaf;
  auto governance = wire::parse_governance_file(text);
  // Whatever is neither is told what is wrong with it as a leaf.
  if (!governance) return text.find("oberih-governance-") == text.npos ? leaf : governance.error();
  return wire::DirectoryLeafFile{
      journal::LeafKind::governance, sealing::encode_governance_body(*governance), {}};
}

Result<int> run_new_key(const Settings& settings, bool is_journal_key) {
  auto made = is_journal_key ? make_new_journal_key(settings.state_directory)
                             : make_new_server_key(settings.state_directory);
  if (!made) return made.error();
  std::cout << made->file << " is written. Nothing uses it until the agencies' roots have signed a "
            << "change:\n  oberih governance propose "
            << (is_journal_key ? "journal-key" : "server-key") << " --key " << made->key
            << " --out change.governance\n";
  return 0;
}

Result<int> run_sign_governance(const Chosen& chosen, const Settings& settings) {
  for (const std::string& file : chosen.leaf_files) {
    OBERIH_TRY(sign_governance_file(settings.state_directory, file));
    std::cout << file << " is signed with the new journal key.\n";
  }
  return 0;
}

Result<int> run_directory_append(const Chosen& chosen, const Settings& settings) {
  for (const std::string& file : chosen.leaf_files) {
    auto text = read_public_file(file);
    if (!text) return text.error();
    auto leaf = read_leaf_file(*text);
    if (!leaf) return refuse(leaf.error().code, file + ": " + leaf.error().detail);
    auto appended = append_directory_leaf(settings, *leaf, chosen.clock());
    if (!appended) return appended.error();
    std::cout << file << " stands in the journal at index " << appended->index << '\n';
  }
  return 0;
}

Result<int> run_serve(const Chosen& chosen, const Settings& settings) {
  OBERIH_TRY(serve_journal(settings, chosen.clock()));
  return 0;
}

/// A command with settings; `run` is taken when it is the one chosen.
CLI::App* add_command(CLI::App& parent, Chosen& chosen, const char* name, const char* description,
                      const char* example, std::function<Result<int>(const Settings&)> run) {
  CLI::App* command = parent.add_subcommand(name, description);
  command->footer(std::string("Example:\n  ") + example);
  add_settings_arguments(*command, chosen.settings);
  command->callback([&chosen, run = std::move(run)] { chosen.run = run; });
  return command;
}

void add_init(CLI::App& app, Chosen& chosen) {
  CLI::App* init = add_command(
      app, chosen, "init", "Make the server's keys and the genesis; then start the journal",
      "oberihd init --settings oberihd.conf --origin journal.oberih.example --agency police.agency "
      "--agency odesa.agency --out genesis.unsigned\n"
      "  oberihd init --settings oberihd.conf --signed genesis.unsigned",
      [&chosen](const Settings& settings) { return run_init(chosen, settings); });
  init->add_option("--origin", chosen.founding.origin, "The journal's name, for ever");
  init->add_option("--agency", chosen.founding.agency_files, "Card of a founding agency; repeat");
  init->add_option("--out", chosen.founding.out_file, "File for the unsigned genesis");
  init->add_option("--governance-quorum", chosen.founding.governance_quorum,
                   "Roots that must sign a governance leaf (default: more than half)");
  init->add_option("--signed", chosen.signed_genesis, "The genesis with every root's signature");
}

void add_directory(CLI::App& app, Chosen& chosen) {
  CLI::App* directory = app.add_subcommand("directory", "What offline roots have signed");
  directory->require_subcommand(1);
  CLI::App* append = add_command(
      *directory, chosen, "append", "Append root-signed leaves; works while the server runs",
      "oberihd directory append --settings oberihd.conf admin.leaf",
      [&chosen](const Settings& settings) { return run_directory_append(chosen, settings); });
  append
      ->add_option("files", chosen.leaf_files,
                   "Files made by 'oberih agency certify', 'agency revoke' or 'governance sign'")
      ->required();
  append->add_flag("--confirm-clock", chosen.confirms_clock,
                   "The clock is right, though it is far from the newest leaf");
  add_command(*directory, chosen, "lost-tail",
              "Say what a database that was restored to an older state has lost",
              "oberihd directory lost-tail --settings oberihd.conf", show_lost_tail);
}

void add_keys(CLI::App& app, Chosen& chosen) {
  CLI::App* keys = app.add_subcommand("keys", "Successors of the server's keys");
  keys->require_subcommand(1);
  add_command(*keys, chosen, "new-journal-key", "Make the key that shall sign after a change",
              "oberihd keys new-journal-key --settings oberihd.conf",
              [](const Settings& settings) { return run_new_key(settings, true); });
  add_command(*keys, chosen, "new-server-key", "Make the TLS key that shall serve after a change",
              "oberihd keys new-server-key --settings oberihd.conf",
              [](const Settings& settings) { return run_new_key(settings, false); });
  CLI::App* sign = add_command(
      *keys, chosen, "sign", "Sign a change of the journal key with the new journal key",
      "oberihd keys sign --settings oberihd.conf change.governance",
      [&chosen](const Settings& settings) { return run_sign_governance(chosen, settings); });
  sign->add_option("files", chosen.leaf_files, "Files made by 'oberih governance propose'")
      ->required();
}

void add_policy(CLI::App& app, Chosen& chosen) {
  CLI::App* policy = app.add_subcommand("policy", "Try policies before a server reads them");
  policy->require_subcommand(1);
  CLI::App* check = add_command(
      *policy, chosen, "check", "Say what is wrong with a policy, and where",
      "oberihd policy check policies/permissions.json", [&chosen](const Settings& settings) {
        return check_policy_files(settings, chosen.policy_files);
      });
  check->add_option("files", chosen.policy_files, "Policies, by their $schema or name")->required();
  CLI::App* explain = add_command(
      *policy, chosen, "explain", "Say who may do what and by which rule, or when a task is due",
      "oberihd policy explain --as liaison --action channel.close --relation channel_member\n"
      "  oberihd policy explain --deadline information --urgency 3d --from 2027-03-05T17:30",
      [&chosen](const Settings& settings) {
        return explain_policy(settings, chosen.policy_question);
      });
  PolicyQuestion& question = chosen.policy_question;
  explain->add_option("--as", question.role, "Role of whoever asks");
  explain->add_option("--action", question.action, "What is asked for");
  explain->add_option("--agency-kind", question.agency_kind, "Kind of the asking agency");
  explain->add_option("--relation", question.relations,
                      "How the asking person stands to the object; repeat");
  explain->add_option("--deadline", question.deadline, "Kind of a task");
  explain->add_option("--urgency", question.urgency, "Its urgency class: 8h, 3d, 7d");
  explain->add_option("--from", question.from, "When it was asked for, in Kyiv time");
}

void add_attachment(CLI::App& app, Chosen& chosen) {
  CLI::App* attachment =
      app.add_subcommand("attachment", "Stored files, which nobody here can read");
  attachment->require_subcommand(1);
  CLI::App* erase = add_command(
      *attachment, chosen, "erase", "Remove a stored file, whatever names it",
      "oberihd attachment erase --settings oberihd.conf CONTENT",
      [&chosen](const Settings& settings) { return erase_attachment(settings, chosen.content); });
  erase->add_option("content", chosen.content, "Its content id, as 'message read --json' shows it")
      ->required();
}

void add_commands(CLI::App& app, Chosen& chosen) {
  add_command(app, chosen, "migrate", "Bring the database to this version's schema",
              "oberihd migrate --settings oberihd.conf", run_migrate);
  add_init(app, chosen);
  add_directory(app, chosen);
  add_keys(app, chosen);
  add_policy(app, chosen);
  add_attachment(app, chosen);
  CLI::App* serve =
      add_command(app, chosen, "serve",
                  "Serve until SIGTERM; SIGHUP reads the policies and opens the log file anew",
                  "oberihd serve --settings oberihd.conf",
                  [&chosen](const Settings& settings) { return run_serve(chosen, settings); });
  serve->add_flag("--confirm-clock", chosen.confirms_clock,
                  "The clock is right, though it is far from the newest leaf");
  add_command(
      app, chosen, "check",
      "Recompute the whole journal and compare it with what was signed; exit 1 if it differs",
      "oberihd check --settings oberihd.conf", check_journal);
  app.add_subcommand("settings", "Print every setting with its default and reason")
      ->footer("Example:\n  oberihd settings > oberihd.conf")
      ->callback([] { std::cout << format_example_file(); });
  app.add_subcommand("version", "Print the version")
      ->footer("Example:\n  oberihd version")
      ->callback([] { std::cout << "oberihd " << OBERIH_VERSION << ", speaks oberih.v1\n"; });
}

int run_chosen(const Chosen& chosen) {
  harden_process();  // before the first key is read or made
  auto settings = load_settings(chosen.settings);
  if (!settings) return complain(settings.error());
  auto exit_code = chosen.run(*settings);
  return exit_code ? *exit_code : complain(exit_code.error());
}

}  // namespace

int run_command_line(int count, char** arguments) {
  CLI::App app("oberihd: the server of Oberih. It stores and orders what it cannot read.",
               "oberihd");
  app.footer("Every command has --help with an example. 'oberihd settings' prints all settings.");
  app.require_subcommand(1);
  Chosen chosen;
  add_commands(app, chosen);
  try {
    app.parse(count, arguments);
  } catch (const CLI::CallForHelp& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    app.exit(error);
    return refusal_row(RefusalCode::usage).exit_code;
  }
  try {
    return chosen.run ? run_chosen(chosen) : 0;
  } catch (const std::exception& failure) {
    // Refused settings of PostgreSQL, a database that is away, an address in use: try again when it
    // is put right.
    std::cerr << "oberihd: " << encoding::printable(failure.what()) << '\n';
    return refusal_row(RefusalCode::unavailable).exit_code;
  }
}

}  // namespace oberih::runtime
