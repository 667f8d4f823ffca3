// SPDX-License-Identifier: Apache-2.0
// The checkout, read once for all lint tests, and a way to run one rule over all of it.
#pragma once

#include "source_tree.hpp"

namespace oberih::lint {

inline const std::vector<SourceFile>& tree() {
  static const std::vector<SourceFile> files = load_tree(OBERIH_SOURCE);
  return files;
}

template <class Rule>
std::vector<Finding> check_tree(Rule rule) {
  std::vector<Finding> all;
  for (const auto& file : tree()) {
    for (auto& finding : rule(file)) all.push_back(std::move(finding));
  }
  return all;
}

}  // namespace oberih::lint
