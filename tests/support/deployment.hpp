// SPDX-License-Identifier: Apache-2.0
// Oberih as its users run it: a private PostgreSQL, `oberihd`, four founding agencies with their
// administrators and people, everything made with the commands of docs/commands.md.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/support/process.hpp"

namespace oberih::test {

struct Officer {
  std::string profile;  // of `oberih`
  std::string agency;   // its kind
  std::string role;
  std::string name;
};

struct FoundingAgency {
  std::string kind;  // also its short name in tests: one of each kind
  std::string name;
};

class Deployment {
 public:
  /// Makes everything and starts the server. `settings`: lines added to its settings file;
  /// `client`: the program to use as `oberih`. Throws std::runtime_error with the failing command's
  /// output.
  explicit Deployment(const std::vector<Officer>& officers, const std::string& settings = {},
                      const std::string& client = "oberih-quick-passphrase",
                      std::vector<FoundingAgency> agencies = four_agencies());
  ~Deployment();

  /// Runs `oberih --profile PROFILE arguments...`.
  Finished oberih(const std::string& profile, const std::vector<std::string>& arguments,
                  std::string_view input = {}) const;
  /// The same, in the background, its output in a file of that name.
  std::unique_ptr<BackgroundProcess> oberih_in_background(const std::string& profile,
                                                          const std::vector<std::string>& arguments,
                                                          const std::string& output_name) const;
  /// Runs `oberihd COMMAND --settings FILE arguments...`.
  Finished oberihd(const std::string& command,
                   const std::vector<std::string>& arguments = {}) const;
  /// SQL as the cluster's superuser, in the journal's database or another; unaligned output.
  Finished sql(const std::string& statement, const std::string& database = "oberih") const;
  /// The whole database as `pg_dump` writes it.
  std::string dump() const;

  void start_server();
  /// Added to the server's environment from its next start on.
  void set_server_environment(Environment environment) {
    server_environment_ = std::move(environment);
  }
  int stop_server(int signal);
  BackgroundProcess& server() { return *server_; }
  int port() const { return port_; }

  const std::filesystem::path& folder() const { return folder_.path(); }
  std::filesystem::path server_log() const { return folder() / "server.log"; }
  std::filesystem::path state_directory() const { return folder() / "state"; }
  std::filesystem::path profile_folder(const std::string& profile) const {
    return folder() / "profiles" / profile;
  }
  static constexpr std::string_view passphrase = "a passphrase for tests only";
  /// Device id in hex, of an officer's profile.
  std::string device_of(const std::string& profile) const;

  static std::vector<FoundingAgency> four_agencies();
  static std::vector<Officer> four_officers();

 private:
  void start_cluster();
  void found_agencies();
  void enrol_administrator(const std::string& agency);
  void enrol(const Officer& officer);
  Environment environment() const;

  TemporaryFolder folder_;
  std::string client_;  // path of the program
  std::vector<FoundingAgency> agencies_;
  std::string database_;  // libpq keywords, without a user
  std::string genesis_;
  Environment server_environment_;
  int port_ = 0;
  std::unique_ptr<BackgroundProcess> server_;
};

}  // namespace oberih::test
