// SPDX-License-Identifier: Apache-2.0
// What a kind of fault needs before its run: small file systems in the place of large ones.
#include <signal.h>

#include <stdexcept>

#include "tests/faults/scene.hpp"

namespace oberih::faults {
namespace {

namespace fs = std::filesystem;

/// The journal's tables on a disk of their own. Goes back when the ground begins anew.
void put_tables_on(const fs::path& disk, Scene& scene) {
  DatabaseProcess& database = scene.ground.database();
  fs::create_directory(disk / "data");
  fs::permissions(disk / "data", fs::perms::all);
  const auto owner = test::run_process({"chown", "oberih:", disk / "data"});
  if (owner.exit_code != 0) throw std::runtime_error(owner.err);
  database.ask("postgres", "CREATE TABLESPACE small LOCATION '" + (disk / "data").string() + "'");
}

void move_wal_to(const fs::path& disk, Scene& scene) {
  DatabaseProcess& database = scene.ground.database();
  const fs::path wal = database.cluster() / "data/pg_wal";
  if (fs::is_symlink(wal)) return;
  scene.ground.deployment().stop_server(SIGTERM);
  database.stop("fast");
  const auto moved = test::run_process({"cp", "-a", wal, disk / "pg_wal"});
  if (moved.exit_code != 0) throw std::runtime_error(moved.err);
  fs::remove_all(wal);
  fs::create_directory_symlink(disk / "pg_wal", wal);
  database.start();
  scene.ground.deployment().start_server();
}

void move_log_to(const fs::path& disk, Scene& scene) {
  const fs::path log = scene.ground.deployment().server_log();
  if (fs::is_symlink(log)) return;
  fs::remove(log);
  fs::create_symlink(disk / "server.log", log);
  scene.ground.deployment().server().signal(SIGHUP);
}

}  // namespace

std::string why_skipped(FaultKind kind, Ground& ground) {
  const auto disk = [&](const char* name, unsigned mebibytes) {
    return ground.small_disk(name, mebibytes).empty()
               ? std::string("a small file system can be mounted only as root")
               : std::string();
  };
  if (kind == FaultKind::disk_full_tables) return disk("tables", 64);
  if (kind == FaultKind::disk_full_wal) return disk("wal", 256);
  if (kind == FaultKind::disk_full_logs) return disk("logs", 8);
  return {};
}

void prepare_fault(FaultKind kind, Scene& scene) {
  Ground& ground = scene.ground;
  if (kind == FaultKind::disk_full_tables) {
    const auto disk = ground.small_disk("tables", 64);
    if (!fs::exists(disk / "data")) put_tables_on(disk, scene);
    for (const char* table : {"journal", "entry", "ciphertext"})
      ground.database().ask("oberih",
                            std::string("ALTER TABLE ") + table + " SET TABLESPACE small");
  }
  if (kind == FaultKind::disk_full_wal) move_wal_to(ground.small_disk("wal", 256), scene);
  if (kind == FaultKind::disk_full_logs) move_log_to(ground.small_disk("logs", 8), scene);
}

}  // namespace oberih::faults
