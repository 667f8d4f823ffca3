// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/command_context.hpp"

#include <iostream>
#include <nlohmann/json.hpp>

#include "client-cli/keyring/agent.hpp"
#include "client-cli/keyring/passphrase_prompt.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::client {

void CommandContext::say(Message message, std::initializer_list<std::string_view> arguments) const {
  if (!json) std::cout << text(message, arguments) << std::endl;
}

void CommandContext::note(Message message,
                          std::initializer_list<std::string_view> arguments) const {
  std::cerr << text(message, arguments) << std::endl;
}

void CommandContext::print(const nlohmann::json& object) const {
  std::cout << object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << std::endl;
}

int CommandContext::report(const Refusal& refusal) const {
  const RefusalRow& row = refusal_row(refusal.code);
  const std::string_view sentence = MessageCatalogue(language).refusal_sentence(refusal.code);
  // A detail may quote what a server or a file said.
  const std::string detail = encoding::printable(refusal.detail);
  if (json) {
    std::cerr << nlohmann::json{{"error", row.name}, {"sentence", sentence}, {"detail", detail}}
              << std::endl;
  } else {
    std::cerr << text(Message::refused, {sentence}) << '\n';
    if (!detail.empty()) std::cerr << "  " << detail << '\n';
    std::cerr.flush();
  }
  return row.exit_code;
}

Result<Profile> CommandContext::load_profile() const {
  const auto home = profiles_folder();
  if (!home) return home.error();
  return client::load_profile(*home, profile_name);
}

Result<KeyRing> CommandContext::unlock(const Profile& profile) const {
  if (const auto key = key_from_agent(profile.folder)) return open_key_ring(profile.folder, *key);
  const auto passphrase = ask_passphrase(text(Message::passphrase_question, {profile.name}));
  if (!passphrase) return passphrase.error();
  const auto key = unlock_key_ring(profile.folder, passphrase->view());
  if (!key) return key.error();
  return open_key_ring(profile.folder, *key);
}

}  // namespace oberih::client
