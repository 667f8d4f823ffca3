// SPDX-License-Identifier: Apache-2.0
#include "server/storage/sql_text.hpp"

#include "protocol/encoding/hex.hpp"

namespace oberih::storage {

std::string to_hex(ByteView bytes) { return encoding::encode_hex(bytes); }

Bytes bytes_from_hex(const std::string& hex) {
  std::optional<Bytes> bytes = encoding::decode_hex(hex);
  if (!bytes) throw DatabaseError("PostgreSQL returned something else than hexadecimal digits");
  return std::move(*bytes);
}

void ArrayLiteral::separate() {
  if (text_.size() > 1) text_ += ',';
}

void ArrayLiteral::add(std::uint64_t number) {
  separate();
  text_ += std::to_string(number);
}

void ArrayLiteral::add(ByteView bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  separate();
  if (bytes.empty()) text_ += "\"\"";
  for (std::uint8_t byte : bytes) {
    text_ += digits[byte >> 4];
    text_ += digits[byte & 15];
  }
}

}  // namespace oberih::storage
