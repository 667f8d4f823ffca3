// SPDX-License-Identifier: Apache-2.0
#include "server/application/attachment_desk.hpp"

namespace oberih::application {
namespace {

constexpr std::chrono::seconds between_sweeps{60};

}  // namespace

AttachmentDesk::AttachmentDesk(AttachmentKeeper& keeper, std::size_t queue_limit,
                               std::function<Milliseconds()> now, Report report)
    : keeper_(keeper),
      now_(std::move(now)),
      report_(std::move(report)),
      waiting_(queue_limit),
      thread_([this] { run(); }) {}

AttachmentDesk::~AttachmentDesk() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_.notify_all();
  thread_.join();
}

void AttachmentDesk::submit(const domain::Origin& origin, Job job) {
  {
    std::lock_guard lock(mutex_);
    if (auto without_room = waiting_.put(origin, std::move(job)))
      turned_away_.push_back(std::move(*without_room));
  }
  work_.notify_one();
}

void AttachmentDesk::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    work_.wait_for(lock, between_sweeps,
                   [this] { return stopping_ || !waiting_.empty() || !turned_away_.empty(); });
    std::deque<Job> refused = std::exchange(turned_away_, {});
    std::optional<Job> job;
    if (!waiting_.empty()) job = waiting_.take();
    const bool is_stopping = stopping_;
    lock.unlock();
    for (Job& each : refused) each.fail(RefusalCode::server_busy);
    if (job && is_stopping) job->fail(RefusalCode::unavailable);
    if (job && !is_stopping) run_job(*job);
    if (!is_stopping) sweep();
    lock.lock();
    if (stopping_ && waiting_.empty() && turned_away_.empty()) return;
  }
}

void AttachmentDesk::run_job(Job& job) {
  try {
    job.run(keeper_);
  } catch (const std::exception& error) {
    if (report_) report_("An attachment could not be stored or read: " + std::string(error.what()));
    job.fail(RefusalCode::unavailable);
  }
}

void AttachmentDesk::sweep() {
  const auto now = std::chrono::steady_clock::now();
  if (now < next_sweep_) return;
  next_sweep_ = now + between_sweeps;
  try {
    keeper_.sweep(now_());
  } catch (const std::exception& error) {
    if (report_) report_("What has lapsed could not be removed: " + std::string(error.what()));
  }
}

}  // namespace oberih::application
