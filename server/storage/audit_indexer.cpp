// SPDX-License-Identifier: Apache-2.0
#include "server/storage/audit_indexer.hpp"

#include <algorithm>
#include <utility>

namespace oberih::storage {
namespace {

constexpr std::uint64_t leaves_between_reports = 100'000;
constexpr std::chrono::milliseconds longest_look{50};  // while somebody waits

Refusal not_yet() {
  return refuse(RefusalCode::unavailable,
                "the newest leaves cannot be found yet: ask again in a moment");
}

}  // namespace

AuditIndexer::AuditIndexer(DatabaseSettings database, CommittedSize committed_size,
                           Progress progress, Report report, AuditIndexerSettings settings)
    : database_(std::move(database)),
      committed_size_(std::move(committed_size)),
      progress_(std::move(progress)),
      report_(std::move(report)),
      settings_(settings) {}

AuditIndexer::~AuditIndexer() { stop(); }

void AuditIndexer::start() {
  thread_ = std::thread([this] { run(); });
}

void AuditIndexer::stop() {
  std::vector<Waiting> left;
  {
    std::lock_guard lock(mutex_);
    is_stopping_ = true;
    left.swap(waiting_);
  }
  woken_.notify_all();
  if (thread_.joinable()) thread_.join();
  for (const Waiting& each : left) each.done(not_yet());
}

void AuditIndexer::reach(std::uint64_t size, std::function<void(Result<void>)> done) {
  std::unique_lock lock(mutex_);
  if (reached_ >= size) {
    lock.unlock();
    return done({});
  }
  if (is_stopping_ || waiting_.size() >= settings_.waiting) {
    lock.unlock();
    return done(not_yet());
  }
  waiting_.push_back(
      {size, std::chrono::steady_clock::now() + settings_.patience, std::move(done)});
  is_asked_ = true;
  lock.unlock();
  woken_.notify_all();
}

void AuditIndexer::run() {
  while (!is_stopping()) {
    bool has_failed = false;
    try {
      while (work() && !is_stopping()) answer();
    } catch (const std::exception& error) {
      has_failed = true;
      maker_.reset();
      if (report_) report_(error.what());
    }
    answer();
    pause(has_failed);
  }
}

bool AuditIndexer::work() {
  if (maker_ && maker_->next() >= committed_size_()) return false;
  if (!maker_) {
    maker_ = std::make_unique<AuditRowMaker>(database_);
    told_ = maker_->next();
  }
  const bool has_made = maker_->make_portion() > 0;
  if (maker_->next() - told_ >= leaves_between_reports) {
    told_ = maker_->next();
    if (progress_) progress_(told_, committed_size_());
  }
  std::lock_guard lock(mutex_);
  reached_ = maker_->next();
  return has_made;
}

/// Those whose leaves can be found, and those who have waited long enough.
void AuditIndexer::answer() {
  const auto now = std::chrono::steady_clock::now();
  std::vector<Waiting> over;
  std::uint64_t reached = 0;
  {
    std::lock_guard lock(mutex_);
    reached = reached_;
    const auto first_over =
        std::stable_partition(waiting_.begin(), waiting_.end(), [&](const Waiting& each) {
          return each.size > reached && now < each.until;
        });
    over.assign(std::make_move_iterator(first_over), std::make_move_iterator(waiting_.end()));
    waiting_.erase(first_over, waiting_.end());
  }
  for (const Waiting& each : over)
    each.done(each.size <= reached ? Result<void>{} : Result<void>(not_yet()));
}

/// Until there may be something to do: the next look, somebody who asks, or who has asked and runs
/// out of patience.
void AuditIndexer::pause(bool has_failed) {
  std::unique_lock lock(mutex_);
  if (has_failed) {
    woken_.wait_for(lock, settings_.failure_pause, [this] { return is_stopping_; });
    return;
  }
  const auto time = waiting_.empty() ? settings_.pause : std::min(settings_.pause, longest_look);
  woken_.wait_for(lock, time, [this] { return is_stopping_ || is_asked_; });
  is_asked_ = false;
}

bool AuditIndexer::is_stopping() const {
  std::lock_guard lock(mutex_);
  return is_stopping_;
}

}  // namespace oberih::storage
