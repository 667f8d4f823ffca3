// SPDX-License-Identifier: Apache-2.0
#include "client-cli/keyring/proof_table.hpp"

namespace oberih::client {

bool ProofTable::await(const OwnLeaf& leaf) {
  database_.prepare("INSERT OR IGNORE INTO own_leaf VALUES(?, ?, ?, 0)")
      .bind(leaf.index)
      .bind(leaf.leaf_hash)
      .bind(leaf.since_ms)
      .run();
  Statement statement = database_.prepare("SELECT leaf_hash FROM own_leaf WHERE journal_index = ?");
  statement.bind(leaf.index);
  return statement.step() && statement.id<Digest>(0) == leaf.leaf_hash;
}

std::vector<OwnLeaf> ProofTable::awaited_below(std::uint64_t index, std::uint64_t limit) {
  std::vector<OwnLeaf> leaves;
  Statement statement = database_.prepare(
      "SELECT journal_index, leaf_hash, since_ms FROM own_leaf WHERE proven = 0"
      " AND journal_index < ? ORDER BY journal_index LIMIT ?");
  statement.bind(index).bind(limit);
  while (statement.step())
    leaves.push_back({statement.integer(0), statement.id<Digest>(1), statement.integer(2)});
  return leaves;
}

std::optional<OwnLeaf> ProofTable::oldest_awaited() {
  Statement statement = database_.prepare(
      "SELECT journal_index, leaf_hash, since_ms FROM own_leaf WHERE proven = 0"
      " ORDER BY since_ms LIMIT 1");
  if (!statement.step()) return std::nullopt;
  return OwnLeaf{statement.integer(0), statement.id<Digest>(1), statement.integer(2)};
}

void ProofTable::mark_proven(std::uint64_t index) {
  database_.prepare("UPDATE own_leaf SET proven = 1 WHERE journal_index = ?").bind(index).run();
}

void ProofTable::add_proven_root(std::uint64_t size, const Digest& root) {
  database_.prepare("INSERT OR IGNORE INTO proven_root VALUES(?, ?)").bind(size).bind(root).run();
}

std::optional<Digest> ProofTable::proven_root(std::uint64_t size) {
  Statement statement = database_.prepare("SELECT root FROM proven_root WHERE size = ?");
  statement.bind(size);
  if (!statement.step()) return std::nullopt;
  return statement.id<Digest>(0);
}

std::uint64_t ProofTable::proven_directory() {
  Statement statement = database_.prepare("SELECT max(count) FROM proven_directory");
  return statement.step() && !statement.is_null(0) ? statement.integer(0) : 0;
}

void ProofTable::put_proven_directory(std::uint64_t count) {
  database_.prepare("INSERT OR REPLACE INTO proven_directory VALUES(1, ?)").bind(count).run();
}

std::optional<std::string> ProofTable::witnessed_note() {
  Statement statement = database_.prepare("SELECT note FROM witnessed");
  if (!statement.step()) return std::nullopt;
  return std::string(as_text(statement.blob(0)));
}

void ProofTable::put_witnessed_note(const std::string& note) {
  database_.prepare("INSERT OR REPLACE INTO witnessed VALUES(1, ?)").bind(as_bytes(note)).run();
}

}  // namespace oberih::client
