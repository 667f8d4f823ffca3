// SPDX-License-Identifier: Apache-2.0
// Whether a proposal, an approval or a withdrawal may stand, and how far a proposal has come.
// Shared by server, client and check (ADR 9): the questions are those that judge_record will ask
// of the record that carries the proposal out, so that nobody approves what cannot come.
#pragma once

#include <set>

#include "protocol/sealing/proposal_book.hpp"

namespace oberih::sealing {

inline constexpr Milliseconds longest_proposal_ms = 31ull * 24 * 3600 * 1000;
inline constexpr std::size_t waiting_of_an_agency = 8;  // in one channel

/// What a waiting proposal is judged against.
struct ProposalCase {
  const ChannelState& state;
  const Directory& directory;
  Place place;  // where the record would stand
};

struct ProposalProgress {
  bool by_supervisors = false;     // no admin is active
  std::size_t needed = 0;          // agencies; 0: the carrier may do it alone
  std::set<AgencyId> given;        // agencies that have approved, the carrier's own counted
  std::set<AgencyId> may_approve;  // agencies whose approvals count
  std::vector<Approval> usable;    // of those handed in; the others are of no use any more
  bool is_ready() const { return given.size() >= needed; }
};

/// Where no admin is active, the supervisors of the roster's agencies see proposals and approve.
bool is_acting_supervisor(const ProposalCase& c, const DeviceId& device);

/// Whether a stranger to the channel is shown this grant, or its withdrawal, that waits: its
/// auditor, its author, and supervisors whose approval counts.
bool may_see_grant(const ProposalCase& c, const Proposal& proposal, const DeviceId& device);

/// Refusals: not_found (neither member nor acting supervisor), read_only_member, channel_closed,
/// record_invalid (lapse, items that do not fit), approval_invalid (it may be done alone),
/// id_taken, forbidden (too many wait), unknown_device and kin.
Result<void> judge_proposal(const ProposalCase& c, const ProposalBook& book,
                            const Proposal& proposal);
/// Refusals: not_found (no such proposal waits), approval_invalid.
Result<void> judge_approval(const ProposalCase& c, const ProposalBook& book,
                            const ProposalApproval& approval);
/// Refusals: not_found, forbidden.
Result<void> judge_withdrawal(const ProposalCase& c, const ProposalBook& book,
                              const ProposalWithdrawal& withdrawal);
Result<void> judge_proposal_body(const ProposalCase& c, const ProposalBook& book,
                                 const ParsedProposalBody& body);

/// How it stands if `carrier` made the record now with what approvals are still good. Refusal: the
/// items do not fit the channel any more (record_invalid and kin).
Result<ProposalProgress> find_progress(const ProposalCase& c, const Proposal& proposal,
                                       const std::vector<Approval>& approvals,
                                       const DeviceId& carrier);

}  // namespace oberih::sealing
