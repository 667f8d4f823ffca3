// SPDX-License-Identifier: Apache-2.0
#include "tests/support/postgres_fixture.hpp"

#include <libpq-fe.h>
#include <sys/stat.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>

#include "server/storage/migrations.hpp"

namespace oberih::test {
namespace {

constexpr const char* superuser = " user=oberih_superuser";

std::string run_sql(const std::string& connection, const std::string& script) {
  std::unique_ptr<PGconn, decltype(&PQfinish)> session(PQconnectdb(connection.c_str()), PQfinish);
  if (PQstatus(session.get()) != CONNECTION_OK)
    throw std::runtime_error(PQerrorMessage(session.get()));
  std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(session.get(), script.c_str()),
                                                       PQclear);
  ExecStatusType status = PQresultStatus(result.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
    throw std::runtime_error(PQresultErrorMessage(result.get()));
  return PQntuples(result.get()) > 0 ? PQgetvalue(result.get(), 0, 0) : "";
}

std::string make_temporary_folder() {
  std::string folder = "/tmp/oberih-test-XXXXXX";
  if (!mkdtemp(folder.data())) throw std::runtime_error("no temporary folder can be made");
  // Where tests run as root, the cluster's user must be able to reach it.
  chmod(folder.c_str(), 0755);
  return folder;
}

std::string script_path() { return OBERIH_SOURCE "/ops/postgres-cluster"; }

// The last line that the script prints: the connection string.
std::string start_cluster(const std::string& folder) {
  std::FILE* output = popen(("'" + script_path() + "' start '" + folder + "'").c_str(), "re");
  if (!output) throw std::runtime_error("ops/postgres-cluster cannot be run");
  std::array<char, 1024> line{};
  std::string last;
  while (std::fgets(line.data(), line.size(), output)) last = line.data();
  if (pclose(output) != 0 || last.find("host=") != 0)
    throw std::runtime_error("ops/postgres-cluster start failed");
  return last.substr(0, last.find('\n'));
}

}  // namespace

PostgresCluster& PostgresCluster::shared() {
  static PostgresCluster cluster;
  return cluster;
}

PostgresCluster::PostgresCluster() : folder_(make_temporary_folder()) {
  std::string data = folder_ + "/pg";
  std::string connection = start_cluster(data);
  socket_ = connection.substr(0, connection.find(" dbname="));
  // It reads until this program closes the pipe or dies, and then removes the cluster.
  std::string command = "trap '' INT TERM; read -r _; '" + script_path() + "' remove '" + data +
                        "' >/dev/null 2>&1; rm -rf '" + folder_ + "'";
  remover_ = popen(command.c_str(), "we");
  storage::DatabaseSettings settings;
  settings.connection = this->connection("oberih");
  storage::migrate(settings, OBERIH_SOURCE "/schema");
}

PostgresCluster::~PostgresCluster() {
  if (remover_) pclose(remover_);
}

std::string PostgresCluster::connection(const std::string& database) const {
  return socket_ + " dbname=" + database;
}

PostgresDatabase::PostgresDatabase() {
  static std::atomic<int> count{0};
  PostgresCluster& cluster = PostgresCluster::shared();
  name_ = "test_" + std::to_string(++count);
  run_sql(cluster.connection("postgres") + superuser,
          "CREATE DATABASE " + name_ + " TEMPLATE oberih OWNER oberih_owner");
  settings_.connection = cluster.connection(name_);
  settings_.reader_connections = 2;
  // Tests share their machine with others: what is not the test's subject may take its time.
  settings_.statement_timeout = std::chrono::minutes(1);
  settings_.lock_timeout = std::chrono::seconds(30);
  settings_.reconnect_limit = std::chrono::seconds(20);
}

PostgresDatabase::~PostgresDatabase() {
  try {
    run_sql(PostgresCluster::shared().connection("postgres") + superuser,
            "DROP DATABASE " + name_ + " WITH (FORCE)");
  } catch (const std::runtime_error& error) {
    std::fprintf(stderr, "%s", error.what());
  }
}

void PostgresDatabase::run_as_superuser(const std::string& script) const {
  run_sql(settings_.connection + superuser, script);
}

std::string PostgresDatabase::ask(const std::string& role, const std::string& statement) const {
  return run_sql(settings_.connection + " user=" + role, statement);
}

}  // namespace oberih::test
