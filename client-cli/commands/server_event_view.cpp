// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/server_event_view.hpp"

#include "client-cli/commands/task_parties.hpp"
#include "client-cli/output/kyiv_time.hpp"
#include "protocol/encoding/hex.hpp"

namespace oberih::client {
namespace {

using encoding::encode_hex;
using sealing::ServerEventWhat;

Sentence word_of(ServerEventWhat what) {
  switch (what) {
    case ServerEventWhat::due_set:
      return Sentence::event_due_set;
    case ServerEventWhat::reminder:
      return Sentence::event_reminder;
    case ServerEventWhat::overdue:
      return Sentence::event_overdue;
  }
  return Sentence::event_due_set;
}

}  // namespace

std::string describe_server_event(CommandContext& context, const TaskInChannel& task,
                                  const sealing::ServerEvent& event) {
  const Console& console = context.console();
  const std::string who =
      event.slot < task.task->slots.size()
          ? describe_party(context.session(), task.task->slots[event.slot].assignee)
          : "-";
  return console.text(word_of(event.what),
                      {{"task", describe_task(task)},
                       {"who", who},
                       {"due", format_time(event.due_ms, console.language())}});
}

std::string describe_server_event(CommandContext& context, const ChannelId& channel_id,
                                  const sealing::ServerEvent& event) {
  ClientSession& session = context.session();
  VerifiedChannel channel = session.open_channel(channel_id);
  TaskBook book(session.store(), channel.keys(), channel_id);
  TaskInChannel task{channel_id, {}, {}, book.find(event.task)};
  if (!task.task) return context.console().text(Sentence::item_server_event);
  task.title = book.title(*task.task);
  return describe_server_event(context, task, event);
}

nlohmann::ordered_json server_event_json(const sealing::ServerEvent& event) {
  nlohmann::ordered_json json{{"what", sealing::name_of(event.what)},
                              {"task", encode_hex(event.task)},
                              {"slot", event.slot},
                              {"due_ms", event.due_ms},
                              {"due", format_rfc3339(event.due_ms)}};
  if (event.said_for_ms != 0) json["said_for_ms"] = event.said_for_ms;
  if (event.minutes != 0) json["minutes"] = event.minutes;
  if (event.what == ServerEventWhat::due_set) {
    json["calendar"] = encode_hex(event.calendar);
    json["deadlines"] = encode_hex(event.deadlines);
  }
  return json;
}

nlohmann::ordered_json notice_json(const TaskNotice& notice) {
  return {{"task", encode_hex(notice.event.task)},
          {"event", server_event_json(notice.event)},
          {"channel_seq", notice.seq},
          {"index", notice.index},
          {"server_ms", notice.server_ms},
          {"time", format_rfc3339(notice.server_ms)}};
}

}  // namespace oberih::client
