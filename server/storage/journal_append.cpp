// SPDX-License-Identifier: Apache-2.0
// append() and what it takes to be certain of its outcome; the loading half is in
// journal_store.cpp.
#include <soci/soci.h>

#include <algorithm>
#include <random>
#include <thread>

#include "server/storage/append_statement.hpp"
#include "server/storage/journal_store.hpp"

namespace oberih::storage {
namespace {

using application::Batch;
using application::CommitOutcome;
using std::chrono::milliseconds;

constexpr unsigned conflict_reruns = 5;

// Two writers that collided must not collide again in step.
void wait_with_jitter(unsigned attempt) {
  static thread_local std::minstd_rand random{std::random_device{}()};
  std::uniform_int_distribution<unsigned> spread(1, 4u << attempt);
  std::this_thread::sleep_for(milliseconds(spread(random)));
}

}  // namespace

CommitOutcome PostgresJournalStore::append(const Batch& batch) {
  Deadline deadline = std::chrono::steady_clock::now() + session_.settings().reconnect_limit;
  // Nothing of this batch has been sent yet: not reaching the database is certain failure.
  if (session_.is_broken() && !reconnect_until(deadline)) return CommitOutcome::failed;
  for (unsigned attempt = 0;; ++attempt) {
    try {
      return execute_append(batch) ? CommitOutcome::committed : CommitOutcome::head_moved;
    } catch (const soci::soci_error& error) {
      DatabaseFailure failure = session_.describe(error);
      append_.reset();
      if (failure.kind == FailureKind::conflict && attempt < conflict_reruns) {
        wait_with_jitter(attempt);
        continue;
      }
      const CommitOutcome outcome = outcome_of(failure);
      // A member's doing, not the database's: whoever repeats an id must not fill the log.
      if (outcome != CommitOutcome::message_id_reused)
        report("A batch was not written: " + failure.sentence);
      return failure.kind == FailureKind::connection_lost ? resolve_lost(batch) : outcome;
    }
  }
}

bool PostgresJournalStore::execute_append(const Batch& batch) {
  if (!append_ || append_generation_ != session_.generation()) {
    append_.reset();
    append_ = std::make_unique<AppendStatement>(session_.connection());
    append_generation_ = session_.generation();
  }
  return append_->execute(batch);
}

CommitOutcome PostgresJournalStore::outcome_of(const DatabaseFailure& failure) const {
  switch (failure.kind) {
    case FailureKind::unique_violation:
      // The head stood where the batch expected it, so any other double is a broken database.
      return failure.constraint == "entry_message_id_once" ? CommitOutcome::message_id_reused
                                                           : CommitOutcome::failed;
    case FailureKind::connection_lost:
      return CommitOutcome::unknown;
    case FailureKind::conflict:
    case FailureKind::overloaded:
    case FailureKind::other:
      return CommitOutcome::failed;
  }
  return CommitOutcome::failed;
}

bool PostgresJournalStore::reconnect_until(Deadline deadline) {
  append_.reset();
  for (milliseconds pause(20);; pause = std::min(pause * 2, milliseconds(500))) {
    try {
      session_.reconnect();
      return true;
    } catch (const DatabaseError& error) {
      if (std::chrono::steady_clock::now() + pause >= deadline) {
        report(std::string("The database was not reached again: ") + error.what());
        return false;
      }
    }
    std::this_thread::sleep_for(pause);
  }
}

// reconnect() has ended the old backend, so what is not there now never will be. Sending the same
// batch once more is safe even so: it is written only where the head still stands at its beginning.
CommitOutcome PostgresJournalStore::resolve_lost(const Batch& batch) {
  Deadline deadline = std::chrono::steady_clock::now() + session_.settings().reconnect_limit;
  bool may_send = true;
  do {
    if (!reconnect_until(deadline)) return CommitOutcome::unknown;
    switch (look_for(batch)) {
      case Found::ours:
        return CommitOutcome::committed;
      case Found::another:
        return CommitOutcome::head_moved;
      case Found::unreadable:
        continue;
      case Found::not_yet:
        break;
    }
    if (!may_send) return CommitOutcome::failed;
    may_send = false;
    if (std::optional<CommitOutcome> outcome = send_again(batch)) return *outcome;
  } while (std::chrono::steady_clock::now() < deadline);
  return CommitOutcome::unknown;
}

std::optional<CommitOutcome> PostgresJournalStore::send_again(const Batch& batch) {
  try {
    if (execute_append(batch)) return CommitOutcome::committed;
  } catch (const soci::soci_error& error) {
    DatabaseFailure failure = session_.describe(error);
    append_.reset();
    report("A batch was not written at the second attempt: " + failure.sentence);
    if (failure.kind != FailureKind::connection_lost) return outcome_of(failure);
  }
  return std::nullopt;
}

PostgresJournalStore::Found PostgresJournalStore::look_for(const Batch& batch) {
  try {
    long long size = 0;
    session_.sql() << "SELECT size FROM journal_head", soci::into(size);
    if (static_cast<std::uint64_t>(size) == batch.expected_size) return Found::not_yet;
    ArrayLiteral indices, hashes;
    for (const application::JournalRow& row : batch.rows) {
      indices.add(row.index);
      hashes.add(row.leaf_hash.view());
    }
    std::string index_array = indices.close(), hash_array = hashes.close();
    long long same = 0;
    session_.sql() << "SELECT count(*) FROM unnest(cast(:indices as bigint[]), "
                      "cast(:hashes as text[])) AS row (a, b) JOIN journal ON journal_index = a "
                      "AND leaf_hash = decode(b, 'hex')",
        soci::use(index_array), soci::use(hash_array), soci::into(same);
    return static_cast<std::size_t>(same) == batch.rows.size() ? Found::ours : Found::another;
  } catch (const soci::soci_error& error) {
    report("The outcome of a batch cannot be read: " + session_.describe(error).sentence);
    std::this_thread::sleep_for(milliseconds(20));
    return Found::unreadable;
  }
}

}  // namespace oberih::storage
