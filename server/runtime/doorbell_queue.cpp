// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/doorbell_queue.hpp"

#include <algorithm>

namespace oberih::runtime {

using application::Ring;

bool DoorbellQueue::put(const Ring& ring) {
  if (std::ranges::find(waiting_, ring) != waiting_.end()) return true;
  if (waiting_.size() >= limits_.waiting) return false;
  waiting_.push_back(ring);
  return true;
}

std::uint64_t DoorbellQueue::earliest_ms(const Ring& ring) const {
  const auto found = begun_ms_.find(ring);
  if (found == begun_ms_.end()) return 0;
  return found->second + static_cast<std::uint64_t>(limits_.pause.count());
}

bool DoorbellQueue::is_startable(const Ring& ring) const {
  return ringing_.size() < limits_.at_once && !ringing_.contains(ring.agency);
}

std::optional<Ring> DoorbellQueue::take(std::uint64_t now_ms) {
  std::erase_if(begun_ms_, [&](const auto& begun) { return earliest_ms(begun.first) <= now_ms; });
  const auto next = std::ranges::find_if(waiting_, [&](const Ring& ring) {
    return is_startable(ring) && earliest_ms(ring) <= now_ms;
  });
  if (next == waiting_.end()) return std::nullopt;
  const Ring ring = *next;
  waiting_.erase(next);
  ringing_.insert(ring.agency);
  begun_ms_[ring] = now_ms;
  return ring;
}

void DoorbellQueue::finish(const Ring& ring) { ringing_.erase(ring.agency); }

std::optional<std::uint64_t> DoorbellQueue::next_ms() const {
  std::optional<std::uint64_t> next;
  for (const Ring& ring : waiting_) {
    if (!is_startable(ring)) continue;  // its turn comes when another ends
    const std::uint64_t earliest = earliest_ms(ring);
    if (!next || earliest < *next) next = earliest;
  }
  return next;
}

}  // namespace oberih::runtime
