// SPDX-License-Identifier: Apache-2.0
// A profile: one device's folder under $OBERIH_HOME, mode 0700. What stands in profile.json is
// public; keys lie in `key_ring`, everything received in `store.sqlite`.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "protocol/base/ids.hpp"
#include "protocol/base/result.hpp"

namespace oberih::client {

struct ServerAddress {
  std::string host;
  std::uint16_t port = 0;
};
/// `host:port`, `[IPv6]:port`. Refusal: usage.
Result<ServerAddress> parse_server_address(std::string_view text);

struct Profile {
  std::string name;
  std::filesystem::path folder;
  std::string server;              // host:port
  Digest genesis_hash;             // pinned, compared out of band
  std::optional<AgencyId> agency;  // these three since `device request`
  std::optional<PersonId> person;
  std::optional<DeviceId> device;
  unsigned idle_minutes = 15;  // after which the agent locks
};

/// $OBERIH_HOME, else $XDG_DATA_HOME/oberih, else ~/.local/share/oberih. Refusal:
/// local_state_broken.
Result<std::filesystem::path> profiles_folder();

/// Letters, digits, `.`, `_` and `-`, 1 to 64, no dot first: a name is never a path.
[[nodiscard]] bool is_profile_name(std::string_view name);

/// Refuses a name that is taken (usage).
Result<> create_profile(const Profile& profile);
Result<> save_profile(const Profile& profile);
/// Refusal: usage with a hint when there is no such profile.
Result<Profile> load_profile(const std::filesystem::path& home, const std::string& name);
bool has_profile(const std::filesystem::path& home, const std::string& name);
/// Names, sorted.
std::vector<std::string> list_profiles(const std::filesystem::path& home);

}  // namespace oberih::client
