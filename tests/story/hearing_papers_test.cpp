// SPDX-License-Identifier: Apache-2.0
// A court's docket becomes hearings, papers and calendars, with the real programs: imported,
// scheduled, clashing, printed, checked by the code on the paper, moved, exported.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>

#include "tests/support/deployment.hpp"

namespace oberih::test {
namespace {

using nlohmann::json;

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string content_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

class HearingPapers : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    deployment = std::make_unique<Deployment>(Deployment::four_officers());
    channel = objects("clerk", {"channel", "create", "--kind", "hearing"}).at(0).at("channel");
    expect_ok("clerk",
              {"channel", "add", channel, "--device", device("prosecutor"), "--mandate", "Ухвала"});
    write("docket.csv",
          "дата;час;хвилин;справа;зал;дія;суддя\n"
          "04.03.2031;10:00;90;522/417/30-к;зал 3;підготовче засідання;суддя Бойко О. В.\n"
          "30.03.2031;03:30;;522/418/30-к;зал 3;допит;\n"
          "04.03.2031;11:00;;522/419/30-к;зал 3;допит свідка;суддя Бойко О. В.\n");
    write("like.json", json{{"summoned_by", "суддя Петренко"},
                            {"court_address", "вул. Балківська, 33"},
                            {"court_phone", "+380 48 000 00 00"},
                            {"case_number", "000/1/30"},
                            {"room", "зал 1"},
                            {"act", "засідання"},
                            {"called",
                             {{{"person", device("prosecutor")}, {"status", "prosecutor"}},
                              {{"name", "Іваненко Їжак Ґалаґанович"},
                               {"address", "м. Одеса, вул. Зразкова, 1"},
                               {"status", "witness"}}}}}
                           .dump());
  }
  static void TearDownTestSuite() { deployment.reset(); }

  static std::filesystem::path file(const std::string& name) { return deployment->folder() / name; }
  static void write(const std::string& name, const std::string& text) {
    std::ofstream(file(name), std::ios::binary) << text;
  }
  static std::string device(const std::string& profile) { return deployment->device_of(profile); }
  static Finished expect_ok(const std::string& profile, const std::vector<std::string>& arguments) {
    Finished finished = deployment->oberih(profile, arguments);
    EXPECT_EQ(finished.exit_code, 0) << finished.out << finished.err;
    return finished;
  }
  static std::vector<json> objects(const std::string& profile, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "--json");
    std::istringstream out(expect_ok(profile, arguments).out);
    std::vector<json> all;
    for (std::string line; std::getline(out, line);) all.push_back(json::parse(line));
    return all;
  }
  static std::string refused(const std::string& profile,
                             const std::vector<std::string>& arguments) {
    const Finished finished = deployment->oberih(profile, arguments);
    EXPECT_NE(finished.exit_code, 0) << finished.out;
    return finished.err;
  }
  static std::string schedule(const std::string& name, const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments{"hearing", "schedule", channel, "--file",
                                       file("prepared") / name};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return objects("clerk", arguments).at(0).at("hearing");
  }
  static std::size_t permissions_of(const std::filesystem::path& path) {
    struct stat status {};
    EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
    return status.st_mode & 0777;
  }
  static std::string words_of(const std::filesystem::path& pdf) {
    return std::regex_replace(run_process({"pdftotext", "-raw", pdf, "-"}).out, std::regex("\\s+"),
                              " ");
  }

  static std::unique_ptr<Deployment> deployment;
  static std::string channel, first, second;
};
std::unique_ptr<Deployment> HearingPapers::deployment;
std::string HearingPapers::channel, HearingPapers::first, HearingPapers::second;

TEST_F(HearingPapers, a_1_a_docket_becomes_files_and_a_report_and_nothing_is_sent) {
  const std::vector<std::string> import{"hearing",        "import", file("docket.csv"), "--into",
                                        file("prepared"), "--like", file("like.json")};
  const std::vector<json> report = objects("clerk", import);
  ASSERT_EQ(report.size(), 3u);
  EXPECT_EQ(report[0]["line"], 2);
  EXPECT_EQ(report[1]["line"], 3);
  EXPECT_EQ(report[1]["why"], "time_skipped");
  EXPECT_EQ(report[2]["line"], 4);
  const auto prepared = file("prepared") / "00002-2031-03-04-1000.json";
  EXPECT_EQ(permissions_of(prepared), 0600u);
  const json one = json::parse(content_of(prepared));
  EXPECT_EQ(one["case_number"], "522/417/30-к");
  EXPECT_EQ(one["summoned_by"], "суддя Бойко О. В.");
  EXPECT_TRUE(objects("clerk", {"hearing", "list"}).empty());
  EXPECT_TRUE(holds(refused("clerk", import), "exists")) << "an import never writes over another";
}

