// SPDX-License-Identifier: Apache-2.0
// Printed papers as another program reads them: every field, in Ukrainian, on as many pages as
// promised. OBERIH_KEEP_PAPERS=FOLDER keeps them, to be looked at.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "client-cli/printing/print_words.hpp"
#include "client-cli/printing/service_print.hpp"
#include "client-cli/printing/summons_print.hpp"
#include "tests/support/process.hpp"

namespace oberih::client {
namespace {

class PrintedPapers : public testing::Test {
 protected:
  void SetUp() override {
    if (test::run_process({"/bin/sh", "-c", "command -v pdftotext pdfinfo pdffonts"}).exit_code)
      GTEST_SKIP() << "poppler-utils is missing";
  }

  std::filesystem::path keep(const SecretBuffer& pdf, const std::string& name) {
    const char* kept = std::getenv("OBERIH_KEEP_PAPERS");
    const std::filesystem::path file =
        (kept != nullptr ? std::filesystem::path(kept) : folder_.path()) / (name + ".pdf");
    std::ofstream(file, std::ios::binary) << as_text(pdf.view());
    return file;
  }
  /// All of its words with single blanks between them: lines break where they break.
  static std::string words_of(const std::filesystem::path& file) {
    const test::Finished read = test::run_process({"pdftotext", "-layout", file, "-"});
    EXPECT_EQ(read.exit_code, 0) << read.err;
    return std::regex_replace(read.out, std::regex("\\s+"), " ");
  }
  /// As the columns stand, one below the other.
  static std::string raw_words_of(const std::filesystem::path& file) {
    return std::regex_replace(test::run_process({"pdftotext", "-raw", file, "-"}).out,
                              std::regex("\\s+"), " ");
  }
  static int pages_of(const std::filesystem::path& file) {
    const std::string info = test::run_process({"pdfinfo", file}).out;
    std::smatch found;
    EXPECT_TRUE(
        std::regex_search(info, std::regex("Page size: +595\\.\\d+ x 841\\.\\d+ pts \\(A4\\)")))
        << info;
    return std::regex_search(info, found, std::regex("Pages: +(\\d+)")) ? std::stoi(found[1]) : 0;
  }

