// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <nlohmann/json.hpp>

#include "client-cli/commands/command_tree.hpp"
#include "client-cli/keyring/agent.hpp"
#include "client-cli/keyring/passphrase_prompt.hpp"

namespace oberih::client {
namespace {

Result<> unlock(CommandContext& context, unsigned minutes) {
  Result<Profile> profile = context.load_profile();
  if (!profile) return profile.error();
  if (minutes == 0) minutes = profile->idle_minutes;
  Console& console = context.console();
  Result<SecretBuffer> passphrase =
      ask_passphrase(console.text(Sentence::ask_passphrase, {{"name", profile->name}}));
  if (!passphrase) return passphrase.error();
  Result<SymmetricKey> key = unlock_key_ring(profile->folder, passphrase->view());
  if (!key) return key.error();
  OBERIH_TRY(start_agent(profile->folder, *key, std::chrono::minutes(minutes)));
  console.say(Sentence::unlocked, {{"name", profile->name}, {"minutes", std::to_string(minutes)}});
  console.object({{"profile", profile->name}, {"unlocked", true}, {"idle_minutes", minutes}});
  return {};
}

Result<> lock(CommandContext& context) {
  Result<Profile> profile = context.load_profile();
  if (!profile) return profile.error();
  bool was_unlocked = stop_agent(profile->folder);
  context.console().say(was_unlocked ? Sentence::locked_now : Sentence::was_locked,
                        {{"name", profile->name}});
  context.console().object({{"profile", profile->name}, {"unlocked", false}});
  return {};
}

}  // namespace

void add_lock_commands(CommandTree& tree) {
  auto minutes = std::make_shared<unsigned>(0);
  CLI::App* command =
      tree.command(nullptr, "unlock", Sentence::help_unlock, "oberih --profile oksana unlock",
                   [minutes](CommandContext& context) { return unlock(context, *minutes); });
  command->add_option("--minutes", *minutes, tree.text(Sentence::help_option_idle_minutes))
      ->check(CLI::Range(1, 24 * 60));
  tree.command(nullptr, "lock", Sentence::help_lock, "oberih --profile oksana lock", lock);
}

}  // namespace oberih::client
