// SPDX-License-Identifier: Apache-2.0
// What the server says of a hearing by itself, inside the commit batch: that it is near, and that
// service is not proven of everybody who is called. When to look is in the hearing's row; what is
// said and the row move in one commit, so that each is said once.
#pragma once

#include "server/application/batch_view.hpp"
#include "server/application/policies_in_force.hpp"

namespace oberih::application {

class HearingLimits {
 public:
  explicit HearingLimits(const PoliciesInForce& policies) : policies_(&policies) {}

  /// Stages the hearing as the entry that is staged next makes it, with when to look at it.
  void stage_hearing(BatchView& batch, const ChannelId& channel, sealing::Hearing hearing) const;
  /// Everything whose moment has come by the batch's time; of so many hearings at most. Returns of
  /// how many.
  std::size_t say_what_is_due(BatchView& batch, std::size_t most_hearings) const;

 private:
  const PoliciesInForce* policies_;
};

}  // namespace oberih::application
