// SPDX-License-Identifier: Apache-2.0
#include "client-cli/docket/docket_text.hpp"

#include <gtest/gtest.h>

namespace oberih::client {
namespace {

// "Їжак № 5" as windows-1251 has it.
const std::string old_text = "\xAF\xE6\xE0\xEA \xB9 5";

std::string detail_of(std::string_view file, DocketEncoding encoding = DocketEncoding::utf_8) {
  const Result<std::string> text = read_docket_text(file, encoding);
  return text ? "" : text.error().detail;
}

TEST(DocketText, utf_8_is_read_with_and_without_its_mark) {
  EXPECT_EQ(*read_docket_text("Їжак", DocketEncoding::utf_8), "Їжак");
  EXPECT_EQ(*read_docket_text("\xEF\xBB\xBFЇжак", DocketEncoding::utf_8), "Їжак");
}

TEST(DocketText, letters_that_were_taken_apart_are_put_together) {
  EXPECT_EQ(*read_docket_text("и\xCC\x86", DocketEncoding::utf_8), "й");
}

TEST(DocketText, windows_1251_is_named_and_converted_only_when_asked) {
  EXPECT_NE(detail_of(old_text).find("windows-1251"), std::string::npos);
  EXPECT_EQ(*read_docket_text(old_text, DocketEncoding::windows_1251), "Їжак № 5");
}

TEST(DocketText, utf_8_is_never_converted_twice) {
  EXPECT_NE(detail_of("Їжак", DocketEncoding::windows_1251).find("UTF-8"), std::string::npos);
  EXPECT_NE(detail_of("\xEF\xBB\xBFx", DocketEncoding::windows_1251).find("UTF-8"),
            std::string::npos);
  EXPECT_EQ(*read_docket_text("plain", DocketEncoding::windows_1251), "plain");
}

TEST(DocketText, other_encodings_are_refused_by_name) {
  EXPECT_NE(detail_of(std::string_view("\xFF\xFE\x14\x04", 4)).find("UTF-16"), std::string::npos);
  EXPECT_NE(detail_of(std::string_view("a\0b", 3)).find("zero"), std::string::npos);
  EXPECT_EQ(detail_of("\x80\x81\x82\x83").find("windows-1251"), std::string::npos);
  EXPECT_FALSE(detail_of("\x98", DocketEncoding::windows_1251).empty());
}

}  // namespace
}  // namespace oberih::client
