// SPDX-License-Identifier: Apache-2.0
#include "client-cli/verification/evidence.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <tuple>

#include "client-cli/keyring/private_file.hpp"
#include "protocol/base/byte_writer.hpp"
#include "protocol/crypto/digest.hpp"
#include "protocol/encoding/base64url.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/strict_json.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::client {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::string_view format = "oberih-evidence-2";
constexpr std::string_view about =
    "An object that a server or a member sent and that does not verify. It holds no keys and no "
    "plaintext. Bytes are base64url without padding.";
constexpr std::size_t id_digits = 24;
constexpr std::size_t file_bytes = 4 << 20;

fs::path folder_of(const fs::path& profile_folder) { return profile_folder / "evidence"; }

std::string id_of(const std::vector<EvidencePart>& parts) {
  ByteWriter all;
  for (const auto& [name, bytes] : parts) all.vec(as_bytes(name)).vec(bytes);
  return encoding::encode_hex(crypto::sha256(all.bytes())).substr(0, id_digits);
}

std::string format_evidence(const Evidence& evidence) {
  Json json{{"format", format},
            {"about", about},
            {"id", evidence.id},
            {"what", encoding::printable(evidence.what)},
            {"why", encoding::printable(evidence.why)},
            {"client_ms", evidence.client_ms}};
  if (evidence.context.channel) json["channel"] = encoding::encode_hex(*evidence.context.channel);
  if (evidence.context.index) json["index"] = *evidence.context.index;
  json["object"] = Json::object();
  for (const auto& [name, bytes] : evidence.parts)
    json["object"][name] = encoding::encode_base64url(bytes);
  json["notes"] = Json::array();
  for (const std::string& note : evidence.context.notes)
    json["notes"].push_back(encoding::is_valid_utf8(note) ? note : encoding::printable(note));
  return json.dump(2) + "\n";
}

std::string text_of(const nlohmann::json& json, const char* key) {
  auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::uint64_t number_of(const nlohmann::json& json, const char* key) {
  auto found = json.find(key);
  return found != json.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}

/// Read leniently: a file that somebody has edited is still shown, as what it is.
std::optional<Evidence> parse_evidence(const std::string& id, std::string text) {
  auto json = encoding::parse_strict_json(text);
  if (!json || !json->is_object() || text_of(*json, "format") != format) return std::nullopt;
  Evidence evidence;
  evidence.id = id;
  evidence.what = text_of(*json, "what");
  evidence.why = text_of(*json, "why");
  evidence.client_ms = number_of(*json, "client_ms");
  evidence.context.channel = encoding::decode_hex_as<ChannelId>(text_of(*json, "channel"));
  if (json->contains("index")) evidence.context.index = number_of(*json, "index");
  if (auto object = json->find("object"); object != json->end() && object->is_object())
    for (const auto& [name, value] : object->items())
      if (value.is_string())
        if (auto bytes = encoding::decode_base64url(value.get<std::string>()))
          evidence.parts.emplace_back(name, std::move(*bytes));
  if (auto notes = json->find("notes"); notes != json->end() && notes->is_array())
    for (const auto& note : *notes)
      if (note.is_string()) evidence.context.notes.push_back(note.get<std::string>());
  evidence.text = std::move(text);
  return evidence;
}

/// Number and bytes, without reading them.
bool is_full(const fs::path& folder) {
  std::size_t files = 0, bytes = 0;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const auto size = entry.file_size(ignored);
    if (ignored) continue;
    ++files;
    bytes += size;
  }
  return files >= most_evidence || bytes >= most_evidence_bytes;
}

}  // namespace

Refusal keep_evidence(const fs::path& profile_folder, const std::string& what,
                      const std::string& why, const std::vector<EvidencePart>& parts,
                      const EvidenceContext& context) {
  Evidence evidence{id_of(parts), what, why, wall_clock_ms(), context, parts, {}};
  const fs::path folder = folder_of(profile_folder);
  const fs::path file = folder / (evidence.id + ".json");
  std::string place = "; evidence: " + file.string();
  Result<> kept = make_private_folder(folder);
  if (kept && fs::exists(file)) {
    place += " (seen before)";
  } else if (kept && is_full(folder)) {
    place = "; NOT kept: the evidence folder " + folder.string() +
            " is full; hand what it holds to somebody and move it away";
  } else if (kept) {
    kept = replace_file(file, as_bytes(format_evidence(evidence)), FileAccess::owner_only);
  }
  if (!kept) place = "; the evidence could not be kept: " + kept.error().detail;
  return refuse(RefusalCode::verification_failed, what + ": " + why + place);
}

std::vector<Evidence> list_evidence(const fs::path& profile_folder) {
  std::vector<Evidence> all;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(folder_of(profile_folder), none)) {
    if (entry.path().extension() != ".json") continue;
    Result<Bytes> content = read_whole_file(entry.path(), file_bytes);
    if (!content) continue;
    if (auto evidence =
            parse_evidence(entry.path().stem().string(), std::string(as_text(*content))))
      all.push_back(std::move(*evidence));
  }
  std::ranges::sort(all, [](const Evidence& a, const Evidence& b) {
    return std::tie(a.client_ms, a.id) < std::tie(b.client_ms, b.id);
  });
  return all;
}

Result<Evidence> find_evidence(const fs::path& profile_folder, const std::string& digits) {
  if (digits.size() < 8) return refuse(RefusalCode::usage, "an id is eight or more of its digits");
  std::optional<Evidence> found;
  for (Evidence& evidence : list_evidence(profile_folder)) {
    if (!evidence.id.starts_with(digits)) continue;
    if (found) return refuse(RefusalCode::usage, "several pieces of evidence begin with " + digits);
    found = std::move(evidence);
  }
  if (!found)
    return refuse(RefusalCode::not_found, "no evidence has this id: oberih evidence list");
  return std::move(*found);
}

bool is_evidence_full(const std::vector<Evidence>& all) {
  std::size_t bytes = 0;
  for (const Evidence& evidence : all) bytes += evidence.text.size();
  return all.size() >= most_evidence || bytes >= most_evidence_bytes;
}

}  // namespace oberih::client
