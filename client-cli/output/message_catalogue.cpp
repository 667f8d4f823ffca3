// SPDX-License-Identifier: Apache-2.0
#include "client-cli/output/message_catalogue.hpp"

#include <array>

namespace oberih::client {
namespace {

struct Texts {
  std::string_view english;
  std::string_view ukrainian;
};

constexpr Texts messages[] = {
#define OBERIH_MESSAGE(key, english, ukrainian) {english, ukrainian},
#include "client-cli/output/messages.def"
#undef OBERIH_MESSAGE
};

}  // namespace

std::string_view MessageCatalogue::text(Message message) const {
  const Texts& texts = messages[static_cast<std::size_t>(message)];
  return language_ == Language::ukrainian ? texts.ukrainian : texts.english;
}

std::string MessageCatalogue::text(Message message,
                                   std::initializer_list<std::string_view> arguments) const {
  const std::string_view pattern = text(message);
  std::string filled;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    const bool placeholder =
        pattern[at] == '{' && at + 2 < pattern.size() && pattern[at + 2] == '}';
    const std::size_t number = placeholder ? static_cast<std::size_t>(pattern[at + 1] - '0') : 0;
    if (!placeholder || number >= arguments.size()) {
      filled += pattern[at];
      continue;
    }
    filled += arguments.begin()[number];
    at += 2;
  }
  return filled;
}

std::string_view MessageCatalogue::refusal_sentence(RefusalCode code) const {
  if (language_ == Language::ukrainian) {
    switch (code) {
#define OBERIH_SENTENCE(code, sentence) \
  case RefusalCode::code:               \
    return sentence;
#include "client-cli/output/refusal_sentences.def"
#undef OBERIH_SENTENCE
    }
  }
  return refusal_row(code).sentence;
}

}  // namespace oberih::client
