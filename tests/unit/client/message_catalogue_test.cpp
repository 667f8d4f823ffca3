// SPDX-License-Identifier: Apache-2.0
#include "client-cli/output/message_catalogue.hpp"

#include <gtest/gtest.h>

#include <set>

namespace oberih::client {
namespace {

std::set<std::string> placeholders(std::string_view text) {
  std::set<std::string> found;
  for (std::size_t open = text.find('{'); open != std::string_view::npos;
       open = text.find('{', open + 1))
    found.emplace(text.substr(open, text.find('}', open) - open + 1));
  return found;
}

TEST(MessageCatalogue, both_languages_say_the_same_with_the_same_placeholders) {
  std::set<std::string_view> keys;
  for (const SentenceRow& row : sentence_table()) {
    EXPECT_TRUE(keys.insert(row.key).second) << row.key;
    EXPECT_FALSE(row.english.empty()) << row.key;
    EXPECT_FALSE(row.ukrainian.empty()) << row.key;
    EXPECT_EQ(placeholders(row.english), placeholders(row.ukrainian)) << row.key;
  }
}

TEST(MessageCatalogue, every_refusal_has_a_sentence_in_ukrainian) {
  for (const RefusalRow& row : refusal_table()) {
    EXPECT_TRUE(has_refusal_sentence(Language::ukrainian, row.code)) << row.name;
    EXPECT_NE(refusal_sentence(Language::ukrainian, row.code), row.sentence) << row.name;
  }
}

TEST(MessageCatalogue, placeholders_are_filled_and_braces_in_values_left_alone) {
  EXPECT_EQ(compose(Language::english, Sentence::refused, {{"sentence", "{sentence} {x}"}}),
            "Refused: {sentence} {x}");
}

TEST(Language, is_taken_from_names_of_locales) {
  EXPECT_EQ(find_language("uk_UA.UTF-8"), Language::ukrainian);
  EXPECT_EQ(find_language("en"), Language::english);
  EXPECT_EQ(find_language("fr"), std::nullopt);
}

}  // namespace
}  // namespace oberih::client
