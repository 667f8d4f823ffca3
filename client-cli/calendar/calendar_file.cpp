// SPDX-License-Identifier: Apache-2.0
#include "client-cli/calendar/calendar_file.hpp"

#include <libical/ical.h>

#include <cstdlib>
#include <memory>

#include "protocol/encoding/hex.hpp"

namespace oberih::client {
namespace {

constexpr const char* kyiv_zone = "Europe/Kyiv";

struct FreeComponent {
  void operator()(icalcomponent* component) const { icalcomponent_free(component); }
};
struct FreeText {
  void operator()(char* text) const { std::free(text); }
};
using ComponentPointer = std::unique_ptr<icalcomponent, FreeComponent>;

icaltimetype ical_time(const WallTime& time) {
  icaltimetype written = icaltime_null_time();
  written.year = time.date.year;
  written.month = static_cast<int>(time.date.month);
  written.day = static_cast<int>(time.date.day);
  written.hour = static_cast<int>(time.hour);
  written.minute = static_cast<int>(time.minute);
  written.is_date = 0;
  return written;
}

icaltimetype ical_utc(Milliseconds moment) {
  return icaltime_from_timet_with_zone(static_cast<time_t>(moment / 1000), 0,
                                       icaltimezone_get_utc_timezone());
}

struct ClockChange {
  icalcomponent_kind kind;
  const char* name;
  WallTime first;
  int from_seconds;
  int to_seconds;
  const char* rule;
};
// Ukraine's rule since 1996, as in protocol/base/civil_time.
constexpr int eet_seconds = 2 * 3600, eest_seconds = 3 * 3600;
constexpr ClockChange clock_changes[] = {
    {ICAL_XDAYLIGHT_COMPONENT,
     "EEST",
     {{1996, 3, 31}, 3, 0},
     eet_seconds,
     eest_seconds,
     "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU"},
    {ICAL_XSTANDARD_COMPONENT,
     "EET",
     {{1996, 10, 27}, 4, 0},
     eest_seconds,
     eet_seconds,
     "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU"},
};

icalcomponent* make_zone() {
  icalcomponent* zone =
      icalcomponent_vanew(ICAL_VTIMEZONE_COMPONENT, icalproperty_new_tzid(kyiv_zone), nullptr);
  for (const ClockChange& change : clock_changes) {
    icalcomponent* observance = icalcomponent_new(change.kind);
    icalcomponent_add_property(observance, icalproperty_new_dtstart(ical_time(change.first)));
    icalcomponent_add_property(observance, icalproperty_new_tzoffsetfrom(change.from_seconds));
    icalcomponent_add_property(observance, icalproperty_new_tzoffsetto(change.to_seconds));
    icalcomponent_add_property(observance, icalproperty_new_tzname(change.name));
    icalcomponent_add_property(observance,
                               icalproperty_new_rrule(icalrecurrencetype_from_string(change.rule)));
    icalcomponent_add_component(zone, observance);
  }
  return zone;
}

icalproperty_status ical_status(CalendarStatus status) {
  switch (status) {
    case CalendarStatus::confirmed:
      return ICAL_STATUS_CONFIRMED;
    case CalendarStatus::tentative:
      return ICAL_STATUS_TENTATIVE;
    case CalendarStatus::cancelled:
      return ICAL_STATUS_CANCELLED;
  }
  return ICAL_STATUS_CONFIRMED;
}

icalproperty* make_organizer(const CalendarEvent& event) {
  icalproperty* organizer = icalproperty_new_organizer(
      ("urn:oberih:agency:" + encoding::encode_hex(event.court)).c_str());
  // A parameter has no escapes: quotes cannot stand in it (RFC 5545, 3.2).
  std::string name = event.court_name;
  std::erase(name, '"');
  if (!name.empty()) icalproperty_add_parameter(organizer, icalparameter_new_cn(name.c_str()));
  return organizer;
}

icalcomponent* make_event(const CalendarEvent& event) {
  icalcomponent* made = icalcomponent_new(ICAL_VEVENT_COMPONENT);
  const auto add = [made](icalproperty* property) { icalcomponent_add_property(made, property); };
  add(icalproperty_new_uid((encoding::encode_hex(event.hearing) + "@hearing.oberih").c_str()));
  add(icalproperty_new_sequence(static_cast<int>(event.version - 1)));
  add(icalproperty_new_dtstamp(ical_utc(event.changed_ms)));
  add(icalproperty_new_lastmodified(ical_utc(event.changed_ms)));
  add(make_organizer(event));
  icalproperty* start = icalproperty_new_dtstart(ical_time(event.start));
  icalproperty_add_parameter(start, icalparameter_new_tzid(kyiv_zone));
  add(start);
  add(icalproperty_new_duration(icaldurationtype_from_int(event.minutes * 60)));
  add(icalproperty_new_status(ical_status(event.status)));
  add(icalproperty_new_class(ICAL_CLASS_CONFIDENTIAL));
  add(icalproperty_new_summary(event.summary.c_str()));
  if (!event.location.empty()) add(icalproperty_new_location(event.location.c_str()));
  if (!event.details.empty()) add(icalproperty_new_description(event.details.c_str()));
  icalproperty* number = icalproperty_new_x(event.case_number.c_str());
  icalproperty_set_x_name(number, "X-OBERIH-CASE");
  add(number);
  return made;
}

}  // namespace

std::string write_calendar(CalendarMethod method, const std::vector<CalendarEvent>& events) {
  const ComponentPointer calendar(icalcomponent_vanew(
      ICAL_VCALENDAR_COMPONENT, icalproperty_new_version("2.0"),
      icalproperty_new_prodid("-//Oberih//Hearings//UK"), icalproperty_new_calscale("GREGORIAN"),
      icalproperty_new_method(method == CalendarMethod::cancel ? ICAL_METHOD_CANCEL
                                                               : ICAL_METHOD_PUBLISH),
      nullptr));
  icalcomponent_add_component(calendar.get(), make_zone());
  for (const CalendarEvent& event : events)
    icalcomponent_add_component(calendar.get(), make_event(event));
  const std::unique_ptr<char, FreeText> text(icalcomponent_as_ical_string_r(calendar.get()));
  return text ? std::string(text.get()) : std::string();
}

}  // namespace oberih::client
