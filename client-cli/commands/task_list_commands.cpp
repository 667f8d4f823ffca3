// SPDX-License-Identifier: Apache-2.0
// What one looks at: lists of tasks, one of them, the board.
#include <algorithm>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "client-cli/commands/command_tree.hpp"
#include "client-cli/commands/server_event_view.hpp"
#include "client-cli/commands/task_parties.hpp"
#include "client-cli/commands/task_view.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::client {
namespace {

using encoding::printable;
using sealing::TaskSlot;
using sealing::TaskState;

constexpr std::size_t board_title_characters = 20;

struct ListOptions {
  std::string channel, unit, task;
  bool mine = false, overdue = false, all = false, offline = false;
};

/// One assignee's part of a task: what a line of a list is about.
struct Part {
  TaskInChannel task;
  TaskSlot slot;
};

CommandContext::Reach reach_of(const ListOptions& options) {
  return options.offline ? CommandContext::Reach::offline : CommandContext::Reach::online;
}

bool concerns_me(const ClientSession& session, const Part& part) {
  return part.slot.holder == own_person(session) || is_ones_own(session, part.slot.assignee) ||
         is_ones_own(session, part.task.task->requester);
}

/// Most urgent first.
Result<std::vector<Part>> read_parts(CommandContext& context, const ListOptions& options) {
  OBERIH_TRY(context.open_session(reach_of(options)));
  ClientSession& session = context.session();
  if (!options.offline) OBERIH_TRY(session.read_names());
  Result<std::vector<TaskInChannel>> tasks =
      read_tasks(context, options.channel, reach_of(options));
  if (!tasks) return tasks.error();
  const Milliseconds now = task_time_ms(session);
  std::vector<Part> parts;
  for (const TaskInChannel& task : *tasks)
    for (const TaskSlot& slot : task.task->slots) parts.push_back({task, slot});
  std::stable_sort(parts.begin(), parts.end(), [now](const Part& a, const Part& b) {
    return sealing::due_at(a.slot, now) < sealing::due_at(b.slot, now);
  });
  return parts;
}

void print_part(CommandContext& context, Table& table, const Part& part) {
  ClientSession& session = context.session();
  const std::string who = part.slot.holder.is_zero() ? describe_party(session, part.slot.assignee)
                                                     : describe_holder(session, part.slot.holder);
  table.add(
      {short_id(part.task.task->id), part.task.title, state_word(context.console(), part.slot), who,
       describe_due(context.console(), part.slot, task_time_ms(session)), part.task.channel_title});
}

Result<> list_tasks(CommandContext& context, const ListOptions& options) {
  Result<std::vector<Part>> parts = read_parts(context, options);
  if (!parts) return parts.error();
  ClientSession& session = context.session();
  std::optional<sealing::TaskParty> unit;
  if (!options.unit.empty()) {
    Result<sealing::TaskParty> found = find_unit_party(session, options.unit);
    if (!found) return found.error();
    unit = *found;
  }
  Console& console = context.console();
  Table table({console.text(Sentence::column_task), console.text(Sentence::column_title),
               console.text(Sentence::column_task_state), console.text(Sentence::column_task_who),
               console.text(Sentence::column_task_due), console.text(Sentence::column_channel)});
  std::set<TaskId> shown;  // as an object a task is shown once, with all its slots
  for (const Part& part : *parts) {
    const bool is_wanted =
        (options.all || !sealing::is_final(part.slot.state)) &&
        (!options.mine || concerns_me(session, part)) &&
        (!options.overdue || sealing::is_overdue(part.slot, task_time_ms(session))) &&
        (!unit || part.slot.assignee == *unit || part.task.task->requester == *unit);
    if (!is_wanted) continue;
    print_part(context, table, part);
    if (shown.insert(part.task.task->id).second) console.object(task_json(context, part.task));
  }
  if (table.is_empty()) console.say(Sentence::no_tasks);
  if (!table.is_empty()) console.print(table);
  return {};
}

Result<> show_one_task(CommandContext& context, const ListOptions& options) {
  OBERIH_TRY(context.open_session(reach_of(options)));
  if (!options.offline) OBERIH_TRY(context.session().read_names());
  Result<TaskInChannel> task = find_task(context, options.task, reach_of(options));
  if (!task) return task.error();
  if (!context.console().is_json()) {
    show_task(context, *task);
    return {};
  }
  nlohmann::ordered_json json = task_json(context, *task);
  ClientSession& session = context.session();
  VerifiedChannel channel = session.open_channel(task->channel);
  json["history"] = nlohmann::ordered_json::array();
  TaskBook book(session.store(), channel.keys(), task->channel);
  std::map<std::uint64_t, nlohmann::ordered_json> history;  // by place in the channel
  for (const TaskEvent& event : book.events(task->task->id)) history[event.seq] = event_json(event);
  for (const TaskNotice& notice : book.notices(task->task->id))
    history[notice.seq] = notice_json(notice);
  for (auto& [seq, each] : history) json["history"].push_back(std::move(each));
  context.console().object(json);
  return {};
}

std::string cut(const std::string& title) {
  std::size_t end = 0, characters = 0;
  while (end < title.size() && characters < board_title_characters) {
    ++end;
    while (end < title.size() && (static_cast<unsigned char>(title[end]) & 0xC0) == 0x80) ++end;
    ++characters;
  }
  return end < title.size() ? title.substr(0, end) + "…" : title;
}

/// A column for each state in which something can still happen.
Result<> show_board(CommandContext& context, const ListOptions& options) {
  Result<std::vector<Part>> parts = read_parts(context, options);
  if (!parts) return parts.error();
  Console& console = context.console();
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> columns;
  std::size_t rows = 0;
  for (const TaskState state : sealing::all_task_states) {
    if (sealing::is_final(state)) continue;
    TaskSlot example;
    example.state = state;
    header.push_back(state_word(console, example));
    std::vector<std::string>& column = columns.emplace_back();
    for (const Part& part : *parts)
      if (part.slot.state == state)
        column.push_back(
            short_id(part.task.task->id) + " " + cut(part.task.title) +
            (sealing::is_overdue(part.slot, task_time_ms(context.session())) ? " !" : ""));
    rows = std::max(rows, column.size());
  }
  Table table(std::move(header));
  for (std::size_t row = 0; row < rows; ++row) {
    std::vector<std::string> cells;
    for (const auto& column : columns) cells.push_back(row < column.size() ? column[row] : "");
    table.add(std::move(cells));
  }
  console.print(table);
  std::set<TaskId> shown;
  for (const Part& part : *parts)
    if (part.task.task->is_open() && shown.insert(part.task.task->id).second)
      console.object(task_json(context, part.task));
  return {};
}

}  // namespace

