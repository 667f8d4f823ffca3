// SPDX-License-Identifier: Apache-2.0
// Between the recorder and the fan-out: rings for what a commit brought, after it, and after the
// readers' news are on their way. What is rolled back rings for nobody.
#pragma once

#include "server/application/ports.hpp"

namespace oberih::application {

class RingingListener final : public CommitListener {
 public:
  /// `doorbell` may be null: nobody is called then.
  RingingListener(CommitListener& next, Doorbell* doorbell) : next_(next), doorbell_(doorbell) {}

  void on_commit(CommittedBatch batch) override {
    const std::vector<Ring> rings = std::move(batch.rings);
    batch.rings.clear();
    next_.on_commit(std::move(batch));
    if (doorbell_ == nullptr) return;
    for (const Ring& ring : rings) doorbell_->ring(ring);
  }
  void on_checkpoint(const std::string& note) override { next_.on_checkpoint(note); }

 private:
  CommitListener& next_;
  Doorbell* doorbell_;
};

}  // namespace oberih::application
