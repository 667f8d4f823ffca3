// SPDX-License-Identifier: Apache-2.0
#include "server/application/append_proposal.hpp"

#include "server/application/record_seats.hpp"

namespace oberih::application {
namespace {

class ProposalUnit final : public Unit {
 public:
  ProposalUnit(const Origin& origin, sealing::ParsedProposalBody parsed, Bytes body,
               Answer<wire::Appended> done)
      : Unit(origin), parsed_(std::move(parsed)), body_(std::move(body)), done_(std::move(done)) {}

  std::size_t size_bytes() const override { return body_.size(); }

  Result<wire::Appended> judge(BatchView& batch) override {
    // Sent again because the answer was lost.
    if (const sealing::ProposalLeaf* known = batch.proposals().find_same(parsed_, body_))
      return wire::Appended{known->index, 0, known->leaf_hash, known->server_ms};
    const sealing::ChannelState& state = batch.channel(parsed_.channel());
    OBERIH_TRY(sealing::judge_proposal_body({state, batch.directory(), batch.place_in(state)},
                                            batch.proposals(), parsed_));
    return batch.stage_proposal(parsed_, body_);
  }

  void answer(Result<wire::Appended> outcome) override { done_(std::move(outcome)); }

 private:
  sealing::ParsedProposalBody parsed_;
  Bytes body_;
  Answer<wire::Appended> done_;
};

/// What is proposed must not be refused for its seats only when it has all approvals.
Result<void> check_seats(const Services& services, const sealing::Directory& directory,
                         const sealing::ParsedProposalBody& parsed) {
  const auto* proposal = std::get_if<sealing::Proposal>(&parsed.what);
  if (proposal == nullptr || proposal->is_of_grant()) return {};  // it seats nobody
  const std::optional<ChannelFacts> facts = services.view.find_channel(proposal->channel);
  if (!facts) return refuse(RefusalCode::not_found);
  return check_proposed_seats(services, directory, *facts->state, proposal->change);
}

/// What the body is about: itself, or what waits under its id. Nothing waits: as for any other.
const sealing::Proposal* find_grant(const sealing::ParsedProposalBody& parsed,
                                    const sealing::WaitingPointer& waiting) {
  const auto* proposal = std::get_if<sealing::Proposal>(&parsed.what);
  if (proposal == nullptr && waiting) proposal = &waiting->proposal;
  return proposal != nullptr && proposal->is_of_grant() ? proposal : nullptr;
}

/// Grants are asked for and approved by people who may be strangers to the channel.
Result<void> check_permission(const Services& services, const domain::Caller& caller,
                              domain::Action action, const sealing::ParsedProposalBody& parsed) {
  const sealing::WaitingPointer waiting =
      services.view.proposals()->find(parsed.channel(), parsed.id());
  if (const sealing::Proposal* grant = find_grant(parsed, waiting)) {
    const bool is_request = grant->change.grant->ends_ms != 0;
    action = action == domain::Action::approval_append ? domain::Action::grant_approve
             : is_request                              ? domain::Action::grant_request
                                                       : domain::Action::grant_withdraw;
  }
  return authorize(services, caller, action, {parsed.channel(), {}});
}

Result<void> check_before_queue(const Services& services, const domain::Caller& caller,
                                domain::Action action, const sealing::ParsedProposalBody& parsed,
                                const Bytes& body) {
  if (body.size() > journal::leaf_body_bytes)
    return refuse(RefusalCode::malformed_object, "it does not fit in one leaf");
  if (parsed.device() != caller.device)
    return refuse(RefusalCode::forbidden, "a proposal or approval is sent by its author");
  OBERIH_TRY(check_permission(services, caller, action, parsed));
  const DirectoryPointer directory = services.view.directory();
  OBERIH_TRY(sealing::verify_proposal_body(parsed, *directory));
  return check_seats(services, *directory, parsed);
}

void append(const Services& services, const domain::Caller& caller, domain::Action action,
            const Bytes& body, Answer<wire::Appended> done) {
  Result<sealing::ParsedProposalBody> parsed = sealing::parse_proposal_body(body);
  if (!parsed) return done(parsed.error());
  const bool is_approval = std::holds_alternative<sealing::ProposalApproval>(parsed->what);
  if (is_approval != (action == domain::Action::approval_append))
    return done(refuse(RefusalCode::malformed_object, "a body of the other request"));
  if (auto may = check_before_queue(services, caller, action, *parsed, body); !may)
    return done(may.error());
  services.recorder.submit(
      std::make_unique<ProposalUnit>(caller.origin(), std::move(*parsed), body, std::move(done)));
}

}  // namespace

void append_proposal(const Services& services, const domain::Caller& caller,
                     const wire::ProposalAppend& request, Answer<wire::Appended> done) {
  append(services, caller, domain::Action::proposal_append, request.body, std::move(done));
}

void append_approval(const Services& services, const domain::Caller& caller,
                     const wire::ApprovalAppend& request, Answer<wire::Appended> done) {
  append(services, caller, domain::Action::approval_append, request.body, std::move(done));
}

}  // namespace oberih::application
