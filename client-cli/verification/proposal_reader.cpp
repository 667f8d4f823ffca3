// SPDX-License-Identifier: Apache-2.0
#include "client-cli/verification/proposal_reader.hpp"

#include <algorithm>

#include "client-cli/verification/verified_proposals.hpp"
#include "protocol/encoding/hex.hpp"

namespace oberih::client {
namespace {

constexpr std::size_t fewest_proposal_digits = 4;

}  // namespace

Result<std::vector<sealing::WaitingPointer>> ProposalReader::read(
    const std::optional<ChannelId>& channel) {
  VerifiedProposals verified(session_.directory(), session_.profile().folder);
  wire::ProposalList request{channel, 0};
  for (bool more = true; more;) {
    Result<wire::ProposalPage> page = session_.ask(request);
    if (!page) return page.error();
    OBERIH_TRY(session_.read_directory(page->directory_count));
    for (const wire::DirectoryLeaf& leaf : page->leaves) {
      // Ascending, so that a server cannot keep us asking for ever.
      if (leaf.index <= request.after_index)
        return refuse(RefusalCode::verification_failed, "proposals out of order");
      request.after_index = leaf.index;
      OBERIH_TRY(verified.add(leaf));
    }
    more = page->more && !page->leaves.empty();
  }
  std::vector<sealing::WaitingPointer> waiting;
  for (const auto& [id, proposals] : verified.book().channels())
    for (const auto& [proposal, pointer] : proposals)
      if ((!channel || id == *channel) && pointer->proposal.expires_ms > session_.hello().server_ms)
        waiting.push_back(pointer);
  std::sort(waiting.begin(), waiting.end(), [](const auto& a, const auto& b) {
    return a->leaves.front().index < b->leaves.front().index;
  });
  return waiting;
}

Result<sealing::WaitingPointer> ProposalReader::find(const std::string& digits) {
  if (digits.size() < fewest_proposal_digits)
    return refuse(RefusalCode::usage, "name the proposal by four digits of its id or more");
  Result<std::vector<sealing::WaitingPointer>> waiting = read({});
  if (!waiting) return waiting.error();
  sealing::WaitingPointer found;
  for (const sealing::WaitingPointer& each : *waiting) {
    if (!encoding::encode_hex(each->proposal.id).starts_with(digits)) continue;
    if (found)
      return refuse(RefusalCode::usage, "'" + digits + "' means several; give more digits");
    found = each;
  }
  if (!found) return refuse(RefusalCode::not_found, "no such proposal waits");
  return found;
}

sealing::ProposalCase ProposalReader::case_of(const VerifiedChannel& channel) const {
  return {channel.state(),
          session_.directory(),
          {UINT64_MAX, channel.state().newest_seq() + 1, session_.server_time_ms(channel)}};
}

}  // namespace oberih::client
