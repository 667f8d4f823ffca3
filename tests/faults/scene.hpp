// SPDX-License-Identifier: Apache-2.0
// What a fault can reach during one run.
#pragma once

#include <functional>
#include <memory>
#include <random>

#include "tests/faults/cutting_proxy.hpp"
#include "tests/faults/ground.hpp"

namespace oberih::faults {

enum class FaultKind {
#define OBERIH_FAULT(name, count, what) name,
#include "tests/faults/fault_kinds.def"
#undef OBERIH_FAULT
};

struct FaultRow {
  FaultKind kind;
  std::string_view name;
  unsigned count;  // in a run
  std::string_view what;
};
const std::vector<FaultRow>& fault_table();

/// A poster in a process of its own.
struct PosterProcess {
  std::vector<std::string> command;
  std::filesystem::path output;
  std::unique_ptr<test::BackgroundProcess> process;

  void start() {
    process = std::make_unique<test::BackgroundProcess>(command, test::Environment{}, output);
  }
};

struct Scene {
  Ground& ground;
  std::mt19937_64& random;
  std::vector<PosterProcess>& poster_processes;
  CuttingProxy* proxy;  // of connection_cut and slow_client
  /// Waits until so many more outcomes are known to the posters: life went on.
  std::function<void(unsigned)> wait_for_progress;

  std::uint64_t number_below(std::uint64_t end) { return random() % end; }
  void pause(unsigned least_ms, unsigned most_ms);
};

/// Why this kind cannot be run here; empty: it can.
std::string why_skipped(FaultKind kind, Ground& ground);
/// Before the posters start: what the kind needs for a whole run.
void prepare_fault(FaultKind kind, Scene& scene);
/// One fault from its beginning to its repair. Throws std::runtime_error where the repair fails.
void inject_fault(FaultKind kind, Scene& scene);

}  // namespace oberih::faults
