// SPDX-License-Identifier: Apache-2.0
// Has the recorder look, again and again, at what has come due. What it finds is read and written
// inside one commit, so that each notice is given once: over restarts, crashes, and jumps of the
// clock. What came due while nobody served is said when somebody serves again.
#pragma once

#include <atomic>
#include <functional>
#include <memory>

#include "server/application/policies_in_force.hpp"
#include "server/application/recorder.hpp"

namespace oberih::application {

class DeadlineWatch {
 public:
  static constexpr std::size_t slots_a_look = 200;
  static constexpr std::size_t entries_a_look = 50;  // each may name a roster in three leaves
  static constexpr std::size_t hearings_a_look = 50;

  /// Both outlive the recorder's thread.
  DeadlineWatch(Recorder& recorder, const PoliciesInForce& policies)
      : recorder_(recorder), policies_(policies) {}

  /// To be called every second or so, by the one node that serves. One look at a time; `done`,
  /// where there is one, gets how many slots and entries were looked at.
  void look(std::function<void(Result<std::size_t>)> done = {});

 private:
  class LookUnit;

  Recorder& recorder_;
  const PoliciesInForce& policies_;
  const std::shared_ptr<std::atomic<bool>> is_looking_ = std::make_shared<std::atomic<bool>>(false);
};

}  // namespace oberih::application
