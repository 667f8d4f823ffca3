// SPDX-License-Identifier: Apache-2.0
#include "server/application/unit_queue.hpp"

#include <utility>

namespace oberih::application {

void UnitQueue::put(std::unique_ptr<Unit> unit) {
  std::optional<std::unique_ptr<Unit>> turned_away;
  {
    std::lock_guard lock(mutex_);
    if (!stopping_) {
      const Origin origin = unit->origin();
      turned_away = units_.put(origin, std::move(unit));
      work_.notify_one();
    }
  }
  if (unit) return unit->answer(refuse(RefusalCode::unavailable));
  if (turned_away) (*turned_away)->answer(refuse(RefusalCode::server_busy));
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
    bytes += units_.next()->size_bytes();
    if (!taken.units.empty() && bytes > bounds_.batch_bytes) break;
    taken.units.push_back(units_.take());
  }
  taken.stopping = stopping_ && taken.units.empty();
  taken.woken = std::exchange(woken_, false);
  taken.clock_confirmed = std::exchange(clock_confirmed_, false);
  return taken;
}

void UnitQueue::refuse_rest() {
  Units rest;
  {
    std::lock_guard lock(mutex_);
    while (!units_.empty()) rest.push_back(units_.take());
  }
  for (auto& unit : rest) unit->answer(refuse(RefusalCode::unavailable));
}

}  // namespace oberih::application
