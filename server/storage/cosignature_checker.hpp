// SPDX-License-Identifier: Apache-2.0
// Every stored cosignature against the note that it is of, and against the witnesses that the
// directory has ever named.
#pragma once

#include <map>

#include "protocol/sealing/witness_quorum.hpp"
#include "server/storage/check_cursor.hpp"
#include "server/storage/check_report.hpp"

namespace oberih::storage {

class CosignatureChecker {
 public:
  CosignatureChecker(CheckCursor& cursor, CheckReport& report) : cursor_(cursor), report_(report) {}

  /// After the last leaf, with the whole directory.
  void check_all(const sealing::Directory& directory);

 private:
  void check(const application::StoredCosignature& stored, const std::string& note);

  CheckCursor& cursor_;
  CheckReport& report_;
  std::multimap<std::string, sealing::Witness> witnesses_;  // by name; a key may have changed
};

}  // namespace oberih::storage
