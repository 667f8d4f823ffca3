// SPDX-License-Identifier: Apache-2.0
// What the server says of silence, inside the commit batch: that people have not received, opened
// or acknowledged an entry by the limit of the policy. When to look is a row written with the
// entry; what is said and the row move in one commit, so that each is said once (ADR 15).
#pragma once

#include "server/application/batch_view.hpp"
#include "server/application/policies_in_force.hpp"

namespace oberih::application {

class EvidenceLimits {
 public:
  explicit EvidenceLimits(const PoliciesInForce& policies) : policies_(&policies) {}

  /// Behind the entry that has just been staged: it asks, or acknowledges what asked.
  void follow_entry(BatchView& batch, const sealing::EntryHeader& header,
                    const Digest& message_hash, const wire::Appended& appended) const;
  /// Everything whose limit has come by the batch's time; of so many entries at most. Returns of
  /// how many.
  std::size_t say_what_is_missing(BatchView& batch, std::size_t most_entries) const;

 private:
  const PoliciesInForce* policies_;
};

}  // namespace oberih::application
