// SPDX-License-Identifier: Apache-2.0
// `oberih grant withdraw`: one's own request at once; a grant that was given by a proposal, because
// it takes the same agencies to end it.
#include <memory>
#include <nlohmann/json.hpp>

#include "client-cli/commands/change_maker.hpp"
#include "client-cli/commands/grant_search.hpp"
#include "client-cli/commands/grant_view.hpp"
#include "client-cli/output/kyiv_time.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/sealing/grant_order.hpp"

namespace oberih::client {
namespace {

using encoding::encode_hex;

constexpr Milliseconds withdrawal_lapses_ms = 7ull * 24 * 3600 * 1000;

struct WithdrawOptions {
  std::string grant, reason;
};

Result<> take_request_back(CommandContext& context, const sealing::Proposal& proposal) {
  ClientSession& session = context.session();
  Result<wire::Appended> appended =
      session.ask(wire::ProposalAppend{sealing::encode_withdrawal_body(
          {proposal.channel, proposal.id, session.ring().device, wall_clock_ms()},
          session.signer())});
  if (!appended) return appended.error();
  context.console().say(Sentence::grant_request_withdrawn, {{"id", short_id(proposal.id)}});
  context.console().object({{"proposal", encode_hex(proposal.id)}, {"withdrawn", true}});
  return {};
}

struct GivenGrant {
  VerifiedChannel channel;
  sealing::GrantItem grant;
};

Result<GivenGrant> find_given(ClientSession& session, const std::string& digits) {
  Result<std::vector<ChannelId>> channels = own_channels(session);
  if (!channels) return channels.error();
  std::optional<GivenGrant> found;
  for (const ChannelId& id : *channels) {
    VerifiedChannel channel = session.open_channel(id);
    OBERIH_TRY(session.pull(channel));
    for (const auto& [grant_id, grant] : channel.state().grants()) {
      if (grant.ends_ms == 0 || !encode_hex(grant_id).starts_with(digits)) continue;
      if (found)
        return refuse(RefusalCode::usage, "'" + digits + "' means several; give more digits");
      found.emplace(GivenGrant{session.open_channel(id), grant});
    }
  }
  if (!found) return refuse(RefusalCode::not_found, "no such grant");
  return std::move(*found);
}

Result<> propose_withdrawal(CommandContext& context, const WithdrawOptions& options) {
  ClientSession& session = context.session();
  Console& console = context.console();
  Result<GivenGrant> given = find_given(session, options.grant);
  if (!given) return given.error();
  if (sealing::find_fault_of_words(options.reason, sealing::grant_reason_bytes) != nullptr)
    return refuse(RefusalCode::usage, console.text(Sentence::grant_withdrawal_needs_reason));
  sealing::Proposal proposal;
  proposal.channel = given->channel.id();
  proposal.id = *sealing::ProposalId::from(given->grant.grant.view());
  proposal.op = sealing::RecordOp::grant;
  proposal.change.grant = given->grant;
  proposal.change.grant->ends_ms = 0;
  proposal.expires_ms = session.server_time_ms(given->channel) + withdrawal_lapses_ms;
  proposal.author = session.ring().device;
  proposal.client_ms = wall_clock_ms();
  proposal.times = given->channel.state()
                       .find_epoch_times({given->grant.first_epoch, given->grant.last_epoch})
                       .value_or(sealing::EpochTimes{});
  proposal.reason = options.reason;
  Result<wire::Appended> appended =
      session.ask(wire::ProposalAppend{sealing::encode_proposal_body(proposal, session.signer())});
  if (!appended) return appended.error();
  const unsigned needed = std::max<unsigned>(2, given->channel.state().policy().approvals_k);
  console.say(Sentence::grant_withdrawal_proposed,
              {{"id", short_id(proposal.id)},
               {"needed", std::to_string(needed)},
               {"lapses", format_time(proposal.expires_ms, console.language())}});
  nlohmann::ordered_json json{{"proposal", encode_hex(proposal.id)},
                              {"channel", encode_hex(proposal.channel)}};
  json["grant"] = grant_json(session, *proposal.change.grant);
  console.object(json);
  return {};
}

Result<> withdraw_grant(CommandContext& context, const WithdrawOptions& options) {
  OBERIH_TRY(context.open_session(CommandContext::Reach::online));
  ClientSession& session = context.session();
  OBERIH_TRY(session.read_names());
  Result<sealing::WaitingPointer> waiting = find_waiting_grant(session, options.grant);
  if (waiting) return take_request_back(context, (*waiting)->proposal);
  if (waiting.error().code != RefusalCode::not_found) return waiting.error();
  return propose_withdrawal(context, options);
}

}  // namespace

void add_grant_withdraw_command(CommandTree& tree, CLI::App* group) {
  auto options = std::make_shared<WithdrawOptions>();
  CLI::App* command = tree.command(
      group, "withdraw", Sentence::help_grant_withdraw,
      "oberih grant withdraw 5d21 --reason \"the inquiry is closed\"",
      [options](CommandContext& context) { return withdraw_grant(context, *options); });
  command->add_option("grant", options->grant, tree.text(Sentence::help_option_grant))->required();
  command->add_option("--reason", options->reason, tree.text(Sentence::help_option_grant_reason));
}

}  // namespace oberih::client
