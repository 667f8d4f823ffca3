// SPDX-License-Identifier: Apache-2.0
#include "client-cli/docket/calendar_docket.hpp"

#include <gtest/gtest.h>

#include "client-cli/calendar/calendar_file.hpp"
#include "client-cli/docket/content_lines.hpp"

namespace oberih::client {
namespace {

const std::string ics_begin = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n";
const std::string ics_end = "END:VCALENDAR\r\n";
const std::string kyiv_start = "DTSTART;TZID=Europe/Kyiv:20270304T100000\r\n";
const std::string summary = "SUMMARY:Справа 523/417/27-к\\, підготовче засідання\r\n";

std::string event_of(const std::string& lines) {
  return "BEGIN:VEVENT\r\n" + lines + "END:VEVENT\r\n";
}

Docket read_ics(const std::string& text) {
  Result<Docket> docket = read_calendar_docket(unfold_lines(text));
  EXPECT_TRUE(docket) << docket.error().detail;
  return docket ? *docket : Docket{};
}

DocketFault fault_of_event(const std::string& lines) {
  const Docket docket = read_ics(ics_begin + event_of(lines) + ics_end);
  EXPECT_TRUE(docket.rows.empty()) << lines;
  EXPECT_EQ(docket.refused.size(), 1u) << lines;
  return docket.refused.empty() ? DocketFault{} : docket.refused[0].fault;
}

TEST(CalendarDocket, reads_an_event_of_another_program) {
  const Docket docket =
      read_ics(ics_begin +
               event_of("UID:1\r\n" + kyiv_start +
                        "DTEND;TZID=Europe/Kyiv:20270304T113000\r\nLOCATION:зал 3\r\n" +
                        "SUMMARY:Справа 523/417\r\n /27-к\\, підготовче\r\n  засідання\r\n" +
                        "BEGIN:VALARM\r\nDESCRIPTION:x\r\nEND:VALARM\r\n") +
               ics_end);
  ASSERT_EQ(docket.rows.size(), 1u);
  EXPECT_EQ(docket.rows[0], (DocketRow{3,
                                       {{2027, 3, 4}, 10, 0},
                                       90,
                                       "523/417/27-к",
                                       "Справа 523/417/27-к, підготовче засідання",
                                       "зал 3",
                                       ""}));
}

TEST(CalendarDocket, reads_what_we_write_ourselves) {
  CalendarEvent event;
  event.start = {{2027, 7, 1}, 14, 30};
  event.minutes = 45;
  event.case_number = "справа Ї, друга";
  event.summary = event.case_number + ": допит; свідка";
  event.location = "зал № 3, корпус Б";
  const Docket docket = read_ics(write_calendar(CalendarMethod::publish, {event}));
  ASSERT_EQ(docket.rows.size(), 1u) << name_of(docket.refused.at(0).fault);
  EXPECT_EQ(docket.rows[0].start, event.start);
  EXPECT_EQ(docket.rows[0].minutes, 45);
  EXPECT_EQ(docket.rows[0].case_number, event.case_number);
  EXPECT_EQ(docket.rows[0].act, "допит; свідка");
  EXPECT_EQ(docket.rows[0].room, event.location);
}

TEST(CalendarDocket, a_moment_of_utc_is_shown_by_kyivs_clocks) {
  for (const auto& [utc, hour] : {std::pair{"20270304T080000Z", 10u}, {"20270704T080000Z", 11u}}) {
    const Docket docket =
        read_ics(ics_begin + event_of("DTSTART:" + std::string(utc) + "\r\n" + summary) + ics_end);
    ASSERT_EQ(docket.rows.size(), 1u);
    EXPECT_EQ(docket.rows[0].start.hour, hour);
  }
  EXPECT_EQ(fault_of_event("DTSTART:20271031T003000Z\r\n" + summary), DocketFault::time_doubled);
}

TEST(CalendarDocket, refuses_each_event_by_its_reason) {
  EXPECT_EQ(fault_of_event(kyiv_start + summary + "RRULE:FREQ=SECONDLY;COUNT=1000000000\r\n"),
            DocketFault::recurring);
  EXPECT_EQ(fault_of_event(kyiv_start + summary + "RDATE:20270305T080000Z\r\n"),
            DocketFault::recurring);
  EXPECT_EQ(fault_of_event(kyiv_start + summary + "RECURRENCE-ID:20270305T080000Z\r\n"),
            DocketFault::recurring);
  EXPECT_EQ(fault_of_event("DTSTART;TZID=America/New_York:20270304T100000\r\n" + summary),
            DocketFault::zone_foreign);
  EXPECT_EQ(fault_of_event("DTSTART;TZID=Europe/Kyiv:20270304T100000Z\r\n" + summary),
            DocketFault::zone_foreign);
  EXPECT_EQ(fault_of_event("DTSTART:20270304T100000\r\n" + summary), DocketFault::zone_missing);
  EXPECT_EQ(fault_of_event("DTSTART;VALUE=DATE:20270304\r\n" + summary), DocketFault::all_day);
  EXPECT_EQ(fault_of_event("DTSTART;TZID=Europe/Kyiv:20270328T033000\r\n" + summary),
            DocketFault::time_skipped);
  EXPECT_EQ(fault_of_event("DTSTART;TZID=Europe/Kyiv:20271031T033000\r\n" + summary),
            DocketFault::time_doubled);
  EXPECT_EQ(fault_of_event("DTSTART;TZID=Europe/Kyiv:20270230T100000\r\n" + summary),
            DocketFault::not_a_time);
  EXPECT_EQ(fault_of_event("DTSTART:20270230T100000Z\r\n" + summary), DocketFault::not_a_time);
  EXPECT_EQ(fault_of_event("DTSTART;TZID=Europe/Kyiv:tomorrow\r\n" + summary),
            DocketFault::not_a_time);
  EXPECT_EQ(fault_of_event(summary), DocketFault::date_missing);
  EXPECT_EQ(fault_of_event(kyiv_start + "SUMMARY:no number\r\n"), DocketFault::case_number_missing);
  EXPECT_EQ(fault_of_event(kyiv_start + kyiv_start + summary), DocketFault::property_twice);
  EXPECT_EQ(fault_of_event(kyiv_start + summary + "no colon\r\n"), DocketFault::line_broken);
  EXPECT_EQ(fault_of_event(kyiv_start + summary + "DTEND;TZID=Europe/Kyiv:20270304T090000\r\n"),
            DocketFault::minutes_invalid);
  EXPECT_EQ(fault_of_event(kyiv_start + summary + "DURATION:P3D\r\n"),
            DocketFault::minutes_invalid);
  EXPECT_EQ(fault_of_event(kyiv_start + summary + "DURATION:PT13H\r\n"),
            DocketFault::minutes_invalid);
  EXPECT_EQ(fault_of_event(kyiv_start + summary + "STATUS:CANCELLED\r\n"), DocketFault::cancelled);
  EXPECT_EQ(fault_of_event(kyiv_start + "SUMMARY:757/2/27 \x1b[2J\r\n"),
            DocketFault::control_characters);
  EXPECT_EQ(fault_of_event(kyiv_start + "SUMMARY:757/2/27 " + std::string(5'000, 'a') + "\r\n"),
            DocketFault::field_too_long);
}

TEST(CalendarDocket, a_fold_that_continues_nothing_is_a_broken_line) {
  const Docket docket =
      read_ics(ics_begin + "\r\n lost\r\n" + event_of(kyiv_start + summary) + ics_end);
  ASSERT_EQ(docket.refused.size(), 1u);
  EXPECT_EQ(docket.refused[0].fault, DocketFault::line_broken);
  EXPECT_EQ(docket.refused[0].line, 4u);
  EXPECT_EQ(docket.rows.size(), 1u);
}

TEST(CalendarDocket, goes_on_behind_a_bad_event_but_not_behind_one_that_does_not_end) {
  const std::string good = event_of(kyiv_start + summary);
  Docket docket = read_ics(ics_begin + event_of(summary) + good + ics_end);
  EXPECT_EQ(docket.rows.size(), 1u);
  EXPECT_EQ(docket.refused.size(), 1u);
  docket = read_ics(ics_begin + "BEGIN:VEVENT\r\n" + kyiv_start + summary + ics_end + ics_begin +
                    good + ics_end);
  EXPECT_TRUE(docket.rows.empty());
  ASSERT_EQ(docket.refused.size(), 1u);
  EXPECT_EQ(docket.refused[0].fault, DocketFault::event_unclosed);
  docket = read_ics(ics_begin + good + "BEGIN:VEVENT\r\n" + kyiv_start);
  EXPECT_EQ(docket.rows.size(), 1u);
  EXPECT_EQ(docket.refused.size(), 1u);
}

TEST(CalendarDocket, a_calendar_of_cancellations_schedules_nothing) {
  const Docket docket =
      read_ics(ics_begin + "METHOD:CANCEL\r\n" + event_of(kyiv_start + summary) + ics_end);
  EXPECT_TRUE(docket.rows.empty());
  ASSERT_EQ(docket.refused.size(), 1u);
  EXPECT_EQ(docket.refused[0].fault, DocketFault::cancelled);
}

TEST(CalendarDocket, what_is_no_calendar_is_refused) {
  EXPECT_FALSE(read_calendar_docket(""));
  EXPECT_FALSE(read_calendar_docket("дата;час\n"));
  EXPECT_FALSE(read_calendar_docket("BEGIN:VCARD\nEND:VCARD\n"));
}

TEST(CalendarDocket, depth_is_bounded) {
  std::string deep = ics_begin;
  for (int i = 0; i < 100'000; ++i) deep += "BEGIN:X\r\n";
  const Docket docket = read_ics(deep);
  EXPECT_EQ(docket.refused.size(), 1u);
}

TEST(ContentLines, unfolding_keeps_the_numbers_of_lines) {
  EXPECT_EQ(unfold_lines("A:1\r\n 2\r\n\t3\r\nB:4\r\n"), "A:123\n\n\nB:4\n");
  EXPECT_EQ(unfold_lines(" A:1\nB:2"), " A:1\nB:2\n");
  EXPECT_EQ(unfold_lines("A:\xD0\r\n \x87\r\n"), "A:\xD0\x87\n");
}

TEST(ContentLines, parameters_may_be_quoted) {
  ContentLineReader reader("ORGANIZER;CN=\"a:b;c\";X=1:mailto:x\n");
  const auto line = reader.next();
  ASSERT_TRUE(line);
  EXPECT_EQ(line->parameter("CN"), "a:b;c");
  EXPECT_EQ(line->parameter("X"), "1");
  EXPECT_EQ(line->value, "mailto:x");
}

TEST(CaseNumber, is_found_among_other_words) {
  EXPECT_EQ(find_case_number("Справа 523/417/27-к, 04/03/2027"), "523/417/27-к");
  EXPECT_EQ(find_case_number("(2604/12/12)"), "2604/12/12");
  for (const char* none : {"", "757/1", "04/03/27", "4/3/2027", "757/1/2027", "12345678",
                           "757/b/27", "757/1/27/4", "0757575/1/27", "757/12345678/27"})
    EXPECT_EQ(find_case_number(none), "") << none;
}

}  // namespace
}  // namespace oberih::client
