// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/change_maker.hpp"

#include <nlohmann/json.hpp>

#include "client-cli/commands/change_view.hpp"
#include "client-cli/commands/device_search.hpp"
#include "client-cli/keyring/profile_lock.hpp"
#include "client-cli/output/kyiv_time.hpp"
#include "client-cli/verification/record_sender.hpp"
#include "protocol/crypto/random_bytes.hpp"
#include "protocol/encoding/hex.hpp"

namespace oberih::client {
namespace {

using encoding::encode_hex;

constexpr Milliseconds lapse_day_ms = 24ull * 3600 * 1000;
constexpr unsigned longest_days = 31;

Result<sealing::Proposal> draft(ClientSession& session, const VerifiedChannel& channel,
                                sealing::RecordOp op, const sealing::Change& change,
                                const ProposeOptions& options) {
  if (options.lapse_days == 0 || options.lapse_days > longest_days)
    return refuse(RefusalCode::usage, "--expires is 1 to 31 days");
  sealing::Proposal proposal;
  proposal.channel = channel.id();
  proposal.id = crypto::random_id<sealing::ProposalId>();
  proposal.op = op;
  proposal.change = change;
  // A minute less, so that 31 days fit whatever the two clocks say.
  proposal.expires_ms =
      session.server_time_ms(channel) + options.lapse_days * lapse_day_ms - 60'000;
  proposal.author = session.ring().device;
  proposal.client_ms = wall_clock_ms();
  return proposal;
}

void report_proposal(CommandContext& context, const VerifiedChannel& channel,
                     const sealing::Proposal& proposal, const sealing::ProposalProgress& progress) {
  Console& console = context.console();
  const VerifiedDirectory& directory = context.session().verified_directory();
  console.say(Sentence::proposal_written,
              {{"id", short_id(proposal.id)},
               {"given", std::to_string(progress.given.size())},
               {"needed", std::to_string(progress.needed)},
               {"time", format_time(proposal.expires_ms, console.language())}});
  for (const std::string& line : describe_change(context, proposal.change)) console.line(line);
  nlohmann::ordered_json missing = nlohmann::ordered_json::array();
  for (const DeviceId& device : find_missing_approvers(context.session(), channel, progress)) {
    console.say(Sentence::proposal_approver,
                {{"who", name_or_digits(directory, device)},
                 {"agency", agency_name_of(directory.directory(), device)}});
    missing.push_back(encode_hex(device));
  }
  console.object({{"proposal", encode_hex(proposal.id)},
                  {"channel", encode_hex(channel.id())},
                  {"change", change_json(proposal.change)},
                  {"given", progress.given.size()},
                  {"needed", progress.needed},
                  {"by_supervisors", progress.by_supervisors},
                  {"expires_ms", proposal.expires_ms},
                  {"may_approve", missing}});
}

/// The proposer's own approval goes with it, where it counts: then whoever approves last can carry
/// it out.
Result<> send_proposal(ClientSession& session, const sealing::Proposal& proposal,
                       const sealing::ProposalProgress& progress) {
  Result<wire::Appended> appended =
      session.ask(wire::ProposalAppend{sealing::encode_proposal_body(proposal, session.signer())});
  if (!appended) return appended.error();
  if (progress.given.empty()) return {};
  Result<wire::Appended> approved = session.ask(wire::ApprovalAppend{sealing::encode_approval_body(
      {proposal.channel, proposal.id, proposal.author,
       sealing::sign_approvals(proposal, proposal.author, session.signer())})});
  return approved ? Result<>() : Result<>(approved.error());
}

/// More than one of an agency for an item help nothing, and a record holds 32.
std::vector<sealing::Approval> one_of_each_agency(ClientSession& session,
                                                  const std::vector<sealing::Approval>& approvals) {
  std::vector<sealing::Approval> kept;
  std::set<std::pair<AgencyId, std::uint8_t>> seen;
  for (const sealing::Approval& approval : approvals)
    if (const sealing::Device* approver = session.directory().find_device(approval.approver))
      if (seen.emplace(approver->certificate.agency, approval.item_index).second)
        kept.push_back(approval);
  return kept;
}

}  // namespace

void add_propose_options(CommandTree& tree, CLI::App* command, ProposeOptions& options) {
  command->add_option("--expires", options.lapse_days,
                      tree.text(Sentence::help_option_proposal_days));
}

std::string short_id(const sealing::ProposalId& id) { return encode_hex(id).substr(0, 8); }

std::vector<DeviceId> find_missing_approvers(ClientSession& session, const VerifiedChannel& channel,
                                             const sealing::ProposalProgress& progress) {
  const auto is_wanted = [&](const sealing::Device& device) {
    const sealing::DeviceCertificate& certificate = device.certificate;
    if (!progress.may_approve.contains(certificate.agency) ||
        progress.given.contains(certificate.agency) ||
        standing_now(session, certificate.device) != sealing::Standing::active)
      return false;
    if (progress.by_supervisors) return certificate.role == Role::supervisor;
    const sealing::RosterLine* line = channel.state().find_member(certificate.device);
    return line != nullptr && line->role == RosterRole::admin;
  };
  std::vector<DeviceId> missing;
  for (const auto& [id, device] : session.directory().devices())
    if (is_wanted(device)) missing.push_back(id);
  return missing;
}

Result<ChangeOutcome> make_or_propose(CommandContext& context, VerifiedChannel& channel,
                                      sealing::RecordOp op, const sealing::Change& change,
                                      const ProposeOptions& options) {
  ClientSession& session = context.session();
  Result<sealing::Proposal> proposal = draft(session, channel, op, change, options);
  if (!proposal) return proposal.error();
  Result<ProfileLock> lock = ProfileLock::take(session.profile().folder);
  if (!lock) return lock.error();
  RecordSender records(session);
  // Who has gone must not count among those who approve.
  if (!channel.state().is_closed()) OBERIH_TRY(records.repair(channel));
  Result<sealing::ProposalProgress> progress = sealing::find_progress(
      ProposalReader(session).case_of(channel), *proposal, {}, session.ring().device);
  if (!progress) return progress.error();
  if (progress->is_ready()) {
    OBERIH_TRY(records.carry_out(channel, op, change, {}));
    return ChangeOutcome::made;
  }
  OBERIH_TRY(send_proposal(session, *proposal, *progress));
  report_proposal(context, channel, *proposal, *progress);
  return ChangeOutcome::proposed;
}

Result<> approve_waiting(CommandContext& context, const sealing::WaitingProposal& waiting) {
  ClientSession& session = context.session();
  const sealing::Proposal& proposal = waiting.proposal;
  const DeviceId& own = session.ring().device;
  if (waiting.is_approved_by(own)) {
    context.set_words(RefusalCode::approval_invalid, Sentence::approved_already);
    return refuse(RefusalCode::approval_invalid);
  }
  Result<wire::Appended> appended = session.ask(wire::ApprovalAppend{
      sealing::encode_approval_body({proposal.channel, proposal.id, own,
                                     sealing::sign_approvals(proposal, own, session.signer())})});
  return appended ? Result<>() : appended.error();
}

Result<> record_proposal(ClientSession& session, VerifiedChannel& channel,
                         const sealing::WaitingProposal& waiting,
                         const sealing::ProposalProgress& progress) {
  const std::vector<sealing::Approval> approvals = one_of_each_agency(session, progress.usable);
  Result<ProfileLock> lock = ProfileLock::take(session.profile().folder);
  if (!lock) return lock.error();
  return RecordSender(session).carry_out(channel, waiting.proposal.op, waiting.proposal.change,
                                         approvals);
}

Result<> carry_out(CommandContext& context, VerifiedChannel& channel,
                   const sealing::WaitingProposal& waiting,
                   const sealing::ProposalProgress& progress) {
  OBERIH_TRY(record_proposal(context.session(), channel, waiting, progress));
  Console& console = context.console();
  console.say(Sentence::proposal_carried_out, {{"id", short_id(waiting.proposal.id)}});
  for (const std::string& line : describe_change(context, waiting.proposal.change))
    console.line(line);
  console.object({{"proposal", encode_hex(waiting.proposal.id)},
                  {"channel", encode_hex(channel.id())},
                  {"carried_out", true},
                  {"epoch", channel.state().epoch()},
                  {"closed", channel.state().is_closed()}});
  return {};
}

}  // namespace oberih::client
