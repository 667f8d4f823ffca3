// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/database_process.hpp"

#include <libpq-fe.h>
#include <signal.h>
#include <unistd.h>

#include <fstream>
#include <memory>
#include <stdexcept>
#include <thread>

#include "tests/support/process.hpp"

namespace oberih::faults {
namespace {

pid_t parent_of(const std::filesystem::path& process) {
  const std::string stat = test::read_process_file(process / "stat");
  const auto name_end = stat.rfind(')');  // the name may hold anything
  if (name_end == std::string::npos || name_end + 4 >= stat.size()) return 0;
  return static_cast<pid_t>(std::atol(stat.c_str() + name_end + 4));
}

// A killed backend's last words are no finding.
void ignore_notice(void*, const char*) {}

bool is_process(const std::filesystem::path& path) {
  return path.filename().string().find_first_not_of("0123456789") == std::string::npos;
}

}  // namespace

DatabaseProcess::DatabaseProcess(std::filesystem::path cluster) : cluster_(std::move(cluster)) {}

std::string DatabaseProcess::ask(const std::string& database, const std::string& statement) const {
  const std::string target =
      "host=" + (cluster_ / "socket").string() +
      " port=5432 connect_timeout=10 user=oberih_superuser dbname=" + database;
  std::unique_ptr<PGconn, decltype(&PQfinish)> session(PQconnectdb(target.c_str()), PQfinish);
  if (PQstatus(session.get()) != CONNECTION_OK)
    throw std::runtime_error(PQerrorMessage(session.get()));
  PQsetNoticeProcessor(session.get(), ignore_notice, nullptr);
  std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(session.get(), statement.c_str()),
                                                       PQclear);
  const ExecStatusType status = PQresultStatus(result.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
    throw std::runtime_error(PQresultErrorMessage(result.get()));
  return PQntuples(result.get()) > 0 ? PQgetvalue(result.get(), 0, 0) : "";
}

pid_t DatabaseProcess::postmaster() const {
  std::ifstream file(cluster_ / "data/postmaster.pid");
  pid_t id = 0;
  file >> id;
  return id > 1 && std::filesystem::exists("/proc/" + std::to_string(id)) ? id : 0;
}

std::vector<pid_t> DatabaseProcess::backends() const {
  std::vector<pid_t> children;
  const pid_t parent = postmaster();
  if (parent == 0) return children;
  std::error_code gone;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", gone))
    if (is_process(entry.path()) && parent_of(entry.path()) == parent)
      children.push_back(std::stoi(entry.path().filename()));
  return children;
}

void DatabaseProcess::signal_all(int signal) const {
  // The postmaster first: it must not start what the list does not have.
  const std::vector<pid_t> children = backends();
  if (const pid_t parent = postmaster(); parent != 0) ::kill(parent, signal);
  for (const pid_t child : children) ::kill(child, signal);
}

void DatabaseProcess::kill() const { signal_all(SIGKILL); }

std::vector<std::string> DatabaseProcess::command(const std::string& program) const {
  std::string version = test::read_file(cluster_ / "data/PG_VERSION");
  version.erase(version.find_last_not_of('\n') + 1);
  std::vector<std::string> words;
  if (geteuid() == 0) words = {"setpriv", "--reuid=oberih", "--regid=oberih", "--init-groups"};
  words.push_back("/usr/lib/postgresql/" + version + "/bin/" + program);
  return words;
}

void DatabaseProcess::start() const {
  auto words = command("pg_ctl");
  for (const char* word : {"start", "-w", "-s", "-t", "30", "-D"}) words.emplace_back(word);
  words.push_back(cluster_ / "data");
  words.emplace_back("-l");
  words.push_back(cluster_ / "postgresql.log");
  test::Finished started;
  // Children of a killed postmaster may hold its shared memory for another moment.
  for (int tries = 0; tries < 200; ++tries) {
    if (is_running()) return;
    started = test::run_process(words);
    if (started.exit_code == 0) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  throw std::runtime_error("PostgreSQL does not start: " + started.err);
}

void DatabaseProcess::stop(const std::string& mode) const {
  auto words = command("pg_ctl");
  for (const char* word : {"stop", "-w", "-s", "-t", "30", "-m", mode.c_str(), "-D"})
    words.emplace_back(word);
  words.push_back(cluster_ / "data");
  test::run_process(words);
}

bool DatabaseProcess::is_running() const {
  try {
    return ask("postgres", "SELECT 1") == "1";
  } catch (const std::runtime_error&) {
    return false;
  }
}

}  // namespace oberih::faults
