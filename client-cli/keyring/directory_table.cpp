// SPDX-License-Identifier: Apache-2.0
#include "client-cli/keyring/directory_table.hpp"

#include "protocol/base/byte_reader.hpp"
#include "protocol/base/byte_writer.hpp"
#include "protocol/base/limits.hpp"

namespace oberih::client {

void DirectoryTable::add_leaf(const StoredDirectoryLeaf& leaf, const Digest& leaf_hash) {
  database_.prepare("INSERT INTO directory_leaf VALUES(?, ?, ?, ?)")
      .bind(leaf.count)
      .bind(leaf.index)
      .bind(leaf.leaf)
      .bind(leaf_hash)
      .run();
}

std::vector<StoredDirectoryLeaf> DirectoryTable::leaves_after(std::uint64_t count) {
  std::vector<StoredDirectoryLeaf> leaves;
  Statement statement = database_.prepare(
      "SELECT count, journal_index, leaf FROM directory_leaf WHERE count > ? ORDER BY count");
  statement.bind(count);
  while (statement.step())
    leaves.push_back({statement.integer(0), statement.integer(1), statement.blob(2)});
  return leaves;
}

std::optional<Digest> DirectoryTable::leaf_hash_at(std::uint64_t count) {
  Statement statement = database_.prepare("SELECT leaf_hash FROM directory_leaf WHERE count = ?");
  statement.bind(count);
  if (!statement.step()) return std::nullopt;
  return statement.id<Digest>(0);
}

std::optional<std::uint64_t> DirectoryTable::journal_index_at(std::uint64_t count) {
  Statement statement =
      database_.prepare("SELECT journal_index FROM directory_leaf WHERE count = ?");
  statement.bind(count);
  if (!statement.step()) return std::nullopt;
  return statement.integer(0);
}

void DirectoryTable::add_checkpoint(const StoredCheckpoint& checkpoint) {
  database_.prepare("INSERT OR IGNORE INTO checkpoint(size, root, note) VALUES(?, ?, ?)")
      .bind(checkpoint.size)
      .bind(checkpoint.root)
      .bind(as_bytes(checkpoint.note))
      .run();
  database_
      .prepare(
          "DELETE FROM checkpoint WHERE quoted = 0 AND"
          " size < (SELECT max(size) FROM checkpoint)")
      .run();
}

void DirectoryTable::keep_quoted(std::uint64_t size) {
  database_.prepare("UPDATE checkpoint SET quoted = 1 WHERE size = ?").bind(size).run();
}

std::optional<StoredCheckpoint> DirectoryTable::newest_checkpoint() {
  Statement statement =
      database_.prepare("SELECT size, root, note FROM checkpoint ORDER BY size DESC LIMIT 1");
  if (!statement.step()) return std::nullopt;
  return StoredCheckpoint{statement.integer(0), statement.id<Digest>(1),
                          std::string(as_text(statement.blob(2)))};
}

std::optional<Digest> DirectoryTable::root_at(std::uint64_t size) {
  Statement statement = database_.prepare("SELECT root FROM checkpoint WHERE size = ?");
  statement.bind(size);
  if (!statement.step()) return std::nullopt;
  return statement.id<Digest>(0);
}

void DirectoryTable::put_name_card(const sealing::NameCard& card) {
  Bytes plain = ByteWriter().raw(card.salt).vec(card.name).vec(card.languages).take();
  database_.prepare("INSERT OR REPLACE INTO name_card VALUES(?, ?)")
      .bind(card.device)
      .bind(seal_.seal("name_card", card.device.view(), plain))
      .run();
}

std::vector<sealing::NameCard> DirectoryTable::name_cards() {
  std::vector<sealing::NameCard> cards;
  Statement statement = database_.prepare("SELECT device, sealed FROM name_card");
  while (statement.step()) {
    sealing::NameCard card;
    card.device = statement.id<DeviceId>(0);
    SecretBuffer plain = seal_.open("name_card", card.device.view(), statement.blob(1));
    ByteReader reader(plain.view());
    card.salt = reader.id<NameSalt>();
    card.name = as_text(reader.vec(limits::name_bytes));
    card.languages = as_text(reader.vec(limits::name_bytes));
    if (!reader.complete()) throw LocalStoreFailure("the local store: a name card is damaged");
    cards.push_back(std::move(card));
  }
  return cards;
}

}  // namespace oberih::client
