// SPDX-License-Identifier: Apache-2.0
#include "client-cli/printing/print_words.hpp"

#include <array>
#include <cstdio>

#include "client-cli/output/kyiv_time.hpp"

namespace oberih::client {
namespace {

using sealing::AcknowledgementKind;
using sealing::HearingState;
using sealing::ProceduralStatus;

constexpr std::array<std::string_view, 12> print_months = {
    "січня", "лютого", "березня", "квітня", "травня",    "червня",
    "липня", "серпня", "вересня", "жовтня", "листопада", "грудня"};
constexpr std::array<std::string_view, 7> print_weekdays = {
    "понеділок", "вівторок", "середа", "четвер", "п’ятниця", "субота", "неділя"};

}  // namespace

std::string_view printed_status(ProceduralStatus status) {
  switch (status) {
    case ProceduralStatus::suspect:
      return "підозрюваний (підозрювана)";
    case ProceduralStatus::accused:
      return "обвинувачений (обвинувачена)";
    case ProceduralStatus::convicted:
      return "засуджений (засуджена)";
    case ProceduralStatus::defender:
      return "захисник";
    case ProceduralStatus::victim:
      return "потерпілий (потерпіла)";
    case ProceduralStatus::representative:
      return "представник";
    case ProceduralStatus::legal_representative:
      return "законний представник";
    case ProceduralStatus::civil_claimant:
      return "цивільний позивач";
    case ProceduralStatus::civil_defendant:
      return "цивільний відповідач";
    case ProceduralStatus::witness:
      return "свідок";
    case ProceduralStatus::expert:
      return "експерт";
    case ProceduralStatus::specialist:
      return "спеціаліст";
    case ProceduralStatus::interpreter:
      return "перекладач";
    case ProceduralStatus::prosecutor:
      return "прокурор";
    case ProceduralStatus::investigator:
      return "слідчий";
    case ProceduralStatus::other:
      return "інший учасник провадження";
  }
  return {};
}

std::string_view printed_state(HearingState state) {
  switch (state) {
    case HearingState::scheduled:
      return "призначено";
    case HearingState::held:
      return "проведено";
    case HearingState::recessed:
      return "оголошено перерву";
    case HearingState::adjourned:
      return "відкладено";
    case HearingState::closed:
      return "завершено";
    case HearingState::cancelled:
      return "скасовано";
  }
  return {};
}

std::string_view printed_answer(AcknowledgementKind answer) {
  switch (answer) {
    case AcknowledgementKind::received:
      return "отримано";
    case AcknowledgementKind::understood:
      return "отримано, прибуде";
    case AcknowledgementKind::cannot_attend:
      return "отримано, прибути не може";
  }
  return {};
}

std::string printed_day(const CivilDate& date) {
  return std::string(print_weekdays.at(weekday_of(day_number(date)))) + ", " +
         std::to_string(date.day) + " " + std::string(print_months.at(date.month - 1)) + " " +
         std::to_string(date.year) + " року";
}

std::string printed_clock(const WallTime& time) {
  char text[48];
  std::snprintf(text, sizeof text, "%02u год. %02u хв.", time.hour, time.minute);
  return text;
}

std::string printed_short(const WallTime& time) {
  char text[48];
  std::snprintf(text, sizeof text, "%02u.%02u.%04d %02u:%02u", time.date.day, time.date.month,
                time.date.year, time.hour, time.minute);
  return text;
}

std::string printed_short(Milliseconds time) {
  return format_date(time) + " " + format_clock_time(time).substr(0, 5);
}

}  // namespace oberih::client
