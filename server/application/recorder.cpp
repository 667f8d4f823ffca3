// SPDX-License-Identifier: Apache-2.0
#include "server/application/recorder.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace oberih::application {
namespace {

constexpr unsigned most_head_moves = 8;     // of one batch; then somebody else writes without pause
constexpr unsigned most_lone_failures = 3;  // in a row
constexpr std::chrono::milliseconds pause_while_away{200};

}  // namespace

Recorder::Recorder(JournalStore& store, JournalView& view, const Clock& clock,
                   const SteadyClock& steady, CommitListener& listener, CheckpointSigner* signer,
                   RecorderSettings settings)
    : store_(store),
      view_(view),
      steady_(steady),
      listener_(listener),
      signer_(signer),
      settings_(std::move(settings)),
      clock_guard_(clock, steady),
      queue_({settings_.queue_units, settings_.batch_rows, settings_.batch_bytes}) {}

Recorder::~Recorder() { stop(); }

Result<void> Recorder::start() {
  Result<Loaded> loaded = working_.load(store_);
  if (!loaded) return loaded.error();
  if (signer_ != nullptr) OBERIH_TRY(signer_->compare(working_, store_));
  view_.publish(std::move(loaded->publication));
  if (signer_ != nullptr && signer_->newest()) view_.publish(*signer_->newest());
  clock_guard_.begin(working_.server_ms());
  clock_reliable_ = clock_guard_.now_ms().has_value();
  if (signer_ != nullptr && signer_->due_ms(working_))
    view_.publish(signer_->sign(working_, store_));
  last_poll_ms_ = steady_.elapsed_ms();
  thread_ = std::thread([this] { run(); });
  return {};
}

void Recorder::stop() {
  queue_.stop();
  if (thread_.joinable()) thread_.join();
  queue_.refuse_rest();
}

void Recorder::submit(std::unique_ptr<Unit> unit) { queue_.put(std::move(unit)); }
void Recorder::wake() { queue_.wake(); }
void Recorder::confirm_clock() { queue_.confirm_clock(); }

// -- the thread -----------------------------------------------------------------------------------

void Recorder::run() {
  for (;;) {
    UnitQueue::Taken taken = queue_.take(longest_wait());
    if (taken.clock_confirmed) {
      clock_guard_.confirm();
      clock_reliable_ = true;
    }
    if (!resynchronise()) {
      refuse_all(std::move(taken.units), refuse(RefusalCode::unavailable));
      if (taken.stopping) return;
      std::this_thread::sleep_for(pause_while_away);
      continue;
    }
    if (!taken.units.empty())
      process(std::move(taken.units));
    else if (taken.woken || steady_.elapsed_ms() - last_poll_ms_ >= settings_.poll_ms)
      poll_head();
    // Also the last thing a stopping server does: what it accepted stands under a signature.
    sign_checkpoint();
    if (taken.stopping) return;
  }
}

std::chrono::milliseconds Recorder::longest_wait() const {
  const std::uint64_t now = steady_.elapsed_ms();
  std::uint64_t until = last_poll_ms_ + settings_.poll_ms;
  if (signer_ != nullptr && !unresolved_)
    if (auto due = signer_->due_ms(working_)) until = std::min(until, *due);
  return std::chrono::milliseconds(until > now ? until - now : 0);
}

void Recorder::process(Units units) { run_alone(run_batch(std::move(units))); }

void Recorder::run_alone(Units units) {
  lone_failures_ = 0;
  for (auto& unit : units) {
    Units alone;
    alone.push_back(std::move(unit));
    if (unresolved_ || stale_ || lone_failures_ >= most_lone_failures)
      refuse_all(std::move(alone), refuse(RefusalCode::unavailable));
    else
      run_batch(std::move(alone));
  }
}

Units Recorder::run_batch(Units units) {
  std::vector<Result<wire::Appended>> answers;
  bool asks_for_every_id = false;
  for (unsigned moves = 0; !units.empty() && moves < most_head_moves; ++moves) {
    const Result<Milliseconds> now = clock_guard_.now_ms();
    clock_reliable_ = now.has_value();
    if (!now) {
      refuse_all(std::move(units), now.error());
      return {};
    }
    auto batch = std::make_unique<BatchView>(working_, store_, view_, *now);
    if (asks_for_every_id) batch->ask_for_every_id();
    if (!judge_all(units, *batch, answers)) {
      batch->drop();
      return refuse_or_return(std::move(units), RefusalCode::unavailable);
    }
    if (batch->is_empty()) {
      batch->drop();
      const bool refuses = std::ranges::any_of(answers, [](const auto& a) { return !a; });
      if (refuses && !is_head_current()) {
        if (resynchronise()) continue;
        refuse_all(std::move(units), refuse(RefusalCode::unavailable));
        return {};
      }
      for (std::size_t i = 0; i < units.size(); ++i) units[i]->answer(std::move(answers[i]));
      return {};
    }
    batch->seal();
    switch (append(batch->batch())) {
      case CommitOutcome::committed:
        finish(*batch, std::move(units), std::move(answers));
        return {};
      case CommitOutcome::head_moved:
        batch->drop();
        stale_ = true;
        if (!resynchronise()) {
          refuse_all(std::move(units), refuse(RefusalCode::unavailable));
          return {};
        }
        break;  // judge again
      case CommitOutcome::message_id_reused:
        batch->drop();
        // One member's used id must not cost the others a commit each.
        if (!std::exchange(asks_for_every_id, true)) break;  // judge again
        return refuse_or_return(std::move(units), RefusalCode::message_id_reused);
      case CommitOutcome::failed:
        batch->drop();
        return refuse_or_return(std::move(units), RefusalCode::unavailable);
      case CommitOutcome::unknown:
        unresolved_ = std::move(batch);
        refuse_all(std::move(units), refuse(RefusalCode::unavailable));
        return {};
    }
  }
  refuse_all(std::move(units), refuse(RefusalCode::server_busy));
  return {};
}

