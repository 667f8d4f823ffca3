// SPDX-License-Identifier: Apache-2.0
// `oberih inbox`: what needs this person, urgent and overdue first, and what to type. No entry is
// opened for it, so that looking here counts nothing as read.
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "client-cli/commands/admitted_search.hpp"
#include "client-cli/commands/alert_view.hpp"
#include "client-cli/commands/channel_search.hpp"
#include "client-cli/commands/command_tree.hpp"
#include "client-cli/commands/device_search.hpp"
#include "client-cli/commands/grant_view.hpp"
#include "client-cli/commands/hearing_inbox.hpp"
#include "client-cli/commands/silence_view.hpp"
#include "client-cli/commands/task_parties.hpp"
#include "client-cli/commands/task_view.hpp"
#include "client-cli/output/kyiv_time.hpp"
#include "client-cli/verification/open_asks.hpp"
#include "client-cli/verification/stored_entries.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::client {
namespace {

using Json = nlohmann::ordered_json;
using sealing::AsksFor;
using sealing::TaskSlot;
using sealing::TaskState;
/// Entries that are shown at once; who answers them sees the next.
constexpr std::size_t most_asks = 200;

struct InboxOptions {
  std::string channel;
  bool offline = false, all = false;
};

struct InboxLine {
  bool is_pressing = false;  // urgent, or overdue
  Milliseconds time_ms = 0;  // since when it waits, or by when it is due
  std::vector<std::string> cells;
  Json object;
};

/// What somebody waits for, and the command that gives it.
struct Need {
  Sentence what{};
  std::string_view name, verb;
};

std::optional<Need> need_of(const ClientSession& session, const sealing::Task& task,
                            const TaskSlot& slot) {
  const PersonId me = own_person(session);
  const auto work = [&](std::string_view verb) -> std::optional<Need> {
    if (slot.holder != me) return std::nullopt;
    return Need{Sentence::task_needs_work, "work", verb};
  };
  switch (slot.state) {
    case TaskState::proposed:
      if (!is_ones_own(session, slot.assignee)) return std::nullopt;
      return Need{Sentence::task_needs_answer, "answer", "accept"};
    case TaskState::accepted:
      return work("start");
    case TaskState::in_progress:
      return work("submit");
    case TaskState::paused:
      return work("resume");
    case TaskState::submitted:
      if (slot.holder == me || slot.submitter == me || !is_ones_own(session, task.requester))
        return std::nullopt;
      return Need{Sentence::task_needs_confirmation, "confirmation", "confirm"};
    case TaskState::completed:
    case TaskState::declined:
    case TaskState::withdrawn:
      return std::nullopt;
  }
  return std::nullopt;
}

class Inbox {
 public:
  Inbox(CommandContext& context, const InboxOptions& options)
      : context_(context), session_(context.session()), options_(options) {}

  Result<> read() {
    if (!options_.channel.empty()) {
      Result<VerifiedChannel> channel = find_channel(context_, options_.channel, reach());
      if (!channel) return channel.error();
      take_channel(*channel);
      return {};
    }
    if (!options_.offline) OBERIH_TRY(pull_all(session_));
    for (const ChannelId& id : session_.store().channels().list()) {
      VerifiedChannel channel = session_.open_channel(id);
      take_channel(channel);
    }
    return {};
  }

  /// How many there are.
  std::size_t show() {
    for (const auto& [channel, ask] : asked_) add_ask(*channel, ask);
    std::ranges::stable_sort(lines_, {}, [](const InboxLine& line) {
      return std::pair(!line.is_pressing, line.time_ms);
    });
    Console& console = context_.console();
    Table table({console.text(Sentence::column_task_needs), console.text(Sentence::column_what),
                 console.text(Sentence::column_task_who),
                 console.text(Sentence::column_since_or_due),
                 console.text(Sentence::column_channel), console.text(Sentence::column_type_this)});
    for (InboxLine& line : lines_) {
      console.object(line.object);
      table.add(std::move(line.cells));
    }
    if (!table.is_empty()) console.print(table);
    if (left_out_ > 0) console.note(Sentence::inbox_more, {{"count", std::to_string(left_out_)}});
    return lines_.size();
  }

