// SPDX-License-Identifier: Apache-2.0
// Where passphrases come from: the terminal, without echo, or the file that OBERIH_PASSPHRASE_FILE
// names. Never an argument or an environment variable: others could read those.
#pragma once

#include <string>

#include "protocol/base/result.hpp"
#include "protocol/base/secret.hpp"

namespace oberih::client {

[[nodiscard]] bool has_passphrase_file();

/// Asks `question` on the terminal, or reads the first line of the file. Refusals: locked (neither
/// a terminal nor a file), local_state_broken, usage (empty).
Result<SecretBuffer> ask_passphrase(const std::string& question);

/// Asks twice on a terminal. Refusal besides: usage, when the two differ or it is shorter than 8.
Result<SecretBuffer> ask_new_passphrase(const std::string& question, const std::string& again);

/// `y` or `т` (так) on the terminal; false where there is none.
bool ask_yes(const std::string& question);

}  // namespace oberih::client
