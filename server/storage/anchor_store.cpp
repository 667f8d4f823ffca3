// SPDX-License-Identifier: Apache-2.0
#include "server/storage/anchor_store.hpp"

#include <soci/soci.h>

#include "server/storage/sql_text.hpp"

namespace oberih::storage {

std::optional<Bytes> PostgresAnchorArchive::load_newest_anchor() {
  return session_.read([&]() -> std::optional<Bytes> {
    std::string leaf;
    session_.sql() << "SELECT encode(leaf, 'hex') FROM journal WHERE journal_index = (SELECT "
                      "journal_index FROM audit_row WHERE kind = 9 "
                      "ORDER BY type DESC, journal_index DESC LIMIT 1)",
        soci::into(leaf);
    if (!session_.sql().got_data()) return std::nullopt;
    return bytes_from_hex(leaf);
  });
}

Milliseconds PostgresAnchorArchive::load_signed_ms(std::uint64_t above_size) {
  const long long size = to_sql(above_size);
  return session_.read([&]() -> Milliseconds {
    long long signed_ms = 0;
    session_.sql() << "SELECT signed_ms FROM checkpoint WHERE size > :size ORDER BY size LIMIT 1",
        soci::use(size), soci::into(signed_ms);
    return session_.sql().got_data() ? from_sql(signed_ms) : 0;
  });
}

}  // namespace oberih::storage
