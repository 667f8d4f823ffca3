// SPDX-License-Identifier: Apache-2.0
// Where all runs take place: one deployment with its people, founded once. Every few runs the
// database and the newest checkpoint are put back to the beginning, so that the journal, and with
// it the check after each run, stays short.
#pragma once

#include <memory>
#include <vector>

#include "tests/faults/database_process.hpp"
#include "tests/faults/member.hpp"
#include "tests/support/deployment.hpp"
#include "tests/support/stepped_clock.hpp"

namespace oberih::faults {

enum class ServerClock { stepped, true_time };

class Ground {
 public:
  /// `settings`: lines added to those of the server. Only a stepped clock can be stepped.
  explicit Ground(const std::string& settings = {},
                  ServerClock server_clock = ServerClock::stepped);
  ~Ground();

  /// A new channel with all members.
  Room open_room();
  /// The journal as it was after the foundation; the server runs again.
  void begin_anew();
  /// Everything is up: database, server, the true time.
  void make_whole();
  void restart_server(int signal);
  void step_clock(std::int64_t milliseconds);

  /// Where a second server listens when a fault starts one.
  std::uint16_t second_port() const { return second_port_; }
  test::Deployment& deployment() { return *deployment_; }
  DatabaseProcess& database() { return *database_; }
  const std::vector<Member>& members() const { return members_; }
  socket::EventLoop& loop() { return loop_; }

  /// A folder with a small file system of its own, made at the first call; empty path: not as root.
  std::filesystem::path small_disk(const std::string& name, unsigned mebibytes);
  static void fill(const std::filesystem::path& disk);
  static void free(const std::filesystem::path& disk);

 private:
  void certify_members();
  void keep_base();

  std::unique_ptr<test::Deployment> deployment_;
  std::unique_ptr<DatabaseProcess> database_;
  socket::EventLoop loop_{2};
  std::vector<Member> members_{8};
  std::vector<std::filesystem::path> disks_;
  std::unique_ptr<test::SteppedClock> clock_;
  std::uint16_t second_port_ = 0;
  AgencyId agency_;
  Digest server_spki_;
  journal::Checkpoint checkpoint_;
};

}  // namespace oberih::faults
