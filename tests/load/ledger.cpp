// SPDX-License-Identifier: Apache-2.0
#include "tests/load/ledger.hpp"

namespace oberih::load {

std::uint64_t Ledger::reserve(std::size_t count) {
  const std::uint64_t first = first_free_request_id + posts_.size();
  posts_.resize(posts_.size() + count);
  return first;
}

void Ledger::begin_run() {
  latencies_.clear();
  due_.clear();
  sent_ = acknowledged_ = expected_ = delivered_ = doubled_ = 0;
}

void Ledger::note_sent(const PreparedPost& sent, std::size_t readers, Clock::time_point due) {
  Post& each = post(sent.number);
  each.due = due;
  each.readers = static_cast<std::uint32_t>(readers);
  under_way_.emplace(sent.identity, sent.number);
  due_.emplace(sent.identity, due);
  expected_ += readers;
  ++sent_;
}

void Ledger::note_acknowledged(std::uint64_t number) {
  Post& each = post(number);
  if (each.is_acknowledged) throw std::runtime_error("a post was acknowledged twice");
  each.is_acknowledged = true;
  ++acknowledged_;
}

void Ledger::note_delivered(PostIdentity identity) {
  const auto found = under_way_.find(identity);
  if (found == under_way_.end()) throw std::runtime_error("an entry that nobody posted");
  Post& each = post(found->second);
  ++delivered_;
  if (++each.delivered < each.readers) return;
  latencies_.add(Clock::now() - each.due);
  under_way_.erase(found);
}

void Ledger::write_to(Measures& measures) {
  if (acknowledged_ != sent_)
    throw std::runtime_error(std::to_string(sent_ - acknowledged_) + " posts were never answered");
  latencies_.write_to(measures);
  measures.lost = static_cast<double>(expected_ - delivered_);
  measures.doubled = static_cast<double>(doubled_);
}

}  // namespace oberih::load
