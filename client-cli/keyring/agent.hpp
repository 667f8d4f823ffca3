// SPDX-License-Identifier: Apache-2.0
// The agent: a background process that keeps one profile unlocked. It holds the unlocking key of
// the ring (never a passphrase), gives it to commands of the same user, and ends when nobody has
// used it for a while.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>

#include "protocol/base/result.hpp"
#include "protocol/base/secret.hpp"

namespace oberih::client {

/// Forks the agent and returns when it listens; an older agent of the profile is ended first.
/// INVARIANT: the calling process has one thread.
Result<> start_agent(const std::filesystem::path& profile_folder, const SymmetricKey& unlocking_key,
                     std::chrono::minutes idle_limit);

/// What commands ask. No agent: nothing.
std::optional<SymmetricKey> key_from_agent(const std::filesystem::path& profile_folder);
/// Counts as use; a running `follow` calls it.
bool touch_agent(const std::filesystem::path& profile_folder);
std::optional<std::chrono::seconds> agent_time_left(const std::filesystem::path& profile_folder);
/// Whether there was one to end.
bool stop_agent(const std::filesystem::path& profile_folder);

}  // namespace oberih::client
