// SPDX-License-Identifier: Apache-2.0
#include "client-cli/output/message_catalogue.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace oberih::client {
namespace {

struct Row {
  std::string key;
  std::string english;
  std::string ukrainian;
};

const Row rows[] = {
#define OBERIH_MESSAGE(key, english, ukrainian) {#key, english, ukrainian},
#include "client-cli/output/messages.def"
#undef OBERIH_MESSAGE
};

std::string placeholders(const std::string& text) {
  std::string found;
  for (std::size_t at = 0; at + 2 < text.size(); ++at)
    if (text[at] == '{' && text[at + 2] == '}') found += text[at + 1];
  std::sort(found.begin(), found.end());
  return found;
}

TEST(MessageCatalogue, both_languages_say_the_same_with_the_same_placeholders) {
  for (const Row& row : rows) {
    EXPECT_FALSE(row.english.empty()) << row.key;
    EXPECT_FALSE(row.ukrainian.empty()) << row.key;
    EXPECT_EQ(placeholders(row.english), placeholders(row.ukrainian)) << row.key;
  }
}

TEST(MessageCatalogue, every_refusal_has_a_sentence_in_ukrainian) {
  const MessageCatalogue ukrainian(Language::ukrainian);
  for (const RefusalRow& row : refusal_table())
    EXPECT_NE(ukrainian.refusal_sentence(row.code), row.sentence) << row.name;
}

TEST(MessageCatalogue, placeholders_are_filled_and_braces_in_arguments_left_alone) {
  const MessageCatalogue english(Language::english);
  EXPECT_EQ(english.text(Message::refused, {"{0} {1}"}), "Refused: {0} {1}");
}

}  // namespace
}  // namespace oberih::client
