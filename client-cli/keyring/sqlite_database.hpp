// SPDX-License-Identifier: Apache-2.0
// A thin C++ face of SQLite: statements with their parameters, transactions that roll back.
// Failures are exceptions (the disk is full, the file is no database), caught once at the top of a
// command.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "protocol/base/ids.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace oberih::client {

class LocalStoreFailure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A prepared statement in use; given back when it goes. Parameters are bound in order.
class Statement {
 public:
  Statement(sqlite3_stmt* statement, std::vector<sqlite3_stmt*>& home)
      : statement_(statement), home_(home) {}
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement();

  Statement& bind(std::uint64_t value);
  Statement& bind(ByteView value);
  Statement& bind_null();
  template <class Tag, std::size_t N>
  Statement& bind(const FixedBytes<Tag, N>& value) {
    return bind(value.view());
  }

  /// The next row; false after the last.
  bool step();
  void run() {
    while (step()) {
    }
  }
  std::uint64_t integer(int column) const;
  Bytes blob(int column) const;
  bool is_null(int column) const;
  /// Throws when the stored length is not the id's.
  template <class Id>
  Id id(int column) const {
    std::optional<Id> value = Id::from(blob(column));
    if (!value) throw LocalStoreFailure("the local store holds a value of a wrong length");
    return *value;
  }

 private:
  sqlite3_stmt* statement_;
  std::vector<sqlite3_stmt*>& home_;
  int bound_ = 0;
};

class SqliteDatabase {
 public:
  explicit SqliteDatabase(const std::filesystem::path& file);
  SqliteDatabase(const SqliteDatabase&) = delete;
  SqliteDatabase& operator=(const SqliteDatabase&) = delete;
  ~SqliteDatabase();

  /// Prepared once and kept; once more where the same text is in use, as when a row that is being
  /// shown asks for others.
  Statement prepare(const char* sql);
  /// Several statements without parameters.
  void execute(const char* sql);

 private:
  sqlite3* handle_ = nullptr;
  /// Those not in use, by their text.
  std::map<std::string, std::vector<sqlite3_stmt*>, std::less<>> prepared_;
};

/// From here to commit() nobody else writes: commands that run at once take turns.
class Transaction {
 public:
  explicit Transaction(SqliteDatabase& database);
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();
  void commit();

 private:
  SqliteDatabase* database_;
};

}  // namespace oberih::client
