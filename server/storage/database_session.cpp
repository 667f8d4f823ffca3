// SPDX-License-Identifier: Apache-2.0
#include "server/storage/database_session.hpp"

#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>

#include <map>

namespace oberih::storage {
namespace {

PGconn* native(soci::session& session) {
  return static_cast<soci::postgresql_session_backend*>(session.get_backend())->conn_;
}

// libpq would write what the server says of its own accord to standard error.
void ignore_notice(void*, const char*) {}

}  // namespace

DatabaseSession::DatabaseSession(const DatabaseSettings& settings, DatabaseRole role)
    : settings_(settings), role_(role) {
  connect();
}

DatabaseSession::~DatabaseSession() = default;

bool DatabaseSession::is_broken() const {
  return !session_ || PQstatus(native(*session_)) != CONNECTION_OK;
}

bool DatabaseSession::in_transaction() const {
  return PQtransactionStatus(native(*session_)) != PQTRANS_IDLE;
}

void DatabaseSession::connect() {
  try {
    session_ =
        std::make_shared<soci::session>(soci::postgresql, connection_string(settings_, role_));
    PQsetNoticeProcessor(native(*session_), ignore_notice, nullptr);
    // Blocking calls cannot be cancelled from here: the server must give up by itself.
    run_script("SET statement_timeout = " + std::to_string(settings_.statement_timeout.count()) +
               "; SET lock_timeout = " + std::to_string(settings_.lock_timeout.count()) +
               "; SET default_transaction_isolation = 'read committed'"
               "; SET search_path = public; SET bytea_output = hex; SET client_min_messages = error"
               "; SET timezone = 'UTC'; SET jit = off" +
               // A batch is written in one way, however many rows: planning it anew each time
               // costs as much as writing a small one.
               (role_ == DatabaseRole::writer ? "; SET plan_cache_mode = force_generic_plan" : ""));
    *session_ << "SELECT pid, cast(backend_start as text) FROM pg_stat_activity "
                 "WHERE pid = pg_backend_pid()",
        soci::into(backend_pid_), soci::into(backend_start_);
    ++generation_;
  } catch (const soci::soci_error& error) {
    std::string sentence = describe_failure(error, true).sentence;
    session_.reset();
    throw DatabaseError(sentence);
  }
}

void DatabaseSession::reconnect() {
  session_.reset();
  int lost_pid = std::exchange(backend_pid_, 0);
  std::string lost_start = std::exchange(backend_start_, {});
  try {
    connect();
    if (lost_pid == 0) return;
    // A role may end its own backends; the second argument waits until it is gone.
    std::string ended;
    soci::indicator found = soci::i_null;
    *session_ << "SELECT cast(pg_terminate_backend(pid, 2000) as text) FROM pg_stat_activity WHERE "
                 "pid = :pid AND cast(backend_start as text) = :start AND usename = current_user",
        soci::use(lost_pid), soci::use(lost_start), soci::into(ended, found);
    if (session_->got_data() && found == soci::i_ok && ended == "false")
      throw DatabaseError("PostgreSQL: the backend of the lost connection does not end");
  } catch (const soci::soci_error& error) {
    std::string sentence = describe_failure(error, true).sentence;
    session_.reset();
    backend_pid_ = lost_pid;
    backend_start_ = lost_start;
    throw DatabaseError(sentence);
  } catch (...) {
    session_.reset();
    backend_pid_ = lost_pid;
    backend_start_ = lost_start;
    throw;
  }
}

void DatabaseSession::run_script(const std::string& script) {
  PGresult* result = PQexec(native(*session_), script.c_str());
  ExecStatusType status = PQresultStatus(result);
  bool is_done = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
  std::string message = is_done ? "" : PQresultErrorMessage(result);
  PQclear(result);
  if (!is_done)
    throw DatabaseError("PostgreSQL: " + message.substr(0, message.find_last_not_of('\n') + 1));
}

std::vector<std::string> require_safe_settings(DatabaseSession& session) {
  static const std::map<std::string, std::string> reasons = {
      {"fsync", "an acknowledged entry would be lost in a power cut"},
      {"full_page_writes", "a crash in the middle of a write would leave torn pages"},
      {"synchronous_commit", "an acknowledged entry would be lost in a crash"}};
  return session.read([&] {
    for (const auto& [name, reason] : reasons) {
      std::string value;
      session.sql() << "SELECT current_setting(:name)", soci::use(name), soci::into(value);
      if (value == "off")
        throw DatabaseError("PostgreSQL runs with " + name + " = off: " + reason + ". Set " + name +
                            " = on in postgresql.conf (and in no ALTER ROLE or ALTER DATABASE), "
                            "restart PostgreSQL, and start again.");
    }
    int version = 0;
    std::string checksums;
    session.sql() << "SELECT cast(current_setting('server_version_num') as int), "
                     "current_setting('data_checksums')",
        soci::into(version), soci::into(checksums);
    if (version < 150000)
      throw DatabaseError("PostgreSQL 15 or later is needed; this one says " +
                          std::to_string(version) + ".");
    std::vector<std::string> warnings;
    if (checksums != "on")
      warnings.push_back(
          "The cluster has no data checksums: a failing disk would be noticed late. Stop "
          "PostgreSQL "
          "and run pg_checksums --enable.");
    return warnings;
  });
}

}  // namespace oberih::storage
