// SPDX-License-Identifier: Apache-2.0
#include "client-cli/output/message_catalogue.hpp"

#include <map>

namespace oberih::client {
namespace {

const std::map<RefusalCode, std::string_view>& ukrainian_refusals() {
  static const std::map<RefusalCode, std::string_view> table{
#define OBERIH_REFUSAL_UK(code, sentence) {RefusalCode::code, sentence},
#include "client-cli/output/refusal_sentences_uk.def"
#undef OBERIH_REFUSAL_UK
  };
  return table;
}

}  // namespace

const std::vector<SentenceRow>& sentence_table() {
  static const std::vector<SentenceRow> table{
#define OBERIH_SENTENCE(key, english, ukrainian) {#key, english, ukrainian},
#include "client-cli/output/sentences.def"
#undef OBERIH_SENTENCE
  };
  return table;
}

std::string_view sentence_text(Language language, Sentence sentence) {
  const SentenceRow& row = sentence_table()[static_cast<std::size_t>(sentence)];
  switch (language) {
    case Language::english:
      return row.english;
    case Language::ukrainian:
      return row.ukrainian;
  }
  return row.english;
}

std::string compose(Language language, Sentence sentence, Values values) {
  std::string_view text = sentence_text(language, sentence);
  std::string composed;
  while (!text.empty()) {
    std::size_t open = text.find('{');
    std::size_t close = text.find('}', open);
    composed += text.substr(0, open);
    if (open == std::string_view::npos || close == std::string_view::npos) break;
    std::string_view name = text.substr(open + 1, close - open - 1);
    for (const auto& [key, value] : values)
      if (key == name) composed += value;
    text.remove_prefix(close + 1);
  }
  return composed;
}

bool has_refusal_sentence(Language language, RefusalCode code) {
  return language == Language::english || ukrainian_refusals().contains(code);
}

std::string_view refusal_sentence(Language language, RefusalCode code) {
  auto found = ukrainian_refusals().find(code);
  if (language == Language::ukrainian && found != ukrainian_refusals().end()) return found->second;
  return refusal_row(code).sentence;
}

}  // namespace oberih::client
