// SPDX-License-Identifier: Apache-2.0
// `oberihd policy check` and `oberihd policy explain`: for those who write policies, before a
// server reads them. Neither needs a database.
#pragma once

#include <string>
#include <vector>

#include "server/runtime/settings.hpp"

namespace oberih::runtime {

struct PolicyQuestion {
  std::string role;
  std::string action;
  std::string agency_kind;
  std::vector<std::string> relations;
  std::string deadline;  // a kind of task: then the rest is about a due time
  std::string urgency;
  std::string from;  // Kyiv time
};

/// Prints what the file is and what is wrong with it; the exit code is 0 for a policy that a server
/// would take. Its schema lies beside it, or in the policies' directory.
Result<int> check_policy_files(const Settings& settings, const std::vector<std::string>& files);

/// Yes or no, by which rule, or what is lacking; or when a task would be due. The exit code is 0
/// for yes.
Result<int> explain_policy(const Settings& settings, const PolicyQuestion& question);

}  // namespace oberih::runtime
