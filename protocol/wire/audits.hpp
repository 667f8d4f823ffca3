// SPDX-License-Identifier: Apache-2.0
// Questions of auditors, and pages of their answers. What is looked for stands in the signed bytes
// alone. Who asks verifies each leaf: that it fits, and that it stands in the tree.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "protocol/wire/replies.hpp"

namespace oberih::wire {

inline constexpr std::uint32_t audit_leaves_at_once = 500;
inline constexpr std::uint64_t audit_count_at_most = 1'000'000;

struct AuditFind {
  static constexpr std::string_view method = "audit.find";
  Bytes content;  // sealing::AuditQuestion, what 1
  Signature signature;
  std::uint64_t from_index = 0;  // inclusive: where the page begins
  std::uint32_t limit = 0;       // 1..audit_leaves_at_once; a page is bounded by page_bytes, too
  bool count = false;            // also how many leaves fit in all
  /// Of the leaf that holds this very question, for its later pages; none: it is recorded now.
  std::optional<std::uint64_t> asked_index;
};

struct AuditPage {
  Appended asked;                      // the question as it stands in the journal
  std::vector<DirectoryLeaf> leaves;   // that fit, ascending, below the size of the question
  bool more = false;                   // ask again from behind the last index
  std::optional<std::uint64_t> count;  // audit_count_at_most: so many or more
  std::uint64_t directory_count = 0;
};

nlohmann::json encode_params(const AuditFind& request);
Result<void> parse_params(const nlohmann::json& params, AuditFind& request);

std::string encode_result(const AuditPage& reply);
Result<void> parse_result(const nlohmann::json& result, AuditPage& reply);

}  // namespace oberih::wire
