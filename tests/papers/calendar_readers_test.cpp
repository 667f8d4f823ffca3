// SPDX-License-Identifier: Apache-2.0
// Our calendars in the eyes of another implementation: the same texts, the same moments, and one
// file replaces another by its version.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>

#include "client-cli/calendar/calendar_file.hpp"
#include "client-cli/output/kyiv_time.hpp"
#include "protocol/encoding/hex.hpp"
#include "tests/support/process.hpp"

namespace oberih::client {
namespace {

using nlohmann::json;

// Another one that stands before it in PATH has none of Debian's modules.
constexpr const char* debian_python = "/usr/bin/python3";

class CalendarReaders : public testing::Test {
 protected:
  void SetUp() override {
    if (test::run_process({debian_python, "-c", "import icalendar"}).exit_code != 0)
      GTEST_SKIP() << "python3-icalendar is missing";
  }

  std::string keep(CalendarMethod method, const std::vector<CalendarEvent>& events) {
    const std::filesystem::path file = folder_.path() / (std::to_string(++count_) + ".ics");
    std::ofstream(file, std::ios::binary) << write_calendar(method, events);
    return file;
  }
  std::string keep(const CalendarEvent& event) {
    const bool is_cancelled = event.status == CalendarStatus::cancelled;
    return keep(is_cancelled ? CalendarMethod::cancel : CalendarMethod::publish, {event});
  }
  /// What the other implementation holds after it has taken the files in this order.
  static std::vector<json> read(std::vector<std::string> files) {
    std::vector<std::string> arguments = {debian_python,
                                          OBERIH_SOURCE "/tests/papers/read_calendars.py"};
    arguments.insert(arguments.end(), files.begin(), files.end());
    const test::Finished read = test::run_process(arguments);
    EXPECT_EQ(read.exit_code, 0) << read.err;
    std::vector<json> events;
    std::istringstream lines(read.out);
    for (std::string line; std::getline(lines, line);) events.push_back(json::parse(line));
    return events;
  }