 private:
  /// Of a channel with open asks.
  struct AskedIn {
    ChannelId id;
    std::string title;
  };
  using Asked = std::vector<std::pair<const AskedIn*, StoredAsk>>;

  CommandContext::Reach reach() const {
    return options_.offline ? CommandContext::Reach::offline : CommandContext::Reach::online;
  }

  void take_channel(VerifiedChannel& channel) {
    OpenAsks(session_.store(), session_.directory(), session_.ring().device).catch_up(channel.id());
    for (const TaskInChannel& task : tasks_of(session_, channel))
      for (const TaskSlot& slot : task.task->slots) add_slot(task, slot);
    for (HearingNeed& need : needs_of_hearings(context_, channel))
      lines_.push_back(
          {need.is_pressing, need.time_ms, std::move(need.cells), std::move(need.object)});
    take_asks(channel);
  }

  /// Only what this device may answer now.
  void take_asks(VerifiedChannel& channel) {
    const sealing::ChannelState& state = channel.state();
    const sealing::RosterLine* line = state.find_member(session_.ring().device);
    if (line == nullptr || state.is_closed() ||
        (line->ends_ms != 0 && line->ends_ms <= session_.server_time_ms(channel)))
      return;
    const bool only_reads =
        line->role == RosterRole::read_only ||
        (state.policy().kind == ChannelKind::announcement && line->role != RosterRole::admin);
    AskTable& table = session_.store().asks();
    const std::vector<StoredAsk> asks = table.list(channel.id(), most_asks);
    if (asks.empty()) return;
    left_out_ += table.count(channel.id()) - asks.size();
    channels_.push_back(
        std::make_unique<AskedIn>(AskedIn{channel.id(), channel.title().value_or("")}));
    for (const StoredAsk& ask : asks)
      if ((!only_reads || ask.what != AsksFor::consent) && is_still_asked(channel, ask))
        asked_.emplace_back(channels_.back().get(), ask);
    keep_most();
  }

  /// A task asks those who may answer for its assignees, until somebody has. A hearing asks whom it
  /// calls, by a line of its own.
  bool is_still_asked(VerifiedChannel& channel, const StoredAsk& ask) {
    const auto entry = find_stored_entry(session_.store().channels(), channel.id(), ask.seq);
    if (entry && entry->type == EntryType::hearing) return false;
    if (!entry || entry->type != EntryType::task) return entry.has_value();
    const Result<sealing::TaskFacts> facts = sealing::parse_task_facts(entry->facts);
    if (!facts || facts->action != sealing::TaskAction::propose) return false;
    const sealing::TaskPointer task =
        TaskBook(session_.store(), channel.keys(), channel.id()).find(facts->task);
    return task && std::ranges::any_of(task->slots, [&](const TaskSlot& slot) {
             return slot.state == TaskState::proposed && is_ones_own(session_, slot.assignee);
           });
  }

  /// So that never more than a few hundred are in memory, however many channels there are.
  void keep_most() {
    if (asked_.size() <= most_asks) return;
    std::ranges::stable_sort(asked_, {}, [](const auto& asked) {
      return std::pair(!asked.second.is_urgent, asked.second.server_ms);
    });
    left_out_ += asked_.size() - most_asks;
    asked_.resize(most_asks);
  }

  void add_slot(const TaskInChannel& task, const TaskSlot& slot) {
    const std::optional<Need> need = need_of(session_, *task.task, slot);
    if (!need) return;
    const Console& console = context_.console();
    const Milliseconds now = task_time_ms(session_);
    const std::string id = short_id(task.task->id);
    const std::string command = "oberih task " + std::string(need->verb) + " " + id;
    Json object = task_json(context_, task);
    object["needs"] = need->name;
    object["command"] = command;
    lines_.push_back({sealing::is_overdue(slot, now),
                      sealing::due_at(slot, now),
                      {console.text(need->what), id + " " + task.title,
                       slot.holder.is_zero() ? describe_party(session_, slot.assignee)
                                             : describe_holder(session_, slot.holder),
                       describe_due(console, slot, now), task.channel_title, command},
                      std::move(object)});
  }

