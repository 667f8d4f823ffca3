// SPDX-License-Identifier: Apache-2.0
// Cosignatures beside the checkpoints, as oberih_writer, on a connection of its own: the recorder's
// must not wait for witnesses.
#pragma once

#include "server/application/witness_ports.hpp"
#include "server/storage/database_session.hpp"

namespace oberih::storage {

class PostgresCosignatureStore final : public application::CosignatureArchive {
 public:
  /// Connects. Throws DatabaseError, as do all below.
  explicit PostgresCosignatureStore(const DatabaseSettings& settings)
      : session_(settings, DatabaseRole::writer) {}

  void store(const std::vector<application::StoredCosignature>& cosignatures) override;
  std::vector<std::string> load_newest_notes(std::size_t most) override;

 private:
  DatabaseSession session_;
};

}  // namespace oberih::storage
