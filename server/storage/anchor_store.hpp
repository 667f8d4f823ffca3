// SPDX-License-Identifier: Apache-2.0
// What of time-stamps stands in the journal, as oberih_reader, on a connection of its own.
#pragma once

#include "server/application/anchor_desk.hpp"
#include "server/storage/database_session.hpp"

namespace oberih::storage {

class PostgresAnchorArchive final : public application::AnchorArchive {
 public:
  /// Connects. Throws DatabaseError, as do all below.
  explicit PostgresAnchorArchive(const DatabaseSettings& settings)
      : session_(settings, DatabaseRole::reader) {}

  std::optional<Bytes> load_newest_anchor() override;
  Milliseconds load_signed_ms(std::uint64_t above_size) override;

 private:
  DatabaseSession session_;
};

}  // namespace oberih::storage