TEST_F(HearingPapers, a_2_what_is_no_docket_is_refused_by_name) {
  const auto refusal = [&](const std::string& name) {
    return refused("clerk", {"hearing", "import", file(name), "--into", file("nothing")});
  };
  std::filesystem::resize_file((write("large.csv", "x"), file("large.csv")), 100'000'000);
  EXPECT_TRUE(holds(refusal("large.csv"), "100000000 bytes"));
  write("old.csv", "\xE4\xE0\xF2\xE0;\xF1\xEF\xF0\xE0\xE2\xE0;\xE4\xB3\xFF\n");
  EXPECT_TRUE(holds(refusal("old.csv"), "windows-1251"));
  write("empty.csv", "");
  EXPECT_TRUE(holds(refusal("empty.csv"), "columns"));
  EXPECT_TRUE(holds(refusal("."), "no plain file"));
  EXPECT_TRUE(holds(refusal("missing.csv"), "no such file"));
  EXPECT_FALSE(std::filesystem::exists(file("nothing")));
}

TEST_F(HearingPapers, b_clashes_are_shown_and_nothing_is_sent_without_a_word) {
  first = schedule("00002-2031-03-04-1000.json");
  const std::vector<std::string> clashing{"hearing", "schedule", channel, "--file",
                                          file("prepared") / "00004-2031-03-04-1100.json"};
  const std::string why = refused("clerk", clashing);
  EXPECT_TRUE(holds(why, "522/417/30-к")) << why;
  EXPECT_TRUE(holds(why, "the same room")) << why;
  EXPECT_TRUE(holds(why, "Прокурор Одеса")) << why;
  EXPECT_TRUE(holds(why, "--despite-clashes")) << why;
  EXPECT_EQ(objects("clerk", {"hearing", "list"}).size(), 1u);
  second = schedule("00004-2031-03-04-1100.json", {"--despite-clashes"});
  EXPECT_TRUE(
      holds(refused("clerk", {"hearing", "reschedule", second, "--start", "2031-03-04 10:30"}),
            "--despite-clashes"));
  expect_ok("clerk", {"hearing", "reschedule", second, "--start", "2031-03-04 12:00"});
}

TEST_F(HearingPapers, c_lists_of_a_week_and_a_month_hold_what_is_then) {
  EXPECT_EQ(objects("prosecutor", {"hearing", "week", "--from", "2031-03-07"}).size(), 2u);
  EXPECT_EQ(objects("prosecutor", {"hearing", "month", "--from", "2031-03-31"}).size(), 2u);
  EXPECT_TRUE(objects("prosecutor", {"hearing", "week", "--from", "2031-03-10"}).empty());
  EXPECT_TRUE(objects("prosecutor", {"hearing", "month", "--from", "2031-04-01"}).empty());
  EXPECT_TRUE(objects("prosecutor", {"hearing", "month"}).empty());
  const std::string shown = expect_ok("prosecutor", {"hearing", "list", "--mine"}).out;
  EXPECT_TRUE(holds(shown, "підготовче засідання")) << shown;
}

