// SPDX-License-Identifier: Apache-2.0
// Leaves by which the server speaks for itself and that stand in no chain: which policies it
// follows, what it refused, who consulted what, which time-stamps it got; and what auditors asked.
#pragma once

#include "protocol/journal/leaf.hpp"
#include "protocol/sealing/directory.hpp"
#include "server/storage/check_cursor.hpp"
#include "server/storage/check_report.hpp"

namespace oberih::storage {

class NoticeChecker {
 public:
  NoticeChecker(CheckCursor& cursor, const sealing::Directory& directory, CheckReport& report)
      : cursor_(cursor), directory_(directory), report_(report) {}

  /// A leaf of any kind; others than these are passed over.
  void check(const journal::Leaf& leaf, std::uint64_t index);

 private:
  void check_policies(const journal::Leaf& leaf, std::uint64_t index);
  void check_access(const journal::Leaf& leaf, std::uint64_t index);
  void check_question(const journal::Leaf& leaf, std::uint64_t index);
  void check_refusal(const journal::Leaf& leaf, std::uint64_t index);
  void check_anchor(const journal::Leaf& leaf, std::uint64_t index);

  CheckCursor& cursor_;
  const sealing::Directory& directory_;
  CheckReport& report_;
};

}  // namespace oberih::storage
