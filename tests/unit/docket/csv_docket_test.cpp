// SPDX-License-Identifier: Apache-2.0
#include "client-cli/docket/csv_docket.hpp"

#include <gtest/gtest.h>

#include "client-cli/docket/csv_records.hpp"

namespace oberih::client {
namespace {

const std::string csv_head = "дата;час;хвилин;справа;зал;дія;суддя\n";

Docket read_csv(const std::string& text) {
  Result<Docket> docket = read_csv_docket(text);
  EXPECT_TRUE(docket) << docket.error().detail;
  return docket ? *docket : Docket{};
}

std::string refusal_of_csv(const std::string& text) {
  const Result<Docket> docket = read_csv_docket(text);
  return docket ? "" : docket.error().detail;
}

DocketFault fault_of_row(const std::string& row) {
  const Docket docket = read_csv(csv_head + row + "\n");
  EXPECT_EQ(docket.refused.size(), 1u) << row;
  EXPECT_TRUE(docket.rows.empty()) << row;
  return docket.refused.empty() ? DocketFault{} : docket.refused[0].fault;
}

TEST(CsvDocket, reads_rows_by_the_names_of_their_columns) {
  const Docket docket = read_csv(
      csv_head + "04.03.2027;10:00;90;523/417/27-к;зал 3;підготовче засідання;Бойко О. В.\r\n" +
      "2027-03-05;9:30;;523/418/27-к;;допит свідка;\n");
  ASSERT_EQ(docket.rows.size(), 2u);
  EXPECT_EQ(docket.rows[0], (DocketRow{2,
                                       {{2027, 3, 4}, 10, 0},
                                       90,
                                       "523/417/27-к",
                                       "підготовче засідання",
                                       "зал 3",
                                       "Бойко О. В."}));
  EXPECT_EQ(docket.rows[1].start, (WallTime{{2027, 3, 5}, 9, 30}));
  EXPECT_EQ(docket.rows[1].minutes, 60);
  EXPECT_TRUE(docket.refused.empty());
}

TEST(CsvDocket, takes_commas_quotes_and_a_time_behind_the_date) {
  const Docket docket = read_csv(
      "Date,Parties,Case Number,Act\r\n"
      "\"04.03.2027 10:00\",\"A, B\",1/2/27,\"the \"\"first\"\" hearing\"\r\n");
  ASSERT_EQ(docket.rows.size(), 1u);
  EXPECT_EQ(docket.rows[0].act, "the \"first\" hearing");
  EXPECT_EQ(docket.rows[0].start, (WallTime{{2027, 3, 4}, 10, 0}));
  EXPECT_EQ(docket.ignored_columns, std::vector<std::string>{"Parties"});
}

TEST(CsvDocket, a_number_sign_is_read_in_whatever_form) {
  EXPECT_EQ(read_csv("ДАТА;Час;№ справи;Дія\n04.03.2027;10:00;1/2/27;x\n").rows.size(), 1u);
}

TEST(CsvDocket, refuses_each_row_by_its_line_and_its_reason) {
  EXPECT_EQ(fault_of_row("30.02.2027;10:00;;1/2/27;;x;"), DocketFault::not_a_time);
  EXPECT_EQ(fault_of_row("soon;10:00;;1/2/27;;x;"), DocketFault::not_a_time);
  EXPECT_EQ(fault_of_row("04.03.2027;25:00;;1/2/27;;x;"), DocketFault::not_a_time);
  EXPECT_EQ(fault_of_row(";10:00;;1/2/27;;x;"), DocketFault::date_missing);
  EXPECT_EQ(fault_of_row("28.03.2027;03:30;;1/2/27;;x;"), DocketFault::time_skipped);
  EXPECT_EQ(fault_of_row("31.10.2027;03:30;;1/2/27;;x;"), DocketFault::time_doubled);
  EXPECT_EQ(fault_of_row("04.03.2027;10:00;0;1/2/27;;x;"), DocketFault::minutes_invalid);
  EXPECT_EQ(fault_of_row("04.03.2027;10:00;721;1/2/27;;x;"), DocketFault::minutes_invalid);
  EXPECT_EQ(fault_of_row("04.03.2027;10:00;-5;1/2/27;;x;"), DocketFault::minutes_invalid);
  EXPECT_EQ(fault_of_row("04.03.2027;10:00;;;;x;"), DocketFault::case_number_missing);
  EXPECT_EQ(fault_of_row("04.03.2027;10:00;;1/2/27;;;"), DocketFault::act_missing);
  EXPECT_EQ(fault_of_row("04.03.2027;10:00;;1/2/27;;x"), DocketFault::columns_missing);
  EXPECT_EQ(fault_of_row("04.03.2027;10:00;;1/2/27;;x;;"), DocketFault::columns_missing);
  EXPECT_EQ(fault_of_row("04.03.2027;10:00;;1/2/27;\x1b[2J;x;"), DocketFault::control_characters);
  EXPECT_EQ(fault_of_row("04.03.2027;10:00;;1/2/27;\"a\nb\";x;"), DocketFault::control_characters);
  EXPECT_EQ(fault_of_row("04.03.2027;10:00;;1/2/27;a\"b;x;"), DocketFault::quotes_broken);
  EXPECT_EQ(fault_of_row("04.03.2027;10:00;;1/2/27;\"a\"b;x;"), DocketFault::quotes_broken);
  EXPECT_EQ(fault_of_row("04.03.2027;10:00;;1/2/27;\"a;x;"), DocketFault::quotes_unclosed);
  EXPECT_EQ(fault_of_row("04.03.2027;10:00;;1/2/27;" + std::string(4'001, 'a') + ";x;"),
            DocketFault::field_too_long);
}

TEST(CsvDocket, goes_on_behind_a_bad_row_and_tells_lines_apart) {
  const Docket docket = read_csv(csv_head + "04.03.2027;10:00;;1/2/27;\"two\nlines\";x;\n" +
                                 "bad\n\n04.03.2027;11:00;;1/2/27;;y;\n");
  ASSERT_EQ(docket.refused.size(), 2u);
  EXPECT_EQ(docket.refused[0].line, 2u);
  EXPECT_EQ(docket.refused[1].line, 4u);
  ASSERT_EQ(docket.rows.size(), 1u);
  EXPECT_EQ(docket.rows[0].line, 6u);
}

TEST(CsvDocket, takes_the_same_session_once) {
  const Docket docket =
      read_csv(csv_head + "04.03.2027;10:00;;1/2/27;;x;\n04.03.2027;10:00;;1/2/27;;x;\n");
  EXPECT_EQ(docket.rows.size(), 1u);
  ASSERT_EQ(docket.refused.size(), 1u);
  EXPECT_EQ(docket.refused[0].fault, DocketFault::same_as_earlier);
}

TEST(CsvDocket, without_the_columns_that_it_needs_is_none) {
  EXPECT_NE(refusal_of_csv("час;справа;дія\n").find("дата"), std::string::npos);
  EXPECT_NE(refusal_of_csv("дата;дія\n").find("справа"), std::string::npos);
  EXPECT_NE(refusal_of_csv("дата;справа\n").find("дія"), std::string::npos);
  EXPECT_NE(refusal_of_csv("дата;date;справа;дія\n").find("same"), std::string::npos);
  EXPECT_FALSE(refusal_of_csv("").empty());
  EXPECT_FALSE(refusal_of_csv("\"").empty());
}

TEST(CsvDocket, stops_at_ten_thousand_sessions) {
  std::string text = csv_head;
  for (int i = 0; i <= 10'000; ++i)
    text += "04.03.2027;10:00;;1/" + std::to_string(i) + "/27;;x;\n";
  EXPECT_FALSE(refusal_of_csv(text).empty());
  std::string faulty = csv_head;
  for (int i = 0; i <= 10'000; ++i) faulty += "x\n";
  EXPECT_FALSE(refusal_of_csv(faulty).empty());
}

TEST(CsvReader, last_line_needs_no_end) {
  CsvReader reader("a,b\r\nc,\"d\"", ',');
  EXPECT_EQ(reader.next()->fields, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(reader.next()->fields, (std::vector<std::string>{"c", "d"}));
  EXPECT_FALSE(reader.next());
}

}  // namespace
}  // namespace oberih::client
