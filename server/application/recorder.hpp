// SPDX-License-Identifier: Apache-2.0
// The group-commit recorder: the only writer of this process. One thread takes everything that
// waits when the last COMMIT returns, judges it unit by unit and writes it in one transaction. No
// timer: the batch grows with the load. Answers are given only after COMMIT.
#pragma once

#include <atomic>
#include <thread>

#include "server/application/checkpoint_signer.hpp"
#include "server/application/clock_guard.hpp"
#include "server/application/journal_view.hpp"
#include "server/application/unit_queue.hpp"

namespace oberih::application {

struct RecorderSettings {
  std::size_t queue_units = 10'000;
  std::size_t batch_rows = 512;
  std::size_t batch_bytes = 8 * 1024 * 1024;
  /// How often an idle recorder looks whether another process wrote (`oberihd directory append`).
  std::uint64_t poll_ms = 500;
  /// A diagnostics line for the operator's log. Never content, keys or client text.
  std::function<void(const std::string&)> report = [](const std::string&) {};
};

class Recorder {
 public:
  /// `signer` may be null: a process that only appends (`oberihd directory append`) signs nothing.
  Recorder(JournalStore& store, JournalView& view, const Clock& clock, const SteadyClock& steady,
           CommitListener& listener, CheckpointSigner* signer, RecorderSettings settings);
  ~Recorder();  // stops
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  /// Loads the journal's state into the view, compares it with the last signed checkpoint, signs
  /// the first one of this run and starts the thread. An empty journal is no refusal. What the
  /// store throws goes through.
  Result<void> start();
  /// Takes what waits into a last batch, then ends. Later units are answered unavailable.
  void stop();

  /// Any thread. A full queue answers server_busy at once.
  void submit(std::unique_ptr<Unit> unit);
  /// A hint that another process wrote (NOTIFY). Any thread.
  void wake();
  /// The operator has looked at the clock and says it is right. Any thread.
  void confirm_clock();
  bool is_clock_reliable() const { return clock_reliable_; }

 private:
  void run();
  std::chrono::milliseconds longest_wait() const;
  void process(Units units);
  /// Judges, commits and answers; hands the batch's units back where each must be run alone.
  Units run_batch(Units units);
  void run_alone(Units units);
  bool judge_all(const Units& units, BatchView& batch,
                 std::vector<Result<wire::Appended>>& answers);
  CommitOutcome append(const Batch& batch);
  Units refuse_or_return(Units units, RefusalCode code);
  void refuse_all(Units units, const Refusal& refusal);
  void finish(BatchView& batch, Units units, std::vector<Result<wire::Appended>> answers);
  /// Finds out what became of a commit of unknown outcome. False while the database is away.
  bool resynchronise();
  /// Takes in what another process wrote. Throws what the store throws.
  void catch_up();
  bool is_head_current();
  void poll_head();
  void sign_checkpoint();
  void report(const std::string& what, const std::exception& failure) const;

  JournalStore& store_;
  JournalView& view_;
  const SteadyClock& steady_;
  CommitListener& listener_;
  CheckpointSigner* signer_;
  const RecorderSettings settings_;

  // The recorder's thread alone.
  WorkingState working_;
  ClockGuard clock_guard_;
  std::unique_ptr<BatchView> unresolved_;  // its COMMIT may or may not have happened
  bool stale_ = false;                     // another process wrote and it could not be read yet
  unsigned lone_failures_ = 0;             // in a row: beyond a few the database is taken for away
  std::uint64_t last_poll_ms_ = 0;

  UnitQueue queue_;
  std::atomic<bool> clock_reliable_{true};
  std::thread thread_;
};

}  // namespace oberih::application
