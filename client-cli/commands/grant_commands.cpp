// SPDX-License-Identifier: Apache-2.0
// Grants: what waits and what was given; approving and executing.
#include <memory>
#include <nlohmann/json.hpp>

#include "client-cli/commands/change_maker.hpp"
#include "client-cli/commands/change_view.hpp"
#include "client-cli/commands/channel_search.hpp"
#include "client-cli/commands/device_search.hpp"
#include "client-cli/commands/grant_search.hpp"
#include "client-cli/commands/grant_view.hpp"
#include "client-cli/keyring/passphrase_prompt.hpp"
#include "client-cli/output/kyiv_time.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::client {
namespace {

using Json = nlohmann::ordered_json;
using encoding::encode_hex;
using encoding::printable;
using sealing::ProposalProgress;
using sealing::WaitingProposal;

struct GrantOptions {
  std::string channel, grant;
  bool yes = false;
};

std::size_t count_agencies(ClientSession& session, const std::vector<sealing::Approval>& given) {
  std::set<AgencyId> agencies;
  for (const sealing::Approval& approval : given)
    if (const sealing::Device* device = session.directory().find_device(approval.approver))
      agencies.insert(device->certificate.agency);
  return agencies.size();
}

std::string progress_of_grant(CommandContext& context, const SeenGrant& seen,
                              const WaitingProposal& waiting) {
  if (seen.channel && !seen.progress)
    return context.console().text(Sentence::proposal_fits_no_more);
  if (!seen.progress) return std::to_string(count_agencies(context.session(), waiting.approvals));
  return context.console().text(Sentence::proposal_progress,
                                {{"given", std::to_string(seen.progress->given.size())},
                                 {"needed", std::to_string(seen.progress->needed)}});
}

std::string title_of_channel(SeenGrant& seen, const ChannelId& id) {
  const std::string digits = encode_hex(id).substr(0, 8);
  return seen.channel ? printable(seen.channel->title().value_or(digits)) : digits;
}

void show_grant(CommandContext& context, SeenGrant& seen, const WaitingProposal& waiting) {
  Console& console = context.console();
  const sealing::Proposal& proposal = waiting.proposal;
  const bool is_withdrawal = proposal.change.grant->ends_ms == 0;
  console.say(is_withdrawal ? Sentence::grant_withdrawal_shown : Sentence::grant_shown,
              {{"id", short_id(proposal.id)},
               {"channel", title_of_channel(seen, proposal.channel)},
               {"who", name_or_digits(context.session().verified_directory(), proposal.author)},
               {"agency", agency_name_of(context.session().directory(), proposal.author)},
               {"time", format_time(waiting.server_ms, console.language())},
               {"item", describe_grant(context, *proposal.change.grant)},
               {"times", describe_times(console, proposal.times)},
               {"reason", printable(proposal.reason)},
               {"progress", progress_of_grant(context, seen, waiting)},
               {"lapses", format_time(proposal.expires_ms, console.language())}});
  if (!seen.channel) console.say(Sentence::grant_seen_by_supervisor);
  if (seen.progress && seen.progress->is_ready())
    console.say(Sentence::grant_is_ready, {{"id", short_id(proposal.id)}});
}

Json waiting_grant_json(ClientSession& session, const SeenGrant& seen,
                        const WaitingProposal& waiting) {
  const sealing::Proposal& proposal = waiting.proposal;
  Json json{{"proposal", encode_hex(proposal.id)},
            {"state", "waiting"},
            {"channel", encode_hex(proposal.channel)},
            {"author", encode_hex(proposal.author)},
            {"server_ms", waiting.server_ms},
            {"expires_ms", proposal.expires_ms},
            {"from_ms", proposal.times.from_ms},
            {"to_ms", proposal.times.to_ms},
            {"reason", proposal.reason}};
  json["grant"] = grant_json(session, *proposal.change.grant);
  json["given"] =
      seen.progress ? seen.progress->given.size() : count_agencies(session, waiting.approvals);
  if (seen.progress) json["needed"] = seen.progress->needed;
  json["on_roster"] = seen.channel.has_value();
  return json;
}

std::optional<ChannelId> read_channel_id(const std::string& text) {
  return encoding::decode_hex_as<ChannelId>(text);
}

Result<std::size_t> list_given(CommandContext& context, const std::optional<ChannelId>& only) {
  ClientSession& session = context.session();
  Result<std::vector<ChannelId>> channels = own_channels(session);
  if (!channels) return channels.error();
  std::size_t count = 0;
  for (const ChannelId& id : *channels) {
    if (only && *only != id) continue;
    VerifiedChannel channel = session.open_channel(id);
    OBERIH_TRY(session.pull(channel));
    for (const auto& [grant_id, grant] : channel.state().grants()) {
      ++count;
      context.console().say(
          Sentence::grant_given,
          {{"id", encode_hex(grant_id).substr(0, 8)},
           {"channel", printable(channel.title().value_or(encode_hex(id).substr(0, 8)))},
           {"item", describe_grant(context, grant)}});
      Json json{{"state", "given"}, {"channel", encode_hex(id)}};
      json["grant"] = grant_json(session, grant);
      context.console().object(json);
    }
  }
  return count;
}

Result<> list_grants(CommandContext& context, const GrantOptions& options) {
  OBERIH_TRY(context.open_session(CommandContext::Reach::online));
  ClientSession& session = context.session();
  std::optional<ChannelId> only;
  if (!options.channel.empty() && !(only = read_channel_id(options.channel))) {
    Result<ChannelId> found = find_channel_online(session, options.channel);
    if (!found) return found.error();
    only = *found;
  }
  Result<std::vector<sealing::WaitingPointer>> waiting = ProposalReader(session).read(only);
  if (!waiting) return waiting.error();
  OBERIH_TRY(session.read_names());
  std::size_t count = 0;
  for (const sealing::WaitingPointer& each : *waiting) {
    if (!each->proposal.is_of_grant()) continue;
    Result<SeenGrant> seen = look_at_grant(session, *each);
    if (!seen) return seen.error();
    show_grant(context, *seen, *each);
    context.console().object(waiting_grant_json(session, *seen, *each));
    ++count;
  }
  Result<std::size_t> given = list_given(context, only);
  if (!given) return given.error();
  if (count + *given == 0) context.console().say(Sentence::no_grants);
  return {};
}

Result<> approve_grant(CommandContext& context, const GrantOptions& options) {
  OBERIH_TRY(context.open_session(CommandContext::Reach::online));
  ClientSession& session = context.session();
  Console& console = context.console();
  Result<sealing::WaitingPointer> waiting = find_waiting_grant(session, options.grant);
  if (!waiting) return waiting.error();
  OBERIH_TRY(session.read_names());
  Result<SeenGrant> seen = look_at_grant(session, **waiting);
  if (!seen) return seen.error();
  show_grant(context, *seen, **waiting);
  if (!options.yes && !ask_yes(console.text(Sentence::ask_approve_grant)))
    return refuse(RefusalCode::usage, console.text(Sentence::not_confirmed));
  OBERIH_TRY(approve_waiting(context, **waiting));
  const sealing::ProposalId id = (*waiting)->proposal.id;
  waiting = find_waiting_grant(session, encode_hex(id));
  if (!waiting) return waiting.error();
  Result<SeenGrant> now = look_at_grant(session, **waiting);
  if (!now) return now.error();
  console.say(Sentence::grant_approved,
              {{"id", short_id(id)}, {"progress", progress_of_grant(context, *now, **waiting)}});
  if (now->progress && now->progress->is_ready())
    console.say(Sentence::grant_is_ready, {{"id", short_id(id)}});
  console.object(waiting_grant_json(session, *now, **waiting));
  return {};
}

Result<> execute_grant(CommandContext& context, const GrantOptions& options) {
  context.set_words(RefusalCode::approval_required, Sentence::grant_needs_approvals);
  OBERIH_TRY(context.open_session(CommandContext::Reach::online));
  ClientSession& session = context.session();
  Console& console = context.console();
  Result<sealing::WaitingPointer> waiting = find_waiting_grant(session, options.grant);
  if (!waiting) return waiting.error();
  OBERIH_TRY(session.read_names());
  Result<SeenGrant> seen = look_at_grant(session, **waiting);
  if (!seen) return seen.error();
  if (!seen->channel) return refuse(RefusalCode::not_found);
  if (!seen->progress)
    return refuse(RefusalCode::record_invalid, console.text(Sentence::proposal_fits_no_more));
  if (!seen->progress->is_ready())
    return refuse(RefusalCode::approval_required, progress_of_grant(context, *seen, **waiting));
  OBERIH_TRY(record_proposal(session, *seen->channel, **waiting, *seen->progress));
  const sealing::GrantItem& grant = *(*waiting)->proposal.change.grant;
  console.say(Sentence::grant_executed, {{"item", describe_grant(context, grant)}});
  Json json{{"state", "given"}, {"channel", encode_hex(seen->channel->id())}};
  json["grant"] = grant_json(session, grant);
  console.object(json);
  return {};
}

}  // namespace

void add_grant_commands(CommandTree& tree) {
  CLI::App* group = tree.group("grant", Sentence::help_grant);
  auto options = std::make_shared<GrantOptions>();
  auto with = [options](auto function) {
    return [options, function](CommandContext& context) { return function(context, *options); };
  };
  tree.command(group, "list", Sentence::help_grant_list, "oberih grant list", with(list_grants))
      ->add_option("channel", options->channel, tree.text(Sentence::help_option_channel));
  const auto name_grant = [&](CLI::App* command) {
    command->add_option("grant", options->grant, tree.text(Sentence::help_option_grant))
        ->required();
    return command;
  };
  name_grant(tree.command(group, "approve", Sentence::help_grant_approve,
                          "oberih grant approve 5d21", with(approve_grant)))
      ->add_flag("--yes", options->yes, tree.text(Sentence::help_option_yes_approve));
  name_grant(tree.command(group, "execute", Sentence::help_grant_execute,
                          "oberih grant execute 5d21", with(execute_grant)));
  add_grant_withdraw_command(tree, group);
}

}  // namespace oberih::client
