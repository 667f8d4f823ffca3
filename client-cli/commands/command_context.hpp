// SPDX-License-Identifier: Apache-2.0
// What every command is given: the chosen profile, the language, and where to write. A command
// answers with a Result; the command line turns a refusal into a sentence and an exit code.
#pragma once

#include <functional>
#include <initializer_list>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "client-cli/keyring/key_ring.hpp"
#include "client-cli/keyring/profile.hpp"
#include "client-cli/output/message_catalogue.hpp"
#include "protocol/base/result.hpp"

namespace oberih::client {

struct CommandContext {
  std::string profile_name = "default";
  Language language = Language::english;
  bool json = false;     // --json: one object a line, for programs
  bool colours = false;  // a terminal, and NO_COLOR is not set
  /// Set by the command that was chosen; run after the whole line was understood.
  std::function<Result<>()> run;

  std::string text(Message message, std::initializer_list<std::string_view> arguments = {}) const {
    return MessageCatalogue(language).text(message, arguments);
  }
  /// A sentence to standard output; nothing with --json.
  void say(Message message, std::initializer_list<std::string_view> arguments = {}) const;
  /// A sentence to standard error: what happens meanwhile (reconnecting).
  void note(Message message, std::initializer_list<std::string_view> arguments = {}) const;
  /// One line of JSON to standard output.
  void print(const nlohmann::json& object) const;
  /// The refusal as a sentence (or, with --json, an object) to standard error; its exit code.
  int report(const Refusal& refusal) const;

  Result<Profile> load_profile() const;
  /// The keys of the profile: from the agent, else by passphrase file or terminal.
  Result<KeyRing> unlock(const Profile& profile) const;
};

}  // namespace oberih::client
