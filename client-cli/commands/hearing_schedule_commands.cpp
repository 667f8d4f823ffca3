// SPDX-License-Identifier: Apache-2.0
// What a court's clerk does first: call to a hearing, move it, and get a file to fill in.
#include <memory>
#include <nlohmann/json.hpp>

#include "client-cli/commands/channel_search.hpp"
#include "client-cli/commands/command_tree.hpp"
#include "client-cli/commands/hearing_action.hpp"
#include "client-cli/commands/hearing_clash_view.hpp"
#include "client-cli/commands/hearing_draft.hpp"
#include "client-cli/commands/hearing_view.hpp"
#include "client-cli/commands/input_file.hpp"
#include "client-cli/commands/task_action.hpp"
#include "client-cli/commands/task_parties.hpp"
#include "client-cli/commands/task_search.hpp"
#include "client-cli/output/kyiv_time.hpp"
#include "protocol/crypto/random_bytes.hpp"
#include "protocol/sealing/entry_facts.hpp"

namespace oberih::client {
namespace {

using sealing::HearingVerb;

constexpr Milliseconds legal_minimum_ms = 3 * day_ms;

struct ScheduleOptions {
  std::string channel, hearing, file, start, answer_by, words, secure_witnesses, as_unit;
  std::string summoned_by, court_name, court_address, court_phone, case_number, room, act;
  std::vector<std::string> called, called_by_name, through_centre, not_told;
  std::optional<std::uint64_t> minutes, testimony_ordinal;
  bool is_urgent = false, is_despite_clashes = false;
};

void put_said(std::string& field, const std::string& said) {
  if (!said.empty()) field = said;
}

Result<> put_called(HearingDraft& draft, const ScheduleOptions& options) {
  const auto add = [&](const char* option, const std::vector<std::string>& said,
                       auto put) -> Result<> {
    for (const std::string& text : said) {
      Result<CallOption> call = parse_call_option(option, text);
      if (!call) return call.error();
      DraftAddressee& addressee = draft.called.emplace_back();
      addressee.where = std::string(option) + " " + text;
      addressee.called = call->called;
      put(addressee, call->who);
    }
    return {};
  };
  OBERIH_TRY(add("--call", options.called, [](DraftAddressee& addressee, const std::string& who) {
    addressee.unit = who;  // or a person: whoever bears the name
  }));
  OBERIH_TRY(
      add("--call-name", options.called_by_name,
          [](DraftAddressee& addressee, const std::string& who) { addressee.called.name = who; }));
  return add("--through-centre", options.through_centre,
             [](DraftAddressee& addressee, const std::string& who) {
               addressee.unit = who;
               addressee.is_through_centre = true;
             });
}

/// What the command line says goes before what the file says.
Result<HearingDraft> complete_draft(const ScheduleOptions& options, HearingDraft draft) {
  if (!options.file.empty()) {
    Result<std::string> text =
        options.file == "-" ? read_message_text("-", {}) : read_public_file(options.file);
    if (!text) return text.error();
    Result<HearingDraft> read = parse_hearing_file(*text);
    if (!read) return refuse(read.error().code, options.file + ": " + read.error().detail);
    draft = std::move(*read);
  }
  put_said(draft.start, options.start);
  put_said(draft.answer_by, options.answer_by);
  put_said(draft.words, options.words);
  if (options.minutes) draft.minutes = options.minutes;
  if (options.testimony_ordinal) draft.testimony_ordinal = options.testimony_ordinal;
  sealing::SummonsText& summons = draft.summons;
  put_said(summons.summoned_by, options.summoned_by);
  put_said(summons.court_name, options.court_name);
  put_said(summons.court_address, options.court_address);
  put_said(summons.court_phone, options.court_phone);
  put_said(summons.case_number, options.case_number);
  put_said(summons.act, options.act);
  if (!options.room.empty() && options.room != summons.place) {
    summons.place = options.room;
    draft.room_id.clear();  // another room has another id
  }
  draft.not_told.insert(draft.not_told.end(), options.not_told.begin(), options.not_told.end());
  OBERIH_TRY(put_called(draft, options));
  return draft;
}

/// `--call NAME` is a unit where one bears the name, else a person.
void tell_units_from_people(ClientSession& session, HearingDraft& draft) {
  for (DraftAddressee& each : draft.called)
    if (!each.unit.empty() && each.where.starts_with("--call ") &&
        !find_unit_party(session, each.unit) && find_person_party(session, each.unit))
      each.person = std::exchange(each.unit, {});
}

Result<sealing::HearingText> make_text(HearingVerb verb, const HearingDraft& draft,
                                       HearingNoticeAndText& made) {
  sealing::HearingText text;
  text.verb = verb;
  text.summons = std::move(made.summons);
  text.words = draft.words;
  OBERIH_TRY(check_text(text));
  return text;
}

void set_common(const ScheduleOptions& options, sealing::HearingFacts& facts) {
  facts.asks_for = static_cast<std::uint8_t>(sealing::AsksFor::acknowledgement);
  if (options.is_urgent) facts.priority = sealing::priority_urgent;
}

std::size_t count_without_account(const sealing::HearingNotice& notice) {
  return static_cast<std::size_t>(std::ranges::count_if(
      notice.addressees, [](const auto& each) { return !each.has_account(); }));
}

void tell_scheduled(CommandContext& context, const HearingInChannel& hearing, Sentence sentence) {
  Console& console = context.console();
  const sealing::Hearing& held = *hearing.hearing;
  console.say(sentence, {{"hearing", describe_hearing(hearing)},
                         {"time", format_wall_time(held.notice.start, console.language())},
                         {"version", std::to_string(held.version)},
                         {"count", std::to_string(held.notice.addressees.size())}});
  if (const std::size_t without = count_without_account(held.notice); without > 0)
    console.say(Sentence::hearing_serve_the_others,
                {{"count", std::to_string(without)}, {"id", short_id(held.id)}});
  if (moment_of(held.notice.start) < held.version_ms + legal_minimum_ms)
    console.note(Sentence::hearing_less_than_minimum);
  console.object(hearing_json(context, hearing));
}

/// The prosecution brings its own witnesses: a task in the same channel.
struct WitnessTask {
  sealing::TaskFacts facts;
  sealing::TaskText text;
};
Result<WitnessTask> make_witness_task(CommandContext& context, VerifiedChannel& channel,
                                      const ScheduleOptions& options,
                                      const HearingNoticeAndText& made) {
  ClientSession& session = context.session();
  const Console& console = context.console();
  Result<sealing::TaskParty> unit = find_unit_party(session, options.secure_witnesses);
  if (!unit) return unit.error();
  Result<sealing::TaskParty> requester = choose_requester(session, options.as_unit);
  if (!requester) return requester.error();
  WitnessTask task;
  task.facts.action = sealing::TaskAction::propose;
  task.facts.task = crypto::random_id<TaskId>();
  task.facts.requester = *requester;
  task.facts.kind = sealing::TaskKind::secure_witnesses;
  task.facts.urgency = sealing::TaskUrgency::date;
  task.facts.due_ms = moment_of(made.notice.start);
  task.facts.slots = {*unit};
  OBERIH_TRY(choose_stand_in(session, channel, task.facts));
  const std::string time = format_wall_time(made.notice.start, console.language());
  task.text = {sealing::TaskAction::propose,
               console.text(Sentence::hearing_witness_task_title,
                            {{"case", made.summons.case_number}, {"time", time}}),
               console.text(Sentence::hearing_witness_task_words,
                            {{"act", made.summons.act}, {"place", made.summons.place}})};
  OBERIH_TRY(check_text(task.text));
  return task;
}

Result<> schedule(CommandContext& context, const ScheduleOptions& options) {
  Result<HearingDraft> draft = complete_draft(options, {});
  if (!draft) return draft.error();
  OBERIH_TRY(context.open_session(CommandContext::Reach::online));
  ClientSession& session = context.session();
  OBERIH_TRY(pull_all(session));  // all that it may clash with
  Result<VerifiedChannel> channel =
      find_channel(context, options.channel, CommandContext::Reach::online);
  if (!channel) return channel.error();
  OBERIH_TRY(session.read_names());
  tell_units_from_people(session, *draft);
  Result<HearingNoticeAndText> made = resolve_draft(context, *channel, *draft, nullptr);
  if (!made) return made.error();
  std::optional<WitnessTask> task;
  if (!options.secure_witnesses.empty()) {
    Result<WitnessTask> asked = make_witness_task(context, *channel, options, *made);
    if (!asked) return asked.error();
    task = std::move(*asked);
  }
  sealing::HearingFacts facts;
  facts.hearing = crypto::random_id<HearingId>();
  facts.verb = HearingVerb::schedule;
  facts.notice = made->notice;
  set_common(options, facts);
  Result<sealing::HearingText> text = make_text(facts.verb, *draft, *made);
  if (!text) return text.error();
  OBERIH_TRY(judge_here(context, *channel, facts));
  OBERIH_TRY(ask_about_clashes(context, facts, options.is_despite_clashes));
  Result<HearingInChannel> hearing = act_on_hearing(context, *channel, facts, *text);
  if (!hearing) return hearing.error();
  tell_scheduled(context, *hearing, Sentence::hearing_scheduled);
  if (task) OBERIH_TRY(act_on_task(context, *channel, task->facts, task->text));
  return {};
}

Result<> reschedule(CommandContext& context, const ScheduleOptions& options) {
  if (options.file.empty() && options.start.empty())
    return refuse(RefusalCode::usage, "say when it is to be with --start, or name a --file");
  Result<NamedHearing> named = open_named_hearing(context, options.hearing);
  if (!named) return named.error();
  if (options.file.empty() && !named->hearing.summons)
    return refuse(RefusalCode::cannot_open, "the summons does not open here; give a whole --file");
  Result<HearingDraft> draft = complete_draft(options, draft_of(named->hearing));
  if (!draft) return draft.error();
  tell_units_from_people(context.session(), *draft);
  Result<HearingNoticeAndText> made =
      resolve_draft(context, named->channel, *draft, &named->hearing);
  if (!made) return made.error();
  sealing::HearingFacts facts = facts_of(named->hearing, HearingVerb::reschedule);
  facts.notice = made->notice;
  set_common(options, facts);
  Result<sealing::HearingText> text = make_text(facts.verb, *draft, *made);
  if (!text) return text.error();
  OBERIH_TRY(judge_here(context, named->channel, facts));
  OBERIH_TRY(ask_about_clashes(context, facts, options.is_despite_clashes));
  Result<HearingInChannel> hearing = act_on_hearing(context, named->channel, facts, *text);
  if (!hearing) return hearing.error();
  tell_scheduled(context, *hearing, Sentence::hearing_moved);
  return {};
}

void add_notice_options(CommandTree& tree, CLI::App* command,
                        const std::shared_ptr<ScheduleOptions>& options) {
  const auto one = [&](const char* name, auto& field, Sentence help) {
    return command->add_option(name, field, tree.text(help));
  };
  const auto several = [&](const char* name, std::vector<std::string>& field, Sentence help) {
    command->add_option(name, field, tree.text(help))->allow_extra_args(false);
  };
  one("--file", options->file, Sentence::help_option_hearing_file);
  one("--start", options->start, Sentence::help_option_hearing_start);
  one("--minutes", options->minutes, Sentence::help_option_hearing_minutes);
  one("--room", options->room, Sentence::help_option_hearing_room);
  one("--answer-by", options->answer_by, Sentence::help_option_hearing_answer_by);
  one("--text", options->words, Sentence::help_option_hearing_words);
  one("--testimony", options->testimony_ordinal, Sentence::help_option_hearing_testimony);
  command->add_flag("--urgent", options->is_urgent,
                    tree.text(Sentence::help_option_hearing_urgent));
  command->add_flag("--despite-clashes", options->is_despite_clashes,
                    tree.text(Sentence::help_option_despite_clashes));
  several("--call", options->called, Sentence::help_option_hearing_call);
  several("--call-name", options->called_by_name, Sentence::help_option_hearing_call_name);
  several("--through-centre", options->through_centre, Sentence::help_option_hearing_centre);
  several("--not-told", options->not_told, Sentence::help_option_hearing_not_told);
}

}  // namespace

void add_hearing_schedule_commands(CommandTree& tree, CLI::App* group) {
  auto options = std::make_shared<ScheduleOptions>();
  CLI::App* command =
      tree.command(group, "schedule", Sentence::help_hearing_schedule,
                   "oberih hearing schedule 522 --file summons.json --start \"2027-03-04 10:00\"",
                   [options](CommandContext& context) { return schedule(context, *options); });
  command->add_option("channel", options->channel, tree.text(Sentence::help_option_channel))
      ->required();
  add_notice_options(tree, command, options);
  const auto line = [&](const char* name, std::string& field, Sentence help) {
    command->add_option(name, field, tree.text(help));
  };
  line("--case", options->case_number, Sentence::help_option_hearing_case);
  line("--act", options->act, Sentence::help_option_hearing_act);
  line("--summoned-by", options->summoned_by, Sentence::help_option_hearing_summoned_by);
  line("--court-name", options->court_name, Sentence::help_option_hearing_court_name);
  line("--court-address", options->court_address, Sentence::help_option_hearing_court_address);
  line("--court-phone", options->court_phone, Sentence::help_option_hearing_court_phone);
  line("--secure-witnesses", options->secure_witnesses,
       Sentence::help_option_hearing_secure_witnesses);
  line("--as-unit", options->as_unit, Sentence::help_option_task_as_unit);

  command =
      tree.command(group, "reschedule", Sentence::help_hearing_reschedule,
                   "oberih hearing reschedule 3f2a91c0 --start \"2027-03-11 14:00\"",
                   [options](CommandContext& context) { return reschedule(context, *options); });
  command->add_option("hearing", options->hearing, tree.text(Sentence::help_option_hearing))
      ->required();
  add_notice_options(tree, command, options);

  tree.command(group, "template", Sentence::help_hearing_template,
               "oberih hearing template > summons.json", [](CommandContext& context) -> Result<> {
                 context.console().object(nlohmann::ordered_json::parse(hearing_file_template()));
                 const std::string text = hearing_file_template();
                 context.console().line(std::string_view(text).substr(0, text.size() - 1));
                 return {};
               });
}

}  // namespace oberih::client
