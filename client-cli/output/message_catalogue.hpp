// SPDX-License-Identifier: Apache-2.0
// Every sentence that `oberih` says, in every language, with one key (sentences.def).
#pragma once

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "client-cli/output/language.hpp"
#include "protocol/base/result.hpp"

namespace oberih::client {

enum class Sentence {
#define OBERIH_SENTENCE(key, english, ukrainian) key,
#include "client-cli/output/sentences.def"
#undef OBERIH_SENTENCE
};

/// What stands for `{name}` in a sentence.
using Values = std::initializer_list<std::pair<std::string_view, std::string>>;

/// The sentence as it stands in the table, placeholders and all.
std::string_view sentence_text(Language language, Sentence sentence);
/// Values are put in as they are: texts that others wrote go through encoding::printable first.
std::string compose(Language language, Sentence sentence, Values values = {});

/// The sentence of a refusal; English where there is no Ukrainian one.
std::string_view refusal_sentence(Language language, RefusalCode code);
bool has_refusal_sentence(Language language, RefusalCode code);

struct SentenceRow {
  std::string_view key;
  std::string_view english;
  std::string_view ukrainian;
};
const std::vector<SentenceRow>& sentence_table();

}  // namespace oberih::client
