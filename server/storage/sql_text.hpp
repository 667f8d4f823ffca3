// SPDX-License-Identifier: Apache-2.0
// How values travel to and from PostgreSQL: bytes as lower-case hex (SOCI cuts strings at a NUL and
// knows no bytea), many rows as array literals for unnest (SOCI's bulk is a round trip per
// element).
#pragma once

#include <string>

#include "protocol/base/ids.hpp"
#include "server/storage/database_failure.hpp"

namespace oberih::storage {

inline long long to_sql(std::uint64_t number) { return static_cast<long long>(number); }
inline std::uint64_t from_sql(long long number) { return static_cast<std::uint64_t>(number); }
std::string to_hex(ByteView bytes);
/// Throws DatabaseError: only a changed schema can bring anything else.
Bytes bytes_from_hex(const std::string& hex);

template <class Fixed>
Fixed fixed_from_hex(const std::string& hex) {
  std::optional<Fixed> value = Fixed::from(bytes_from_hex(hex));
  if (!value) throw DatabaseError("PostgreSQL returned bytes of an unexpected length");
  return *value;
}

/// `{1,2,3}` or `{00ff,ab}`: the literal of bigint[], smallint[] or (hex) text[].
class ArrayLiteral {
 public:
  void clear() { text_ = "{"; }
  void add(std::uint64_t number);
  void add(ByteView bytes);  // as hex; needs no quotes unless empty
  /// Closed; the reference is good until the next clear().
  const std::string& close() { return text_ += '}'; }

 private:
  void separate();
  std::string text_ = "{";
};

}  // namespace oberih::storage
