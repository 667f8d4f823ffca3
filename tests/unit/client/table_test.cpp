// SPDX-License-Identifier: Apache-2.0
#include "client-cli/output/table.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "client-cli/output/display_width.hpp"

namespace oberih::client {
namespace {

TEST(Table, columns_line_up_for_cyrillic_as_for_latin) {
  Table table({"name", "role"});
  table.add({"Оксана", "investigator"});
  table.add({"Ann", "judge"});
  std::ostringstream out;
  table.print(out, Emphasis::none);
  EXPECT_EQ(out.str(), "name    role\nОксана  investigator\nAnn     judge\n");
}

TEST(Table, a_cell_cannot_drive_the_terminal) {
  Table table({"name"});
  table.add({"\x1b[2J"});
  std::ostringstream out;
  table.print(out, Emphasis::none);
  EXPECT_EQ(out.str().find('\x1b'), std::string::npos);
}

TEST(DisplayWidth, shortens_by_columns_and_shows_it) {
  EXPECT_EQ(shorten_to("Їжак", 4), "Їжак");
  EXPECT_EQ(shorten_to("Їжачок", 4), "Їжа…");
  EXPECT_EQ(shorten_to("日本語", 4), "日…");
  EXPECT_EQ(shorten_to("", 4), "");
  EXPECT_EQ(display_width(shorten_to("e\u0301e\u0301e\u0301", 2)), 2u);
}

TEST(DisplayWidth, counts_columns_not_bytes) {
  EXPECT_EQ(display_width("Їжак"), 4u);
  EXPECT_EQ(display_width("日本"), 4u);
  EXPECT_EQ(display_width("e\u0301"), 1u);
  EXPECT_EQ(display_width(""), 0u);
}

}  // namespace
}  // namespace oberih::client
