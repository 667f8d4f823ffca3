// SPDX-License-Identifier: Apache-2.0
#include "protocol/base/result.hpp"

#include <gtest/gtest.h>

#include <set>
#include <stdexcept>

namespace oberih {
namespace {

Result<int> half_of(int number) {
  if (number % 2 != 0) return refuse(RefusalCode::usage, "odd");
  return number / 2;
}
Result<> require_even(int number) {
  OBERIH_TRY(half_of(number));
  return {};
}

}  // namespace

TEST(Result, is_a_value_or_a_refusal) {
  EXPECT_EQ(half_of(4).value(), 2);
  EXPECT_EQ(half_of(3).error().code, RefusalCode::usage);
  EXPECT_EQ(half_of(3).error().detail, "odd");
}

TEST(Result, a_refusal_is_handed_on) {
  EXPECT_TRUE(require_even(2));
  ASSERT_FALSE(require_even(1));
  EXPECT_EQ(require_even(1).error().detail, "odd");
}

TEST(Result, an_unhandled_refusal_is_a_broken_invariant_that_says_its_code) {
  try {
    (void)half_of(1).value();
    FAIL() << "no exception";
  } catch (const std::logic_error& error) {
    EXPECT_NE(std::string_view(error.what()).find("usage"), std::string_view::npos);
  }
}

TEST(RefusalTable, has_no_name_or_number_twice) {
  std::set<std::string_view> names;
  std::set<int> numbers;
  for (const RefusalRow& row : refusal_table()) {
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_TRUE(numbers.insert(row.number).second) << row.name;
    EXPECT_LT(row.number, 0) << row.name;
  }
}

TEST(RefusalTable, every_row_is_a_sentence_with_an_exit_code_and_is_found) {
  for (const RefusalRow& row : refusal_table()) {
    EXPECT_GE(row.exit_code, 64) << row.name;  // sysexits.h: 64 to 78
    EXPECT_LE(row.exit_code, 78) << row.name;
    EXPECT_TRUE(row.sentence.ends_with('.')) << row.name;
    EXPECT_EQ(&refusal_row(row.code), &row) << row.name;
    EXPECT_EQ(find_refusal_code(row.name), row.code) << row.name;
  }
  EXPECT_FALSE(find_refusal_code("no_such_refusal"));
}

}  // namespace oberih
