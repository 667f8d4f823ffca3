// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <nlohmann/json.hpp>

#include "client-cli/commands/command_tree.hpp"
#include "client-cli/keyring/agent.hpp"
#include "protocol/encoding/hex.hpp"

namespace oberih::client {
namespace {

struct CreateOptions {
  std::string server;
  std::string genesis;
  unsigned idle_minutes = 15;
};

Result<> create_profile(CommandContext& context, const CreateOptions& options) {
  Result<std::filesystem::path> home = context.home();
  if (!home) return home.error();
  Profile profile;
  profile.name = context.options().profile;
  profile.folder = *home / profile.name;
  profile.server = options.server;
  profile.idle_minutes = options.idle_minutes;
  Result<ServerAddress> address = parse_server_address(options.server);
  if (!address) return address.error();
  std::optional<Digest> genesis = encoding::decode_hex_as<Digest>(options.genesis);
  if (!genesis)
    return refuse(RefusalCode::usage, "--genesis is the genesis hash: 64 hexadecimal digits");
  profile.genesis_hash = *genesis;
  OBERIH_TRY(create_profile(profile));
  context.console().say(Sentence::profile_created,
                        {{"name", profile.name}, {"folder", profile.folder.string()}});
  context.console().object({{"profile", profile.name}, {"folder", profile.folder.string()}});
  return {};
}

nlohmann::ordered_json profile_json(const Profile& profile) {
  nlohmann::ordered_json json{{"profile", profile.name},
                              {"folder", profile.folder.string()},
                              {"server", profile.server},
                              {"genesis", encoding::encode_hex(profile.genesis_hash)}};
  json["device"] = profile.device ? nlohmann::ordered_json(encoding::encode_hex(*profile.device))
                                  : nlohmann::ordered_json();
  json["idle_minutes"] = profile.idle_minutes;
  json["unlocked"] = agent_time_left(profile.folder).has_value();
  return json;
}

Result<> show_profile(CommandContext& context) {
  Result<Profile> profile = context.load_profile();
  if (!profile) return profile.error();
  Console& console = context.console();
  console.object(profile_json(*profile));
  console.say(Sentence::profile_shown, {{"name", profile->name},
                                        {"folder", profile->folder.string()},
                                        {"server", profile->server},
                                        {"genesis", encoding::encode_hex(profile->genesis_hash)}});
  if (profile->device)
    console.say(Sentence::profile_device, {{"device", encoding::encode_hex(*profile->device)}});
  else
    console.say(Sentence::profile_without_device);
  return {};
}

Result<> show_profiles(CommandContext& context) {
  Result<std::filesystem::path> home = context.home();
  if (!home) return home.error();
  Console& console = context.console();
  Table table({console.text(Sentence::column_profile), console.text(Sentence::column_server),
               console.text(Sentence::column_device), console.text(Sentence::column_agent)});
  for (const std::string& name : list_profiles(*home)) {
    Result<Profile> profile = load_profile(*home, name);
    if (!profile) return profile.error();
    console.object(profile_json(*profile));
    bool is_unlocked = agent_time_left(profile->folder).has_value();
    table.add({name, profile->server,
               profile->device ? encoding::encode_hex(*profile->device).substr(0, 8) : "-",
               console.text(is_unlocked ? Sentence::word_unlocked : Sentence::word_locked)});
  }
  if (table.is_empty())
    console.say(Sentence::no_profiles, {{"folder", home->string()}});
  else
    console.print(table);
  return {};
}

}  // namespace

void add_profile_commands(CommandTree& tree) {
  CLI::App* group = tree.group("profile", Sentence::help_profile);
  auto options = std::make_shared<CreateOptions>();
  CLI::App* command = tree.command(
      group, "create", Sentence::help_profile_create,
      "oberih --profile oksana profile create --server 10.0.0.5:7417 --genesis 5be0...",
      [options](CommandContext& context) { return create_profile(context, *options); });
  command->add_option("--server", options->server, tree.text(Sentence::help_option_server))
      ->required();
  command->add_option("--genesis", options->genesis, tree.text(Sentence::help_option_genesis))
      ->required();
  command
      ->add_option("--idle-minutes", options->idle_minutes,
                   tree.text(Sentence::help_option_idle_minutes))
      ->check(CLI::Range(1, 24 * 60));
  tree.command(group, "show", Sentence::help_profile_show, "oberih --profile oksana profile show",
               show_profile);
  tree.command(group, "list", Sentence::help_profile_list, "oberih profile list", show_profiles);
}

}  // namespace oberih::client
