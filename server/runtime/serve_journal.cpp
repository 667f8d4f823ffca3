// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/serve_journal.hpp"

#include <unistd.h>

#include <csignal>
#include <iostream>

#include "server/runtime/policy_loader.hpp"
#include "server/runtime/server_app.hpp"

namespace oberih::runtime {
namespace {

constexpr std::chrono::seconds tending{1};
constexpr unsigned tendings_a_lock_look = 2;

/// Waits for the signal that ends the server. SIGHUP opens the log anew, and has the policies read
/// anew by the waiting thread: files are no business of a connection's.
class EndSignal {
 public:
  void take(int signal, StructuredLog& log) {
    if (signal == SIGHUP) log.reopen();
    std::lock_guard lock(mutex_);
    (signal == SIGHUP ? hangup_ : signal_) = signal;
    came_.notify_all();
  }
  /// 0: none has come within the time, or a SIGHUP.
  int wait_for(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    came_.wait_for(lock, time, [this] { return signal_ != 0 || hangup_ != 0; });
    return signal_;
  }
  bool take_hangup() {
    std::lock_guard lock(mutex_);
    return std::exchange(hangup_, 0) != 0;
  }

 private:
  std::mutex mutex_;
  std::condition_variable came_;
  int signal_ = 0;
  int hangup_ = 0;
};

/// Ends the process hard when stopping takes longer than promised: what is committed is committed.
class StopAlarm {
 public:
  explicit StopAlarm(std::uint64_t limit_ms) {
    alarm(static_cast<unsigned>((limit_ms + 999) / 1000));
  }
  ~StopAlarm() { alarm(0); }
};

}  // namespace

Result<void> serve_journal(const Settings& settings, ClockConfirmation clock) {
  StructuredLog log(settings.log_level, settings.log_file);
  auto keys = load_server_keys(settings.state_directory);
  if (!keys) return keys.error();
  auto policies = load_policies(settings.policies_directory);
  if (!policies) return policies.error();

  EndSignal end;  // outlives the threads that bring it
  ServerApp server(settings, std::move(*keys), std::move(*policies), log);
  server.on_signals([&end, &log](int signal) { end.take(signal, log); });
  if (auto started = server.start(); !started) {
    log.write(LogLevel::error, "start_refused", {{"reason", started.error().detail}});
    return started;
  }
  if (clock == ClockConfirmation::yes) server.confirm_clock();
  log.write(
      LogLevel::info, "ready",
      {{"address", settings.listen_address}, {"port", server.port()}, {"version", OBERIH_VERSION}});
  std::cout << "oberihd is ready on " << settings.listen_address << " port " << server.port()
            << std::endl;

  int signal = 0;
  Result<void> served;
  for (unsigned tended = 1; served && (signal = end.wait_for(tending)) == 0; ++tended) {
    if (end.take_hangup()) server.reload_policies();
    server.tend();
    if (tended % tendings_a_lock_look == 0) served = server.keep_serving_lock();
  }
  log.write(LogLevel::info, "stopping", {{"signal", static_cast<std::uint64_t>(signal)}});
  StopAlarm alarm(settings.stop_timeout_ms);
  server.stop();
  log.write(LogLevel::info, "stopped");
  return served;
}

}  // namespace oberih::runtime
