// SPDX-License-Identifier: Apache-2.0
// `oberih hearing list`, `week`, `month` and `calendar`: what is to come, on the terminal and as a
// file for calendar programs.
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "client-cli/calendar/calendar_file.hpp"
#include "client-cli/calendar/planned_hearing.hpp"
#include "client-cli/commands/command_tree.hpp"
#include "client-cli/commands/document_file.hpp"
#include "client-cli/commands/hearing_view.hpp"
#include "client-cli/output/kyiv_date.hpp"
#include "client-cli/output/kyiv_time.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::client {
namespace {

using encoding::printable;
using sealing::HearingState;

struct CalendarOptions {
  std::string channel, hearing, out, from;
  bool mine = false, all = false, offline = false, details = false;
};

CommandContext::Reach calendar_reach(const CalendarOptions& options) {
  return options.offline ? CommandContext::Reach::offline : CommandContext::Reach::online;
}

bool is_called_there(const ClientSession& session, const HearingInChannel& hearing) {
  return std::ranges::any_of(
      hearing.hearing->notice.addressees,
      [&](const sealing::HearingAddressee& each) { return is_ones_own(session, each); });
}

bool is_over(const sealing::Hearing& hearing) {
  return hearing.state == HearingState::held || hearing.state == HearingState::closed ||
         hearing.state == HearingState::cancelled;
}

/// In the order of their sessions.
Result<std::vector<HearingInChannel>> read_calendar(CommandContext& context,
                                                    const CalendarOptions& options) {
  OBERIH_TRY(context.open_session(calendar_reach(options)));
  if (!options.offline) OBERIH_TRY(context.session().read_names());
  Result<std::vector<HearingInChannel>> hearings =
      read_hearings(context, options.channel, calendar_reach(options));
  if (!hearings) return hearings.error();
  const ClientSession& session = context.session();
  std::erase_if(*hearings, [&](const HearingInChannel& each) {
    return options.mine && !is_called_there(session, each) &&
           !is_of_the_court(session, *each.hearing);
  });
  std::ranges::stable_sort(
      *hearings, {}, [](const HearingInChannel& each) { return start_of_session(*each.hearing); });
  return hearings;
}

void print_calendar(CommandContext& context, const std::vector<HearingInChannel>& hearings) {
  Console& console = context.console();
  Table table({console.text(Sentence::column_when), console.text(Sentence::column_hearing),
               console.text(Sentence::column_act), console.text(Sentence::column_place),
               console.text(Sentence::column_hearing_state),
               console.text(Sentence::column_channel)});
  for (const HearingInChannel& each : hearings) {
    console.object(hearing_json(context, each));
    const bool opens = each.summons.has_value();
    table.add({describe_next_time(console, *each.hearing), describe_hearing(each),
               opens ? printable(each.summons->act) : "-",
               opens ? printable(each.summons->place) : "-",
               state_word(console, each.hearing->state), each.channel_title});
  }
  if (hearings.empty()) console.say(Sentence::hearings_none);
  if (!hearings.empty()) console.print(table);
}

Result<> list_hearings(CommandContext& context, const CalendarOptions& options) {
  Result<std::vector<HearingInChannel>> hearings = read_calendar(context, options);
  if (!hearings) return hearings.error();
  if (!options.all)
    std::erase_if(*hearings, [](const HearingInChannel& each) { return is_over(*each.hearing); });
  print_calendar(context, *hearings);
  return {};
}

/// The day that is meant: today in Kyiv where none is said.
Result<DayNumber> first_day(const CalendarOptions& options) {
  std::optional<Milliseconds> moment = wall_clock_ms();
  if (!options.from.empty()) moment = parse_moment(options.from);
  if (!moment) return refuse(RefusalCode::usage, "--from is a day, as 2027-03-04 or 04.03.2027");
  const auto local =
      static_cast<std::int64_t>(*moment) + kyiv_offset_seconds(*moment) * std::int64_t{1'000};
  return local / day_ms;
}

/// All whose session begins on a day from `first` to before `end`, over or not.
Result<> show_days(CommandContext& context, const CalendarOptions& options, DayNumber first,
                   DayNumber end) {
  Result<std::vector<HearingInChannel>> hearings = read_calendar(context, options);
  if (!hearings) return hearings.error();
  std::erase_if(*hearings, [&](const HearingInChannel& each) {
    const DayNumber day = day_number(start_of_session(*each.hearing).date);
    const bool is_undated =
        each.hearing->state == HearingState::adjourned && !each.hearing->goes_on;
    return day < first || day >= end || is_undated ||
           each.hearing->state == HearingState::cancelled;
  });
  print_calendar(context, *hearings);
  return {};
}

Result<> show_week(CommandContext& context, const CalendarOptions& options) {
  const Result<DayNumber> day = first_day(options);
  if (!day) return day.error();
  const DayNumber monday = *day - weekday_of(*day);
  return show_days(context, options, monday, monday + 7);
}

Result<> show_month(CommandContext& context, const CalendarOptions& options) {
  const Result<DayNumber> day = first_day(options);
  if (!day) return day.error();
  CivilDate first = date_of(*day), next = first;
  first.day = next.day = 1;
  next.month = first.month % 12 + 1;
  if (next.month == 1) ++next.year;
  return show_days(context, options, day_number(first), day_number(next));
}

CalendarStatus calendar_status(const sealing::Hearing& hearing) {
  if (hearing.state == HearingState::cancelled) return CalendarStatus::cancelled;
  const bool is_undated = hearing.state == HearingState::adjourned && !hearing.goes_on;
  return is_undated ? CalendarStatus::tentative : CalendarStatus::confirmed;
}

/// Who summons, under which telephone, and the state: never who is called.
std::string details_of(const Console& console, const HearingInChannel& hearing) {
  const sealing::SummonsText& summons = *hearing.summons;
  return console.text(Sentence::calendar_details,
                      {{"by", summons.summoned_by},
                       {"court", summons.court_name},
                       {"address", summons.court_address},
                       {"phone", summons.court_phone},
                       {"state", state_word(console, hearing.hearing->state)},
                       {"channel", hearing.channel_title}});
}

CalendarEvent calendar_event(const Console& console, const HearingInChannel& hearing,
                             bool has_details) {
  const sealing::Hearing& held = *hearing.hearing;
  CalendarEvent event;
  event.hearing = held.id;
  event.version = held.version;
  event.changed_ms = held.changed_ms;
  event.start = start_of_session(held);
  event.minutes = held.notice.minutes;
  event.status = calendar_status(held);
  event.court = held.notice.court;
  // A summons that does not open here still has its time.
  event.case_number = short_id(held.id);
  event.summary = console.text(Sentence::calendar_unreadable, {{"id", short_id(held.id)}});
  if (!hearing.summons) return event;
  event.court_name = hearing.summons->court_name;
  event.case_number = hearing.summons->case_number;
  event.summary = hearing.summons->case_number + ": " + hearing.summons->act;
  event.location = hearing.summons->place;
  if (has_details) event.details = details_of(console, hearing);
  return event;
}

Result<> export_calendar(CommandContext& context, const CalendarOptions& options) {
  std::vector<HearingInChannel> hearings;
  if (options.hearing.empty()) {
    CalendarOptions own = options;
    own.mine = true;
    Result<std::vector<HearingInChannel>> read = read_calendar(context, own);
    if (!read) return read.error();
    hearings = std::move(*read);
  } else {
    OBERIH_TRY(context.open_session(calendar_reach(options)));
    if (!options.offline) OBERIH_TRY(context.session().read_names());
    Result<HearingInChannel> hearing =
        find_hearing(context, options.hearing, calendar_reach(options));
    if (!hearing) return hearing.error();
    hearings.push_back(std::move(*hearing));
  }
  Console& console = context.console();
  std::vector<CalendarEvent> events;
  for (const HearingInChannel& each : hearings)
    events.push_back(calendar_event(console, each, options.details));
  const bool is_one_cancelled =
      !options.hearing.empty() && hearings.front().hearing->state == HearingState::cancelled;
  const std::string text =
      write_calendar(is_one_cancelled ? CalendarMethod::cancel : CalendarMethod::publish, events);
  OBERIH_TRY(write_document(options.out, as_bytes(text)));
  console.say(Sentence::calendar_written,
              {{"count", std::to_string(events.size())}, {"file", options.out}});
  console.object({{"file", options.out}, {"hearings", events.size()}});
  return {};
}

}  // namespace

void add_hearing_calendar_commands(CommandTree& tree, CLI::App* group) {
  auto options = std::make_shared<CalendarOptions>();
  const auto add = [&](const char* word, Sentence help, const char* example, auto function) {
    CLI::App* command = tree.command(
        group, word, help, example,
        [options, function](CommandContext& context) { return function(context, *options); });
    command->add_option("--channel", options->channel, tree.text(Sentence::help_option_channel));
    command->add_flag("--offline", options->offline, tree.text(Sentence::help_option_offline));
    return command;
  };
  const auto mine = [&](CLI::App* command) {
    command->add_flag("--mine", options->mine, tree.text(Sentence::help_option_hearing_mine));
    return command;
  };
  CLI::App* command =
      mine(add("list", Sentence::help_hearing_list, "oberih hearing list --mine", list_hearings));
  command->add_flag("--all", options->all, tree.text(Sentence::help_option_hearing_all));
  command = mine(
      add("week", Sentence::help_hearing_week, "oberih hearing week --from 2027-03-01", show_week));
  command->add_option("--from", options->from, tree.text(Sentence::help_option_hearing_from));
  command = mine(add("month", Sentence::help_hearing_month,
                     "oberih hearing month --from 2027-03-01", show_month));
  command->add_option("--from", options->from, tree.text(Sentence::help_option_hearing_from));
  command = add("calendar", Sentence::help_hearing_calendar,
                "oberih hearing calendar --out hearings.ics", export_calendar);
  command->add_option("hearing", options->hearing, tree.text(Sentence::help_option_hearing_or_own));
  command->add_option("--out", options->out, tree.text(Sentence::help_option_out_new))->required();
  command->add_flag("--with-details", options->details,
                    tree.text(Sentence::help_option_calendar_details));
}

}  // namespace oberih::client
