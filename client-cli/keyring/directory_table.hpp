// SPDX-License-Identifier: Apache-2.0
// The directory's leaves as received, the checkpoints that were accepted, and people's name cards.
#pragma once

#include <vector>

#include "client-cli/keyring/row_seal.hpp"
#include "client-cli/keyring/sqlite_database.hpp"
#include "protocol/sealing/device_certificate.hpp"

namespace oberih::client {

struct StoredDirectoryLeaf {
  std::uint64_t count = 0;  // its place in the directory, from 1
  std::uint64_t index = 0;  // journal
  Bytes leaf;
};

struct StoredCheckpoint {
  std::uint64_t size = 0;
  Digest root;
  std::string note;
};

class DirectoryTable {
 public:
  DirectoryTable(SqliteDatabase& database, RowSeal& seal) : database_(database), seal_(seal) {}

  void add_leaf(const StoredDirectoryLeaf& leaf, const Digest& leaf_hash);
  std::vector<StoredDirectoryLeaf> leaves_after(std::uint64_t count);
  std::optional<Digest> leaf_hash_at(std::uint64_t count);
  std::optional<std::uint64_t> journal_index_at(std::uint64_t count);

  /// Older ones go, except those that were quoted.
  void add_checkpoint(const StoredCheckpoint& checkpoint);
  /// The signed notes that this device has quoted in entries and records are its evidence.
  void keep_quoted(std::uint64_t size);
  std::optional<StoredCheckpoint> newest_checkpoint();
  std::optional<Digest> root_at(std::uint64_t size);

  void put_name_card(const sealing::NameCard& card);
  std::vector<sealing::NameCard> name_cards();

 private:
  SqliteDatabase& database_;
  RowSeal& seal_;
};

}  // namespace oberih::client
