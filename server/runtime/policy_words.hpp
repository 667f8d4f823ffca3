// SPDX-License-Identifier: Apache-2.0
// The rows of a policy and the words in them, each held against a closed list of the code. Before
// the schema, whose enumerations would say only that a value is not among them.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <vector>

#include "protocol/encoding/utf8.hpp"
#include "server/runtime/policy_document.hpp"

namespace oberih::runtime {

/// The words that rules use in one key, whether it stands alone or in a list.
template <class Word>
struct Vocabulary {
  const char* key;
  std::optional<Word> (*find)(std::string_view);
};

/// Why a word of the rule's key is unknown; nothing where all are known.
template <class Word>
std::optional<std::string> find_unknown_word(const nlohmann::json& rule, std::size_t number,
                                             const Vocabulary<Word>& vocabulary) {
  const auto found = rule.find(vocabulary.key);
  if (found == rule.end()) return std::nullopt;
  const auto fault = [&](const nlohmann::json& word,
                         const std::string& place) -> std::optional<std::string> {
    if (!word.is_string()) return std::nullopt;  // the schema's business
    const auto& text = word.template get_ref<const std::string&>();
    if (vocabulary.find(text)) return std::nullopt;
    return "rule " + std::to_string(number) + " uses the unknown word '" +
           encoding::printable(text) + "' in " + vocabulary.key + " (/rules/" +
           std::to_string(number - 1) + "/" + vocabulary.key + place + ").";
  };
  if (!found->is_array()) return fault(*found, "");
  std::size_t at = 0;
  for (const nlohmann::json& word : *found)
    if (auto unknown = fault(word, "/" + std::to_string(at++))) return unknown;
  return std::nullopt;
}

/// The array "rules" of a policy that fits its schema and whose words are all known.
template <class... Words>
Result<nlohmann::json> parse_rules(const PolicyText& policy,
                                   const Vocabulary<Words>&... vocabularies) {
  Result<nlohmann::json> document = parse_policy_json(policy);
  if (!document) return document;
  if (document->is_object() && document->contains("rules") && (*document)["rules"].is_array()) {
    std::size_t number = 0;
    for (const nlohmann::json& rule : (*document)["rules"]) {
      ++number;
      std::optional<std::string> unknown;
      if (rule.is_object())
        (void)((unknown = find_unknown_word(rule, number, vocabularies)) || ...);
      if (unknown) return unfit_policy(policy, *unknown);
    }
  }
  if (auto checked = check_policy_schema(policy, *document); !checked) return checked.error();
  return Result<nlohmann::json>(boost::system::in_place_value, std::move((*document)["rules"]));
}

/// REQUIRES: the rule was checked with this vocabulary.
template <class Word>
std::vector<Word> words_of(const nlohmann::json& rule, const Vocabulary<Word>& vocabulary) {
  std::vector<Word> words;
  if (auto found = rule.find(vocabulary.key); found != rule.end())
    for (const nlohmann::json& item : *found)
      words.push_back(*vocabulary.find(item.template get<std::string>()));
  return words;
}

}  // namespace oberih::runtime
