// SPDX-License-Identifier: Apache-2.0
#include "client-cli/calendar/calendar_file.hpp"

#include <gtest/gtest.h>

#include "protocol/encoding/utf8.hpp"

namespace oberih::client {
namespace {

CalendarEvent some_event() {
  CalendarEvent event;
  event.hearing.bytes.fill(0xAB);
  event.court.bytes.fill(0xCD);
  event.version = 3;
  event.changed_ms = 1'800'000'000'000;
  event.start = {{2027, 3, 4}, 10, 0};
  event.minutes = 90;
  event.court_name = "Суворовський \"районний\" суд";
  event.case_number = "523/417/27-к";
  event.summary = "523/417/27-к: підготовче засідання; з перервою, за потреби";
  event.location = "зал № 3";
  return event;
}

bool holds(const std::string& text, const std::string& line) {
  return text.find("\r\n" + line + "\r\n") != std::string::npos;
}

TEST(CalendarFile, says_version_zone_and_place_as_the_standard_wants) {
  const std::string text = write_calendar(CalendarMethod::publish, {some_event()});
  EXPECT_TRUE(text.starts_with("BEGIN:VCALENDAR\r\n"));
  EXPECT_TRUE(text.ends_with("END:VCALENDAR\r\n"));
  for (const char* line :
       {"VERSION:2.0", "METHOD:PUBLISH", "TZID:Europe/Kyiv",
        "UID:abababababababababababababababab@hearing.oberih", "SEQUENCE:2",
        "DTSTAMP:20270115T080000Z", "DTSTART;TZID=Europe/Kyiv:20270304T100000", "DURATION:PT1H30M",
        "STATUS:CONFIRMED", "CLASS:CONFIDENTIAL", "LOCATION:зал № 3", "X-OBERIH-CASE:523/417/27-к"})
    EXPECT_TRUE(holds(text, line)) << line << "\n" << text;
  EXPECT_EQ(text.find("DESCRIPTION"), std::string::npos);
  EXPECT_EQ(text.find("ATTENDEE"), std::string::npos);
}

TEST(CalendarFile, a_cancellation_says_so_twice) {
  CalendarEvent event = some_event();
  event.status = CalendarStatus::cancelled;
  const std::string text = write_calendar(CalendarMethod::cancel, {event});
  EXPECT_TRUE(holds(text, "METHOD:CANCEL"));
  EXPECT_TRUE(holds(text, "STATUS:CANCELLED"));
}

TEST(CalendarFile, lines_are_folded_at_75_bytes_and_never_within_a_letter) {
  CalendarEvent event = some_event();
  for (int i = 0; i < 40; ++i) event.details += "їжак ";
  const std::string text = write_calendar(CalendarMethod::publish, {event});
  std::size_t folded = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find("\r\n", at);
    ASSERT_NE(end, std::string::npos);
    const std::string line = text.substr(at, end - at);
    EXPECT_LE(line.size(), 75u);
    EXPECT_TRUE(encoding::is_valid_utf8(line)) << line;
    folded += line.starts_with(' ') ? 1 : 0;
    at = end + 2;
  }
  EXPECT_GT(folded, 3u);
}

TEST(CalendarFile, no_text_can_begin_a_line_of_its_own) {
  CalendarEvent event = some_event();
  event.summary = "a\r\nDTSTART:20000101T000000Z\nb";
  event.location = "x;y,z\\n";
  event.case_number = "1\r\nRRULE:FREQ=SECONDLY";
  event.court_name = "Court\r\nRRULE:FREQ=SECONDLY";
  const std::string text = write_calendar(CalendarMethod::publish, {event});
  EXPECT_EQ(text.find("\nDTSTART:2000"), std::string::npos) << text;
  // The two rules of the zone are all there are.
  std::size_t rules = 0;
  for (std::size_t at = 0; (at = text.find("\nRRULE", at)) != std::string::npos; ++at) ++rules;
  EXPECT_EQ(rules, 2u) << text;
}

TEST(CalendarFile, the_same_hearings_make_the_same_bytes) {
  EXPECT_EQ(write_calendar(CalendarMethod::publish, {some_event(), some_event()}),
            write_calendar(CalendarMethod::publish, {some_event(), some_event()}));
}

}  // namespace
}  // namespace oberih::client
