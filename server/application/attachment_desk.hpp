// SPDX-License-Identifier: Apache-2.0
// Where attachment requests wait their turn: a bounded queue that is fair to agencies and devices,
// and one thread that blocks on disk and database so that neither readers nor the recorder do.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "server/application/attachment_keeper.hpp"
#include "server/application/fair_queue.hpp"

namespace oberih::application {

class AttachmentDesk {
 public:
  /// Runs on the desk's thread. What it throws is answered by its caller's `fail`.
  struct Job {
    std::function<void(AttachmentKeeper&)> run;
    std::function<void(RefusalCode)> fail;
  };
  using Report = std::function<void(const std::string& sentence)>;

  /// `now` is asked for what lapses.
  AttachmentDesk(AttachmentKeeper& keeper, std::size_t queue_limit,
                 std::function<Milliseconds()> now, Report report);
  /// Answers what still waits with unavailable, then ends the thread.
  ~AttachmentDesk();

  /// Any thread. A full queue answers server_busy, on the desk's thread.
  void submit(const domain::Origin& origin, Job job);

 private:
  void run();
  void run_job(Job& job);
  void sweep();

  AttachmentKeeper& keeper_;
  const std::function<Milliseconds()> now_;
  const Report report_;
  std::mutex mutex_;
  std::condition_variable work_;
  FairQueue<Job> waiting_;
  std::deque<Job> turned_away_;
  bool stopping_ = false;
  std::chrono::steady_clock::time_point next_sweep_{};
  std::thread thread_;
};

}  // namespace oberih::application
