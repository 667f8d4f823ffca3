// SPDX-License-Identifier: Apache-2.0
// Duties that must be apart, whatever a policy file says: a floor in code below the permissions.
// A file that goes under it is refused whole; a decision that would is never made.
#pragma once

#include <string_view>

#include "server/domain/permission_policy.hpp"

namespace oberih::domain {

/// Why no rule may permit the action to people of this role; empty where a rule may.
std::string_view find_bar(Role role, Action action);
/// With how the caller stands to the object: nobody confirms own work.
std::string_view find_bar(Role role, Action action, const Relations& object);

}  // namespace oberih::domain
