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
  separate();
  if (bytes.empty()) text_ += "\"\"";
  encoding::append_hex(text_, bytes);
}

}  // namespace oberih::storage