  test::TemporaryFolder folder_;
};

CheckCode some_code() {
  Digest hash;
  for (std::size_t i = 0; i < hash.bytes.size(); ++i)
    hash.bytes[i] = static_cast<std::uint8_t>(0x3F + 17 * i);
  return CheckCode::of(12'345, hash);
}

SummonsPrint some_summons() {
  SummonsPrint summons;
  summons.summoned_by = "суддя Бойко Олена Вікторівна";
  summons.court_name = "Приморський районний суд м. Одеси";
  summons.court_address = "65029, м. Одеса, вул. Балківська, 33";
  summons.court_phone = "(048) 717-85-01";
  summons.case_number = "522/417/27-к";
  summons.place = "зал судових засідань № 3, 2-й поверх";
  summons.act = "підготовче судове засідання";
  summons.consequences =
      "У разі неприбуття без поважних причин або неповідомлення про причини неприбуття може бути "
      "накладено грошове стягнення (ст. 139, 144 КПК України); до підозрюваного, обвинуваченого, "
      "свідка може бути застосовано привід (ст. 140).";
  summons.valid_reasons =
      "Поважними причинами є (ст. 138 КПК України): затримання, тримання під вартою або відбування "
      "покарання; обмеження свободи пересування законом або рішенням суду; обставини непереборної "
      "сили; відсутність за місцем проживання тривалий час через відрядження чи подорож; тяжка "
      "хвороба або перебування в закладі охорони здоров’я; смерть чи тяжка хвороба близьких; "
      "несвоєчасне одержання повістки. Про неможливість з’явитися слід заздалегідь повідомити суд.";
  summons.called_name = "Ґалаґан Їжакевич Євгенія Щасливівна";
  summons.called_address = "65000, м. Одеса, вул. Зразкова, 1, кв. 2";
  summons.status = sealing::ProceduralStatus::witness;
  summons.start = {{2027, 3, 4}, 10, 0};
  summons.code = some_code();
  return summons;
}

TEST_F(PrintedPapers, a_summons_has_all_that_article_137_asks_for_on_one_page) {
  const SummonsPrint summons = some_summons();
  const Result<SecretBuffer> pdf = print_summons(summons);
  ASSERT_TRUE(pdf) << pdf.error().detail;
  const auto file = keep(*pdf, "summons");
  EXPECT_EQ(pages_of(file), 1);
  const std::string words = raw_words_of(file);
  for (const std::string& field :
       {std::string("ПОВІСТКА ПРО ВИКЛИК"), summons.summoned_by, summons.court_name,
        summons.court_address, summons.court_phone, summons.called_name, summons.called_address,
        summons.case_number, std::string("свідок"), std::string("четвер, 4 березня 2027 року"),
        std::string("10 год. 00 хв."), summons.place, summons.act, summons.consequences,
        summons.valid_reasons, std::string("12345-3F50-6172-8394-A5B6"),
        std::string("oberih hearing check 12345-3F50-6172-8394-A5B6"), std::string("РОЗПИСКА")})
    EXPECT_NE(words.find(field), std::string::npos) << field << "\n" << words;
  EXPECT_EQ(words.find("замінює попередню"), std::string::npos);
}

TEST_F(PrintedPapers, a_moved_summons_says_that_it_replaces_the_one_before) {
  SummonsPrint summons = some_summons();
  summons.version = 2;
  const auto file = keep(*print_summons(summons), "moved");
  EXPECT_NE(words_of(file).find("замінює попередню"), std::string::npos);
}

TEST_F(PrintedPapers, a_long_summons_shrinks_to_one_page_and_keeps_its_last_word) {
  SummonsPrint summons = some_summons();
  for (int i = 0; i < 7; ++i) summons.consequences += " " + some_summons().consequences;
  summons.valid_reasons += " Останнє слово тут: їжак.";
  const Result<SecretBuffer> pdf = print_summons(summons);
  ASSERT_TRUE(pdf) << pdf.error().detail;
  const auto file = keep(*pdf, "long");
  EXPECT_EQ(pages_of(file), 1);
  EXPECT_NE(raw_words_of(file).find("Останнє слово тут: їжак."), std::string::npos);
}

TEST_F(PrintedPapers, a_summons_that_would_take_two_pages_is_refused) {
  SummonsPrint summons = some_summons();
  for (int i = 0; i < 40; ++i) summons.consequences += " " + some_summons().consequences;
  const Result<SecretBuffer> pdf = print_summons(summons);
  ASSERT_FALSE(pdf);
  EXPECT_EQ(pdf.error().code, RefusalCode::document_unprintable);
}

TEST_F(PrintedPapers, letters_without_a_shape_are_refused_and_never_left_out) {
  SummonsPrint summons = some_summons();
  summons.called_name = "\xF3\xB0\x80\x80";  // a private character of plane 15
  const Result<SecretBuffer> pdf = print_summons(summons);
  ASSERT_FALSE(pdf);
  EXPECT_EQ(pdf.error().code, RefusalCode::document_unprintable);
}

TEST_F(PrintedPapers, bring_their_letters_along) {
  const auto file = keep(*print_summons(some_summons()), "fonts");
  const std::string fonts = test::run_process({"pdffonts", file}).out;
  std::istringstream lines(fonts);
  std::string line;
  std::getline(lines, line), std::getline(lines, line);
  int count = 0;
  while (std::getline(lines, line)) {
    ++count;
    EXPECT_TRUE(std::regex_search(line, std::regex(" yes (yes|no) +(yes|no) +\\d+ +\\d+$")))
        << line;
  }
  EXPECT_GT(count, 0) << fonts;
}

ServicePrint some_list(std::size_t rows) {
  ServicePrint list;
  const SummonsPrint summons = some_summons();
  list.court_name = summons.court_name;
  list.case_number = summons.case_number;
  list.act = summons.act;
  list.place = summons.place;
  list.start = summons.start;
  list.entry = "522#12";
  list.as_of = 1'804'000'000'000;
  list.code = some_code();
  for (std::size_t i = 0; i < rows; ++i) {
    ServicePrintRow& row = list.rows.emplace_back();
    row.number = i + 1;
    row.name = "Викликаний " + std::to_string(i + 1) + " Їжакевич Ґалаґанович";
    row.status = sealing::procedural_statuses[i % sealing::procedural_statuses.size()].status;
    if (i % 4 == 0) {
      row.answer = sealing::AcknowledgementKind::understood;
      row.answered = {100 + i, 1'803'000'000'000, row.name};
    }
    if (i % 4 == 1) {
      row.way = "вручено дорослому членові сім’ї (ст. 135 ч. 2)";
      row.served = {100 + i, 1'803'000'000'000, "Сержант Коваль Т. П. (поліція Одеси)"};
    }
    if (i % 4 == 2) row.told = {100 + i, 1'803'000'000'000, "Координаційний центр"};
  }
  return list;
}

TEST_F(PrintedPapers, a_service_list_names_everybody_and_how_each_was_served) {
  const auto file = keep(*print_service_list(some_list(12)), "list");
  const std::string words = words_of(file);
  for (const char* part :
       {"ВІДОМІСТЬ ВРУЧЕННЯ", "522/417/27-к", "522#12", "Викликано: 12; вручено: 6.", "НЕ ВРУЧЕНО",
        "прибуде", "Аркуш 1 з", "12345-3F50-6172-8394-A5B6"})
    EXPECT_NE(words.find(part), std::string::npos) << part << "\n" << words;
  for (int i = 1; i <= 12; ++i)
    EXPECT_NE(words.find("Викликаний " + std::to_string(i) + " "), std::string::npos) << i;
}

TEST_F(PrintedPapers, a_long_list_has_the_head_of_its_columns_on_each_page) {
  const auto file = keep(*print_service_list(some_list(100)), "long_list");
  const int pages = pages_of(file);
  ASSERT_GT(pages, 2);
  std::set<int> seen;
  for (int page = 1; page <= pages; ++page) {
    const std::string number = std::to_string(page);
    const std::string words = std::regex_replace(
        test::run_process({"pdftotext", "-f", number, "-l", number, "-layout", file, "-"}).out,
        std::regex("\\s+"), " ");
    const bool has_rows = words.find("Викликаний ") != std::string::npos;
    EXPECT_TRUE(has_rows) << page;
    EXPECT_NE(words.find("Кого викликано"), std::string::npos) << page;
    EXPECT_NE(words.find("Аркуш " + number + " з " + std::to_string(pages)), std::string::npos);
    for (int i = 1; i <= 100; ++i)
      if (words.find("Викликаний " + std::to_string(i) + " ") != std::string::npos)
        EXPECT_TRUE(seen.insert(i).second) << i << " stands on two pages";
  }
  EXPECT_EQ(seen.size(), 100u);
}

TEST_F(PrintedPapers, a_list_of_any_length_closes_with_its_code_within_the_page) {
  for (std::size_t rows = 0; rows <= 24; ++rows) {
    const Result<SecretBuffer> pdf = print_service_list(some_list(rows));
    ASSERT_TRUE(pdf) << rows;
    const std::string words = words_of(keep(*pdf, "of_any_length"));
    EXPECT_NE(words.find("Код перевірки документа"), std::string::npos) << rows;
  }
}

TEST_F(PrintedPapers, a_row_higher_than_a_page_is_refused) {
  ServicePrint list = some_list(1);
  for (int i = 0; i < 2'000; ++i) list.rows[0].name += " слово";
  const Result<SecretBuffer> pdf = print_service_list(list);
  ASSERT_FALSE(pdf);
  EXPECT_EQ(pdf.error().code, RefusalCode::document_unprintable);
}

}  // namespace
}  // namespace oberih::client
