// SPDX-License-Identifier: Apache-2.0
// What went wrong in PostgreSQL, by SQLSTATE: SOCI's own categories call most of it `unknown`.
#pragma once

#include <soci/error.h>

#include <stdexcept>
#include <string>

namespace oberih::storage {

enum class FailureKind {
  connection_lost,   // 08*, 57P01 to 57P03, 25006 (a standby), or the socket is gone: outcome
                     // unknown
  conflict,          // 40001, 40P01: rolled back, the same again may do
  overloaded,        // 55P03, 57014, 53*: rolled back, later
  unique_violation,  // 23505
  other,
};

struct DatabaseFailure {
  FailureKind kind{};
  std::string sqlstate;    // five characters; blank where the server said none
  std::string constraint;  // of a unique violation
  std::string sentence;    // for the log
};

DatabaseFailure describe_failure(const soci::soci_error& error, bool connection_is_broken);

/// What leaves this folder instead of SOCI's exceptions, whose texts hold the statement's values.
class DatabaseError : public std::runtime_error {
 public:
  explicit DatabaseError(const std::string& sentence) : std::runtime_error(sentence) {}
};

}  // namespace oberih::storage
