// SPDX-License-Identifier: Apache-2.0
// What waits for approval: see it, approve it, carry it out, take it back.
#include <memory>
#include <nlohmann/json.hpp>

#include "client-cli/commands/change_maker.hpp"
#include "client-cli/commands/change_view.hpp"
#include "client-cli/commands/channel_search.hpp"
#include "client-cli/commands/device_search.hpp"
#include "client-cli/keyring/passphrase_prompt.hpp"
#include "client-cli/output/kyiv_time.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::client {
namespace {

using encoding::encode_hex;
using encoding::printable;
using sealing::ProposalProgress;
using sealing::WaitingProposal;

struct ProposalOptions {
  std::string channel, proposal;
  bool yes = false;
};

/// A proposal with what this device knows of its channel: nothing where it only acts as a
/// supervisor and is on no roster.
struct Seen {
  std::optional<VerifiedChannel> channel;
  std::optional<ProposalProgress> progress;  // nothing also where it no longer fits
};

Result<Seen> look_at(ClientSession& session, const wire::ChannelSummaries& summaries,
                     const WaitingProposal& waiting) {
  Seen seen;
  for (const wire::ChannelSummary& summary : summaries.channels)
    if (summary.channel == waiting.proposal.channel)
      seen.channel.emplace(session.open_channel(summary.channel));
  if (!seen.channel) return seen;
  OBERIH_TRY(session.pull(*seen.channel));
  Result<ProposalProgress> progress =
      sealing::find_progress(ProposalReader(session).case_of(*seen.channel), waiting.proposal,
                             waiting.approvals, session.ring().device);
  if (progress) seen.progress = std::move(*progress);
  return seen;
}

Result<Seen> look_at(ClientSession& session, const WaitingProposal& waiting) {
  Result<wire::ChannelSummaries> summaries = session.ask(wire::ChannelList{});
  if (!summaries) return summaries.error();
  return look_at(session, *summaries, waiting);
}

std::string channel_title(Seen& seen, const WaitingProposal& waiting) {
  const std::string id = encode_hex(waiting.proposal.channel).substr(0, 8);
  return seen.channel ? printable(seen.channel->title().value_or(id)) : id;
}

std::set<AgencyId> approving_agencies(ClientSession& session,
                                      const std::vector<sealing::Approval>& approvals) {
  std::set<AgencyId> agencies;
  for (const sealing::Approval& approval : approvals)
    if (const sealing::Device* device = session.directory().find_device(approval.approver))
      agencies.insert(device->certificate.agency);
  return agencies;
}

/// Agencies whose approval is there and still good. Our own, which would count if we made the
/// record, is not among them before we have approved: nobody is said to have agreed who has not.
std::size_t count_approving(ClientSession& session, const ProposalProgress& progress) {
  return approving_agencies(session, progress.usable).size();
}

/// `1 of 2`, or what is known where the roster is not.
std::string describe_progress(CommandContext& context, const Seen& seen,
                              const WaitingProposal& waiting) {
  const Console& console = context.console();
  if (seen.progress)
    return console.text(
        Sentence::proposal_progress,
        {{"given", std::to_string(count_approving(context.session(), *seen.progress))},
         {"needed", std::to_string(seen.progress->needed)}});
  if (seen.channel) return console.text(Sentence::proposal_fits_no_more);
  return std::to_string(approving_agencies(context.session(), waiting.approvals).size());
}

bool may_make_records(ClientSession& session, const Seen& seen) {
  if (!seen.channel) return false;
  const sealing::RosterLine* line = seen.channel->state().find_member(session.ring().device);
  return line != nullptr && line->role != RosterRole::read_only;
}

nlohmann::ordered_json proposal_json(ClientSession& session, Seen& seen,
                                     const WaitingProposal& waiting) {
  const sealing::Proposal& proposal = waiting.proposal;
  nlohmann::ordered_json approved = nlohmann::ordered_json::array();
  std::set<DeviceId> approvers;
  for (const sealing::Approval& approval : waiting.approvals)
    if (approvers.insert(approval.approver).second)
      approved.push_back(encode_hex(approval.approver));
  const std::optional<std::string> name = session.verified_directory().find_name(proposal.author);
  const std::optional<std::string> title = seen.channel ? seen.channel->title() : std::nullopt;
  nlohmann::ordered_json json{{"proposal", encode_hex(proposal.id)},
                              {"channel", encode_hex(proposal.channel)}};
  json["title"] = title ? nlohmann::ordered_json(*title) : nlohmann::ordered_json();
  json["author"] = encode_hex(proposal.author);
  json["name"] = name ? nlohmann::ordered_json(*name) : nlohmann::ordered_json();
  json["server_ms"] = waiting.server_ms;
  json["expires_ms"] = proposal.expires_ms;
  json["change"] = change_json(proposal.change);
  json["approved_by"] = approved;
  json["on_roster"] = seen.channel.has_value();
  json["fits"] = !seen.channel || seen.progress.has_value();
  if (seen.progress) {
    json["given"] = count_approving(session, *seen.progress);
    json["needed"] = seen.progress->needed;
    json["can_carry_out"] = seen.progress->is_ready() && may_make_records(session, seen);
  }
  return json;
}

void show(CommandContext& context, Seen& seen, const WaitingProposal& waiting) {
  Console& console = context.console();
  const sealing::Proposal& proposal = waiting.proposal;
  console.say(Sentence::proposal_shown,
              {{"id", short_id(proposal.id)},
               {"channel", channel_title(seen, waiting)},
               {"who", name_or_digits(context.session().verified_directory(), proposal.author)},
               {"agency", agency_name_of(context.session().directory(), proposal.author)},
               {"time", format_time(waiting.server_ms, console.language())},
               {"until", format_time(proposal.expires_ms, console.language())},
               {"progress", describe_progress(context, seen, waiting)}});
  for (const std::string& line : describe_change(context, proposal.change)) console.line(line);
  if (!seen.channel) console.say(Sentence::proposal_seen_by_supervisor);
}

Result<> list_proposals(CommandContext& context, const ProposalOptions& options) {
  OBERIH_TRY(context.open_session(CommandContext::Reach::online));
  ClientSession& session = context.session();
  std::optional<ChannelId> only;
  if (!options.channel.empty()) {
    Result<VerifiedChannel> channel =
        find_channel(context, options.channel, CommandContext::Reach::online);
    if (!channel) return channel.error();
    only = channel->id();
  }
  Result<std::vector<sealing::WaitingPointer>> waiting = ProposalReader(session).read(only);
  if (!waiting) return waiting.error();
  OBERIH_TRY(session.read_names());
  if (waiting->empty()) context.console().say(Sentence::no_proposals);
  Result<wire::ChannelSummaries> summaries = session.ask(wire::ChannelList{});
  if (!summaries) return summaries.error();
  for (const sealing::WaitingPointer& each : *waiting) {
    Result<Seen> seen = look_at(session, *summaries, *each);
    if (!seen) return seen.error();
    context.console().object(proposal_json(session, *seen, *each));
    show(context, *seen, *each);
  }
  return {};
}

/// The proposal that the command names, and its channel as we know it.
Result<std::pair<sealing::WaitingPointer, Seen>> open_proposal(CommandContext& context,
                                                               const ProposalOptions& options) {
  OBERIH_TRY(context.open_session(CommandContext::Reach::online));
  ClientSession& session = context.session();
  Result<sealing::WaitingPointer> waiting = ProposalReader(session).find(options.proposal);
  if (!waiting) return waiting.error();
  OBERIH_TRY(session.read_names());
  Result<Seen> seen = look_at(session, **waiting);
  if (!seen) return seen.error();
  if (seen->channel && !seen->progress)
    return refuse(RefusalCode::record_invalid,
                  context.console().text(Sentence::proposal_fits_no_more));
  return std::pair<sealing::WaitingPointer, Seen>{*waiting, std::move(*seen)};
}

/// What follows an approval: the record where all have agreed, else a word of who is missing.
Result<> go_on(CommandContext& context, const sealing::ProposalId& id) {
  ClientSession& session = context.session();
  Result<sealing::WaitingPointer> waiting = ProposalReader(session).find(encode_hex(id));
  if (!waiting) return waiting.error();
  Result<Seen> seen = look_at(session, **waiting);
  if (!seen) return seen.error();
  Console& console = context.console();
  const bool is_ready = seen->progress && seen->progress->is_ready();
  if (is_ready && may_make_records(session, *seen))
    return carry_out(context, *seen->channel, **waiting, *seen->progress);
  console.say(Sentence::proposal_approved,
              {{"id", short_id(id)}, {"progress", describe_progress(context, *seen, **waiting)}});
  if (!seen->channel) console.say(Sentence::proposal_for_a_member, {{"id", short_id(id)}});
  console.object(proposal_json(session, *seen, **waiting));
  return {};
}

Result<> approve(CommandContext& context, const ProposalOptions& options) {
  auto opened = open_proposal(context, options);
  if (!opened) return opened.error();
  auto& [waiting, seen] = *opened;
  Console& console = context.console();
  show(context, seen, *waiting);
  if (!options.yes && !ask_yes(console.text(Sentence::ask_approve)))
    return refuse(RefusalCode::usage, console.text(Sentence::not_confirmed));
  OBERIH_TRY(approve_waiting(context, *waiting));
  return go_on(context, waiting->proposal.id);
}

Result<> carry_out_proposal(CommandContext& context, const ProposalOptions& options) {
  auto opened = open_proposal(context, options);
  if (!opened) return opened.error();
  auto& [waiting, seen] = *opened;
  if (!seen.channel) return refuse(RefusalCode::not_found);
  if (!seen.progress->is_ready())
    return refuse(RefusalCode::approval_required, describe_progress(context, seen, *waiting));
  return carry_out(context, *seen.channel, *waiting, *seen.progress);
}

Result<> withdraw_proposal(CommandContext& context, const ProposalOptions& options) {
  OBERIH_TRY(context.open_session(CommandContext::Reach::online));
  ClientSession& session = context.session();
  Result<sealing::WaitingPointer> waiting = ProposalReader(session).find(options.proposal);
  if (!waiting) return waiting.error();
  const sealing::Proposal& proposal = (*waiting)->proposal;
  Result<wire::Appended> appended =
      session.ask(wire::ProposalAppend{sealing::encode_withdrawal_body(
          {proposal.channel, proposal.id, session.ring().device, wall_clock_ms()},
          session.signer())});
  if (!appended) return appended.error();
  context.console().say(Sentence::proposal_withdrawn, {{"id", short_id(proposal.id)}});
  context.console().object({{"proposal", encode_hex(proposal.id)}, {"withdrawn", true}});
  return {};
}

}  // namespace

void add_proposal_commands(CommandTree& tree, CLI::App* group) {
  auto options = std::make_shared<ProposalOptions>();
  auto with = [options](auto function) {
    return [options, function](CommandContext& context) { return function(context, *options); };
  };
  CLI::App* command = tree.command(group, "proposals", Sentence::help_channel_proposals,
                                   "oberih channel proposals 417", with(list_proposals));
  command->add_option("channel", options->channel, tree.text(Sentence::help_option_channel));
  const auto name_proposal = [&](CLI::App* each) {
    each->add_option("proposal", options->proposal, tree.text(Sentence::help_option_proposal))
        ->required();
    return each;
  };
  name_proposal(tree.command(group, "approve", Sentence::help_channel_approve,
                             "oberih channel approve 5d21", with(approve)))
      ->add_flag("--yes", options->yes, tree.text(Sentence::help_option_yes));
  name_proposal(tree.command(group, "carry-out", Sentence::help_channel_carry_out,
                             "oberih channel carry-out 5d21", with(carry_out_proposal)));
  name_proposal(tree.command(group, "withdraw-proposal", Sentence::help_channel_withdraw,
                             "oberih channel withdraw-proposal 5d21", with(withdraw_proposal)));
}

}  // namespace oberih::client