  void add_ask(const AskedIn& channel, const StoredAsk& ask) {
    const std::optional<StoredItem> item =
        find_stored_item(session_.store().channels(), channel.id, ask.seq);
    const auto entry = item ? sealing::placed_entry_of(item->leaf) : std::nullopt;
    if (!entry) return;
    const Console& console = context_.console();
    const std::string place =
        encoding::encode_hex(channel.id).substr(0, 8) + "#" + std::to_string(ask.seq);
    const bool is_consent = ask.what == AsksFor::consent;
    const std::string command = is_consent ? "oberih entry consent " + place + " --yes"
                                           : "oberih entry acknowledge " + place;
    std::string needs = console.text(Sentence::inbox_acknowledgement);
    Json object = ask_json(channel, ask, *item, *entry, command);
    if (is_consent) {
      const Result<sealing::RequestFacts> facts = sealing::parse_request_facts(entry->facts);
      if (!facts) return;
      needs = console.text(Sentence::inbox_consent,
                           {{"who", describe_admitted(session_, facts->admitted)}});
      object["entry"] = facts->entry.channel_seq;
    }
    if (ask.is_urgent) needs = console.text(Sentence::inbox_urgent, {{"needs", needs}});
    lines_.push_back({ask.is_urgent,
                      ask.server_ms,
                      {needs, place, describe_device(session_.verified_directory(), entry->sender),
                       format_time(ask.server_ms, console.language()), channel.title, command},
                      std::move(object)});
  }

  Json ask_json(const AskedIn& channel, const StoredAsk& ask, const StoredItem& item,
                const sealing::PlacedEntry& entry, const std::string& command) {
    const VerifiedDirectory& directory = session_.verified_directory();
    const std::optional<std::string> name = directory.find_name(entry.sender);
    return {{"needs", ask.what == AsksFor::consent ? "consent" : "acknowledgement"},
            {"urgent", ask.is_urgent},
            {"channel", encoding::encode_hex(channel.id)},
            {"channel_title", channel.title},
            {"channel_seq", ask.seq},
            {"index", item.index},
            {"server_ms", ask.server_ms},
            {"time", format_rfc3339(ask.server_ms)},
            {"device", encoding::encode_hex(entry.sender)},
            {"name", name ? Json(*name) : Json()},
            {"agency_kind", name_of(directory.directory().agency_kind_of(entry.sender))},
            {"command", command}};
  }

  CommandContext& context_;
  ClientSession& session_;
  const InboxOptions& options_;
  std::vector<std::unique_ptr<AskedIn>> channels_;
  Asked asked_;
  std::uint64_t left_out_ = 0;
  std::vector<InboxLine> lines_;
};

Result<> show_inbox(CommandContext& context, const InboxOptions& options) {
  OBERIH_TRY(context.open_session(options.offline ? CommandContext::Reach::offline
                                                  : CommandContext::Reach::online));
  if (!options.offline) OBERIH_TRY(context.session().read_names());
  Inbox inbox(context, options);
  OBERIH_TRY(inbox.read());
  std::size_t shown = 0;
  if (!options.offline && options.channel.empty()) {  // an alert names no channel
    Result<std::size_t> alerts = show_alerts(context, options.all);
    if (!alerts) return alerts.error();
    shown = *alerts;
    OBERIH_TRY(show_grants_in_inbox(context, shown));
  }
  if (options.channel.empty()) {
    Result<std::size_t> silent = show_own_silent_entries(
        context, options.offline ? CommandContext::Reach::offline : CommandContext::Reach::online);
    if (!silent) return silent.error();
    shown += *silent;
  }
  shown += inbox.show();
  if (shown == 0) context.console().say(Sentence::inbox_is_empty);
  return {};
}

}  // namespace

void add_inbox_command(CommandTree& tree) {
  auto options = std::make_shared<InboxOptions>();
  CLI::App* command =
      tree.command(nullptr, "inbox", Sentence::help_inbox, "oberih inbox",
                   [options](CommandContext& context) { return show_inbox(context, *options); });
  command->add_option("--channel", options->channel, tree.text(Sentence::help_option_channel));
  command->add_flag("--offline", options->offline, tree.text(Sentence::help_option_offline));
  command->add_flag("--all", options->all, tree.text(Sentence::help_option_inbox_all));
}

}  // namespace oberih::client
