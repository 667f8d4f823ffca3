// SPDX-License-Identifier: Apache-2.0
#include "tests/support/deployment.hpp"

#include <arpa/inet.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

namespace oberih::test {
namespace {

const std::string binaries = OBERIH_BINARIES;
const std::string source = OBERIH_SOURCE;

Finished require(Finished finished, const std::string& what) {
  if (finished.exit_code != 0)
    throw std::runtime_error(what + " failed (" + std::to_string(finished.exit_code) + "):\n" +
                             finished.out + finished.err);
  return finished;
}

/// The first value of `key` in JSON text or `key: value` lines that the commands print.
std::string field_of(const std::string& json, const std::string& key) {
  const auto at = json.find('"' + key + '"');
  if (at == std::string::npos) throw std::runtime_error("no " + key + " in: " + json);
  const auto from = json.find('"', json.find(':', at)) + 1;
  return json.substr(from, json.find('"', from) - from);
}

/// A port that is free now. The server keeps it over restarts, as clients remember it.
int free_port() {
  const int descriptor = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  if (bind(descriptor, reinterpret_cast<sockaddr*>(&address), length) != 0 ||
      getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &length) != 0)
    throw std::runtime_error("no free port");
  close(descriptor);
  return ntohs(address.sin_port);
}

}  // namespace

std::vector<Officer> Deployment::four_officers() {
  return {{"investigator", "police", "investigator", "Слідча Поліція"},
          {"prosecutor", "prosecution", "prosecutor", "Прокурор Одеса"},
          {"clerk", "court", "court_clerk", "Секретар Суду"},
          {"caseworker", "ngo", "caseworker", "Працівниця Світанку"}};
}

std::vector<FoundingAgency> Deployment::four_agencies() {
  return {{"police", "Національна поліція"},
          {"prosecution", "Одеська обласна прокуратура"},
          {"court", "Приморський районний суд"},
          {"ngo", "Громадська організація «Світанок»"}};
}

Deployment::Deployment(const std::vector<Officer>& officers, const std::string& settings,
                       const std::string& client, std::vector<FoundingAgency> agencies)
    : client_(binaries + "/" + client), agencies_(std::move(agencies)) {
  start_cluster();
  port_ = free_port();
  write_file(folder() / "passphrase", std::string(passphrase) + "\n");
  write_file(folder() / "oberihd.conf",
             "listen_port = " + std::to_string(port_) +
                 "\nstate_directory = " + state_directory().string() + "\ndatabase = " + database_ +
                 "\nschema_directory = " + source + "/schema" + "\npolicies_directory = " + source +
                 "/policies" + "\nlog_file = " + server_log().string() + "\n" + settings);
  require(oberihd("migrate"), "oberihd migrate");
  found_agencies();
  start_server();
  for (const FoundingAgency& agency : agencies_) enrol_administrator(agency.kind);
  for (const Officer& officer : officers) enrol(officer);
}

Deployment::~Deployment() {
  if (server_ && server_->is_running()) server_->stop(SIGTERM);
  server_.reset();
  for (const auto& entry : std::filesystem::directory_iterator(folder() / "profiles"))
    run_process({client_, "--profile", entry.path().filename(), "lock"}, environment());
  run_process({source + "/ops/postgres-cluster", "stop", folder() / "cluster"});
}

void Deployment::start_cluster() {
  std::filesystem::create_directory(folder() / "profiles");
  // The cluster runs as an unprivileged user where the test runs as root.
  std::filesystem::permissions(folder(), std::filesystem::perms::others_exec,
                               std::filesystem::perm_options::add);
  const Finished started =
      require(run_process({source + "/ops/postgres-cluster", "start", folder() / "cluster"}),
              "ops/postgres-cluster start");
  const auto last = started.out.find_last_not_of('\n');
  const auto line = started.out.rfind('\n', last);
  database_ = started.out.substr(line == std::string::npos ? 0 : line + 1,
                                 last - (line == std::string::npos ? -1 : line));
  if (const auto user = database_.find(" user="); user != std::string::npos)
    database_.erase(user, database_.find(' ', user + 1) - user);
}

Environment Deployment::environment() const {
  return {{"OBERIH_HOME", folder() / "profiles"},
          {"OBERIH_PASSPHRASE_FILE", folder() / "passphrase"},
          {"LC_ALL", "C.UTF-8"}};
}

