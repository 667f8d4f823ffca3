// SPDX-License-Identifier: Apache-2.0
#include "client-cli/keyring/local_store.hpp"

namespace oberih::client {
namespace {

constexpr std::uint64_t schema_version = 1;

constexpr const char* schema = R"sql(
CREATE TABLE directory_leaf(
  count INTEGER PRIMARY KEY, journal_index INTEGER NOT NULL, leaf BLOB NOT NULL,
  leaf_hash BLOB NOT NULL) STRICT;
CREATE TABLE checkpoint(
  size INTEGER PRIMARY KEY, root BLOB NOT NULL, note BLOB NOT NULL,
  quoted INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE name_card(device BLOB PRIMARY KEY, sealed BLOB NOT NULL) STRICT;
CREATE TABLE channel(
  channel BLOB PRIMARY KEY, state BLOB NOT NULL, newest_seq INTEGER NOT NULL,
  newest_index INTEGER NOT NULL, newest_ms INTEGER NOT NULL, shown_seq INTEGER NOT NULL DEFAULT 0,
  sealed_title BLOB) STRICT;
CREATE TABLE item(
  channel BLOB NOT NULL, seq INTEGER NOT NULL, journal_index INTEGER NOT NULL, leaf BLOB NOT NULL,
  leaf_hash BLOB NOT NULL, ciphertext BLOB, PRIMARY KEY(channel, seq)) STRICT, WITHOUT ROWID;
CREATE TABLE sent_message(
  sender BLOB NOT NULL, message_id BLOB NOT NULL, channel BLOB NOT NULL,
  seq INTEGER NOT NULL, PRIMARY KEY(sender, message_id)) STRICT, WITHOUT ROWID;
CREATE TABLE epoch(
  channel BLOB NOT NULL, epoch INTEGER NOT NULL, key_commitment BLOB NOT NULL,
  message_key_commitment BLOB NOT NULL, previous_epoch INTEGER NOT NULL, previous_box BLOB NOT NULL,
  sealed_key BLOB, PRIMARY KEY(channel, epoch)) STRICT, WITHOUT ROWID;
CREATE TABLE outbox(
  channel BLOB NOT NULL, message_id BLOB NOT NULL, type INTEGER NOT NULL, sealed_text BLOB NOT NULL,
  created_ms INTEGER NOT NULL, PRIMARY KEY(channel, message_id)) STRICT, WITHOUT ROWID;
PRAGMA user_version = 1;
)sql";

// Later than the first version, and an older client does not miss them.
constexpr const char* proof_tables = R"sql(
CREATE TABLE IF NOT EXISTS own_leaf(
  journal_index INTEGER PRIMARY KEY, leaf_hash BLOB NOT NULL, since_ms INTEGER NOT NULL,
  proven INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS own_leaf_awaited ON own_leaf(journal_index) WHERE proven = 0;
CREATE TABLE IF NOT EXISTS proven_root(size INTEGER PRIMARY KEY, root BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS proven_directory(
  single INTEGER PRIMARY KEY CHECK(single = 1), count INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS witnessed(
  single INTEGER PRIMARY KEY CHECK(single = 1), note BLOB NOT NULL) STRICT;
)sql";

// The same. An older client shows no tasks, and none of what it passes over is lost: the items
// stay.
constexpr const char* task_tables = R"sql(
CREATE TABLE IF NOT EXISTS task(
  channel BLOB NOT NULL, task BLOB NOT NULL, state BLOB NOT NULL,
  PRIMARY KEY(channel, task)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS task_entry(
  channel BLOB NOT NULL, task BLOB NOT NULL, seq INTEGER NOT NULL,
  PRIMARY KEY(channel, task, seq)) STRICT, WITHOUT ROWID;
)sql";

constexpr const char* hearing_tables = R"sql(
CREATE TABLE IF NOT EXISTS hearing(
  channel BLOB NOT NULL, hearing BLOB NOT NULL, state BLOB NOT NULL,
  PRIMARY KEY(channel, hearing)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS hearing_entry(
  channel BLOB NOT NULL, hearing BLOB NOT NULL, seq INTEGER NOT NULL,
  PRIMARY KEY(channel, hearing, seq)) STRICT, WITHOUT ROWID;
)sql";

constexpr const char* receipt_tables = R"sql(
CREATE TABLE IF NOT EXISTS receipt_mark(
  channel BLOB NOT NULL, step INTEGER NOT NULL, reached_seq INTEGER NOT NULL,
  reached_ms INTEGER NOT NULL, settled_seq INTEGER NOT NULL,
  PRIMARY KEY(channel, step)) STRICT, WITHOUT ROWID;
)sql";

constexpr const char* upload_tables = R"sql(
CREATE TABLE IF NOT EXISTS upload(
  name BLOB PRIMARY KEY, channel BLOB NOT NULL, sealed BLOB NOT NULL,
  created_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS upload_keep(
  channel BLOB NOT NULL, content BLOB NOT NULL, PRIMARY KEY(channel, content)) STRICT,
  WITHOUT ROWID;
)sql";

constexpr const char* alert_tables = R"sql(
CREATE TABLE IF NOT EXISTS alert_mark(
  single INTEGER PRIMARY KEY CHECK(single = 1), shown_index INTEGER NOT NULL) STRICT;
)sql";

constexpr const char* asked_tables = R"sql(
CREATE TABLE IF NOT EXISTS asked_entry(
  channel BLOB NOT NULL, seq INTEGER NOT NULL, state BLOB NOT NULL,
  PRIMARY KEY(channel, seq)) STRICT, WITHOUT ROWID;
)sql";

// Found anew from the items where it is missing.
constexpr const char* ask_tables = R"sql(
CREATE TABLE IF NOT EXISTS ask(
  channel BLOB NOT NULL, seq INTEGER NOT NULL, what INTEGER NOT NULL, is_urgent INTEGER NOT NULL,
  server_ms INTEGER NOT NULL, PRIMARY KEY(channel, seq, what)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS ask_mark(
  channel BLOB PRIMARY KEY, read_seq INTEGER NOT NULL,
  member_until_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;
)sql";

constexpr const char* lost_tables = R"sql(
CREATE TABLE IF NOT EXISTS lost_checkpoint(
  new_size INTEGER NOT NULL, size INTEGER NOT NULL, root BLOB NOT NULL, note BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS lost_item(
  new_size INTEGER NOT NULL, channel BLOB NOT NULL, seq INTEGER NOT NULL,
  journal_index INTEGER NOT NULL, leaf BLOB NOT NULL, leaf_hash BLOB NOT NULL,
  ciphertext BLOB) STRICT;
CREATE TABLE IF NOT EXISTS lost_epoch(
  new_size INTEGER NOT NULL, channel BLOB NOT NULL, epoch INTEGER NOT NULL,
  key_commitment BLOB NOT NULL, message_key_commitment BLOB NOT NULL,
  previous_epoch INTEGER NOT NULL, previous_box BLOB NOT NULL, sealed_key BLOB) STRICT;
)sql";

// The channels are read anew: what they add up to cannot be taken back leaf by leaf.
constexpr const char* set_aside[] = {
    "INSERT INTO lost_checkpoint SELECT ?1, size, root, note FROM checkpoint WHERE size > ?1",
    "DELETE FROM checkpoint WHERE size > ?1",
    "INSERT INTO lost_item SELECT ?1, channel, seq, journal_index, leaf, leaf_hash, ciphertext"
    " FROM item WHERE channel IN (SELECT channel FROM channel WHERE newest_index >= ?1)",
    "DELETE FROM item WHERE channel IN (SELECT channel FROM channel WHERE newest_index >= ?1)",
    "INSERT INTO lost_epoch SELECT ?1, channel, epoch, key_commitment, message_key_commitment,"
    " previous_epoch, previous_box, sealed_key"
    " FROM epoch WHERE channel IN (SELECT channel FROM channel WHERE newest_index >= ?1)",
    "DELETE FROM epoch WHERE channel IN (SELECT channel FROM channel WHERE newest_index >= ?1)",
    "DELETE FROM sent_message WHERE channel IN"
    " (SELECT channel FROM channel WHERE newest_index >= ?1)",
    "DELETE FROM task WHERE channel IN (SELECT channel FROM channel WHERE newest_index >= ?1)",
    "DELETE FROM task_entry WHERE channel IN"
    " (SELECT channel FROM channel WHERE newest_index >= ?1)",
    "DELETE FROM hearing WHERE channel IN (SELECT channel FROM channel WHERE newest_index >= ?1)",
    "DELETE FROM hearing_entry WHERE channel IN"
    " (SELECT channel FROM channel WHERE newest_index >= ?1)",
    "DELETE FROM asked_entry WHERE channel IN"
    " (SELECT channel FROM channel WHERE newest_index >= ?1)",
    "DELETE FROM ask WHERE channel IN (SELECT channel FROM channel WHERE newest_index >= ?1)",
    "DELETE FROM ask_mark WHERE channel IN (SELECT channel FROM channel WHERE newest_index >= ?1)",
    "DELETE FROM channel WHERE newest_index >= ?1",
    "DELETE FROM receipt_mark WHERE channel NOT IN"
    " (SELECT channel FROM channel WHERE newest_index < ?1)",
    // What was told may be lost with the tail: it is told again, and known is no harm.
    "UPDATE receipt_mark SET settled_seq = 0 WHERE ?1 >= 0",
    "UPDATE alert_mark SET shown_index = min(shown_index, max(?1, 1) - 1) WHERE ?1 >= 0",
    "DELETE FROM own_leaf WHERE journal_index >= ?1",
    "DELETE FROM proven_root WHERE size > ?1",
};

void prepare_schema(SqliteDatabase& database) {
  // An acknowledged post must not be forgotten by a power cut, nor an outbox row.
  database.execute(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON");
  Transaction transaction(database);
  std::uint64_t version = 0;
  {
    Statement statement = database.prepare("PRAGMA user_version");
    if (statement.step()) version = statement.integer(0);
  }
  if (version == 0) database.execute(schema);
  if (version > schema_version)
    throw LocalStoreFailure("the local store was written by a newer version of oberih");
  database.execute(proof_tables);
  database.execute(task_tables);
  database.execute(hearing_tables);
  database.execute(receipt_tables);
  database.execute(upload_tables);
  database.execute(alert_tables);
  database.execute(asked_tables);
  database.execute(ask_tables);
  transaction.commit();
}

}  // namespace

LocalStore::LocalStore(const std::filesystem::path& profile_folder, const SymmetricKey& storage_key)
    : database_(profile_folder / "store.sqlite"),
      seal_(storage_key),
      directory_(database_, seal_),
      channels_(database_, seal_),
      outbox_(database_, seal_),
      proofs_(database_),
      tasks_(database_),
      hearings_(database_),
      receipts_(database_),
      uploads_(database_, seal_),
      alerts_(database_),
      asked_(database_),
      asks_(database_) {
  prepare_schema(database_);
}

void LocalStore::set_tail_aside(std::uint64_t new_size) {
  database_.execute(lost_tables);
  for (const char* statement : set_aside) database_.prepare(statement).bind(new_size).run();
  database_.execute("DELETE FROM proven_directory");  // proven anew, in the tree that goes on
  database_.execute("DELETE FROM witnessed");         // what was cosigned may be what is lost
}

}  // namespace oberih::client
