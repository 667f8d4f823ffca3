// SPDX-License-Identifier: Apache-2.0
// One thing that wants to stand in the journal, from the request to its answer.
#pragma once

#include "server/application/batch_view.hpp"

namespace oberih::application {

class Unit {
 public:
  virtual ~Unit() = default;
  virtual std::size_t size_bytes() const = 0;
  /// Judges against everything before it and, where it may stand, stages its leaf. A refusal stages
  /// nothing. May run several times. Exceptions: only what the store throws.
  virtual Result<wire::Appended> judge(BatchView& batch) = 0;
  /// Exactly once, on the recorder's thread or inside submit(). Must not block or throw.
  virtual void answer(Result<wire::Appended> outcome) = 0;
};
using Units = std::vector<std::unique_ptr<Unit>>;

}  // namespace oberih::application
