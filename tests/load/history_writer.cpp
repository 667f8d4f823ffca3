// SPDX-License-Identifier: Apache-2.0
#include "tests/load/history_writer.hpp"

#include <cstdio>
#include <thread>

#include "server/application/append_directory.hpp"
#include "server/application/append_record.hpp"
#include "server/application/post_entry.hpp"
#include "server/runtime/policy_loader.hpp"
#include "server/runtime/server_keys.hpp"

namespace oberih::load {
namespace {

constexpr std::size_t most_under_way = 4'000;  // fewer than the recorder's queue takes

void report(const std::string& sentence) { std::fprintf(stderr, "%s\n", sentence.c_str()); }

application::RecorderSettings recorder_settings() {
  application::RecorderSettings settings;
  settings.report = report;
  return settings;
}

}  // namespace

HistoryWriter::HistoryWriter(const storage::DatabaseSettings& database,
                             const std::string& state_directory)
    : policies_(require(runtime::load_policies(OBERIH_SOURCE "/policies"), "policies")),
      store_(database, report),
      reader_(database, report),
      archive_(state_directory + "/checkpoint"),
      signer_(require(runtime::load_server_keys(state_directory), "keys").journal, archive_,
              steady_),
      recorder_(store_, view_, wall_, steady_, *this, &signer_, recorder_settings()),
      services_{view_, reader_, recorder_, wall_, policies_, "load"} {
  if (auto started = recorder_.start(); !started)
    throw std::runtime_error("the recorder does not start: " + started.error().detail);
}

application::Answer<wire::Appended> HistoryWriter::begin() {
  std::unique_lock lock(mutex_);
  answered_.wait(lock, [this] { return under_way_ < most_under_way; });
  throw_failure();
  ++under_way_;
  return [this](Result<wire::Appended> outcome) {
    std::lock_guard answer_lock(mutex_);
    if (!outcome && failure_.empty())
      failure_ = std::string(refusal_row(outcome.error().code).name) + " " + outcome.error().detail;
    --under_way_;
    answered_.notify_all();
  };
}

void HistoryWriter::append(const wire::DirectoryAppend& leaf) {
  application::append_directory_leaf(recorder_, {}, leaf, begin());
}

void HistoryWriter::append(const Member& author, const wire::ChannelAppend& record) {
  application::append_record(services_, author.caller(), record, begin());
}

void HistoryWriter::append(const Member& author, const wire::EntryPost& entry) {
  application::post_entry(services_, author.caller(), entry, begin());
}

void HistoryWriter::wait() {
  std::unique_lock lock(mutex_);
  answered_.wait(lock, [this] { return under_way_ == 0; });
  throw_failure();
}

void HistoryWriter::throw_failure() const {
  if (!failure_.empty()) throw std::runtime_error("the history is refused: " + failure_);
}

application::SignedCheckpoint HistoryWriter::checkpoint() const {
  for (int tries = 0; tries < 1'000; ++tries) {
    if (auto newest = view_.checkpoint()) return *newest;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  throw std::runtime_error("no checkpoint is signed");
}

}  // namespace oberih::load
