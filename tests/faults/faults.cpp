// SPDX-License-Identifier: Apache-2.0
// Each fault is a function from its beginning to its repair; the table at the end finds it.
#include <signal.h>
#include <unistd.h>

#include <stdexcept>
#include <thread>

#include "tests/faults/scene.hpp"

namespace oberih::faults {
namespace {

constexpr std::int64_t minute_ms = 60'000;

void kill_server(Scene& scene) { scene.ground.restart_server(SIGKILL); }

void pause_server(Scene& scene) {
  scene.ground.deployment().server().signal(SIGSTOP);
  scene.pause(50, 300);
  scene.ground.deployment().server().signal(SIGCONT);
}

void kill_database(Scene& scene) {
  scene.ground.database().kill();
  scene.pause(0, 200);
  scene.ground.database().start();
}

void kill_backend(Scene& scene) {
  const std::string pid = scene.ground.database().ask(
      "oberih",
      "SELECT pid FROM pg_stat_activity WHERE usename LIKE 'oberih_%er' ORDER BY random() LIMIT 1");
  if (!pid.empty()) ::kill(std::stoi(pid), SIGKILL);
}

void pause_database(Scene& scene) {
  scene.ground.database().signal_all(SIGSTOP);
  scene.pause(50, 300);
  scene.ground.database().signal_all(SIGCONT);
}

void restart_database(Scene& scene) {
  scene.ground.database().stop(scene.number_below(2) == 0 ? "fast" : "immediate");
  scene.pause(0, 100);
  scene.ground.database().start();
}

void kill_both(Scene& scene) {
  const bool server_first = scene.number_below(2) == 0;
  if (server_first) scene.ground.deployment().stop_server(SIGKILL);
  scene.ground.database().kill();
  if (!server_first) scene.ground.deployment().stop_server(SIGKILL);
  scene.ground.database().start();
  scene.ground.deployment().start_server();
}

void kill_client(Scene& scene) {
  PosterProcess& poster = scene.poster_processes[scene.number_below(scene.poster_processes.size())];
  poster.process->stop(SIGKILL);
  scene.pause(0, 60);
  poster.start();
}

void pause_client(Scene& scene) {
  PosterProcess& poster = scene.poster_processes[scene.number_below(scene.poster_processes.size())];
  poster.process->signal(SIGSTOP);
  scene.pause(50, 250);
  poster.process->signal(SIGCONT);
}

void cut_connections(Scene& scene) {
  scene.pause(20, 100);
  scene.proxy->cut_all();
}

void terminate_backends(Scene& scene) {
  for (std::uint64_t left = 3 + scene.number_below(15); left > 0; --left) {
    scene.ground.database().ask("oberih",
                                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                                "WHERE usename IN ('oberih_writer', 'oberih_reader')");
    scene.pause(0, 30);
  }
}

void fill_disk(Scene& scene, const std::string& name) {
  const auto disk = scene.ground.deployment().folder() / name;
  Ground::fill(disk);
  scene.pause(100, 300);
  Ground::free(disk);
}

void fill_tables(Scene& scene) { fill_disk(scene, "tables"); }
void fill_logs(Scene& scene) { fill_disk(scene, "logs"); }

void fill_wal(Scene& scene) {
  const auto disk = scene.ground.deployment().folder() / "wal";
  Ground::fill(disk);
  try {
    // The files made ahead are soon used up; then PostgreSQL panics.
    for (int segment = 0; segment < 6; ++segment)
      scene.ground.database().ask("oberih",
                                  "SELECT pg_logical_emit_message(false, 'oberih', 'x'); "
                                  "SELECT pg_switch_wal()");
  } catch (const std::runtime_error&) {
  }
  scene.pause(50, 200);
  Ground::free(disk);
  scene.ground.database().start();
}

void jump_clock(Scene& scene) {
  const bool is_small = scene.number_below(3) == 0;
  std::int64_t step =
      is_small ? static_cast<std::int64_t>(scene.number_below(4 * minute_ms))
               : 6 * minute_ms + static_cast<std::int64_t>(scene.number_below(20 * 60 * minute_ms));
  if (scene.number_below(2) == 0) step = -step;
  scene.ground.step_clock(step);
  scene.pause(50, 300);
  scene.ground.step_clock(0);
  // After a leap the server waits for its operator, who looks at the clock and starts it again.
  if (!is_small) scene.ground.restart_server(SIGTERM);
}

void stall_client(Scene& scene) {
  scene.proxy->stall(true);
  scene.wait_for_progress(100);
  scene.proxy->stall(false);
}

void start_second_server(Scene& scene) {
  auto& deployment = scene.ground.deployment();
  scene.ground.database().ask("oberih",
                              "SELECT count(pg_terminate_backend(pid)) FROM pg_locks "
                              "WHERE locktype = 'advisory'");
  test::BackgroundProcess second({std::string(OBERIH_BINARIES) + "/oberihd", "serve", "--settings",
                                  deployment.folder() / "oberihd.conf", "--listen_port",
                                  std::to_string(scene.ground.second_port())},
                                 {}, deployment.folder() / "second.out");
  // One of the two stops by itself, whoever came first to the lock; the other one goes on.
  for (int tries = 0; tries < 3'000; ++tries) {
    if (!second.is_running()) return;
    if (!deployment.server().is_running()) {
      second.stop(scene.number_below(2) == 0 ? SIGTERM : SIGKILL);
      deployment.start_server();
      return;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  throw std::runtime_error("two servers go on beside each other");
}

}  // namespace

const std::vector<FaultRow>& fault_table() {
  static const std::vector<FaultRow> rows{
#define OBERIH_FAULT(name, count, what) {FaultKind::name, #name, count, what},
#include "tests/faults/fault_kinds.def"
#undef OBERIH_FAULT
  };
  return rows;
}

void Scene::pause(unsigned least_ms, unsigned most_ms) {
  std::this_thread::sleep_for(
      std::chrono::milliseconds(least_ms + number_below(most_ms - least_ms + 1)));
}

void inject_fault(FaultKind kind, Scene& scene) {
  switch (kind) {
    case FaultKind::server_kill:
      return kill_server(scene);
    case FaultKind::server_pause:
      return pause_server(scene);
    case FaultKind::database_kill:
      return kill_database(scene);
    case FaultKind::backend_kill:
      return kill_backend(scene);
    case FaultKind::database_pause:
      return pause_database(scene);
    case FaultKind::database_restart:
      return restart_database(scene);
    case FaultKind::both_kill:
      return kill_both(scene);
    case FaultKind::client_kill:
      return kill_client(scene);
    case FaultKind::client_pause:
      return pause_client(scene);
    case FaultKind::connection_cut:
      return cut_connections(scene);
    case FaultKind::terminate_storm:
      return terminate_backends(scene);
    case FaultKind::disk_full_tables:
      return fill_tables(scene);
    case FaultKind::disk_full_wal:
      return fill_wal(scene);
    case FaultKind::disk_full_logs:
      return fill_logs(scene);
    case FaultKind::clock_jump:
      return jump_clock(scene);
    case FaultKind::slow_client:
      return stall_client(scene);
    case FaultKind::second_server:
      return start_second_server(scene);
  }
}

}  // namespace oberih::faults
