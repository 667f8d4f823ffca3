// SPDX-License-Identifier: Apache-2.0
#include "server/application/record_policies.hpp"

#include "protocol/crypto/random_bytes.hpp"

namespace oberih::application {
namespace {

class PolicyUnit final : public Unit {
 public:
  PolicyUnit(PoliciesPointer policies, Milliseconds read_ms, std::function<void(Result<void>)> done)
      : Unit({}),
        leaf_{read_ms, policies->files, crypto::random_id<sealing::LeafSalt>()},
        done_(std::move(done)) {}

  std::size_t size_bytes() const override { return 64 * leaf_.files.size() + 64; }

  Result<wire::Appended> judge(BatchView& batch) override {
    if (batch.policy_files() == leaf_.files) return wire::Appended{};
    return batch.stage_policies(leaf_);
  }

  void answer(Result<wire::Appended> outcome) override {
    if (!outcome) return done_(outcome.error());
    done_({});
  }

 private:
  const sealing::PolicyLeaf leaf_;
  std::function<void(Result<void>)> done_;
};

}  // namespace

void record_policies(Recorder& recorder, PoliciesPointer policies, Milliseconds read_ms,
                     std::function<void(Result<void>)> done) {
  recorder.submit(std::make_unique<PolicyUnit>(std::move(policies), read_ms, std::move(done)));
}

}  // namespace oberih::application
