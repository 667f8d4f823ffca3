// SPDX-License-Identifier: Apache-2.0
#include "client-cli/keyring/sqlite_database.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

namespace oberih::client {
namespace {

constexpr int busy_timeout_ms = 20'000;

[[noreturn]] void fail(sqlite3* handle) {
  throw LocalStoreFailure(std::string("the local store: ") +
                          (handle == nullptr ? "no memory" : sqlite3_errmsg(handle)));
}

void check(int code, sqlite3_stmt* statement) {
  if (code != SQLITE_OK) fail(sqlite3_db_handle(statement));
}

}  // namespace

Statement::~Statement() {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
  home_.push_back(statement_);
}

Statement& Statement::bind(std::uint64_t value) {
  check(sqlite3_bind_int64(statement_, ++bound_, static_cast<sqlite3_int64>(value)), statement_);
  return *this;
}

Statement& Statement::bind(ByteView value) {
  // A null pointer would be bound as NULL.
  const void* data = value.empty() ? "" : static_cast<const void*>(value.data());
  check(sqlite3_bind_blob64(statement_, ++bound_, data, value.size(), SQLITE_TRANSIENT),
        statement_);
  return *this;
}

Statement& Statement::bind_null() {
  check(sqlite3_bind_null(statement_, ++bound_), statement_);
  return *this;
}

bool Statement::step() {
  int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) fail(sqlite3_db_handle(statement_));
  return false;
}

std::uint64_t Statement::integer(int column) const {
  return static_cast<std::uint64_t>(sqlite3_column_int64(statement_, column));
}

Bytes Statement::blob(int column) const {
  const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_, column));
  return Bytes(data, data + sqlite3_column_bytes(statement_, column));
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

SqliteDatabase::SqliteDatabase(const std::filesystem::path& file) {
  // Born with mode 0600; SQLite gives its journal files the mode of the database.
  int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor >= 0) ::close(descriptor);
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX;
  if (sqlite3_open_v2(file.c_str(), &handle_, flags, nullptr) != SQLITE_OK) {
    std::string why = handle_ == nullptr ? "no memory" : sqlite3_errmsg(handle_);
    sqlite3_close(handle_);
    throw LocalStoreFailure(file.string() + ": " + why);
  }
  sqlite3_busy_timeout(handle_, busy_timeout_ms);
}

SqliteDatabase::~SqliteDatabase() {
  for (auto& [sql, statements] : prepared_)
    for (sqlite3_stmt* statement : statements) sqlite3_finalize(statement);
  sqlite3_close(handle_);
}

Statement SqliteDatabase::prepare(const char* sql) {
  auto found = prepared_.find(std::string_view(sql));
  if (found == prepared_.end()) found = prepared_.try_emplace(sql).first;
  std::vector<sqlite3_stmt*>& home = found->second;
  sqlite3_stmt* statement = nullptr;
  if (!home.empty()) {
    statement = home.back();
    home.pop_back();
  } else if (sqlite3_prepare_v3(handle_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) !=
             SQLITE_OK) {
    fail(handle_);
  }
  return Statement(statement, home);
}

void SqliteDatabase::execute(const char* sql) {
  if (sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) fail(handle_);
}

Transaction::Transaction(SqliteDatabase& database) : database_(&database) {
  database.execute("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
  if (database_ == nullptr) return;
  try {
    database_->execute("ROLLBACK");
  } catch (const LocalStoreFailure&) {
    // SQLite has rolled back by itself (disk full): nothing is left to undo.
  }
}

void Transaction::commit() {
  database_->execute("COMMIT");
  database_ = nullptr;
}

}  // namespace oberih::client
