// SPDX-License-Identifier: Apache-2.0
#include "client-cli/keyring/profile.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "client-cli/keyring/private_file.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/strict_json.hpp"

namespace oberih::client {
namespace {

constexpr std::string_view format = "oberih-profile-1";
constexpr std::size_t profile_file_bytes = 64 * 1024;
constexpr std::uint64_t longest_idle_minutes = 24 * 60;

std::filesystem::path profile_file(const std::filesystem::path& folder) {
  return folder / "profile.json";
}

template <class Id>
std::optional<Id> read_hex(encoding::StrictObject& object, std::string_view key, bool required) {
  if (!required && !object.has(key)) return std::nullopt;
  std::optional<Id> id = encoding::decode_hex_as<Id>(object.text(key));
  if (!id) object.fail(key, "must be hexadecimal");
  return id;
}

Result<Profile> parse_profile(std::string_view text) {
  Result<nlohmann::json> json = encoding::parse_strict_json(text);
  if (!json) return json.error();
  encoding::StrictObject object(*json, "profile");
  Profile profile;
  if (object.text("format") != format) object.fail("format", "is of an unknown version");
  profile.server = object.text("server");
  profile.genesis_hash = read_hex<Digest>(object, "genesis", true).value_or(Digest{});
  profile.agency = read_hex<AgencyId>(object, "agency", false);
  profile.person = read_hex<PersonId>(object, "person", false);
  profile.device = read_hex<DeviceId>(object, "device", false);
  profile.idle_minutes = static_cast<unsigned>(object.u64("idle_minutes", longest_idle_minutes));
  OBERIH_TRY(object.finish());
  return profile;
}

std::string format_profile(const Profile& profile) {
  nlohmann::json json{{"format", format},
                      {"server", profile.server},
                      {"genesis", encoding::encode_hex(profile.genesis_hash)},
                      {"idle_minutes", profile.idle_minutes}};
  if (profile.agency) json["agency"] = encoding::encode_hex(*profile.agency);
  if (profile.person) json["person"] = encoding::encode_hex(*profile.person);
  if (profile.device) json["device"] = encoding::encode_hex(*profile.device);
  return json.dump(2) + "\n";
}

}  // namespace

Result<ServerAddress> parse_server_address(std::string_view text) {
  std::size_t colon = text.rfind(':');
  ServerAddress address;
  if (colon != std::string_view::npos) {
    std::string_view port = text.substr(colon + 1);
    auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), address.port);
    if (error == std::errc() && end == port.data() + port.size())
      address.host = text.substr(0, colon);
  }
  if (address.host.size() > 2 && address.host.front() == '[' && address.host.back() == ']')
    address.host = address.host.substr(1, address.host.size() - 2);
  if (address.host.empty() || address.port == 0)
    return refuse(RefusalCode::usage, "a server is named as host:port, for example 10.0.0.5:7417");
  return address;
}

Result<std::filesystem::path> profiles_folder() {
  auto variable = [](const char* name) {
    const char* value = std::getenv(name);
    return std::string(value == nullptr ? "" : value);
  };
  if (std::string home = variable("OBERIH_HOME"); !home.empty())
    return std::filesystem::absolute(home);
  if (std::string data = variable("XDG_DATA_HOME"); !data.empty())
    return std::filesystem::path(data) / "oberih";
  if (std::string home = variable("HOME"); !home.empty())
    return std::filesystem::path(home) / ".local/share/oberih";
  return refuse(RefusalCode::local_state_broken, "neither OBERIH_HOME nor HOME is set");
}

bool is_profile_name(std::string_view name) {
  auto is_allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  };
  return !name.empty() && name.size() <= 64 && name.front() != '.' &&
         std::all_of(name.begin(), name.end(), is_allowed);
}

bool has_profile(const std::filesystem::path& home, const std::string& name) {
  std::error_code error;
  return is_profile_name(name) && std::filesystem::exists(profile_file(home / name), error);
}

Result<> create_profile(const Profile& profile) {
  if (!is_profile_name(profile.name))
    return refuse(RefusalCode::usage,
                  "a profile's name has 1 to 64 letters, digits, dots, dashes or underscores");
  OBERIH_TRY(make_private_folder(profile.folder.parent_path()));
  OBERIH_TRY(make_private_folder(profile.folder));
  std::string text = format_profile(profile);
  if (has_profile(profile.folder.parent_path(), profile.name))
    return refuse(RefusalCode::usage, "there is already a profile '" + profile.name + "'");
  return create_file(profile_file(profile.folder), as_bytes(text), FileAccess::owner_only);
}

Result<> save_profile(const Profile& profile) {
  std::string text = format_profile(profile);
  return replace_file(profile_file(profile.folder), as_bytes(text), FileAccess::owner_only);
}

Result<Profile> load_profile(const std::filesystem::path& home, const std::string& name) {
  if (!has_profile(home, name))
    return refuse(RefusalCode::usage,
                  "there is no profile '" + name + "'; make one with 'oberih profile create'");
  Result<Bytes> content = read_whole_file(profile_file(home / name), profile_file_bytes);
  if (!content) return content.error();
  Result<Profile> profile = parse_profile(as_text(*content));
  if (!profile)
    return refuse(RefusalCode::local_state_broken,
                  profile_file(home / name).string() + ": " + profile.error().detail);
  profile->name = name;
  profile->folder = home / name;
  return profile;
}

std::vector<std::string> list_profiles(const std::filesystem::path& home) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(home, error))
    if (has_profile(home, entry.path().filename().string()))
      names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace oberih::client
