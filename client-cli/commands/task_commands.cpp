// SPDX-License-Identifier: Apache-2.0
// What one does with tasks: ask, accept, decline, begin, pause, hand in, confirm, and the rest.
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "client-cli/commands/channel_search.hpp"
#include "client-cli/commands/command_tree.hpp"
#include "client-cli/commands/input_file.hpp"
#include "client-cli/commands/task_action.hpp"
#include "client-cli/commands/task_parties.hpp"
#include "client-cli/commands/task_templates.hpp"
#include "client-cli/commands/task_view.hpp"
#include "client-cli/output/kyiv_date.hpp"
#include "protocol/crypto/random_bytes.hpp"
#include "protocol/encoding/utf8.hpp"
#include "protocol/sealing/entry_facts.hpp"

namespace oberih::client {
namespace {

using sealing::TaskAction;
using sealing::TaskFacts;

struct TaskOptions {
  std::string channel, title, task, text, file, kind, urgency, due, why, as_unit, person, unit;
  std::string template_name;
  std::vector<std::string> people, units, after;
  int slot = -1;  // the one that fits
  bool urgent = false;
};

/// "--kind is one of general, ...": a word that is not known is answered with those that are.
template <class Rows>
Refusal unknown_word(const std::string& option, const Rows& rows) {
  std::string names;
  for (const auto& row : rows) names += (names.empty() ? "" : ", ") + std::string(row.name);
  return refuse(RefusalCode::usage, option + " is one of " + names);
}

/// `--due`: a moment in Kyiv, or the end of a day. Refusal: usage.
Result<Milliseconds> read_due(const std::string& text) {
  std::optional<Milliseconds> due = parse_last_day(text);
  if (!due) due = parse_moment(text);
  if (!due)
    return refuse(RefusalCode::usage,
                  "--due is a time in Kyiv, as '2027-03-04 18:00', '04.03.2027 18:00' or a day");
  return *due;
}

/// The words of an action: as an option, from a file, or none.
Result<std::string> read_words(const TaskOptions& options) {
  if (options.text.empty() && options.file.empty()) return std::string();
  return read_message_text(options.text, options.file);
}

Result<> read_assignees(ClientSession& session, const TaskOptions& options, TaskFacts& facts) {
  for (const std::string& unit : options.units) {
    Result<sealing::TaskParty> party = find_unit_party(session, unit);
    if (!party) return party.error();
    facts.slots.push_back(*party);
  }
  for (const std::string& person : options.people) {
    Result<sealing::TaskParty> party = find_person_party(session, person);
    if (!party) return party.error();
    facts.slots.push_back(*party);
  }
  std::sort(facts.slots.begin(), facts.slots.end());
  facts.slots.erase(std::unique(facts.slots.begin(), facts.slots.end()), facts.slots.end());
  if (facts.slots.empty() || facts.slots.size() > sealing::task_slots_at_most)
    return refuse(RefusalCode::usage, "say who is asked with --unit or --person, at most 32");
  return {};
}

Result<> read_proposal(CommandContext& context, const TaskOptions& options, TaskFacts& facts) {
  ClientSession& session = context.session();
  facts.action = TaskAction::propose;
  facts.task = crypto::random_id<TaskId>();
  if (options.urgent) {
    facts.priority = sealing::priority_urgent;
    facts.asks_for = static_cast<std::uint8_t>(sealing::AsksFor::acknowledgement);
  }
  const auto kind = sealing::find_task_kind(options.kind);
  const auto urgency = sealing::find_task_urgency(options.due.empty() ? options.urgency : "date");
  if (!kind) return unknown_word("--kind", sealing::task_kinds);
  if (!urgency || (*urgency == sealing::TaskUrgency::date && options.due.empty()))
    return refuse(RefusalCode::usage, "--urgency is 8h, 3d or 7d; a date goes with --due");
  facts.kind = *kind;
  facts.urgency = *urgency;
  if (!options.due.empty()) {
    Result<Milliseconds> due = read_due(options.due);
    if (!due) return due.error();
    facts.due_ms = *due;
  }
  OBERIH_TRY(read_assignees(session, options, facts));
  Result<sealing::TaskParty> requester = choose_requester(session, options.as_unit);
  if (!requester) return requester.error();
  facts.requester = *requester;
  for (const std::string& digits : options.after) {
    Result<TaskInChannel> other = find_task(context, digits, CommandContext::Reach::online);
    if (!other) return other.error();
    facts.depends_on.push_back(other->task->id);
  }
  std::sort(facts.depends_on.begin(), facts.depends_on.end());
  return {};
}

/// What a template says takes the place of what the person did not say.
Result<TaskOptions> complete_proposal(CommandContext& context, TaskOptions options) {
  const auto complete = [](std::string& said, std::string_view otherwise) {
    if (said.empty()) said = otherwise;
  };
  if (!options.template_name.empty()) {
    Result<TaskTemplate> found = find_task_template(options.template_name);
    if (!found) return found.error();
    const Language language = context.console().language();
    complete(options.kind, sealing::name_of(found->kind));
    complete(options.urgency, sealing::name_of(found->urgency));
    complete(options.title, found->title(language));
    if (options.file.empty()) complete(options.text, found->instructions(language));
  }
  if (options.title.empty())
    return refuse(RefusalCode::usage, "say what it is about, or name a --template");
  complete(options.kind, sealing::name_of(sealing::TaskKind::general));
  complete(options.urgency, sealing::name_of(sealing::TaskUrgency::days_3));
  return options;
}

Result<> propose(CommandContext& context, const TaskOptions& said) {
  Result<TaskOptions> completed = complete_proposal(context, said);
  if (!completed) return completed.error();
  const TaskOptions& options = *completed;
  const std::optional<std::string> title = encoding::to_nfc(options.title);
  Result<std::string> words = read_words(options);
  if (!words) return words.error();
  const sealing::TaskText text{TaskAction::propose, title.value_or(""), *words};
  OBERIH_TRY(check_text(text));
  OBERIH_TRY(context.open_session(CommandContext::Reach::online));
  ClientSession& session = context.session();
  Result<VerifiedChannel> channel =
      find_channel(context, options.channel, CommandContext::Reach::online);
  if (!channel) return channel.error();
  OBERIH_TRY(session.read_names());
  TaskFacts facts;
  OBERIH_TRY(read_proposal(context, options, facts));
  OBERIH_TRY(choose_stand_in(session, *channel, facts));
  return act_on_task(context, *channel, facts, text);
}

/// What the command line says besides the task; the slot and whom one stands in for are found.
Result<> read_fields(CommandContext& context, const TaskOptions& options, TaskFacts& facts) {
  ClientSession& session = context.session();
  if (facts.action == TaskAction::extend) {
    Result<Milliseconds> due = read_due(options.due);
    if (!due) return due.error();
    facts.due_ms = *due;
  }
  if (facts.action == TaskAction::pause) {
    facts.reason = sealing::find_pause_reason(options.why);
    if (!facts.reason) return unknown_word("--why", sealing::pause_reasons);
  }
  if (facts.action == TaskAction::reassign) {
    if (options.person.empty() == options.unit.empty())
      return refuse(RefusalCode::usage, "say to whom with --person or with --unit");
    Result<sealing::TaskParty> party = options.unit.empty()
                                           ? find_person_party(session, options.person)
                                           : find_unit_party(session, options.unit);
    if (!party) return party.error();
    facts.assignee = *party;
  }
  return {};
}

Result<> act(CommandContext& context, TaskAction action, const TaskOptions& options) {
  Result<std::string> words = read_words(options);
  if (!words) return words.error();
  const sealing::TaskText text{action, {}, *words};
  OBERIH_TRY(check_text(text));
  if (options.why == sealing::name_of(sealing::PauseReason::other) && words->empty())
    return refuse(RefusalCode::usage, "say with --text what the other reason is");
  OBERIH_TRY(context.open_session(CommandContext::Reach::online));
  ClientSession& session = context.session();
  OBERIH_TRY(session.read_names());
  Result<TaskInChannel> task = find_task(context, options.task, CommandContext::Reach::online);
  if (!task) return task.error();
  VerifiedChannel channel = session.open_channel(task->channel);
  TaskFacts facts;
  facts.action = action;
  facts.task = task->task->id;
  facts.priority = priority_of(session, channel, *task->task, action);
  OBERIH_TRY(read_fields(context, options, facts));
  Result<std::vector<std::uint16_t>> slots =
      choose_slots(session, channel, *task->task, facts, options.slot);
  if (!slots && words->empty() && tell_done_already(context, channel, *task, action, options.slot))
    return {};
  if (!slots && slots.error().code == RefusalCode::transition_unknown) {
    facts.slot = static_cast<std::uint16_t>(std::max(options.slot, 0));
    return tell_who_was_first(context, channel, facts, slots.error());
  }
  if (!slots) return slots.error();
  for (const std::uint16_t slot : *slots) {
    facts.slot = slot;
    facts.expected_version = task->task->slots[slot].version;
    OBERIH_TRY(choose_stand_in(session, channel, facts));
    OBERIH_TRY(act_on_task(context, channel, facts, text));
  }
  return {};
}

void add_propose_command(CommandTree& tree, CLI::App* group,
                         const std::shared_ptr<TaskOptions>& options) {
  CLI::App* command = tree.command(
      group, "propose", Sentence::help_task_propose,
      "oberih task propose 417 \"Допит у Чернівцях\" --unit \"Відділ Чернівці\" --urgency 3d",
      [options](CommandContext& context) { return propose(context, *options); });
  command->add_option("channel", options->channel, tree.text(Sentence::help_option_channel))
      ->required();
  command->add_option("title", options->title, tree.text(Sentence::help_option_task_title));
  command->add_option("--template", options->template_name,
                      tree.text(Sentence::help_option_task_template));
  command->add_option("--unit", options->units, tree.text(Sentence::help_option_task_unit))
      ->allow_extra_args(false);
  command->add_option("--person", options->people, tree.text(Sentence::help_option_task_person))
      ->allow_extra_args(false);
  command->add_option("--text", options->text, tree.text(Sentence::help_option_task_words));
  command->add_option("--file", options->file, tree.text(Sentence::help_option_file));
  command->add_option("--kind", options->kind, tree.text(Sentence::help_option_task_kind));
  command->add_option("--urgency", options->urgency, tree.text(Sentence::help_option_task_urgency));
  command->add_option("--due", options->due, tree.text(Sentence::help_option_task_due));
  command->add_flag("--urgent", options->urgent, tree.text(Sentence::help_option_task_urgent));
  command->add_option("--after", options->after, tree.text(Sentence::help_option_task_after))
      ->allow_extra_args(false);
  command->add_option("--as-unit", options->as_unit, tree.text(Sentence::help_option_task_as_unit));
}

struct ActionRow {
  TaskAction action;
  Sentence help;
  const char* example;
};
constexpr ActionRow action_rows[] = {
    {TaskAction::accept, Sentence::help_task_accept, "oberih task accept 3f2a91c0"},
    {TaskAction::decline, Sentence::help_task_decline,
     "oberih task decline 3f2a91c0 --text \"Не наша територія\""},
    {TaskAction::start, Sentence::help_task_start, "oberih task start 3f2a91c0"},
    {TaskAction::pause, Sentence::help_task_pause,
     "oberih task pause 3f2a91c0 --why awaiting_translation"},
    {TaskAction::resume, Sentence::help_task_resume, "oberih task resume 3f2a91c0"},
    {TaskAction::extend, Sentence::help_task_extend,
     "oberih task extend 3f2a91c0 --due \"2027-03-04 18:00\" --text \"Чекаємо на переклад\""},
    {TaskAction::submit, Sentence::help_task_submit,
     "oberih task submit 3f2a91c0 --text \"Допитано, протокол у справі\""},
    {TaskAction::return_, Sentence::help_task_return,
     "oberih task return 3f2a91c0 --text \"Бракує підпису перекладача\""},
    {TaskAction::confirm, Sentence::help_task_confirm, "oberih task confirm 3f2a91c0"},
    {TaskAction::withdraw, Sentence::help_task_withdraw,
     "oberih task withdraw 3f2a91c0 --text \"Особу знайдено\""},
    {TaskAction::reassign, Sentence::help_task_reassign,
     "oberih task reassign 3f2a91c0 --person \"Коваль Олена\""},
};

void add_action_command(CommandTree& tree, CLI::App* group, const ActionRow& row,
                        const std::shared_ptr<TaskOptions>& options) {
  const TaskAction action = row.action;
  CLI::App* command = tree.command(
      group, std::string(sealing::name_of(action)), row.help, row.example,
      [options, action](CommandContext& context) { return act(context, action, *options); });
  command->add_option("task", options->task, tree.text(Sentence::help_option_task))->required();
  command->add_option("--slot", options->slot, tree.text(Sentence::help_option_task_slot));
  command->add_option("--text", options->text, tree.text(Sentence::help_option_task_words));
  command->add_option("--file", options->file, tree.text(Sentence::help_option_file));
  if (action == TaskAction::extend)
    command->add_option("--due", options->due, tree.text(Sentence::help_option_task_due))
        ->required();
  if (action == TaskAction::pause)
    command->add_option("--why", options->why, tree.text(Sentence::help_option_task_why))
        ->required();
  if (action != TaskAction::reassign) return;
  command->add_option("--person", options->person, tree.text(Sentence::help_option_task_person));
  command->add_option("--unit", options->unit, tree.text(Sentence::help_option_task_unit));
}

}  // namespace

void add_task_commands(CommandTree& tree) {
  CLI::App* group = tree.group("task", Sentence::help_task);
  auto options = std::make_shared<TaskOptions>();
  add_propose_command(tree, group, options);
  for (const ActionRow& row : action_rows) add_action_command(tree, group, row, options);
  add_task_list_commands(tree, group);
  add_task_templates_command(tree, group);
}

}  // namespace oberih::client
