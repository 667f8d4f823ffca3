// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "server/storage/database_session.hpp"
#include "server/storage/migrations.hpp"
#include "tests/support/postgres_fixture.hpp"

namespace oberih::test {
namespace {

const std::filesystem::path schema_folder = OBERIH_SOURCE "/schema";

/// What the call refused with; empty when it did not.
template <class Call>
std::string refusal_of(Call&& call) {
  try {
    call();
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return {};
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

class CopiedSchema {
 public:
  CopiedSchema() : folder_(PostgresCluster::shared().folder() + "/schema") {
    std::filesystem::remove_all(folder_);
    std::filesystem::copy(schema_folder, folder_);
  }
  ~CopiedSchema() { std::filesystem::remove_all(folder_); }
  const std::filesystem::path& folder() const { return folder_; }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::app) << text;
  }

 private:
  std::filesystem::path folder_;
};

TEST(Migrations, run_twice_do_nothing_the_second_time) {
  PostgresDatabase database;
  EXPECT_TRUE(storage::migrate(database.settings(), schema_folder).empty());
  EXPECT_EQ(database.ask("oberih_owner", "SELECT count(*) FROM schema_migration"),
            std::to_string(storage::schema_version));
}

TEST(Migrations, a_new_file_is_applied_and_remembered) {
  PostgresDatabase database;
  CopiedSchema schema;
  schema.write("0016_more.sql", "CREATE TABLE more (word text DEFAULT 'a:b');");
  EXPECT_EQ(storage::migrate(database.settings(), schema.folder()),
            std::vector<std::string>{"0016_more.sql"});
  EXPECT_EQ(database.ask("oberih_owner", "SELECT count(*) FROM more"), "0");
  storage::DatabaseSession session(database.settings(), storage::DatabaseRole::writer);
  EXPECT_TRUE(contains(refusal_of([&] { storage::require_schema(session); }),
                       "Use the oberihd that belongs to it"));
}

TEST(Migrations, a_changed_file_is_refused) {
  PostgresDatabase database;
  CopiedSchema schema;
  schema.write("0002_append_only.sql", "-- one more line\n");
  EXPECT_TRUE(contains(refusal_of([&] { storage::migrate(database.settings(), schema.folder()); }),
                       "Migration 0002_append_only.sql was applied in another form"));
}

TEST(Migrations, a_missing_file_is_refused) {
  PostgresDatabase database;
  CopiedSchema schema;
  std::filesystem::remove(schema.folder() / "0015_audit_pairs.sql");
  EXPECT_TRUE(contains(refusal_of([&] { storage::migrate(database.settings(), schema.folder()); }),
                       "0015_audit_pairs.sql, which this program does not know"));
  std::filesystem::remove(schema.folder() / "0001_journal.sql");
  EXPECT_TRUE(contains(refusal_of([&] { storage::migrate(database.settings(), schema.folder()); }),
                       "numbered 1, 2, 3"));
}

TEST(Migrations, a_failing_file_leaves_nothing_behind) {
  PostgresDatabase database;
  CopiedSchema schema;
  schema.write("0016_broken.sql", "CREATE TABLE half (word text); SELECT no_such_function();");
  EXPECT_TRUE(contains(refusal_of([&] { storage::migrate(database.settings(), schema.folder()); }),
                       "Migration 0016_broken.sql failed, nothing of it was kept"));
  EXPECT_EQ(database.ask("oberih_owner", "SELECT to_regclass('half') IS NULL"), "t");
}

TEST(Migrations, an_empty_database_asks_for_migrate) {
  PostgresDatabase database;
  database.run_as_superuser("DROP TABLE schema_migration");
  storage::DatabaseSession session(database.settings(), storage::DatabaseRole::reader);
  EXPECT_TRUE(
      contains(refusal_of([&] { storage::require_schema(session); }), "Run 'oberihd migrate'"));
}

TEST(AppendOnly, even_the_owner_may_not_change_delete_or_truncate) {
  PostgresDatabase database;
  for (std::string table : {"journal", "entry", "audit_row", "checkpoint", "schema_migration"}) {
    std::string column = table == "checkpoint"         ? "size"
                         : table == "schema_migration" ? "version"
                                                       : "journal_index";
    for (std::string statement : {"UPDATE " + table + " SET " + column + " = " + column,
                                  "DELETE FROM " + table, "TRUNCATE " + table})
      EXPECT_TRUE(contains(refusal_of([&] { database.ask("oberih_owner", statement); }),
                           "The table " + table + " is append-only"))
          << statement;
  }
}

TEST(AppendOnly, triggers_fire_for_a_superuser_in_replica_mode_too) {
  PostgresDatabase database;
  EXPECT_TRUE(contains(refusal_of([&] {
                         database.run_as_superuser(
                             "SET session_replication_role = replica; DELETE FROM journal");
                       }),
                       "append-only"));
}

TEST(AppendOnly, the_head_never_shrinks) {
  PostgresDatabase database;
  // It is locked by an update that leaves it as it is; nothing of it changes without a leaf.
  database.ask("oberih_owner", "UPDATE journal_head SET size = size");
  for (const char* change : {"server_ms = server_ms + 1", "directory_count = directory_count + 1",
                             "frontier = decode('00', 'hex')"})
    EXPECT_TRUE(contains(refusal_of([&] {
                           database.ask("oberih_owner",
                                        std::string("UPDATE journal_head SET ") + change);
                         }),
                         "The journal only grows"))
        << change;
  database.ask("oberih_owner", "UPDATE journal_head SET size = 2");
  EXPECT_TRUE(contains(
      refusal_of([&] { database.ask("oberih_owner", "UPDATE journal_head SET size = 1"); }),
      "The journal only grows"));
  EXPECT_TRUE(
      contains(refusal_of([&] { database.ask("oberih_owner", "DELETE FROM journal_head"); }),
               "append-only"));
}

TEST(Privileges, the_writer_can_append_and_nothing_else) {
  PostgresDatabase database;
  for (const char* statement : {"UPDATE journal SET kind = 1",
                                "DELETE FROM journal",
                                "TRUNCATE journal",
                                "DELETE FROM entry",
                                "DELETE FROM ciphertext",
                                "UPDATE ciphertext SET journal_index = 1",
                                "DELETE FROM epoch_wraps",
                                "DELETE FROM name_card",
                                "UPDATE name_card SET device = ''",
                                "DELETE FROM journal_head",
                                "INSERT INTO journal_head VALUES (false)",
                                "DELETE FROM checkpoint",
                                "DELETE FROM cosignature",
                                "UPDATE cosignature SET size = 1",
                                "INSERT INTO schema_migration VALUES (9)",
                                "CREATE TABLE mine (a int)",
                                "ALTER TABLE journal DISABLE TRIGGER append_only",
                                "DELETE FROM task",
                                "UPDATE task SET kind = 1",
                                "DELETE FROM task_slot",
                                "UPDATE task_slot SET assignee_agency = holder",
                                "DELETE FROM asked_entry",
                                "UPDATE asked_entry SET channel_seq = 1",
                                "UPDATE asked_entry_begin SET journal_index = 0",
                                "DELETE FROM hearing",
                                "UPDATE hearing SET hearing_id = channel_id",
                                "DELETE FROM audit_row",
                                "UPDATE audit_row SET kind = 1",
                                "SELECT * FROM audit_metadata"})
    EXPECT_TRUE(
        contains(refusal_of([&] { database.ask("oberih_writer", statement); }),
                 "permission denied") ||
        contains(refusal_of([&] { database.ask("oberih_writer", statement); }), "must be owner"))
        << statement;
  EXPECT_EQ(refusal_of([&] { database.ask("oberih_writer", "SELECT size FROM journal_head"); }),
            "");
}

TEST(Privileges, the_reader_can_only_read) {
  PostgresDatabase database;
  for (const char* statement :
       {"UPDATE journal_head SET size = 9", "DELETE FROM journal",
        "INSERT INTO ciphertext VALUES (1, decode(repeat('00', 32), 'hex'))",
        "INSERT INTO checkpoint (size) VALUES (1)", "CREATE TABLE mine (a int)"})
    EXPECT_TRUE(contains(refusal_of([&] { database.ask("oberih_reader", statement); }),
                         "permission denied"))
        << statement;
}

TEST(Privileges, the_auditor_sees_rows_of_views_only_inside_a_named_query) {
  PostgresDatabase database;
  database.run_as_superuser(
      "INSERT INTO journal VALUES (0, 5, 1, decode(repeat('ab', 32), 'hex'), 1, "
      "decode(repeat('cd', 32), 'hex'), decode(repeat('ef', 100), 'hex'))");
  for (const char* table :
       {"journal", "entry", "ciphertext", "epoch_wraps", "name_card", "checkpoint", "journal_head",
        "task", "task_slot", "receipt", "alert", "asked_entry", "hearing", "cosignature",
         "audit_row"})
    EXPECT_TRUE(contains(
        refusal_of([&] { database.ask("oberih_auditor", std::string("SELECT * FROM ") + table); }),
        "permission denied"))
        << table;
  EXPECT_EQ(database.ask("oberih_auditor", "SELECT count(*) FROM audit_metadata"), "0");
  EXPECT_EQ(database.ask("oberih_auditor",
                         "SET oberih.audit_query = '417'; SELECT count(*) FROM audit_metadata"),
            "1");
}

TEST(SafeSettings, a_safe_cluster_is_accepted_without_warnings) {
  PostgresDatabase database;
  storage::DatabaseSession session(database.settings(), storage::DatabaseRole::writer);
  EXPECT_TRUE(storage::require_safe_settings(session).empty());
}

TEST(SafeSettings, synchronous_commit_off_is_refused_wherever_it_was_set) {
  PostgresDatabase database;
  database.run_as_superuser("ALTER DATABASE " + database.name() + " SET synchronous_commit = off");
  storage::DatabaseSession session(database.settings(), storage::DatabaseRole::writer);
  std::string refusal = refusal_of([&] { storage::require_safe_settings(session); });
  EXPECT_TRUE(contains(refusal, "synchronous_commit = off")) << refusal;
  EXPECT_TRUE(contains(refusal, "Set synchronous_commit = on")) << refusal;
}

/// A server-wide setting, put back at the end.
class ServerSetting {
 public:
  ServerSetting(const PostgresDatabase& database, const std::string& name) : database_(database) {
    database_.ask("oberih_superuser", "ALTER SYSTEM SET " + name + " = off");
    reload();
  }
  ~ServerSetting() {
    database_.ask("oberih_superuser", "ALTER SYSTEM RESET ALL");
    reload();
  }

