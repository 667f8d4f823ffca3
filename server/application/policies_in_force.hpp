// SPDX-License-Identifier: Apache-2.0
// All policies as one immutable snapshot. A reload exchanges the whole, so that nobody ever decides
// by half of the old and half of the new; whoever holds a snapshot may finish with it.
#pragma once

#include <memory>
#include <mutex>
#include <utility>

#include "protocol/sealing/policy_leaf.hpp"
#include "server/domain/deadline_policy.hpp"
#include "server/domain/name_visibility.hpp"
#include "server/domain/permission_policy.hpp"
#include "server/domain/seating_policy.hpp"
#include "server/domain/witnessing_policy.hpp"

namespace oberih::application {

struct Policies {
  domain::PermissionPolicy permissions;
  domain::SeatingPolicy seating;
  domain::NameVisibility names;
  domain::WorkCalendar calendar;
  domain::DeadlinePolicy deadlines;
  domain::WitnessingPolicy witnessing;
  std::vector<sealing::PolicyFile> files;  // what it was made of, ascending by name
};
using PoliciesPointer = std::shared_ptr<const Policies>;

class PoliciesInForce {
 public:
  PoliciesInForce() : current_(std::make_shared<const Policies>()) {}  // permits nothing
  explicit PoliciesInForce(Policies policies)
      : current_(std::make_shared<const Policies>(std::move(policies))) {}

  // Any thread.
  PoliciesPointer current() const {  // never nullptr
    std::lock_guard lock(mutex_);
    return current_;
  }
  void replace(PoliciesPointer policies) {
    std::lock_guard lock(mutex_);
    current_ = std::move(policies);
  }

 private:
  mutable std::mutex mutex_;
  PoliciesPointer current_;
};

}  // namespace oberih::application
