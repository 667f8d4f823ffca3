// SPDX-License-Identifier: Apache-2.0
#include "server/application/list_proposals.hpp"

#include <algorithm>
#include <functional>

#include "protocol/base/limits.hpp"

namespace oberih::application {
namespace {

using Leaves = std::vector<const sealing::ProposalLeaf*>;

constexpr std::size_t bytes_beside_a_leaf = 64;  // index and field names

/// What of a channel the caller is shown.
using MaySee = std::function<bool(const sealing::Proposal&)>;

void add_leaves(const sealing::ProposalBook::Channel& waiting, Milliseconds now,
                std::uint64_t after_index, const MaySee& may_see, Leaves& leaves) {
  for (const auto& [id, proposal] : waiting) {
    if (proposal->proposal.expires_ms <= now || !may_see(proposal->proposal)) continue;
    for (const sealing::ProposalLeaf& leaf : proposal->leaves)
      if (leaf.index > after_index) leaves.push_back(&leaf);
  }
}

bool has_grant(const sealing::ProposalBook::Channel& waiting) {
  return std::any_of(waiting.begin(), waiting.end(),
                     [](const auto& each) { return each.second->proposal.is_of_grant(); });
}

/// A stranger to the channel: the grants that concern them. The roster is walked only where one
/// waits.
MaySee only_own_grants(const Services& services, const domain::Caller& caller,
                       const ChannelId& channel) {
  const std::optional<ChannelFacts> facts = services.view.find_channel(channel);
  return [facts, directory = services.view.directory(), device = caller.device,
          size = services.view.size(),
          now = rule_time_ms(services)](const sealing::Proposal& proposal) {
    return facts && proposal.is_of_grant() &&
           sealing::may_see_grant({*facts->state, *directory, {size, facts->newest_seq + 1, now}},
                                  proposal, device);
  };
}

wire::ProposalPage make_page(const Leaves& leaves) {
  wire::ProposalPage page;
  std::size_t bytes = 0;
  for (const sealing::ProposalLeaf* leaf : leaves) {
    bytes += leaf->leaf.size() * 4 / 3 + bytes_beside_a_leaf;
    page.more = !page.leaves.empty() &&
                (bytes > limits::page_bytes || page.leaves.size() == limits::page_items);
    if (page.more) break;
    page.leaves.push_back({leaf->index, leaf->leaf});
  }
  return page;
}

}  // namespace

Result<wire::ProposalPage> list_proposals(const Services& services, const domain::Caller& caller,
                                          const wire::ProposalList& request) {
  const auto may_see_all = [&](const ChannelId& channel) {
    return authorize(services, caller, domain::Action::proposal_list, {channel, {}});
  };
  const bool sees_grants = authorize(services, caller, domain::Action::grant_list).has_value();
  const Milliseconds now = rule_time_ms(services);
  const std::shared_ptr<const sealing::ProposalBook> book = services.view.proposals();
  Leaves leaves;
  const auto add = [&](const ChannelId& channel, const sealing::ProposalBook::Channel& waiting) {
    if (may_see_all(channel))
      add_leaves(
          waiting, now, request.after_index, [](const auto&) { return true; }, leaves);
    else if (sees_grants && has_grant(waiting))
      add_leaves(waiting, now, request.after_index, only_own_grants(services, caller, channel),
                 leaves);
  };
  if (request.channel) {
    add(*request.channel, book->of(*request.channel));
    // Nothing that concerns a stranger: the same answer as for a channel that is not there.
    if (leaves.empty()) OBERIH_TRY(may_see_all(*request.channel));
  } else {
    for (const auto& [channel, waiting] : book->channels()) add(channel, waiting);
  }
  std::sort(leaves.begin(), leaves.end(),
            [](const auto* a, const auto* b) { return a->index < b->index; });
  wire::ProposalPage page = make_page(leaves);
  page.directory_count = services.view.directory()->count();
  return page;
}

}  // namespace oberih::application
