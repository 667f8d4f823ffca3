// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/cosigners_view.hpp"

#include <nlohmann/json.hpp>

#include "client-cli/output/kyiv_time.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::client {

std::vector<std::string> describe_cosigners(const Console& console,
                                            const evidence::Cosigners& cosigners) {
  const std::string known = std::to_string(cosigners.known);
  if (cosigners.names.empty())
    return {console.text(Sentence::export_unwitnessed, {{"known", known}})};
  std::string names;
  for (const std::string& name : cosigners.names)
    names += (names.empty() ? "" : ", ") + encoding::printable(name);
  const std::string count = std::to_string(cosigners.names.size());
  const std::string who = console.text(Sentence::export_cosigned,
                                       {{"count", count}, {"known", known}, {"names", names}});
  if (!cosigners.quorum_s) return {who, console.text(Sentence::export_no_quorum)};
  return {who,
          console.text(Sentence::export_quorum,
                       {{"time", format_time(*cosigners.quorum_s * 1'000, console.language())}})};
}

void note_missing_quorum(Console& console, const evidence::Cosigners& cosigners) {
  if (cosigners.known > 0 && !cosigners.quorum_s) console.note(Sentence::export_made_unwitnessed);
}

void add_cosigners(nlohmann::ordered_json& json, const evidence::Cosigners& cosigners) {
  json["witnessed"] = cosigners.quorum_s.has_value();
  json["witnessed_since_ms"] = nullptr;
  if (cosigners.quorum_s) json["witnessed_since_ms"] = *cosigners.quorum_s * 1'000;
  json["cosigned_by"] = cosigners.names;
  json["known_witnesses"] = cosigners.known;
}

}  // namespace oberih::client
