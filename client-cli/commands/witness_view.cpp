// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/witness_view.hpp"

#include <nlohmann/json.hpp>

#include "client-cli/output/kyiv_time.hpp"
#include "protocol/encoding/strict_json.hpp"
#include "protocol/encoding/strict_object.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::client {

extern const std::string_view witnessing_text;  // made from policies/witnessing.json

namespace {

constexpr Milliseconds minute_in_ms = 60'000;

std::uint64_t witnessing_limit() {
  static const std::uint64_t limit = [] {
    const Result<std::uint64_t> read = parse_witnessing_limit(witnessing_text);
    return read ? *read : 0;
  }();
  if (limit == 0) throw std::logic_error("the policy of witnessing that was built in is not whole");
  return limit;
}

std::string joined_names(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names)
    text += (text.empty() ? "" : ", ") + encoding::printable(name);
  return text;
}

}  // namespace

Result<std::uint64_t> parse_witnessing_limit(std::string_view policy) {
  Result<nlohmann::json> document = encoding::parse_strict_json(policy);
  if (!document) return document.error();
  encoding::StrictObject object(*document, "witnessing");
  object.optional_text("$schema", limits::name_bytes);
  object.u64("version");
  const std::uint64_t minutes = object.u64("limit_minutes");
  object.text("behaviour", limits::name_bytes);
  object.text("reason", limits::note_bytes);
  OBERIH_TRY(object.finish());
  if (minutes == 0) return refuse(RefusalCode::malformed_object, "a limit of 0 minutes");
  return minutes;
}

nlohmann::ordered_json show_witnessing(Console& console, ClientSession& session) {
  nlohmann::ordered_json json{{"state", "unwitnessed"}};
  if (session.directory().witness_quorum().empty()) {
    console.say(Sentence::status_no_witnesses);
    json["state"] = "no_witnesses";
    return json;
  }
  const auto checkpoint = session.verified_directory().newest_checkpoint();
  const std::uint64_t all = checkpoint ? checkpoint->size : 0;
  const std::optional<WitnessedHead> head = session.witnesses().newest();
  Milliseconds since_ms = 0;
  if (!head) {
    console.say(Sentence::status_never_witnessed);
  } else {
    since_ms = head->since_ms;
    json = {{"state", "unwitnessed"},
            {"witnesses", head->names},
            {"since_ms", since_ms},
            {"size", head->size}};
    const bool is_late = wall_clock_ms() > since_ms + witnessing_limit() * minute_in_ms;
    const Values values{{"names", joined_names(head->names)},
                        {"time", format_time(since_ms, console.language())},
                        {"size", std::to_string(head->size)},
                        {"all", std::to_string(all)}};
    if (head->size == all && !is_late) {
      json["state"] = "witnessed";
      console.say(Sentence::status_witnessed, values);
      return json;
    }
    console.say(Sentence::status_unwitnessed, values);
  }
  const Milliseconds for_minutes =
      (wall_clock_ms() - std::min(wall_clock_ms(), since_ms)) / minute_in_ms;
  if (head && for_minutes >= witnessing_limit())
    console.note(Sentence::unwitnessed_warning, {{"minutes", std::to_string(for_minutes)}});
  return json;
}

nlohmann::ordered_json show_anchoring(Console& console, const ClientSession& session) {
  const std::optional<wire::Anchored>& anchored = session.anchored();
  if (!anchored) return nullptr;
  const bool is_overdue = anchored->unanchored_ms != 0;
  const Values values{{"since", format_time(anchored->unanchored_ms, console.language())},
                      {"time", format_time(anchored->at_ms, console.language())},
                      {"size", std::to_string(anchored->size)}};
  if (is_overdue)
    console.say(anchored->size == 0 ? Sentence::status_never_anchored : Sentence::status_unanchored,
                values);
  else if (anchored->size != 0)
    console.say(Sentence::status_anchored, values);
  nlohmann::ordered_json json{{"state", is_overdue ? "unanchored" : "anchored"},
                              {"size", anchored->size}};
  if (anchored->size != 0) json["at_ms"] = anchored->at_ms;
  if (is_overdue) json["unanchored_since_ms"] = anchored->unanchored_ms;
  if (!is_overdue && anchored->size == 0) json["state"] = "awaited";
  return json;
}

}  // namespace oberih::client
