// SPDX-License-Identifier: Apache-2.0
#include "protocol/base/result.hpp"

#include <stdexcept>

namespace oberih {

const std::vector<RefusalRow>& refusal_table() {
  static const std::vector<RefusalRow> table = {
#define OBERIH_REFUSAL(code, number, exit_code, retry, sentence) \
  {RefusalCode::code, #code, number, exit_code, Retry::retry, sentence},
#include "protocol/base/refusal_codes.def"
#undef OBERIH_REFUSAL
  };
  return table;
}

const RefusalRow& refusal_row(RefusalCode code) {
  return refusal_table()[static_cast<std::size_t>(code)];
}

std::optional<RefusalCode> find_refusal_code(std::string_view name) {
  for (const RefusalRow& row : refusal_table())
    if (row.name == name) return row.code;
  return std::nullopt;
}

void throw_exception_from_error(const Refusal& refusal, const boost::source_location&) {
  throw std::logic_error("a refusal was not handled: " +
                         std::string(refusal_row(refusal.code).name));
}

}  // namespace oberih
