// SPDX-License-Identifier: Apache-2.0
// What changes the standing of people who are there, the policy, and the end of a channel.
#include <memory>
#include <nlohmann/json.hpp>

#include "client-cli/commands/change_maker.hpp"
#include "client-cli/commands/change_view.hpp"
#include "client-cli/commands/channel_search.hpp"
#include "client-cli/commands/named_people.hpp"
#include "client-cli/keyring/passphrase_prompt.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::client {
namespace {

using encoding::encode_hex;

struct RosterOptions {
  std::string channel, mandate, reason, until, role;
  NamedPeople named;
  bool no_end = false;
  bool as_reader = false;
  bool yes = false;
  unsigned approvals = 0;
  ProposeOptions propose;
};

/// Makes or proposes it, and says what was made.
Result<> finish_change(CommandContext& context, VerifiedChannel& channel, sealing::RecordOp op,
                       const sealing::Change& change, const ProposeOptions& options) {
  Result<ChangeOutcome> outcome = make_or_propose(context, channel, op, change, options);
  if (!outcome) return outcome.error();
  if (*outcome == ChangeOutcome::proposed) return {};
  Console& console = context.console();
  console.say(Sentence::change_made);
  for (const std::string& line : describe_change(context, change)) console.line(line);
  console.object({{"channel", encode_hex(channel.id())},
                  {"change", change_json(change)},
                  {"epoch", channel.state().epoch()},
                  {"closed", channel.state().is_closed()}});
  return {};
}

Result<VerifiedChannel> open_channel(CommandContext& context, const std::string& text) {
  OBERIH_TRY(context.open_session(CommandContext::Reach::online));
  Result<VerifiedChannel> channel = find_channel(context, text, CommandContext::Reach::online);
  if (!channel) return channel.error();
  OBERIH_TRY(context.session().read_names());
  return channel;
}

/// Item 3 with another role, or another end, or both, for those of the named who are there.
Result<> alter_members(CommandContext& context, const RosterOptions& options,
                       std::optional<RosterRole> role) {
  Result<Milliseconds> ends_ms = read_end(options.until);
  if (!ends_ms) return ends_ms.error();
  Result<VerifiedChannel> channel = open_channel(context, options.channel);
  if (!channel) return channel.error();
  Result<std::vector<DeviceId>> devices = find_named(context.session(), options.named);
  if (!devices) return devices.error();
  sealing::LinesItem item{options.mandate, {}};
  bool is_anybody_there = false;
  for (const DeviceId& device : *devices) {
    const sealing::RosterLine* line = channel->state().find_member(device);
    if (line == nullptr) continue;
    is_anybody_there = true;
    sealing::RosterLine altered = *line;
    if (role) altered.role = *role;
    if (options.no_end || !options.until.empty()) altered.ends_ms = *ends_ms;
    if (altered != *line) item.lines.push_back(altered);
  }
  if (!is_anybody_there)
    return refuse(RefusalCode::usage, "none of these stands on the roster of the channel");
  if (item.lines.empty()) return refuse(RefusalCode::usage, "that is their role and end already");
  sealing::Change change;
  change.alter = std::move(item);
  return finish_change(context, *channel, sealing::RecordOp::change, change, options.propose);
}

Result<> promote_member(CommandContext& context, const RosterOptions& options) {
  return alter_members(context, options, RosterRole::admin);
}

Result<> demote_member(CommandContext& context, const RosterOptions& options) {
  return alter_members(context, options,
                       options.as_reader ? RosterRole::read_only : RosterRole::member);
}

Result<> alter_lines(CommandContext& context, const RosterOptions& options) {
  std::optional<RosterRole> role;
  if (!options.role.empty()) {
    role = find_roster_role(options.role);
    if (!role) return refuse(RefusalCode::usage, "--role is member, read_only or admin");
  }
  if (options.no_end && !options.until.empty())
    return refuse(RefusalCode::usage, "--until and --no-end exclude each other");
  if (!role && !options.no_end && options.until.empty())
    return refuse(RefusalCode::usage, "say what changes: --role, --until or --no-end");
  return alter_members(context, options, role);
}

Result<> set_policy(CommandContext& context, const RosterOptions& options) {
  if (options.approvals == 0 || options.approvals > 255)
    return refuse(RefusalCode::usage, "--approvals is 1 to 255, in a case channel 2 at least");
  Result<VerifiedChannel> channel = open_channel(context, options.channel);
  if (!channel) return channel.error();
  sealing::ChannelPolicy policy = channel->state().policy();
  if (policy.approvals_k == options.approvals)
    return refuse(RefusalCode::usage, "that is the channel's policy already");
  policy.approvals_k = static_cast<std::uint8_t>(options.approvals);
  sealing::Change change;
  change.policy = policy;
  return finish_change(context, *channel, sealing::RecordOp::change, change, options.propose);
}

Result<> close_channel(CommandContext& context, const RosterOptions& options) {
  Result<VerifiedChannel> channel = open_channel(context, options.channel);
  if (!channel) return channel.error();
  if (channel->state().is_closed()) return refuse(RefusalCode::channel_closed);
  Console& console = context.console();
  const std::string title = encoding::printable(channel->title().value_or(options.channel));
  if (!options.yes && !ask_yes(console.text(Sentence::ask_close, {{"title", title}})))
    return refuse(RefusalCode::usage, console.text(Sentence::not_confirmed));
  sealing::Change change;
  change.close_reason = options.reason;
  return finish_change(context, *channel, sealing::RecordOp::close, change, options.propose);
}

using Options = std::shared_ptr<RosterOptions>;

void add_altering_commands(CommandTree& tree, CLI::App* group, const Options& options) {
  const auto add = [&](const std::string& word, Sentence help, const std::string& example,
                       Result<> (*function)(CommandContext&, const RosterOptions&)) {
    CLI::App* command = tree.command(
        group, word, help, example,
        [options, function](CommandContext& context) { return function(context, *options); });
    command->add_option("channel", options->channel, tree.text(Sentence::help_option_channel))
        ->required();
    add_named_options(tree, command, options->named);
    command->add_option("--mandate", options->mandate, tree.text(Sentence::help_option_mandate));
    add_propose_options(tree, command, options->propose);
    return command;
  };
  add("promote", Sentence::help_channel_promote,
      "oberih channel promote 417 --person \"Прокурор Одеса\"", promote_member);
  add("demote", Sentence::help_channel_demote, "oberih channel demote 417 --device 77ab01fe",
      demote_member)
      ->add_flag("--read-only", options->as_reader, tree.text(Sentence::help_option_read_only));
  CLI::App* command =
      add("alter", Sentence::help_channel_alter,
          "oberih channel alter 417 --device 77ab01fe --until 2027-03-04", alter_lines);
  command->add_option("--role", options->role, tree.text(Sentence::help_option_roster_role));
  command->add_option("--until", options->until, tree.text(Sentence::help_option_until));
  command->add_flag("--no-end", options->no_end, tree.text(Sentence::help_option_no_end));
}

}  // namespace

void add_roster_commands(CommandTree& tree, CLI::App* group) {
  auto options = std::make_shared<RosterOptions>();
  add_altering_commands(tree, group, options);
  auto with = [options](auto function) {
    return [options, function](CommandContext& context) { return function(context, *options); };
  };
  CLI::App* command = tree.command(group, "policy", Sentence::help_channel_policy,
                                   "oberih channel policy 417 --approvals 3", with(set_policy));
  command->add_option("channel", options->channel, tree.text(Sentence::help_option_channel))
      ->required();
  command->add_option("--approvals", options->approvals, tree.text(Sentence::help_option_approvals))
      ->required();
  add_propose_options(tree, command, options->propose);
  command =
      tree.command(group, "close", Sentence::help_channel_close,
                   "oberih channel close 417 --reason \"вирок набрав сили\"", with(close_channel));
  command->add_option("channel", options->channel, tree.text(Sentence::help_option_channel))
      ->required();
  command->add_option("--reason", options->reason, tree.text(Sentence::help_option_reason))
      ->required();
  command->add_flag("--yes", options->yes, tree.text(Sentence::help_option_yes));
  add_propose_options(tree, command, options->propose);
}

}  // namespace oberih::client
