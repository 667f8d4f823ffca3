// SPDX-License-Identifier: Apache-2.0
#include "client-cli/verification/evidence.hpp"

#include <nlohmann/json.hpp>

#include "client-cli/keyring/private_file.hpp"
#include "protocol/base/timestamp.hpp"
#include "protocol/crypto/digest.hpp"
#include "protocol/encoding/base64url.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::client {

Refusal keep_evidence(const std::filesystem::path& profile_folder, const std::string& what,
                      const std::string& why, const std::vector<EvidencePart>& parts) {
  nlohmann::ordered_json json{{"format", "oberih-evidence-1"},
                              {"what", encoding::printable(what)},
                              {"why", encoding::printable(why)},
                              {"client_ms", wall_clock_ms()}};
  Bytes all;
  for (const auto& [name, bytes] : parts) {
    json[name] = encoding::encode_base64url(bytes);
    all.insert(all.end(), bytes.begin(), bytes.end());
  }
  // Named by content: the same object, sent again and again, makes one file.
  std::string name = encoding::encode_hex(crypto::sha256(all)).substr(0, 24) + ".json";
  std::filesystem::path folder = profile_folder / "evidence";
  std::string text = json.dump(2) + "\n";
  Result<> kept = make_private_folder(folder);
  if (kept) kept = replace_file(folder / name, as_bytes(text), FileAccess::owner_only);
  std::string place = kept ? "; evidence: " + (folder / name).string()
                           : "; the evidence could not be kept: " + kept.error().detail;
  return refuse(RefusalCode::verification_failed, what + ": " + why + place);
}

}  // namespace oberih::client
