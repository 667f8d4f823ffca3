// SPDX-License-Identifier: Apache-2.0
// What agencies often ask of each other (policies/task_templates.json), ready to be sent.
#pragma once

#include <vector>

#include "client-cli/output/language.hpp"
#include "protocol/base/result.hpp"
#include "protocol/sealing/task_words.hpp"

namespace oberih::client {

struct TaskTemplate {
  std::string name;
  sealing::TaskKind kind{};
  sealing::TaskUrgency urgency{};
  std::string title_uk, title_en, instructions_uk, instructions_en;
  std::string law;  // empty: none in particular
  std::string reason;

  const std::string& title(Language language) const;
  const std::string& instructions(Language language) const;
};

/// As they were when this was built. INVARIANT: a test reads them.
std::vector<TaskTemplate> task_templates();
Result<std::vector<TaskTemplate>> parse_task_templates(std::string_view json);
/// Refusal: usage, with the names that there are.
Result<TaskTemplate> find_task_template(std::string_view name);

}  // namespace oberih::client
