// SPDX-License-Identifier: Apache-2.0
// Refusals are values: an expected "no" with a code, a sentence (refusal_codes.def) and, where it
// helps, a detail. INVARIANT: a detail never holds plaintext, keys or a database's words.
#pragma once

#include <boost/system/result.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace oberih {

enum class RefusalCode {
#define OBERIH_REFUSAL(code, number, exit_code, retry, sentence) code,
#include "protocol/base/refusal_codes.def"
#undef OBERIH_REFUSAL
};

enum class Retry { never, later, refresh };

struct RefusalRow {
  RefusalCode code;
  std::string_view name;  // on the wire
  int number;             // JSON-RPC error code
  int exit_code;          // of `oberih`; sysexits.h where it has a fitting one
  Retry retry;
  std::string_view sentence;
};

const RefusalRow& refusal_row(RefusalCode code);
const std::vector<RefusalRow>& refusal_table();
std::optional<RefusalCode> find_refusal_code(std::string_view name);

struct Refusal {
  RefusalCode code;
  std::string detail;  // what exactly, for a person; may be empty
};

[[noreturn]] void throw_exception_from_error(const Refusal& refusal,
                                             const boost::source_location& where);

template <class T = void>
using Result = boost::system::result<T, Refusal>;

inline Refusal refuse(RefusalCode code, std::string detail = {}) {
  return {code, std::move(detail)};
}

}  // namespace oberih

// Returns from the calling function with the refusal of `expression`, if it is one.
#define OBERIH_TRY(expression)                                     \
  do {                                                             \
    if (auto oberih_try_result = (expression); !oberih_try_result) \
      return std::move(oberih_try_result).error();                 \
  } while (false)
