// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/handling_options.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "protocol/encoding/strict_json.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::client {

extern const std::string_view handling_codes_text;

namespace {

using sealing::Restriction;
using sealing::TrafficLight;

constexpr std::string_view restrictions[] = {"H0", "H1", "H2", "H3"};
constexpr std::string_view traffic_lights[] = {"unmarked", "clear",        "green",
                                               "amber",    "amber_strict", "red"};

template <std::size_t N>
std::optional<std::uint8_t> find_word(const std::string_view (&words)[N], std::string_view word) {
  const auto found = std::find(std::begin(words), std::end(words), word);
  if (found == std::end(words)) return std::nullopt;
  return static_cast<std::uint8_t>(found - std::begin(words));
}

/// AMBER+STRICT as it is written elsewhere.
std::string traffic_light_word(std::string word) {
  for (char& c : word) {
    if (c == '+' || c == '-') c = '_';
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return word;
}

std::string restriction_word(std::string word) {
  if (!word.empty() && word[0] == 'h') word[0] = 'H';
  return word;
}

Refusal usage(const char* detail) { return refuse(RefusalCode::usage, detail); }

Result<NamedCode> parse_code(const nlohmann::json& value) {
  encoding::StrictObject object(value, "code");
  NamedCode code{object.text("name"), object.text("uk"), object.text("en"), {}};
  const auto restriction = find_word(restrictions, object.text("handling"));
  const auto traffic_light = find_word(traffic_lights, object.text("tlp"));
  object.text("reason");
  if (!restriction) object.fail("handling", "is none of H0 to H3");
  if (!traffic_light) object.fail("tlp", "is no traffic light");
  OBERIH_TRY(object.finish());
  code.handling = {static_cast<Restriction>(*restriction),
                   static_cast<TrafficLight>(*traffic_light)};
  return code;
}

std::optional<sealing::HandlingCode> find_code(const std::string& text) {
  const std::string wanted = encoding::to_nfc(text).value_or(text);
  for (const NamedCode& code : named_codes())
    if (code.name == wanted || code.uk == wanted || code.en == wanted) return code.handling;
  return std::nullopt;
}

std::string known_codes() {
  std::string names;
  for (const NamedCode& code : named_codes()) names += (names.empty() ? "" : ", ") + code.name;
  return names;
}

}  // namespace

Result<std::vector<NamedCode>> parse_named_codes(std::string_view text) {
  Result<nlohmann::json> json = encoding::parse_strict_json(text);
  if (!json) return json.error();
  encoding::StrictObject object(*json, "handling_codes");
  object.optional_text("$schema");
  if (object.u64("version") != 1) object.fail("version", "is not 1");
  std::vector<NamedCode> codes;
  for (const nlohmann::json& value : object.array("codes", 32)) {
    Result<NamedCode> code = parse_code(value);
    if (!code) return code.error();
    codes.push_back(std::move(*code));
  }
  OBERIH_TRY(object.finish());
  return codes;
}

std::vector<NamedCode> named_codes() {
  Result<std::vector<NamedCode>> codes = parse_named_codes(handling_codes_text);
  return codes ? std::move(*codes) : std::vector<NamedCode>{};
}

void add_handling_options(CommandTree& tree, CLI::App* command, HandlingOptions& options) {
  command->add_option("--handling", options.restriction, tree.text(Sentence::help_option_handling));
  command->add_option("--tlp", options.traffic_light, tree.text(Sentence::help_option_tlp));
  command->add_option("--code", options.code,
                      tree.text(Sentence::help_option_code) + " (" + known_codes() + ")");
}

Result<sealing::HandlingCode> read_handling(const HandlingOptions& options) {
  sealing::HandlingCode handling;
  if (!options.code.empty()) {
    const std::optional<sealing::HandlingCode> code = find_code(options.code);
    if (!code) return refuse(RefusalCode::usage, "--code is one of " + known_codes());
    handling = *code;
  }
  if (!options.restriction.empty()) {
    const auto word = find_word(restrictions, restriction_word(options.restriction));
    if (!word) return usage("--handling is H0, H1, H2 or H3");
    handling.restriction = static_cast<Restriction>(*word);
  }
  if (!options.traffic_light.empty()) {
    const auto word = find_word(traffic_lights, traffic_light_word(options.traffic_light));
    if (!word) return usage("--tlp is clear, green, amber, amber_strict or red");
    handling.traffic_light = static_cast<TrafficLight>(*word);
  }
  return handling;
}

std::string handling_tag(const sealing::HandlingCode& code) {
  const std::string name = sealing::name_of(code);
  return name.empty() ? name : "[" + name + "]";
}

}  // namespace oberih::client
