// SPDX-License-Identifier: Apache-2.0
#include "protocol/encoding/strict_json.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace oberih::encoding {
namespace {

using namespace std::string_view_literals;

void expect_refused(std::string_view text, std::string_view detail) {
  auto parsed = parse_strict_json(text);
  ASSERT_FALSE(parsed) << text;
  EXPECT_EQ(parsed.error().code, RefusalCode::malformed_frame) << text;
  EXPECT_NE(parsed.error().detail.find(detail), std::string::npos)
      << text << " was refused because " << parsed.error().detail;
}

std::string nested(std::size_t depth, char open, char close) {
  return std::string(depth, open) + std::string(depth, close);
}

}  // namespace

TEST(StrictJson, reads_every_kind_of_value) {
  constexpr std::string_view text =
      R"( {"text": "Одеса \u0456\ud83d\ude00", "list": [1, [2, {"a": []}], {}], "no": null,
           "yes": true, "number": -7, "": ""} )";
  auto parsed = parse_strict_json(text);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(*parsed, nlohmann::json::parse(text));
  EXPECT_TRUE(parse_strict_json("7"));
  EXPECT_TRUE(parse_strict_json(R"("text")"));
}

TEST(StrictJson, reads_integers_up_to_the_last_one) {
  auto parsed = parse_strict_json("[18446744073709551615, -9223372036854775808, 9007199254740993]");
  ASSERT_TRUE(parsed);
  EXPECT_EQ((*parsed)[0].get<std::uint64_t>(), UINT64_MAX);
  EXPECT_EQ((*parsed)[1].get<std::int64_t>(), INT64_MIN);
  EXPECT_EQ((*parsed)[2].get<std::uint64_t>(), 9007199254740993u);
}

TEST(StrictJson, no_number_becomes_a_double) {
  for (std::string_view text : {"1.0", "1e3", "0.1", "-1E2", "18446744073709551616",
                                "-9223372036854775809", "[1, 2.5]", R"({"a": 1e400})"})
    EXPECT_FALSE(parse_strict_json(text)) << text;
  expect_refused("18446744073709551616", "integer");
}

TEST(StrictJson, refuses_a_key_twice_at_any_depth) {
  expect_refused(R"({"a": 1, "a": 1})", "twice");
  expect_refused(R"([{"b": {"a": 1, "c": 2, "a": 3}}])", "twice");
  expect_refused(R"({"a": 1, "\u0061": 2})", "twice");
  EXPECT_TRUE(parse_strict_json(R"({"a": {"a": {"a": 1}}, "b": {"a": 1}})"));
}

TEST(StrictJson, refuses_more_than_its_depth) {
  EXPECT_TRUE(parse_strict_json(nested(16, '[', ']')));
  expect_refused(nested(17, '[', ']'), "deep");
  expect_refused(nested(100'000, '[', ']'), "deep");
  expect_refused(std::string(100'000, '['), "deep");
  std::string objects;
  for (int i = 0; i < 17; ++i) objects += R"({"a":)";
  expect_refused(objects, "deep");
  EXPECT_TRUE(parse_strict_json("[[1]]", 2));
  EXPECT_FALSE(parse_strict_json("[[[1]]]", 2));
}

TEST(StrictJson, refuses_what_is_not_utf8) {
  expect_refused("\"\xff\"", "UTF-8");
  expect_refused("\"\xc0\x80\"", "UTF-8");
  expect_refused("\"\xed\xa0\x80\"", "UTF-8");
  expect_refused("\xef\xbb\xbf{}", "byte order mark");
  expect_refused(R"("\ud800")", "not JSON");
  expect_refused(R"("\udc00\ud800")", "not JSON");
}

TEST(StrictJson, refuses_what_is_cut_short_left_over_or_no_json) {
  constexpr std::string_view broken_texts[] = {"",
                                               " ",
                                               "{",
                                               "[1",
                                               R"({"a")",
                                               R"({"a":)",
                                               R"("abc)",
                                               "{}{}",
                                               "{} x",
                                               "[1,]",
                                               R"({"a":1,})",
                                               "nul",
                                               "truee",
                                               "'a'",
                                               "{a: 1}",
                                               "// note\n{}",
                                               "/* note */ {}",
                                               "NaN",
                                               "Infinity",
                                               "+1",
                                               "01",
                                               "- 1",
                                               ".5",
                                               "1.",
                                               "\"a\nb\"",
                                               "{}\0"sv,
                                               "\0"sv,
                                               R"("\x41")",
                                               R"(["a" "b"])"};
  for (std::string_view text : broken_texts) EXPECT_FALSE(parse_strict_json(text)) << text;
  expect_refused("{} {}", "not JSON");
}

TEST(StrictJson, refuses_anything_behind_a_zero_byte) {
  expect_refused("{}\0{}"sv, "zero byte");
  expect_refused("{\"a\": 1\0}"sv, "zero byte");
  EXPECT_TRUE(parse_strict_json(R"("\u0000")"));
}

TEST(StrictJson, a_refusal_does_not_repeat_what_was_sent) {
  auto parsed = parse_strict_json(R"({"text": "a secret word" "another"})");
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().detail.find("secret"), std::string::npos);
  EXPECT_EQ(parsed.error().detail.find("another"), std::string::npos);
}

}  // namespace oberih::encoding
