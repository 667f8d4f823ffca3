// SPDX-License-Identifier: Apache-2.0
// Makes the rows that auditors find leaves by, on a thread of its own, behind the commits: nothing
// that is posted waits for them, and what is asked waits until they are there.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "server/application/ports.hpp"
#include "server/storage/audit_rows.hpp"

namespace oberih::storage {

struct AuditIndexerSettings {
  std::chrono::milliseconds pause{500};         // between two looks, while nobody asks
  std::chrono::milliseconds failure_pause{1'000};
  std::chrono::milliseconds patience{5'000};    // of those who ask
  std::size_t waiting = 1'000;                  // who ask; more are refused
};

class AuditIndexer final : public application::AuditIndex {
 public:
  using CommittedSize = std::function<std::uint64_t()>;  // any thread; never waits
  /// How many leaves of how many are done: told now and then while many are missing.
  using Progress = std::function<void(std::uint64_t done, std::uint64_t in_all)>;
  using Report = std::function<void(const std::string& sentence)>;

  AuditIndexer(DatabaseSettings database, CommittedSize committed_size, Progress progress,
               Report report, AuditIndexerSettings settings = {});
  ~AuditIndexer() override;  // stop()
  AuditIndexer(const AuditIndexer&) = delete;
  AuditIndexer& operator=(const AuditIndexer&) = delete;

  void start();
  /// Whoever waits is answered `unavailable`. What is missing the next start makes.
  void stop();

  void reach(std::uint64_t size, std::function<void(Result<void>)> done) override;

 private:
  struct Waiting {
    std::uint64_t size = 0;
    std::chrono::steady_clock::time_point until;
    std::function<void(Result<void>)> done;
  };

  void run();
  /// True: there may be more. Makes at most one portion.
  bool work();
  void answer();
  void pause(bool has_failed);
  bool is_stopping() const;

  const DatabaseSettings database_;
  const CommittedSize committed_size_;
  const Progress progress_;
  const Report report_;
  const AuditIndexerSettings settings_;

  // The indexer's thread alone.
  std::unique_ptr<AuditRowMaker> maker_;
  std::uint64_t told_ = 0;

  mutable std::mutex mutex_;
  std::condition_variable woken_;
  std::uint64_t reached_ = 0;
  std::vector<Waiting> waiting_;
  bool is_asked_ = false;  // since it last looked
  bool is_stopping_ = false;
  std::thread thread_;
};

}  // namespace oberih::storage
