// SPDX-License-Identifier: Apache-2.0
#include "server/application/unit_queue.hpp"

#include <utility>

namespace oberih::application {

void UnitQueue::put(std::unique_ptr<Unit> unit) {
  RefusalCode refusal = RefusalCode::unavailable;
  {
    std::lock_guard lock(mutex_);
    if (!stopping_ && units_.size() < bounds_.units) {
      units_.push_back(std::move(unit));
      work_.notify_one();
      return;
    }
    if (!stopping_) refusal = RefusalCode::server_busy;
  }
  unit->answer(refuse(refusal));
}

void UnitQueue::wake() {
  std::lock_guard lock(mutex_);
  woken_ = true;
  work_.notify_one();
}

void UnitQueue::confirm_clock() {
  std::lock_guard lock(mutex_);
  clock_confirmed_ = true;
  work_.notify_one();
}

void UnitQueue::stop() {
  std::lock_guard lock(mutex_);
  stopping_ = true;
  work_.notify_one();
}

bool UnitQueue::is_stopping() const {
  std::lock_guard lock(mutex_);
  return stopping_;
}

UnitQueue::Taken UnitQueue::take(std::chrono::milliseconds longest) {
  std::unique_lock lock(mutex_);
  work_.wait_for(lock, longest,
                 [this] { return stopping_ || woken_ || clock_confirmed_ || !units_.empty(); });
  Taken taken;
  std::size_t bytes = 0;
  while (!units_.empty() && taken.units.size() < bounds_.batch_rows) {
    bytes += units_.front()->size_bytes();
    if (!taken.units.empty() && bytes > bounds_.batch_bytes) break;
    taken.units.push_back(std::move(units_.front()));
    units_.pop_front();
  }
  taken.stopping = stopping_ && taken.units.empty();
  taken.woken = std::exchange(woken_, false);
  taken.clock_confirmed = std::exchange(clock_confirmed_, false);
  return taken;
}

void UnitQueue::refuse_rest() {
  std::deque<std::unique_ptr<Unit>> rest;
  {
    std::lock_guard lock(mutex_);
    rest = std::exchange(units_, {});
  }
  for (auto& unit : rest) unit->answer(refuse(RefusalCode::unavailable));
}

}  // namespace oberih::application
