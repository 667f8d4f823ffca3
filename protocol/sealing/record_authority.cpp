// SPDX-License-Identifier: Apache-2.0
// Who may do what to a channel (design 3.2, "Authority"; 3.5 for grants).
#include <algorithm>

#include "protocol/sealing/record_quorum.hpp"

namespace oberih::sealing {
namespace {

Refusal forbidden(const char* detail) { return refuse(RefusalCode::forbidden, detail); }
int rank(RosterRole role) {
  switch (role) {
    case RosterRole::read_only:
      return 0;
    case RosterRole::member:
      return 1;
    case RosterRole::admin:
      return 2;
  }
  return 0;
}

/// 0 is no end, later than any.
bool ends_no_later(Milliseconds ends_ms, Milliseconds limit_ms) {
  return limit_ms == 0 || (ends_ms != 0 && ends_ms <= limit_ms);
}

/// The author's line that decides, after the checks that every record needs.
Result<RosterLine> find_author(const RecordCase& c) {
  const RosterLine* line = find_line(c.deciding_roster(), c.record.author);
  if (line == nullptr) return refuse(RefusalCode::not_found);
  const Standing standing = c.directory.standing(c.record.author, c.place.index, c.place.server_ms);
  if (standing != Standing::active) return refusal_of(standing);
  if (find_line(c.record.roster, c.record.author) == nullptr)
    return forbidden("the author must stand in the new roster");
  if (c.is_due(c.record.author)) return forbidden("the author has left or is past the end");
  return *line;
}

// -- alone ----------------------------------------------------------------------------------------

Result<void> check_create(const RecordCase& c, const RosterLine& author) {
  if (author.role != RosterRole::admin)
    return forbidden("who creates a channel is its first admin");
  const AgencyId& own = c.certificate_of(author.device).agency;
  for (const RosterLine& line : c.record.roster)
    if (c.certificate_of(line.device).agency != own)
      return forbidden("a channel begins with devices of its author's agency only");
  return {};
}

/// A new device of somebody whose line is or was there, with the same role and end.
bool is_further_device(const RecordCase& c, const RosterLine& line) {
  const PersonId& id = c.certificate_of(line.device).person;
  const ChannelState::Person* person = c.state.find_person(id);
  if (person == nullptr) return false;
  switch (person->status) {
    case ChannelState::Person::Status::left:
    case ChannelState::Person::Status::removed:
      return false;
    case ChannelState::Person::Status::removed_after_revocation:
      return person->role == line.role && person->ends_ms == line.ends_ms;
    case ChannelState::Person::Status::present:
      break;
  }
  return std::any_of(c.state.roster().begin(), c.state.roster().end(), [&](const RosterLine& old) {
    return old.role == line.role && old.ends_ms == line.ends_ms &&
           c.certificate_of(old.device).person == id;
  });
}

bool may_add_alone(const RecordCase& c, const RosterLine& author, const RosterLine& line) {
  if (is_further_device(c, line)) return true;
  return c.certificate_of(line.device).agency == c.certificate_of(author.device).agency &&
         rank(line.role) <= rank(author.role) && ends_no_later(line.ends_ms, author.ends_ms);
}

bool may_remove_alone(const RecordCase& c, const RosterLine& author, const DeviceId& device) {
  if (c.is_due(device)) return true;
  if (author.role == RosterRole::read_only) return false;
  const RosterLine* line = find_line(c.state.roster(), device);
  if (line->role == RosterRole::admin && author.role != RosterRole::admin) return false;
  return c.certificate_of(device).agency == c.certificate_of(author.device).agency;
}

/// Read-only members may only clear the way: remove what is revoked, left or ended.
bool only_clears(const RecordCase& c) {
  const Change& change = c.record.change;
  if (c.record.op != RecordOp::change || !change.remove) return false;
  if (change.add || change.alter || change.policy) return false;
  return std::all_of(change.remove->devices.begin(), change.remove->devices.end(),
                     [&](const DeviceId& device) { return c.is_due(device); });
}

/// Lines that must go are removed by a change (3.2): what is left for a member is that the key of
/// the epoch does not open for somebody (3.3).
bool may_rotate(const RecordCase& c, const RosterLine& author) {
  return author.role == RosterRole::admin || c.state.is_wrap_unusable();
}

// -- with approvals -------------------------------------------------------------------------------

Result<void> check_quorum(const RecordCase& c, const RosterLine& author,
                          const std::vector<bool>& needs) {
  const Quorum quorum = quorum_of(c);
  Result<std::vector<Agencies>> approving = check_approvals(c, quorum);
  if (!approving) return approving.error();
  for (std::size_t i = 0; i < needs.size(); ++i) {
    if (!needs[i]) continue;
    Agencies agencies = (*approving)[i];
    if (!quorum.by_supervisors && is_counting_admin(c, author))
      agencies.insert(c.certificate_of(author.device).agency);
    if (agencies.size() < quorum.needed)
      return refuse(RefusalCode::approval_required, std::to_string(agencies.size()) + " of " +
                                                        std::to_string(quorum.needed) +
                                                        " agencies have approved");
    if (c.record.op != RecordOp::grant) continue;
    // One outside the auditor's agency: nobody opens a channel to themselves.
    agencies.erase(c.certificate_of(c.record.change.grant->auditor_device).agency);
    if (agencies.empty()) return refuse(RefusalCode::approval_required);
  }
  return {};
}

}  // namespace

std::vector<bool> items_needing_approval(const RecordCase& c, const RosterLine& author) {
  const Change& change = c.record.change;
  std::vector<bool> needs;
  if (change.add)
    needs.push_back(
        !std::all_of(change.add->lines.begin(), change.add->lines.end(),
                     [&](const RosterLine& line) { return may_add_alone(c, author, line); }));
  if (change.remove)
    needs.push_back(
        !std::all_of(change.remove->devices.begin(), change.remove->devices.end(),
                     [&](const DeviceId& device) { return may_remove_alone(c, author, device); }));
  if (change.alter) needs.push_back(true);
  if (change.policy) needs.push_back(true);
  return needs;
}

Result<void> check_first_lines(const RecordCase& c) {
  if (!c.record.change.add || c.record.policy.kind != ChannelKind::case_) return {};
  Agencies known, with_admin;
  for (const RosterLine& line : c.state.roster())
    known.insert(c.certificate_of(line.device).agency);
  for (const RosterLine& line : c.record.change.add->lines)
    if (line.role == RosterRole::admin) with_admin.insert(c.certificate_of(line.device).agency);
  for (const RosterLine& line : c.record.change.add->lines) {
    const AgencyId& agency = c.certificate_of(line.device).agency;
    if (!known.contains(agency) && !with_admin.contains(agency))
      return refuse(RefusalCode::record_invalid,
                    "the first device of an agency in a case channel is an admin");
  }
  return {};
}

Result<void> check_authority(const RecordCase& c) {
  Result<RosterLine> author = find_author(c);
  if (!author) return author.error();
  if (author->role == RosterRole::read_only && !only_clears(c))
    return refuse(RefusalCode::read_only_member);
  if (c.is_create() || c.record.op == RecordOp::rotate) {
    if (!c.approvals.empty()) return bad_approval("there is nothing to approve");
    if (c.record.op == RecordOp::rotate && !may_rotate(c, *author))
      return forbidden(
          "a member who is no administrator of the channel changes its key only for "
          "a cause: a line that must go, or a wrap that does not open");
    return c.is_create() ? check_create(c, *author) : Result<void>();
  }
  if (c.record.op == RecordOp::change) {
    OBERIH_TRY(check_first_lines(c));
    return check_quorum(c, *author, items_needing_approval(c, *author));
  }
  return check_quorum(c, *author, {true});  // close and grant have one item
}

}  // namespace oberih::sealing
