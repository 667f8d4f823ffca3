// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/proposal_rules.hpp"

#include <algorithm>

#include "protocol/sealing/record_quorum.hpp"

namespace oberih::sealing {
namespace {

/// The record that would carry the proposal out; empty where its items do not fit the roster.
std::optional<ChannelRecord> draft_record(const ProposalCase& c, const Proposal& proposal,
                                          const DeviceId& author) {
  const std::optional<Roster> roster = apply_items(c.state.roster(), proposal.change);
  if (!roster) return std::nullopt;
  ChannelRecord record;
  record.op = proposal.op;
  record.channel = proposal.channel;
  record.roster = *roster;
  record.policy = proposal.change.policy.value_or(c.state.policy());
  record.change = proposal.change;
  record.author = author;
  return record;
}

RecordCase case_of(const ProposalCase& c, const ChannelRecord& record,
                   const std::vector<Approval>& approvals) {
  return {c.state,   record,
          approvals, c.directory,
          c.place,   c.state.lines_to_remove(c.directory, c.place.index, c.place.server_ms)};
}

bool is_active_member(const RecordCase& c, const RosterLine* line) {
  return line != nullptr && c.is_active(line->device) && !c.is_due(line->device);
}

Result<void> check_items(const RecordCase& record_case) {
  RecordCase cleared = record_case;
  cleared.due_lines.clear();  // whoever carries it out removes those lines first
  OBERIH_TRY(check_roster_and_policy(cleared));
  if (record_case.record.op == RecordOp::grant) OBERIH_TRY(check_grant(record_case));
  OBERIH_TRY(check_handling(cleared));
  OBERIH_TRY(check_may_be_told(cleared));
  return record_case.record.op == RecordOp::change ? check_first_lines(record_case)
                                                   : Result<void>();
}

/// Its own index for the item, so that one bad approval does not spoil the others.
Result<std::vector<Agencies>> check_one(const RecordCase& c, const Quorum& quorum,
                                        const Approval& approval) {
  const std::vector<Approval> alone{approval};
  return check_approvals({c.state, c.record, alone, c.directory, c.place, c.due_lines}, quorum);
}

std::vector<bool> needs_of(const RecordCase& c) {
  const RosterLine* author = c.state.find_member(c.record.author);
  const std::size_t items = encode_change_items(c.record.change).size();
  if (c.record.op != RecordOp::change || author == nullptr) return std::vector<bool>(items, true);
  return items_needing_approval(c, *author);
}

/// The agencies behind the item that has the fewest.
Agencies fewest(const std::vector<Agencies>& by_item, const std::vector<bool>& needs) {
  const Agencies* least = nullptr;
  for (std::size_t i = 0; i < needs.size(); ++i)
    if (needs[i] && (least == nullptr || by_item[i].size() < least->size())) least = &by_item[i];
  return least == nullptr ? Agencies{} : *least;
}

ProposalProgress count(const RecordCase& c, const std::vector<Approval>& approvals) {
  const Quorum quorum = quorum_of(c);
  const std::vector<bool> needs = needs_of(c);
  ProposalProgress progress{quorum.by_supervisors, quorum.needed, {}, quorum.agencies, {}};
  std::vector<Agencies> by_item(needs.size());
  for (const Approval& approval : approvals) {
    const Result<std::vector<Agencies>> good = check_one(c, quorum, approval);
    if (!good) continue;
    progress.usable.push_back(approval);
    by_item[approval.item_index].merge(Agencies((*good)[approval.item_index]));
  }
  const RosterLine* carrier = c.state.find_member(c.record.author);
  if (carrier != nullptr && !quorum.by_supervisors && is_counting_admin(c, *carrier))
    for (Agencies& agencies : by_item) agencies.insert(c.certificate_of(carrier->device).agency);
  if (std::none_of(needs.begin(), needs.end(), [](bool need) { return need; })) progress.needed = 0;
  progress.given = fewest(by_item, needs);
  return progress;
}

Result<void> check_author(const RecordCase& c) {
  const RosterLine* line = c.state.find_member(c.record.author);
  const Standing standing = c.directory.standing(c.record.author, c.place.index, c.place.server_ms);
  if (standing != Standing::active) return refusal_of(standing);
  if (is_active_member(c, line))
    return line->role == RosterRole::read_only ? refuse(RefusalCode::read_only_member)
                                               : Result<void>();
  const Quorum quorum = quorum_of(c);
  if (quorum.by_supervisors && may_approve(c, quorum, c.record.author)) return {};
  return refuse(RefusalCode::not_found);
}

/// A grant is asked for by the auditor whom it names. Its withdrawal is proposed by who could make
/// it or approve it.
Result<void> check_author_of_grant(const RecordCase& c) {
  const GrantItem& grant = *c.record.change.grant;
  const Standing standing = c.directory.standing(c.record.author, c.place.index, c.place.server_ms);
  if (standing != Standing::active) return refusal_of(standing);
  if (grant.ends_ms != 0)
    return c.record.author == grant.auditor_device
               ? Result<void>()
               : refuse(RefusalCode::forbidden, "a grant is asked for by the auditor it is for");
  if (may_approve(c, quorum_of(c), c.record.author)) return {};
  return check_author(c);
}

/// So that who approves without seeing the channel knows what time it is about.
Result<void> check_times(const ProposalCase& c, const Proposal& proposal) {
  const GrantItem& grant = *proposal.change.grant;
  if (grant.ends_ms == 0) return {};  // the epoch that was in force may have ended since
  const auto times = c.state.find_epoch_times({grant.first_epoch, grant.last_epoch});
  if (times == proposal.times) return {};
  return refuse(RefusalCode::record_invalid, "the times are not those of the epochs");
}

Result<void> check_lapse(const ProposalCase& c, const Proposal& proposal) {
  if (proposal.expires_ms <= c.place.server_ms)
    return refuse(RefusalCode::record_invalid, "a proposal that has lapsed already");
  if (proposal.expires_ms > c.place.server_ms + longest_proposal_ms)
    return refuse(RefusalCode::record_invalid, "a proposal waits for 31 days at most");
  return {};
}

Result<void> check_room(const ProposalCase& c, const ProposalBook& book, const Proposal& proposal) {
  if (book.find(proposal.channel, proposal.id))
    return refuse(RefusalCode::id_taken, "a proposal with this id waits already");
  const auto agency_of = [&](const DeviceId& device) {
    const Device* found = c.directory.find_device(device);
    return found == nullptr ? AgencyId{} : found->certificate.agency;
  };
  std::size_t waiting = 0;
  for (const auto& [id, other] : book.of(proposal.channel))
    waiting += other->proposal.expires_ms > c.place.server_ms &&
               agency_of(other->proposal.author) == agency_of(proposal.author);
  if (waiting < waiting_of_an_agency) return {};
  return refuse(RefusalCode::forbidden,
                "eight proposals of this agency wait in the channel: withdraw one first");
}

Refusal no_fit() {
  return refuse(RefusalCode::record_invalid, "items that do not fit the roster as it is");
}

}  // namespace

bool is_acting_supervisor(const ProposalCase& c, const DeviceId& device) {
  if (!c.state.exists()) return false;
  ChannelRecord record;
  record.op = RecordOp::change;
  record.roster = c.state.roster();
  const std::vector<Approval> none;
  const RecordCase record_case = case_of(c, record, none);
  const Quorum quorum = quorum_of(record_case);
  return quorum.by_supervisors && may_approve(record_case, quorum, device);
}

bool may_see_grant(const ProposalCase& c, const Proposal& proposal, const DeviceId& device) {
  if (!c.state.exists() || !proposal.change.grant) return false;
  if (device == proposal.author || device == proposal.change.grant->auditor_device) return true;
  const std::optional<ChannelRecord> draft = draft_record(c, proposal, proposal.author);
  const std::vector<Approval> none;
  if (!draft) return false;
  const RecordCase record_case = case_of(c, *draft, none);
  return may_approve(record_case, quorum_of(record_case), device);
}

Result<void> judge_proposal(const ProposalCase& c, const ProposalBook& book,
                            const Proposal& proposal) {
  if (!c.state.exists()) return refuse(RefusalCode::not_found);
  const std::optional<ChannelRecord> draft = draft_record(c, proposal, proposal.author);
  const std::vector<Approval> none;
  // First who asks: a stranger learns nothing of the roster.
  ChannelRecord bare;
  bare.op = RecordOp::change;
  bare.author = proposal.author;
  OBERIH_TRY(proposal.is_of_grant() ? check_author_of_grant(case_of(c, *draft, none))
                                    : check_author(case_of(c, draft ? *draft : bare, none)));
  if (c.state.is_closed() && !proposal.is_of_grant()) return refuse(RefusalCode::channel_closed);
  if (!draft) return no_fit();
  const RecordCase record_case = case_of(c, *draft, none);
  OBERIH_TRY(check_lapse(c, proposal));
  OBERIH_TRY(check_items(record_case));
  if (proposal.is_of_grant()) OBERIH_TRY(check_times(c, proposal));
  OBERIH_TRY(check_room(c, book, proposal));
  const bool is_member = c.state.find_member(proposal.author) != nullptr;
  if (is_member && count(record_case, none).is_ready())
    return bad_approval("there is nothing to approve: the author may do it alone");
  return {};
}

Result<void> judge_approval(const ProposalCase& c, const ProposalBook& book,
                            const ProposalApproval& approval) {
  const WaitingPointer waiting = book.find(approval.channel, approval.proposal);
  if (!waiting || waiting->proposal.expires_ms <= c.place.server_ms)
    return refuse(RefusalCode::not_found, "no such proposal waits");
  const Proposal& proposal = waiting->proposal;
  if (c.state.is_closed() && !proposal.is_of_grant()) return refuse(RefusalCode::channel_closed);
  // A stranger whose approval does not count learns nothing, not even that it waits.
  if (proposal.is_of_grant() && c.state.find_member(approval.approver) == nullptr &&
      !may_see_grant(c, proposal, approval.approver))
    return refuse(RefusalCode::not_found, "no such proposal waits");
  const std::optional<ChannelRecord> draft = draft_record(c, proposal, proposal.author);
  if (!draft) return no_fit();
  if (approval.approvals.size() != encode_change_items(proposal.change).size())
    return bad_approval("it does not cover each item once");
  if (waiting->is_approved_by(approval.approver))
    return bad_approval("this device has approved the proposal already");
  const RecordCase record_case = case_of(c, *draft, approval.approvals);
  Result<std::vector<Agencies>> good = check_approvals(record_case, quorum_of(record_case));
  return good ? Result<void>() : good.error();
}

Result<void> judge_withdrawal(const ProposalCase& c, const ProposalBook& book,
                              const ProposalWithdrawal& withdrawal) {
  const WaitingPointer waiting = book.find(withdrawal.channel, withdrawal.proposal);
  if (!waiting || waiting->proposal.expires_ms <= c.place.server_ms)
    return refuse(RefusalCode::not_found, "no such proposal waits");
  if (waiting->proposal.author != withdrawal.author)
    return refuse(RefusalCode::forbidden, "a proposal is withdrawn by its author");
  const Standing standing =
      c.directory.standing(withdrawal.author, c.place.index, c.place.server_ms);
  if (standing != Standing::active) return refusal_of(standing);
  return {};
}

Result<void> judge_proposal_body(const ProposalCase& c, const ProposalBook& book,
                                 const ParsedProposalBody& body) {
  if (const auto* proposal = std::get_if<Proposal>(&body.what))
    return judge_proposal(c, book, *proposal);
  if (const auto* approval = std::get_if<ProposalApproval>(&body.what))
    return judge_approval(c, book, *approval);
  return judge_withdrawal(c, book, std::get<ProposalWithdrawal>(body.what));
}

Result<ProposalProgress> find_progress(const ProposalCase& c, const Proposal& proposal,
                                       const std::vector<Approval>& approvals,
                                       const DeviceId& carrier) {
  if (c.state.is_closed() && !proposal.is_of_grant()) return refuse(RefusalCode::channel_closed);
  const std::optional<ChannelRecord> draft = draft_record(c, proposal, carrier);
  if (!draft) return no_fit();
  const std::vector<Approval> none;
  const RecordCase record_case = case_of(c, *draft, none);
  OBERIH_TRY(check_items(record_case));
  return count(record_case, approvals);
}

}  // namespace oberih::sealing