bool Recorder::judge_all(const Units& units, BatchView& batch,
                         std::vector<Result<wire::Appended>>& answers) {
  answers.clear();
  try {
    for (const auto& unit : units) answers.push_back(unit->judge(batch));
    return true;
  } catch (const std::logic_error&) {
    throw;  // a broken invariant: stop rather than write a wrong journal
  } catch (const std::exception& failure) {
    report("A unit could not be judged", failure);
    return false;
  }
}

CommitOutcome Recorder::append(const Batch& batch) {
  try {
    return store_.append(batch);
  } catch (const std::logic_error&) {
    throw;
  } catch (const std::exception& failure) {
    report("A commit ended in an exception", failure);
    return CommitOutcome::unknown;
  }
}

void Recorder::finish(BatchView& batch, Units units, std::vector<Result<wire::Appended>> answers) {
  BatchView::Merged merged = batch.merge();
  view_.publish(std::move(merged.publication));
  // Reply only after COMMIT: an acknowledged entry must survive a crash. Refusals too: they may
  // rest on leaves of this very batch.
  for (std::size_t i = 0; i < units.size(); ++i) units[i]->answer(std::move(answers[i]));
  listener_.on_commit(std::move(merged.committed));
}

Units Recorder::refuse_or_return(Units units, RefusalCode code) {
  if (units.size() > 1) return units;
  if (code == RefusalCode::unavailable) ++lone_failures_;
  refuse_all(std::move(units), refuse(code));
  return {};
}

void Recorder::refuse_all(Units units, const Refusal& refusal) {
  for (auto& unit : units) unit->answer(refusal);
}

// -- what others wrote, and what became of a lost commit
// ---------------------------------------------

bool Recorder::resynchronise() {
  if (!unresolved_ && !stale_) return true;
  try {
    if (unresolved_) {
      const JournalHead head = store_.load_head();
      const JournalHead& ours = unresolved_->batch().head;
      if (head.size == ours.size && head.frontier == ours.frontier)
        finish(*unresolved_, {}, {});
      else
        unresolved_->drop();
      unresolved_.reset();
      stale_ = true;
    }
    catch_up();
    stale_ = false;
    return true;
  } catch (const std::logic_error&) {
    throw;
  } catch (const std::exception& failure) {
    report("The journal cannot be read", failure);
    return false;
  }
}

void Recorder::catch_up() {
  Result<Loaded> loaded = working_.load(store_);
  if (!loaded) throw std::runtime_error(loaded.error().detail);
  CommittedBatch news;
  news.changed_rosters = std::move(loaded->changed_rosters);
  news.moved_channels = std::move(loaded->moved_channels);
  news.directory_changed = loaded->directory_changed;
  news.directory_count = working_.directory()->count();
  view_.publish(std::move(loaded->publication));
  listener_.on_commit(std::move(news));
}

/// INVARIANT: no refusal rests on a journal that another process has continued meanwhile. A batch
/// with rows need not ask: it is written only where the head stands as it was judged.
bool Recorder::is_head_current() {
  try {
    stale_ = store_.load_head().size != working_.size();
  } catch (const std::exception& failure) {
    report("The journal's head cannot be read", failure);
    stale_ = true;
  }
  return !stale_;
}

void Recorder::poll_head() {
  last_poll_ms_ = steady_.elapsed_ms();
  try {
    if (store_.load_head().size == working_.size()) return;
  } catch (const std::exception& failure) {
    report("The journal's head cannot be read", failure);
    return;
  }
  stale_ = true;
  resynchronise();
}

void Recorder::sign_checkpoint() {
  if (signer_ == nullptr || unresolved_ || stale_) return;
  const std::optional<std::uint64_t> due = signer_->due_ms(working_);
  if (!due || (*due > steady_.elapsed_ms() && !queue_.is_stopping())) return;
  try {
    SignedCheckpoint checkpoint = signer_->sign(working_, store_);
    const std::string note = checkpoint.note;
    view_.publish(std::move(checkpoint));
    listener_.on_checkpoint(note);
  } catch (const std::logic_error&) {
    throw;
  } catch (const std::exception& failure) {
    report("A checkpoint could not be signed and kept", failure);
  }
}

void Recorder::report(const std::string& what, const std::exception& failure) const {
  settings_.report(what + ": " + failure.what());
}

}  // namespace oberih::application
