// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <nlohmann/json.hpp>

#include "client-cli/commands/change_view.hpp"
#include "client-cli/commands/channel_search.hpp"
#include "client-cli/commands/command_tree.hpp"
#include "client-cli/commands/device_search.hpp"
#include "client-cli/commands/grant_view.hpp"
#include "client-cli/output/kyiv_time.hpp"
#include "client-cli/verification/entry_sender.hpp"
#include "client-cli/verification/proposal_reader.hpp"
#include "client-cli/verification/roster_arrivals.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::client {
namespace {

using encoding::encode_hex;
using encoding::printable;

struct ChannelOptions {
  std::string channel, kind, title, history = "full";
  unsigned approvals = 0;  // 0: the least that the kind permits
};

Result<NewChannel> read_new_channel(const ChannelOptions& options) {
  std::optional<ChannelKind> kind = find_channel_kind(options.kind);
  if (!kind)
    return refuse(RefusalCode::usage,
                  "--kind is ordinary, case, working_group, hearing or announcement");
  std::optional<History> history = find_history(options.history);
  if (!history) return refuse(RefusalCode::usage, "--history is full or from_joining");
  unsigned least = *kind == ChannelKind::case_ ? 2 : 1;
  unsigned approvals = options.approvals == 0 ? least : options.approvals;
  if (approvals < least || approvals > 255)
    return refuse(RefusalCode::usage, "--approvals is 1 to 255, in a case channel 2 at least");
  return NewChannel{*kind, *history, static_cast<std::uint8_t>(approvals)};
}

/// Of hearings: nothing can be said there, so that no title is.
Result<> create_untitled(CommandContext& context, const NewChannel& wanted) {
  OBERIH_TRY(context.open_session(CommandContext::Reach::online));
  ClientSession& session = context.session();
  Result<ChannelId> id = RecordSender(session).create(wanted);
  if (!id) return id.error();
  context.console().say(Sentence::hearing_channel_created, {{"id", encode_hex(*id)}});
  context.console().object({{"channel", encode_hex(*id)}, {"kind", name_of(wanted.kind)}});
  VerifiedChannel channel = session.open_channel(*id);
  return session.pull(channel);
}

Result<> create_channel(CommandContext& context, const ChannelOptions& options) {
  Result<NewChannel> wanted = read_new_channel(options);
  if (!wanted) return wanted.error();
  std::optional<std::string> title = encoding::to_nfc(options.title);
  const bool is_of_hearings = wanted->kind == ChannelKind::hearing;
  if (is_of_hearings != options.title.empty())
    return refuse(RefusalCode::usage,
                  is_of_hearings ? "a hearing channel is named by the case number of its hearings: "
                                   "leave out --title"
                                 : "--title is missing");
  sealing::MessageText title_text{sealing::MessageWhat::channel_title, title.value_or("")};
  if (is_of_hearings) return create_untitled(context, *wanted);
  // Refused before anything is created that would then have no title.
  if (Result<SecretBuffer> encoded = sealing::encode_message_text(title_text); !encoded)
    return refuse(RefusalCode::usage, "--title: " + encoded.error().detail);
  OBERIH_TRY(context.open_session(CommandContext::Reach::online));
  ClientSession& session = context.session();
  Result<ChannelId> id = RecordSender(session).create(*wanted);
  if (!id) return id.error();
  Console& console = context.console();
  console.say(Sentence::channel_created, {{"title", printable(*title)}, {"id", encode_hex(*id)}});
  console.object({{"channel", encode_hex(*id)}, {"title", *title}, {"kind", options.kind}});
  VerifiedChannel channel = session.open_channel(*id);
  Result<wire::Appended> posted = EntrySender(session).post(channel, title_text);
  if (!posted) {
    console.note(Sentence::title_not_posted, {{"id", encode_hex(*id).substr(0, 8)}});
    return posted.error();
  }
  return session.pull(channel);
}

Result<> set_title(CommandContext& context, const ChannelOptions& options) {
  OBERIH_TRY(context.open_session(CommandContext::Reach::online));
  Result<VerifiedChannel> channel =
      find_channel(context, options.channel, CommandContext::Reach::online);
  if (!channel) return channel.error();
  std::optional<std::string> title = encoding::to_nfc(options.title);
  Result<wire::Appended> posted =
      EntrySender(context.session())
          .post(*channel, {sealing::MessageWhat::channel_title, title.value_or("")});
  if (!posted) return posted.error();
  OBERIH_TRY(context.session().pull(*channel));
  context.console().say(Sentence::title_posted, {{"title", printable(*title)}});
  context.console().object({{"channel", encode_hex(channel->id())}, {"title", *title}});
  return {};
}

nlohmann::ordered_json summary_json(VerifiedChannel& channel, bool is_closed) {
  std::optional<std::string> title = channel.title();
  nlohmann::ordered_json json{{"channel", encode_hex(channel.id())}};
  json["title"] = title ? nlohmann::ordered_json(*title) : nlohmann::ordered_json();
  json["kind"] = name_of(channel.state().policy().kind);
  json["newest_seq"] = channel.state().newest_seq();
  json["newest_ms"] = channel.newest_ms();
  json["epoch"] = channel.state().epoch();
  json["closed"] = is_closed;
  return json;
}

Result<> say_what_waits(CommandContext& context) {
  Result<std::vector<sealing::WaitingPointer>> waiting = ProposalReader(context.session()).read({});
  if (!waiting) return waiting.error();
  if (!waiting->empty())
    context.console().say(Sentence::proposals_wait, {{"count", std::to_string(waiting->size())}});
  return {};
}

Result<> list_channels(CommandContext& context) {
  OBERIH_TRY(context.open_session(CommandContext::Reach::online));
  ClientSession& session = context.session();
  Result<wire::ChannelSummaries> summaries = session.ask(wire::ChannelList{});
  if (!summaries) return summaries.error();
  Console& console = context.console();
  Table table({console.text(Sentence::column_title), console.text(Sentence::column_kind),
               console.text(Sentence::column_own_role), console.text(Sentence::column_unread),
               console.text(Sentence::column_newest), console.text(Sentence::column_channel)});
  for (const wire::ChannelSummary& summary : summaries->channels) {
    VerifiedChannel channel = session.open_channel(summary.channel);
    OBERIH_TRY(session.pull(channel));
    const sealing::RosterLine* line = channel.state().find_member(session.ring().device);
    std::uint64_t shown = session.store().channels().shown_seq(channel.id());
    nlohmann::ordered_json json = summary_json(channel, channel.state().is_closed());
    json["role"] = line == nullptr ? "" : name_of(line->role);
    json["shown_seq"] = shown;
    console.object(json);
    table.add({printable(channel.title().value_or("-")),
               std::string(name_of(channel.state().policy().kind)),
               line == nullptr ? "" : std::string(name_of(line->role)),
               std::to_string(channel.state().newest_seq() - shown),
               format_time(channel.newest_ms(), console.language()),
               encode_hex(channel.id()).substr(0, 8)});
  }
  if (table.is_empty())
    console.say(Sentence::no_channels);
  else
    console.print(table);
  return say_what_waits(context);
}

void show_roster(CommandContext& context, const VerifiedChannel& channel) {
  Console& console = context.console();
  ClientSession& session = context.session();
  std::map<DeviceId, Arrival> arrivals = find_arrivals(session.store(), channel.id());
  Table table({console.text(Sentence::column_device), console.text(Sentence::column_name),
               console.text(Sentence::column_agency), console.text(Sentence::column_role),
               console.text(Sentence::column_came), console.text(Sentence::column_until),
               console.text(Sentence::column_mandate)});
  for (const sealing::RosterLine& line : channel.state().roster()) {
    const Arrival& arrival = arrivals[line.device];
    table.add({encode_hex(line.device).substr(0, 8),
               name_or_digits(session.verified_directory(), line.device),
               agency_name_of(session.directory(), line.device), std::string(name_of(line.role)),
               format_date(arrival.server_ms), describe_end(line.ends_ms),
               describe_mandate(context, arrival.mandate)});
  }
  console.print(table);
}

nlohmann::ordered_json roster_json(ClientSession& session, const VerifiedChannel& channel) {
  std::map<DeviceId, Arrival> arrivals = find_arrivals(session.store(), channel.id());
  nlohmann::ordered_json roster = nlohmann::ordered_json::array();
  for (const sealing::RosterLine& line : channel.state().roster()) {
    std::optional<std::string> name = session.verified_directory().find_name(line.device);
    const Arrival& arrival = arrivals[line.device];
    nlohmann::ordered_json each{{"device", encode_hex(line.device)}};
    each["name"] = name ? nlohmann::ordered_json(*name) : nlohmann::ordered_json();
    each["agency"] = agency_name_of(session.directory(), line.device);
    each["agency_kind"] = name_of(session.directory().agency_kind_of(line.device));
    each["role"] = name_of(line.role);
    each["ends_ms"] = line.ends_ms;
    each["came_ms"] = arrival.server_ms;
    each["mandate"] = arrival.mandate;
    roster.push_back(std::move(each));
  }
  return roster;
}

Result<> show_channel(CommandContext& context, const ChannelOptions& options) {
  OBERIH_TRY(context.open_session(CommandContext::Reach::online));
  ClientSession& session = context.session();
  Result<VerifiedChannel> channel =
      find_channel(context, options.channel, CommandContext::Reach::online);
  if (!channel) return channel.error();
  OBERIH_TRY(session.read_names());
  nlohmann::ordered_json json = summary_json(*channel, channel->state().is_closed());
  json["history"] = name_of(channel->state().policy().history);
  json["approvals"] = channel->state().policy().approvals_k;
  json["roster"] = roster_json(session, *channel);
  json["grants"] = grants_in_force_json(session, *channel);
  Console& console = context.console();
  console.object(json);
  console.say(Sentence::channel_shown,
              {{"title", printable(channel->title().value_or("-"))},
               {"id", encode_hex(channel->id())},
               {"kind", std::string(name_of(channel->state().policy().kind))},
               {"history", std::string(name_of(channel->state().policy().history))},
               {"approvals", std::to_string(channel->state().policy().approvals_k)},
               {"epoch", std::to_string(channel->state().epoch())},
               {"seq", std::to_string(channel->state().newest_seq())}});
  if (channel->state().is_closed()) console.say(Sentence::channel_is_closed);
  if (!console.is_json()) show_roster(context, *channel);
  show_grants_in_force(context, *channel);
  return {};
}

Result<> leave_channel(CommandContext& context, const ChannelOptions& options) {
  OBERIH_TRY(context.open_session(CommandContext::Reach::online));
  Result<VerifiedChannel> channel =
      find_channel(context, options.channel, CommandContext::Reach::online);
  if (!channel) return channel.error();
  Result<wire::Appended> appended = EntrySender(context.session()).leave(*channel);
  if (!appended) return appended.error();
  context.console().say(Sentence::channel_left,
                        {{"title", printable(channel->title().value_or(options.channel))}});
  context.console().object({{"channel", encode_hex(channel->id())},
                            {"left", true},
                            {"channel_seq", appended->channel_seq},
                            {"index", appended->index}});
  return {};
}

}  // namespace

