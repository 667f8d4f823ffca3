// SPDX-License-Identifier: Apache-2.0
#include "server/application/list_proposals.hpp"

#include <algorithm>

#include "protocol/base/limits.hpp"

namespace oberih::application {
namespace {

using Leaves = std::vector<const sealing::ProposalLeaf*>;

constexpr std::size_t bytes_beside_a_leaf = 64;  // index and field names

void add_leaves(const sealing::ProposalBook::Channel& waiting, Milliseconds now,
                std::uint64_t after_index, Leaves& leaves) {
  for (const auto& [id, proposal] : waiting) {
    if (proposal->proposal.expires_ms <= now) continue;
    for (const sealing::ProposalLeaf& leaf : proposal->leaves)
      if (leaf.index > after_index) leaves.push_back(&leaf);
  }
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
  const auto may_see = [&](const ChannelId& channel) {
    return authorize(services, caller, domain::Action::proposal_list, {channel, {}});
  };
  if (request.channel) OBERIH_TRY(may_see(*request.channel));
  const Milliseconds now = rule_time_ms(services);
  const std::shared_ptr<const sealing::ProposalBook> book = services.view.proposals();
  Leaves leaves;
  if (request.channel) {
    add_leaves(book->of(*request.channel), now, request.after_index, leaves);
  } else {
    for (const auto& [channel, waiting] : book->channels())
      if (may_see(channel)) add_leaves(waiting, now, request.after_index, leaves);
  }
  std::sort(leaves.begin(), leaves.end(),
            [](const auto* a, const auto* b) { return a->index < b->index; });
  wire::ProposalPage page = make_page(leaves);
  page.directory_count = services.view.directory()->count();
  return page;
}

}  // namespace oberih::application
