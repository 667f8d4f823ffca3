// SPDX-License-Identifier: Apache-2.0
#include "server/application/deadline_watch.hpp"

#include "server/application/evidence_limits.hpp"
#include "server/application/hearing_limits.hpp"
#include "server/application/task_deadlines.hpp"

namespace oberih::application {

class DeadlineWatch::LookUnit final : public Unit {
 public:
  LookUnit(const PoliciesInForce& policies, std::shared_ptr<std::atomic<bool>> is_looking,
           std::function<void(Result<std::size_t>)> done)
      : Unit({}),
        deadlines_(policies),
        limits_(policies),
        hearings_(policies),
        is_looking_(std::move(is_looking)),
        done_(std::move(done)) {}

  std::size_t size_bytes() const override { return 256 * slots_a_look; }

  Result<wire::Appended> judge(BatchView& batch) override {
    looked_at_ = deadlines_.say_what_is_due(batch, slots_a_look);
    looked_at_ += limits_.say_what_is_missing(batch, entries_a_look);
    looked_at_ += hearings_.say_what_is_due(batch, hearings_a_look);
    return wire::Appended{};
  }

  void answer(Result<wire::Appended> outcome) override {
    *is_looking_ = false;
    if (!done_) return;
    if (outcome)
      done_(looked_at_);
    else
      done_(outcome.error());
  }

 private:
  const TaskDeadlines deadlines_;
  const EvidenceLimits limits_;
  const HearingLimits hearings_;
  const std::shared_ptr<std::atomic<bool>> is_looking_;
  const std::function<void(Result<std::size_t>)> done_;
  std::size_t looked_at_ = 0;
};

void DeadlineWatch::look(std::function<void(Result<std::size_t>)> done) {
  if (is_looking_->exchange(true)) {
    if (done) done(std::size_t{0});
    return;
  }
  recorder_.submit(std::make_unique<LookUnit>(policies_, is_looking_, std::move(done)));
}

}  // namespace oberih::application