void add_channel_commands(CommandTree& tree) {
  CLI::App* group = tree.group("channel", Sentence::help_channel);
  auto options = std::make_shared<ChannelOptions>();
  auto with = [options](auto function) {
    return [options, function](CommandContext& context) { return function(context, *options); };
  };
  auto name_channel = [&](CLI::App* command) {
    command->add_option("channel", options->channel, tree.text(Sentence::help_option_channel))
        ->required();
  };
  CLI::App* command =
      tree.command(group, "create", Sentence::help_channel_create,
                   "oberih channel create --kind case --title \"417\"", with(create_channel));
  command->add_option("--kind", options->kind, tree.text(Sentence::help_option_channel_kind))
      ->required();
  command->add_option("--title", options->title, tree.text(Sentence::help_option_title));
  command->add_option("--history", options->history, tree.text(Sentence::help_option_history));
  command->add_option("--approvals", options->approvals,
                      tree.text(Sentence::help_option_approvals));
  add_member_commands(tree, group);
  add_roster_commands(tree, group);
  add_proposal_commands(tree, group);
  tree.command(group, "list", Sentence::help_channel_list, "oberih channel list", list_channels);
  name_channel(tree.command(group, "show", Sentence::help_channel_show, "oberih channel show 417",
                            with(show_channel)));
  command = tree.command(group, "title", Sentence::help_channel_title,
                         "oberih channel title 3f9a02c1 \"417\"", with(set_title));
  name_channel(command);
  command->add_option("title", options->title, tree.text(Sentence::help_option_title))->required();
  name_channel(tree.command(group, "leave", Sentence::help_channel_leave,
                            "oberih channel leave 417", with(leave_channel)));
  add_channel_export_command(tree, group);
}

}  // namespace oberih::client
