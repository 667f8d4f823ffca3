// SPDX-License-Identifier: Apache-2.0
#include "protocol/encoding/whole_words.hpp"

#include <gtest/gtest.h>

namespace oberih::encoding {
namespace {

TEST(WholeWords, are_found_beside_whatever_is_no_letter_and_no_digit) {
  for (const char* text : {"417", "417/1", "Постанова 417/1", "ухвала № 417/2027-к", "№417",
                           "1/417", "(417)", "справа_417", "1417, 417"})
    EXPECT_TRUE(has_whole_words(text, "417")) << text;
}

TEST(WholeWords, are_no_parts_of_longer_ones) {
  for (const char* text :
       {"", "4170", "1417", "417к", "к417", "417\u0308", "41 7", "4.17", "справа 4170/417а"})
    EXPECT_FALSE(has_whole_words(text, "417")) << text;
}

TEST(WholeWords, may_be_several_and_hold_other_characters) {
  EXPECT_TRUE(has_whole_words("ухвала № 417/2027-к від 4 березня", "№ 417/2027-к"));
  EXPECT_TRUE(has_whole_words("ухвала № 417/2027-к", "417/2027"));
  EXPECT_FALSE(has_whole_words("ухвала № 417/2027-к", "17/2027"));
  EXPECT_FALSE(has_whole_words("ухвала № 417/2027-к", "417/20"));
  EXPECT_FALSE(has_whole_words("ухвала№ 417", "№ 417")) << "a letter stands before it";
  EXPECT_FALSE(has_whole_words("№ 417", "o 417")) << "the half of a character";
}

TEST(WholeWords, are_compared_without_regard_to_case_and_spelling) {
  EXPECT_TRUE(has_whole_words("УХВАЛА № 417/2027-К", "ухвала № 417/2027-к"));
  EXPECT_TRUE(has_whole_words("ухвала 417", "УХВАЛА 417"));
  EXPECT_TRUE(has_whole_words("справа\u00a0４１７", "справа 417")) << "no break, full width";
  EXPECT_TRUE(has_whole_words("И\u0306", "й")) << "not composed";
}

TEST(WholeWords, of_nothing_are_nowhere) {
  EXPECT_FALSE(has_whole_words("417", ""));
  EXPECT_FALSE(has_whole_words("", ""));
  EXPECT_FALSE(has_whole_words("\xff", "\xff"));
}

}  // namespace
}  // namespace oberih::encoding
