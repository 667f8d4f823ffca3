// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/profile_commands.hpp"

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "client-cli/keyring/agent.hpp"
#include "client-cli/keyring/passphrase_prompt.hpp"
#include "client-cli/output/table.hpp"
#include "protocol/encoding/hex.hpp"

namespace oberih::client {
namespace {

struct Options {
  std::string server, genesis;
  unsigned minutes = 0;  // 0: as the profile says
};

template <class Id>
std::string hex_or_dash(const std::optional<Id>& id) {
  return id ? encoding::encode_hex(id->view()) : "-";
}

nlohmann::json json_of(const Profile& profile) {
  return {{"profile", profile.name},
          {"server", profile.server},
          {"genesis", encoding::encode_hex(profile.genesis_hash.view())},
          {"device", hex_or_dash(profile.device)},
          {"agency", hex_or_dash(profile.agency)}};
}

Result<> create(const CommandContext& context, const Options& options) {
  const auto home = profiles_folder();
  if (!home) return home.error();
  if (!is_profile_name(context.profile_name))
    return refuse(RefusalCode::usage, context.text(Message::profile_name_rule));
  if (const auto address = parse_server_address(options.server); !address) return address.error();
  const auto genesis = encoding::decode_hex(options.genesis);
  const auto hash = genesis ? Digest::from(*genesis) : std::nullopt;
  if (!hash) return refuse(RefusalCode::usage, context.text(Message::genesis_hash_rule));
  Profile profile;
  profile.name = context.profile_name;
  profile.folder = *home / profile.name;
  profile.server = options.server;
  profile.genesis_hash = *hash;
  OBERIH_TRY(create_profile(profile));
  context.say(Message::profile_created, {profile.name, profile.server});
  if (context.json) context.print(json_of(profile));
  return {};
}

Result<> list(const CommandContext& context, const Options&) {
  const auto home = profiles_folder();
  if (!home) return home.error();
  Table table({context.text(Message::heading_profile), context.text(Message::heading_server),
               context.text(Message::heading_device), context.text(Message::heading_lock)});
  for (const std::string& name : list_profiles(*home)) {
    const auto profile = client::load_profile(*home, name);
    if (!profile) return profile.error();
    if (context.json) context.print(json_of(*profile));
    const bool unlocked = agent_time_left(profile->folder).has_value();
    table.add_row({name, profile->server, hex_or_dash(profile->device).substr(0, 8),
                   context.text(unlocked ? Message::unlocked_word : Message::locked_word)});
  }
  if (!context.json) table.print(std::cout, context.colours);
  return {};
}

Result<> show(const CommandContext& context, const Options&) {
  const auto profile = context.load_profile();
  if (!profile) return profile.error();
  if (context.json) {
    context.print(json_of(*profile));
    return {};
  }
  context.say(Message::profile_shown,
              {profile->name, profile->server, encoding::encode_hex(profile->genesis_hash.view()),
               hex_or_dash(profile->device)});
  return {};
}

Result<> unlock(const CommandContext& context, const Options& options) {
  const auto profile = context.load_profile();
  if (!profile) return profile.error();
  const auto passphrase =
      ask_passphrase(context.text(Message::passphrase_question, {profile->name}));
  if (!passphrase) return passphrase.error();
  const auto key = unlock_key_ring(profile->folder, passphrase->view());
  if (!key) return key.error();
  const unsigned minutes = options.minutes == 0 ? profile->idle_minutes : options.minutes;
  OBERIH_TRY(start_agent(profile->folder, *key, std::chrono::minutes(minutes)));
  context.say(Message::unlocked, {profile->name, std::to_string(minutes)});
  return {};
}

Result<> lock(const CommandContext& context, const Options&) {
  const auto profile = context.load_profile();
  if (!profile) return profile.error();
  context.say(stop_agent(profile->folder) ? Message::locked_now : Message::locked_before,
              {profile->name});
  return {};
}

}  // namespace

void add_profile_commands(CLI::App& line, CommandContext& context) {
  auto options = std::make_shared<Options>();
  auto runs = [&context, options](auto command) {
    return [&context, options, command] {
      context.run = [&context, options, command] { return command(context, *options); };
    };
  };

  CLI::App* profile = line.add_subcommand("profile", context.text(Message::help_profile));
  profile->require_subcommand(1);
  CLI::App* made = profile->add_subcommand("create", context.text(Message::help_profile_create));
  made->add_option("--server", options->server, context.text(Message::help_server))->required();
  made->add_option("--genesis", options->genesis, context.text(Message::help_genesis_hash))
      ->required();
  made->callback(runs(create));
  profile->add_subcommand("list", context.text(Message::help_profile_list))->callback(runs(list));
  profile->add_subcommand("show", context.text(Message::help_profile_show))->callback(runs(show));

  CLI::App* unlocks = line.add_subcommand("unlock", context.text(Message::help_unlock));
  unlocks->add_option("--minutes", options->minutes, context.text(Message::help_minutes))
      ->check(CLI::Range(1, 24 * 60));
  unlocks->callback(runs(unlock));
  line.add_subcommand("lock", context.text(Message::help_lock))->callback(runs(lock));
}

}  // namespace oberih::client