  test::TemporaryFolder folder_;
  int count_ = 0;
};

CalendarEvent some_event() {
  CalendarEvent event;
  event.hearing.bytes.fill(0xAB);
  event.court.bytes.fill(0xCD);
  event.changed_ms = 1'800'000'000'000;
  event.start = {{2027, 3, 4}, 10, 0};
  event.minutes = 90;
  event.court_name = "Приморський районний суд м. Одеси, Україна; «Б»";
  event.case_number = "522/417/27-к";
  event.summary = "522/417/27-к: підготовче засідання, з перервою; \\ та \"лапками\": їжак";
  event.location = "зал судових засідань № 3, 2-й поверх, вхід з вулиці Балківської, будинок 33";
  return event;
}

TEST_F(CalendarReaders, read_the_same_words_and_moments_as_were_written) {
  CalendarEvent event = some_event();
  event.details = "Перший рядок\nдругий, довгий: " + std::string(300, 'x') + " — кінець";
  const auto read_back = read({keep(event)});
  ASSERT_EQ(read_back.size(), 1u);
  EXPECT_EQ(read_back[0]["uid"], "abababababababababababababababab@hearing.oberih");
  EXPECT_EQ(read_back[0]["sequence"], 0);
  EXPECT_EQ(read_back[0]["utc"], "2027-03-04T08:00:00Z");
  EXPECT_EQ(read_back[0]["zone"], "Europe/Kyiv");
  EXPECT_EQ(read_back[0]["minutes"], 90);
  EXPECT_EQ(read_back[0]["status"], "CONFIRMED");
  EXPECT_EQ(read_back[0]["summary"], event.summary);
  EXPECT_EQ(read_back[0]["location"], event.location);
  EXPECT_EQ(read_back[0]["details"], event.details);
  EXPECT_EQ(read_back[0]["organizer"], event.court_name);
}

TEST_F(CalendarReaders, agree_on_a_thousand_moments_of_all_seasons) {
  std::mt19937 random(20261126);
  std::vector<CalendarEvent> events;
  std::map<std::string, std::string> expected;
  while (events.size() < 1'000) {
    CalendarEvent event = some_event();
    event.start = {{2026 + static_cast<int>(random() % 10), 1 + random() % 12, 1 + random() % 31},
                   random() % 24,
                   random() % 60};
    if (find_fault(event.start)) continue;
    for (std::uint8_t& byte : event.hearing.bytes) byte = static_cast<std::uint8_t>(random());
    const std::string moment = format_rfc3339(moment_of(event.start));
    expected[encoding::encode_hex(event.hearing) + "@hearing.oberih"] =
        moment.substr(0, moment.find('.')) + "Z";
    events.push_back(event);
  }
  const auto read_back = read({keep(CalendarMethod::publish, events)});
  ASSERT_EQ(read_back.size(), events.size());
  for (const json& event : read_back)
    EXPECT_EQ(event["utc"].get<std::string>(), expected[event["uid"].get<std::string>()]);
}

TEST_F(CalendarReaders, replace_a_hearing_by_its_version_in_whatever_order_files_come) {
  CalendarEvent first = some_event(), moved = some_event();
  moved.version = 2;
  moved.start = {{2027, 7, 1}, 14, 30};
  const std::string old_file = keep(first), new_file = keep(moved);
  for (const auto& files : {std::vector{old_file, new_file}, std::vector{new_file, old_file},
                            std::vector{old_file, new_file, old_file}}) {
    const auto read_back = read(files);
    ASSERT_EQ(read_back.size(), 1u);
    EXPECT_EQ(read_back[0]["sequence"], 1);
    EXPECT_EQ(read_back[0]["utc"], "2027-07-01T11:30:00Z");
  }
}

TEST_F(CalendarReaders, take_the_later_of_two_files_of_one_version) {
  CalendarEvent first = some_event(), interrupted = some_event();
  interrupted.changed_ms += 60'000;
  interrupted.start = {{2027, 3, 5}, 9, 0};
  const std::string early = keep(first), late = keep(interrupted);
  for (const auto& files : {std::vector{early, late}, std::vector{late, early}}) {
    const auto read_back = read(files);
    ASSERT_EQ(read_back.size(), 1u);
    EXPECT_EQ(read_back[0]["utc"], "2027-03-05T07:00:00Z");
  }
}

TEST_F(CalendarReaders, drop_a_cancelled_hearing_for_good_and_no_other) {
  CalendarEvent standing = some_event(), cancelled = some_event(), other = some_event();
  other.hearing.bytes.fill(1);
  cancelled.version = 2;
  cancelled.status = CalendarStatus::cancelled;
  const std::string all = keep(CalendarMethod::publish, {standing, other}), gone = keep(cancelled);
  for (const auto& files : {std::vector{all, gone}, std::vector{all, gone, all}}) {
    const auto read_back = read(files);
    ASSERT_EQ(read_back.size(), 1u);
    EXPECT_EQ(read_back[0]["uid"], "01010101010101010101010101010101@hearing.oberih");
  }
  EXPECT_TRUE(read({keep(CalendarMethod::publish, {cancelled})}).empty());
}

/// A calendar program of people's own computers, with a calendar of its own in the folder.
class Khal {
 public:
  explicit Khal(const std::filesystem::path& folder) : config_(folder / "khal.config") {
    std::filesystem::create_directories(folder / "calendar");
    std::ofstream(config_) << "[calendars]\n[[court]]\npath = " << (folder / "calendar").string()
                           << "\n[default]\ndefault_calendar = court\n[locale]\n"
                              "local_timezone = Europe/Kyiv\ndefault_timezone = Europe/Kyiv\n"
                              "timeformat = %H:%M\ndateformat = %d.%m.\n"
                              "longdateformat = %d.%m.%Y\ndatetimeformat = %d.%m. %H:%M\n"
                              "longdatetimeformat = %d.%m.%Y %H:%M\n[sqlite]\npath = "
                           << (folder / "khal.db").string() << "\n";
  }
  static bool is_there() {
    return test::run_process({"/bin/sh", "-c", "command -v khal"}).exit_code == 0;
  }
  void import(const std::string& file) { run({"import", "--batch", file}); }
  std::string list() {
    return run({"list", "--format", "{start-date-long} {start-time}-{end-time} {status}{title}",
                "--day-format", "", "01.01.2027", "365d"});
  }

 private:
  std::string run(const std::vector<std::string>& arguments) {
    std::vector<std::string> line{"khal", "-c", config_};
    line.insert(line.end(), arguments.begin(), arguments.end());
    const test::Finished finished = test::run_process(line, {{"LC_ALL", "C.UTF-8"}});
    EXPECT_EQ(finished.exit_code, 0) << finished.out << finished.err;
    return finished.out;
  }
  std::filesystem::path config_;
};

TEST_F(CalendarReaders, move_and_cancel_a_hearing_in_a_real_calendar_program) {
  if (!Khal::is_there()) GTEST_SKIP() << "khal is missing";
  Khal khal(folder_.path());
  CalendarEvent event = some_event();
  event.summary = "522/417/27-к: підготовче засідання";
  khal.import(keep(event));
  EXPECT_EQ(khal.list(), "04.03.2027 10:00-11:30 CONFIRMED " + event.summary + "\n");
  event.version = 2;
  event.start = {{2027, 7, 1}, 14, 30};
  khal.import(keep(event));
  EXPECT_EQ(khal.list(), "01.07.2027 14:30-16:00 CONFIRMED " + event.summary + "\n");
  event.version = 3;
  event.status = CalendarStatus::cancelled;
  khal.import(keep(event));
  EXPECT_TRUE(khal.list().find("CANCELLED") != std::string::npos) << khal.list();
}

}  // namespace
}  // namespace oberih::client