void Deployment::found_agencies() {
  std::vector<std::string> init = {"--origin", "journal.oberih.example", "--out",
                                   folder() / "genesis"};
  for (const FoundingAgency& agency : agencies_) {
    const std::string stem = folder() / agency.kind;
    require(run_process({client_, "agency", "create", "--kind", agency.kind, "--name", agency.name,
                         "--root", stem + ".root", "--card", stem + ".agency"},
                        environment()),
            "agency create");
    init.insert(init.end(), {"--agency", stem + ".agency"});
  }
  require(oberihd("init", init), "oberihd init");
  for (const FoundingAgency& agency : agencies_)
    require(run_process({client_, "agency", "sign", "--yes", "--root",
                         folder() / (agency.kind + ".root"), "--genesis", folder() / "genesis"},
                        environment()),
            "agency sign");
  const Finished signed_init =
      require(oberihd("init", {"--signed", folder() / "genesis"}), "oberihd init --signed");
  const std::string hexadecimal = "0123456789abcdef";
  for (std::size_t at = 0; at + 64 <= signed_init.out.size() && genesis_.empty(); ++at)
    if (signed_init.out.find_first_not_of(hexadecimal, at) >= at + 64)
      genesis_ = signed_init.out.substr(at, 64);
  if (genesis_.empty()) throw std::runtime_error("no genesis hash in: " + signed_init.out);
}

void Deployment::enrol_administrator(const std::string& agency) {
  const std::string profile = agency + "-admin";
  const std::string stem = folder() / profile;
  require(oberih(profile, {"profile", "create", "--server", "127.0.0.1:" + std::to_string(port_),
                           "--genesis", genesis_}),
          "profile create");
  require(oberih(profile,
                 {"device", "request", "--agency", folder() / (agency + ".agency"), "--role",
                  "agency_admin", "--name", "Адміністратор " + agency, "--out", stem + ".request"}),
          "device request");
  require(
      run_process({client_, "agency", "certify", "--yes", "--root", folder() / (agency + ".root"),
                   "--request", stem + ".request", "--out", stem + ".leaf"},
                  environment()),
      "agency certify");
  require(oberihd("directory append", {stem + ".leaf"}), "oberihd directory append");
  require(oberih(profile, {"unlock"}), "unlock");
}

void Deployment::enrol(const Officer& officer) {
  const std::string admin = officer.agency + "-admin";
  const std::string stem = folder() / officer.profile;
  require(
      oberih(admin, {"device", "invite", "--role", officer.role, "--out", stem + ".invitation"}),
      "device invite");
  require(oberih(officer.profile, {"device", "request", "--invitation", stem + ".invitation",
                                   "--name", officer.name, "--out", stem + ".request"}),
          "device request");
  require(oberih(admin, {"device", "certify", "--yes", "--request", stem + ".request"}),
          "device certify");
  require(oberih(officer.profile, {"unlock"}), "unlock");
}

Finished Deployment::oberih(const std::string& profile, const std::vector<std::string>& arguments,
                            std::string_view input) const {
  std::vector<std::string> all = {client_, "--profile", profile};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return run_process(all, environment(), input);
}

std::unique_ptr<BackgroundProcess> Deployment::oberih_in_background(
    const std::string& profile, const std::vector<std::string>& arguments,
    const std::string& output_name) const {
  std::vector<std::string> all = {client_, "--profile", profile};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return std::make_unique<BackgroundProcess>(all, environment(), folder() / output_name);
}

Finished Deployment::oberihd(const std::string& command,
                             const std::vector<std::string>& arguments) const {
  std::vector<std::string> all = {binaries + "/oberihd"};
  if (const auto space = command.find(' '); space != std::string::npos) {
    all.push_back(command.substr(0, space));
    all.push_back(command.substr(space + 1));
  } else {
    all.push_back(command);
  }
  all.insert(all.end(), {"--settings", folder() / "oberihd.conf"});
  all.insert(all.end(), arguments.begin(), arguments.end());
  return run_process(all);
}

Finished Deployment::sql(const std::string& statement, const std::string& database) const {
  return run_process({"psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d",
                      database_ + " user=oberih_superuser dbname=" + database, "-c", statement});
}

std::string Deployment::dump() const {
  return require(run_process({"pg_dump", "-d", database_ + " user=oberih_superuser"}), "pg_dump")
      .out;
}

void Deployment::start_server() {
  server_ = std::make_unique<BackgroundProcess>(
      std::vector<std::string>{binaries + "/oberihd", "serve", "--settings",
                               folder() / "oberihd.conf"},
      server_environment_, folder() / "server.out");
  // The output is appended to a file that may hold an earlier ready line: the port tells.
  for (int tries = 0; tries < 600; ++tries) {
    const Finished probe =
        run_process({"bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/" + std::to_string(port_)});
    if (probe.exit_code == 0) return;
    if (!server_->is_running()) break;
    usleep(50'000);
  }
  throw std::runtime_error("the server does not start:\n" + server_->output() +
                           read_file(server_log()));
}

int Deployment::stop_server(int signal) { return server_->stop(signal); }

std::string Deployment::device_of(const std::string& profile) const {
  return field_of(require(oberih(profile, {"--json", "status"}), "status").out, "device");
}

}  // namespace oberih::test
