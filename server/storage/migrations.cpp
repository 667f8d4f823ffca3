// SPDX-License-Identifier: Apache-2.0
#include "server/storage/migrations.hpp"

#include <soci/soci.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <regex>
#include <sstream>

#include "protocol/base/timestamp.hpp"
#include "protocol/crypto/digest.hpp"
#include "protocol/encoding/hex.hpp"
#include "server/storage/database_session.hpp"

namespace oberih::storage {
namespace {

struct Migration {
  int version = 0;
  std::string name;  // of the file
  std::string sha256;
  std::string script;
};

constexpr const char* lock_key = "7020394720";  // any number that nobody else uses

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) throw std::runtime_error("The migration " + path.string() + " cannot be read.");
  return std::move(text).str();
}

std::vector<Migration> read_folder(const std::filesystem::path& folder) {
  static const std::regex pattern("([0-9]{4})_[a-z0-9_]+\\.sql");
  if (!std::filesystem::is_directory(folder))
    throw std::runtime_error("There is no folder of migrations at " + folder.string() + ".");
  std::vector<Migration> migrations;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    std::string name = file.path().filename().string();
    if (file.path().extension() != ".sql") continue;
    std::smatch match;
    if (!std::regex_match(name, match, pattern))
      throw std::runtime_error("The migration " + name + " is not named NNNN_words.sql.");
    std::string script = read_file(file.path());
    std::string hash = encoding::encode_hex(crypto::sha256(as_bytes(script)));
    migrations.push_back({std::stoi(match[1]), name, hash, std::move(script)});
  }
  std::sort(migrations.begin(), migrations.end(),
            [](const Migration& a, const Migration& b) { return a.name < b.name; });
  for (std::size_t place = 0; place < migrations.size(); ++place)
    if (migrations[place].version != static_cast<int>(place) + 1)
      throw std::runtime_error("The migrations must be numbered 1, 2, 3 and so on: " +
                               migrations[place].name + " breaks the row.");
  return migrations;
}

std::vector<Migration> load_applied(DatabaseSession& session) {
  Migration row;
  std::vector<Migration> applied;
  soci::statement statement =
      (session.sql().prepare << "SELECT version, name, encode(sha256, 'hex') FROM schema_migration "
                                "ORDER BY version",
       soci::into(row.version), soci::into(row.name), soci::into(row.sha256));
  statement.execute();
  while (statement.fetch()) applied.push_back(row);
  return applied;
}

void require_same(const std::vector<Migration>& applied, const std::vector<Migration>& known) {
  for (std::size_t place = 0; place < applied.size(); ++place) {
    const Migration& was = applied[place];
    if (was.version != static_cast<int>(place) + 1)
      throw std::runtime_error("The database lacks migration " + std::to_string(place + 1) +
                               ", but has later ones: it was not made by this program.");
    if (place >= known.size())
      throw std::runtime_error("The database has migration " + was.name +
                               ", which this program does not know. Use a newer oberihd.");
    if (was.name != known[place].name || was.sha256 != known[place].sha256)
      throw std::runtime_error("Migration " + was.name +
                               " was applied in another form than the file now has. Migrations are "
                               "never changed: put the file back and add a new one.");
  }
}

void apply(DatabaseSession& session, const Migration& migration) {
  try {
    session.run_script("BEGIN");
    session.run_script(migration.script);
    if (!session.in_transaction()) throw DatabaseError("it ends its own transaction");
    long long now = static_cast<long long>(wall_clock_ms());
    session.sql() << "INSERT INTO schema_migration (version, name, sha256, applied_ms) "
                     "VALUES (:version, :name, decode(:hash, 'hex'), :now)",
        soci::use(migration.version), soci::use(migration.name), soci::use(migration.sha256),
        soci::use(now);
    session.run_script("COMMIT");
  } catch (const DatabaseError& error) {
    throw DatabaseError("Migration " + migration.name +
                        " failed, nothing of it was kept: " + error.what());
  }
}

}  // namespace

std::vector<std::string> migrate(const DatabaseSettings& settings,
                                 const std::filesystem::path& folder) {
  std::vector<Migration> known = read_folder(folder);
  DatabaseSession session(settings, DatabaseRole::owner);
  try {
    session.run_script("SET statement_timeout = 0; SET lock_timeout = 0");
    session.run_script(std::string("SELECT pg_advisory_lock(") + lock_key + ")");
    session.run_script(
        "CREATE TABLE IF NOT EXISTS schema_migration (version int PRIMARY KEY, name text NOT NULL, "
        "sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32), applied_ms bigint NOT NULL); "
        "COMMENT ON TABLE schema_migration IS 'Append-only. The files of schema/ that made this "
        "database, with their SHA-256.'");
    std::vector<Migration> applied = load_applied(session);
    require_same(applied, known);
    std::vector<std::string> done;
    for (std::size_t place = applied.size(); place < known.size(); ++place) {
      apply(session, known[place]);
      done.push_back(known[place].name);
    }
    return done;
  } catch (const soci::soci_error& error) {
    throw DatabaseError(session.describe(error).sentence);
  }
}

void require_schema(DatabaseSession& session) {
  int version = session.read([&] {
    int newest = 0;
    std::string table;
    soci::indicator found = soci::i_null;
    session.sql() << "SELECT cast(to_regclass('public.schema_migration') as text)",
        soci::into(table, found);
    if (found == soci::i_ok)
      session.sql() << "SELECT coalesce(max(version), 0) FROM schema_migration", soci::into(newest);
    return newest;
  });
  if (version < schema_version)
    throw DatabaseError("The database has schema " + std::to_string(version) +
                        ", this program needs " + std::to_string(schema_version) +
                        ". Run 'oberihd migrate'.");
  if (version > schema_version)
    throw DatabaseError("The database has schema " + std::to_string(version) +
                        ", this program knows " + std::to_string(schema_version) +
                        ". Use the oberihd that belongs to it.");
}

}  // namespace oberih::storage
