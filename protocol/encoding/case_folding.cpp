// SPDX-License-Identifier: Apache-2.0
#include "protocol/encoding/case_folding.hpp"

#include <utf8proc.h>

#include <cstdlib>
#include <memory>
#include <new>

#include "protocol/encoding/utf8.hpp"

namespace oberih::encoding {

std::optional<std::string> fold_case(std::string_view text) {
  if (!is_valid_utf8(text)) return std::nullopt;
  utf8proc_uint8_t* folded = nullptr;
  constexpr auto options = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE |
                                                          UTF8PROC_COMPAT | UTF8PROC_CASEFOLD);
  auto size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                           static_cast<utf8proc_ssize_t>(text.size()), &folded, options);
  std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(folded, &std::free);
  if (size == UTF8PROC_ERROR_NOMEM) throw std::bad_alloc();
  if (size < 0) return std::nullopt;
  return std::string(reinterpret_cast<const char*>(folded), static_cast<std::size_t>(size));
}

}  // namespace oberih::encoding
