// SPDX-License-Identifier: Apache-2.0
// Of journal_replay.hpp: time-stamps of outside authorities, and what they date.
#include <algorithm>

#include "protocol/evidence/journal_replay.hpp"
#include "protocol/sealing/anchor_leaf.hpp"

namespace oberih::evidence {

Result<> JournalReplay::take_anchor(const journal::Leaf& leaf, const Moment& said) {
  const Result<sealing::AnchorLeaf> anchor = sealing::parse_anchor_leaf(leaf.body);
  if (!anchor) return anchor.error();
  if (!leaf.channel_id.is_zero())
    return refuse(RefusalCode::proof_invalid, "a time-stamp is of no channel");
  if (anchor->size > said.index)
    return refuse(RefusalCode::proof_invalid, "it is over leaves that came only later");
  const Result<crypto::Timestamp> stamped = sealing::read_anchor(*anchor, timestamp_ca_);
  if (!stamped) return stamped.error();
  const auto end = std::partition_point(
      directory_leaves_.begin(), directory_leaves_.end(),
      [&](const std::pair<std::uint64_t, Digest>& each) { return each.first < anchor->size; });
  // The genesis stands at 0, and a size is at least 1.
  anchors_.push_back({said.index, anchor->size, anchor->checkpoint_hash,
                      static_cast<std::uint64_t>(end - directory_leaves_.begin()),
                      std::prev(end)->second});
  report_.anchors.push_back(
      {said, anchor->size, stamped->at_ms, place_of_authority(stamped->authority)});
  return {};
}

/// Names are strangers' words, and of every token another one may come.
std::uint32_t JournalReplay::place_of_authority(const std::string& name) {
  const auto known = authorities_.find(name);
  if (known != authorities_.end()) return known->second;
  std::vector<std::string>& names = report_.authorities;
  if (names.size() == authorities_at_most) names.emplace_back();
  if (names.size() > authorities_at_most) return static_cast<std::uint32_t>(authorities_at_most);
  names.push_back(name);
  return authorities_[name] = static_cast<std::uint32_t>(names.size() - 1);
}

/// Of each channel the earliest time at which all that is shown of it existed.
void JournalReplay::date_channels() {
  std::vector<AnchorFact> best = report_.anchors;
  std::stable_sort(best.begin(), best.end(),
                   [](const AnchorFact& a, const AnchorFact& b) { return a.size < b.size; });
  for (std::size_t i = best.size(); i-- > 1;)
    if (best[i].at_ms < best[i - 1].at_ms) best[i - 1] = best[i];
  for (auto& [id, channel] : report_.channels) {
    const auto first = std::partition_point(
        best.begin(), best.end(),
        [newest = channel.newest.index](const AnchorFact& fact) { return fact.size <= newest; });
    if (first != best.end()) channel.existed_by = *first;
  }
}

}  // namespace oberih::evidence