 private:
  void reload() { database_.ask("oberih_superuser", "SELECT pg_reload_conf(), pg_sleep(0.3)"); }
  const PostgresDatabase& database_;
};

TEST(SafeSettings, fsync_and_full_page_writes_off_are_refused) {
  PostgresDatabase database;
  for (std::string name : {"fsync", "full_page_writes"}) {
    ServerSetting off(database, name);
    storage::DatabaseSession session(database.settings(), storage::DatabaseRole::writer);
    std::string refusal = refusal_of([&] { storage::require_safe_settings(session); });
    EXPECT_TRUE(contains(refusal, name + " = off")) << refusal;
  }
}

TEST(DatabaseSettings, a_uri_is_refused_and_the_role_cannot_be_chosen) {
  storage::DatabaseSettings settings;
  settings.connection = "postgresql:///oberih";
  EXPECT_TRUE(contains(
      refusal_of([&] { storage::connection_string(settings, storage::DatabaseRole::reader); }),
      "not as a URI"));
  PostgresDatabase database;
  settings = database.settings();
  settings.connection += " user=oberih_superuser";
  storage::DatabaseSession session(settings, storage::DatabaseRole::reader);
  EXPECT_TRUE(contains(refusal_of([&] { session.run_script("DELETE FROM journal"); }),
                       "permission denied"));
}

}  // namespace
}  // namespace oberih::test