TEST_F(HearingPapers, d_a_summons_is_printed_and_its_code_leads_back) {
  const auto paper = file("summons.pdf");
  const std::vector<std::string> print{"hearing",  "print", first, "--for",
                                       "Іваненко", "--out", paper};
  const std::string code = objects("clerk", print).at(0).at("code");
  EXPECT_EQ(permissions_of(paper), 0600u);
  EXPECT_TRUE(holds(refused("clerk", print), "exists")) << "a paper is never written over";
  const std::string words = words_of(paper);
  for (const std::string& part :
       {std::string("Іваненко Їжак Ґалаґанович"), std::string("522/417/30-к"),
        std::string("вівторок, 4 березня 2031 року"), std::string("Приморський районний суд"),
        code})
    EXPECT_TRUE(holds(words, part)) << part << "\n" << words;

  const json checked = objects("prosecutor", {"hearing", "check", code}).at(0);
  EXPECT_EQ(checked["hearing"], first);
  EXPECT_EQ(checked["code_is_newest"], true);
  std::string forged = code;
  forged.back() = forged.back() == '0' ? '1' : '0';
  EXPECT_TRUE(holds(refused("prosecutor", {"hearing", "check", forged}), "forged"));
  EXPECT_NE(deployment->oberih("caseworker", {"hearing", "check", code}).exit_code, 0)
      << "a code alone opens nothing";

  expect_ok("clerk", {"hearing", "reschedule", first, "--start", "2031-03-05 10:00"});
  EXPECT_EQ(objects("prosecutor", {"hearing", "check", code}).at(0)["code_is_newest"], false);
  expect_ok("clerk", {"hearing", "print", first, "--for", "Іваненко", "--out", file("moved.pdf")});
  EXPECT_TRUE(holds(words_of(file("moved.pdf")), "замінює попередню"));
}

TEST_F(HearingPapers, e_the_service_list_says_who_was_served_by_which_entry) {
  expect_ok("prosecutor", {"hearing", "acknowledge", first});
  expect_ok("clerk", {"hearing", "print-service", first, "--out", file("service.pdf")});
  const std::string words = words_of(file("service.pdf"));
  for (const char* part : {"ВІДОМІСТЬ ВРУЧЕННЯ", "Викликано: 2; вручено: 1.", "НЕ ВРУЧЕНО",
                           "Прокурор Одеса", "Іваненко Їжак"})
    EXPECT_TRUE(holds(words, part)) << part << "\n" << words;
}

TEST_F(HearingPapers, f_a_calendar_names_nobody_who_is_called) {
  for (const bool has_details : {false, true}) {
    const auto calendar = file(has_details ? "details.ics" : "own.ics");
    std::vector<std::string> arguments{"hearing", "calendar", "--out", calendar};
    if (has_details) arguments.push_back("--with-details");
    EXPECT_EQ(objects("prosecutor", arguments).at(0).at("hearings"), 2);
    EXPECT_EQ(permissions_of(calendar), 0600u);
    std::string text = content_of(calendar);
    text = std::regex_replace(text, std::regex("\r\n "), "");
    EXPECT_TRUE(holds(text, "SUMMARY:522/417/30-к: підготовче засідання")) << text;
    EXPECT_TRUE(holds(text, "DTSTART;TZID=Europe/Kyiv:20310305T100000")) << text;
    EXPECT_TRUE(holds(text, "SEQUENCE:1")) << text;
    EXPECT_EQ(holds(text, "суддя Бойко"), has_details) << text;
    for (const char* never : {"Іваненко", "Зразкова", "Прокурор", "ATTENDEE"})
      EXPECT_FALSE(holds(text, never)) << never;
  }
  expect_ok("clerk", {"hearing", "cancel", first, "--reason", "court_unavailable"});
  expect_ok("prosecutor", {"hearing", "calendar", first, "--out", file("gone.ics")});
  EXPECT_TRUE(holds(content_of(file("gone.ics")), "METHOD:CANCEL\r\n"));
  EXPECT_TRUE(holds(refused("clerk", {"hearing", "print", first, "--for", "Іваненко", "--out",
                                      file("cancelled.pdf")}),
                    "scheduled"));
  EXPECT_FALSE(std::filesystem::exists(file("cancelled.pdf")));
}

TEST_F(HearingPapers, g_a_calendar_of_ours_is_a_docket_again) {
  const auto calendar = file("again.ics");
  expect_ok("clerk", {"hearing", "calendar", "--out", calendar});
  const std::vector<json> report =
      objects("clerk", {"hearing", "import", calendar, "--into", file("again")});
  ASSERT_EQ(report.size(), 2u);
  EXPECT_EQ(report[0]["case_number"], "522/419/30-к");
  EXPECT_EQ(report[0]["start"], "2031-03-04 12:00");
  EXPECT_EQ(report[1]["why"], "cancelled");
}

}  // namespace
}  // namespace oberih::test
