// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/task_search.hpp"

#include <algorithm>
#include <iterator>

#include "client-cli/commands/channel_search.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::client {
namespace {

constexpr std::size_t fewest_task_digits = 4;

}  // namespace

std::vector<TaskInChannel> tasks_of(ClientSession& session, VerifiedChannel& channel) {
  std::vector<TaskInChannel> tasks;
  TaskBook book(session.store(), channel.keys(), channel.id());
  for (const sealing::TaskPointer& task : book.list())
    tasks.push_back(
        {channel.id(), channel.title().value_or(std::string()), book.title(*task), task});
  return tasks;
}

std::string short_id(const TaskId& id) { return encoding::encode_hex(id).substr(0, 8); }

std::string describe_task(const TaskInChannel& task) {
  return short_id(task.task->id) + " \"" + encoding::printable(task.title) + "\"";
}

Result<> pull_all(ClientSession& session) {
  Result<wire::ChannelSummaries> summaries = session.ask(wire::ChannelList{});
  if (!summaries) return summaries.error();
  for (const wire::ChannelSummary& summary : summaries->channels) {
    if (session.store().channels().newest_seq(summary.channel) >= summary.newest_seq) continue;
    VerifiedChannel channel = session.open_channel(summary.channel);
    OBERIH_TRY(session.pull(channel));
  }
  return {};
}

Result<std::vector<TaskInChannel>> read_tasks(CommandContext& context, const std::string& text,
                                              CommandContext::Reach reach) {
  ClientSession& session = context.session();
  if (!text.empty()) {
    Result<VerifiedChannel> channel = find_channel(context, text, reach);
    if (!channel) return channel.error();
    return tasks_of(session, *channel);
  }
  if (reach == CommandContext::Reach::online) OBERIH_TRY(pull_all(session));
  std::vector<TaskInChannel> tasks;
  for (const ChannelId& id : session.store().channels().list()) {
    VerifiedChannel channel = session.open_channel(id);
    std::ranges::move(tasks_of(session, channel), std::back_inserter(tasks));
  }
  return tasks;
}

Result<TaskInChannel> find_task(CommandContext& context, const std::string& digits,
                                CommandContext::Reach reach) {
  if (digits.size() < fewest_task_digits)
    return refuse(RefusalCode::usage, "name the task by four digits of its id or more");
  Result<std::vector<TaskInChannel>> tasks = read_tasks(context, {}, reach);
  if (!tasks) return tasks.error();
  const TaskInChannel* found = nullptr;
  for (const TaskInChannel& each : *tasks) {
    if (!encoding::encode_hex(each.task->id).starts_with(digits)) continue;
    if (found != nullptr)
      return refuse(RefusalCode::usage, "'" + digits + "' means several; give more digits");
    found = &each;
  }
  if (found == nullptr) return refuse(RefusalCode::not_found, "no task '" + digits + "' is known");
  return *found;
}

}  // namespace oberih::client
