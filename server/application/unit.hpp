// SPDX-License-Identifier: Apache-2.0
// One thing that wants to stand in the journal, from the request to its answer.
#pragma once

#include "server/application/batch_view.hpp"
#include "server/application/fair_queue.hpp"

namespace oberih::application {

class Unit {
 public:
  explicit Unit(const Origin& origin) : origin_(origin) {}
  virtual ~Unit() = default;
  const Origin& origin() const { return origin_; }
  virtual std::size_t size_bytes() const = 0;
  /// Judges against everything before it and, where it may stand, stages its leaf. A refusal stages
  /// nothing. May run several times. Exceptions: only what the store throws.
  virtual Result<wire::Appended> judge(BatchView& batch) = 0;
  /// Exactly once, on the recorder's thread or inside submit(). Must not block or throw.
  virtual void answer(Result<wire::Appended> outcome) = 0;

 private:
  const Origin origin_;
};
using Units = std::vector<std::unique_ptr<Unit>>;

}  // namespace oberih::application
