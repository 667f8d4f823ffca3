// SPDX-License-Identifier: Apache-2.0
#include "protocol/encoding/utf8.hpp"

#include <gtest/gtest.h>

namespace oberih::encoding {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view valid_texts[] = {
    "",
    "Odesa",
    "Слідчий їде до Одеси",
    "\x7f",
    "\xc2\x80",          // U+0080
    "\xdf\xbf",          // U+07FF
    "\xe0\xa0\x80",      // U+0800
    "\xed\x9f\xbf",      // U+D7FF
    "\xee\x80\x80",      // U+E000
    "\xef\xbf\xbf",      // U+FFFF
    "\xf0\x90\x80\x80",  // U+10000
    "\xf4\x8f\xbf\xbf",  // U+10FFFF
    "\0"sv,
};

constexpr std::string_view invalid_texts[] = {
    "\x80",              // a continuation alone
    "\xc0\x80",          // NUL in two bytes
    "\xc1\xbf",          // overlong
    "\xe0\x9f\xbf",      // overlong
    "\xf0\x8f\xbf\xbf",  // overlong
    "\xed\xa0\x80",      // a surrogate
    "\xed\xbf\xbf",      // a surrogate
    "\xf4\x90\x80\x80",  // above U+10FFFF
    "\xf5\x80\x80\x80",
    "\xf8\x88\x80\x80\x80",
    "\xfe",
    "\xff",
    "\xc3",          // cut short
    "\xe2\x82",      // cut short
    "\xf0\x9f\x98",  // cut short
    "\xc3\x28",      // no continuation
    "a\xe2\x28\xa1",
};

}  // namespace

TEST(Utf8, is_what_rfc_3629_allows) {
  for (std::string_view text : valid_texts) EXPECT_TRUE(is_valid_utf8(text)) << printable(text);
  for (std::string_view text : invalid_texts) {
    EXPECT_FALSE(is_valid_utf8(text)) << printable(text);
    EXPECT_FALSE(to_nfc(text)) << printable(text);
    EXPECT_FALSE(is_nfc(text)) << printable(text);
    EXPECT_TRUE(has_control_characters(text)) << printable(text);
    EXPECT_TRUE(is_valid_utf8(printable(text)));
  }
}

TEST(Utf8, composes_to_nfc) {
  EXPECT_EQ(to_nfc("i\xcc\x88"), "\xc3\xaf");         // i and diaeresis: ï
  EXPECT_EQ(to_nfc("\xd1\x96\xcc\x88"), "\xd1\x97");  // і and diaeresis: ї
  EXPECT_EQ(to_nfc("\xe2\x84\xab"), "\xc3\x85");      // the Angstrom sign: Å
  EXPECT_EQ(to_nfc("\xef\xac\x81"), "\xef\xac\x81");  // a ligature stays: no NFKC
  EXPECT_TRUE(is_nfc("Їжак"));
  EXPECT_FALSE(is_nfc("\xd0\x86\xcc\x88"));
  EXPECT_EQ(to_nfc(""), "");
}

TEST(Utf8, finds_characters_that_forge_lines_or_drive_terminals) {
  constexpr std::string_view driving_texts[] = {"a\nb",
                                                "a\rb",
                                                "\t",
                                                "\x1b[31m",
                                                "\x7f",
                                                "\xc2\x9b"
                                                "31m",
                                                "\0"sv,
                                                "\xe2\x80\xae"
                                                "gpj.exe",
                                                "\xe2\x81\xa6",
                                                "\xe2\x80\xa8",
                                                "\xef\xbb\xbf"
                                                "begin",
                                                "\xd8\x9c",
                                                "\xe2\x80\x8f"};
  for (std::string_view text : driving_texts)
    EXPECT_TRUE(has_control_characters(text)) << printable(text);
  for (std::string_view text : {"", "Слідчий — «Одеса»", "a b", "e\xcc\x81", "👩‍💻"})
    EXPECT_FALSE(has_control_characters(text)) << text;
}

TEST(Utf8, finds_white_space_of_every_script) {
  for (std::string_view text : {" ", "\t", "\n", "\xc2\xa0", "\xe3\x80\x80",
                                "a\xe2\x80\x83"
                                "b"})
    EXPECT_TRUE(has_white_space(text)) << printable(text);
  for (std::string_view text : {"", "a", "example.com/log", "Одеса"})
    EXPECT_FALSE(has_white_space(text)) << text;
}

TEST(Utf8, shows_control_characters_as_escapes_and_leaves_words_alone) {
  EXPECT_EQ(printable("Слідчий: «так» 👍"), "Слідчий: «так» 👍");
  EXPECT_EQ(printable("a\nb\r\tc"), "a\\nb\\r\\tc");
  EXPECT_EQ(printable("\x1b[2J"), "\\x1b[2J");
  EXPECT_EQ(printable("\0\x7f"sv), "\\x00\\x7f");
  EXPECT_EQ(printable("\xc2\x9b"
                      "1m"),
            "\\u{009b}1m");
  EXPECT_EQ(printable("\xe2\x80\xae"
                      "abc"),
            "\\u{202e}abc");
  EXPECT_EQ(printable("a\xff\xc3z"), "a\\xff\\xc3z");
}

}  // namespace oberih::encoding