void add_task_list_commands(CommandTree& tree, CLI::App* group) {
  auto options = std::make_shared<ListOptions>();
  const auto with = [options](auto function) {
    return [options, function](CommandContext& context) { return function(context, *options); };
  };
  const auto look = [&](CLI::App* command) {
    command->add_option("--channel", options->channel, tree.text(Sentence::help_option_channel));
    command->add_flag("--offline", options->offline, tree.text(Sentence::help_option_offline));
    return command;
  };
  CLI::App* command = look(tree.command(group, "list", Sentence::help_task_list,
                                        "oberih task list --mine --overdue", with(list_tasks)));
  command->add_flag("--mine", options->mine, tree.text(Sentence::help_option_task_mine));
  command->add_flag("--overdue", options->overdue, tree.text(Sentence::help_option_task_overdue));
  command->add_flag("--all", options->all, tree.text(Sentence::help_option_task_all));
  command->add_option("--unit", options->unit, tree.text(Sentence::help_option_task_of_unit));
  command = tree.command(group, "show", Sentence::help_task_show, "oberih task show 3f2a91c0",
                         with(show_one_task));
  command->add_option("task", options->task, tree.text(Sentence::help_option_task))->required();
  command->add_flag("--offline", options->offline, tree.text(Sentence::help_option_offline));
  look(tree.command(group, "board", Sentence::help_task_board, "oberih task board --channel 417",
                    with(show_board)));
}

}  // namespace oberih::client
