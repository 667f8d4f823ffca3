// SPDX-License-Identifier: Apache-2.0
#include "client-cli/output/byte_count.hpp"

#include <array>

namespace oberih::client {

std::string format_bytes(std::uint64_t bytes, Language language) {
  struct Unit {
    std::uint64_t size;
    const char* english;
    const char* ukrainian;
  };
  static constexpr std::array<Unit, 3> units = {
      {{1ull << 30, "GiB", "ГіБ"}, {1ull << 20, "MiB", "МіБ"}, {1ull << 10, "KiB", "КіБ"}}};
  const bool is_english = language == Language::english;
  for (const Unit& unit : units) {
    if (bytes < unit.size) continue;
    const std::uint64_t tenths = (bytes * 10 + unit.size / 2) / unit.size;
    return std::to_string(tenths / 10) + (is_english ? "." : ",") + std::to_string(tenths % 10) +
           " " + (is_english ? unit.english : unit.ukrainian);
  }
  return std::to_string(bytes) + (is_english ? " B" : " Б");
}

}  // namespace oberih::client
