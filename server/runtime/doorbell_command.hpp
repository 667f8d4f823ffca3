// SPDX-License-Identifier: Apache-2.0
// The doorbell as a program of the operator's (setting doorbell_command): `PROGRAM AGENCY UNIT`,
// and nothing else. It fails without anybody waiting for it: neither recorder nor io threads start
// or await a process; one thread does, and tells the log what went wrong, a few lines a minute.
#pragma once

#include <functional>
#include <list>
#include <mutex>
#include <thread>

#include "server/runtime/clocks.hpp"
#include "server/runtime/doorbell_queue.hpp"
#include "server/runtime/hook_process.hpp"

namespace oberih::runtime {

class DoorbellCommand final : public application::Doorbell {
 public:
  /// `left_out`: failures since the last line that got none. Called on the doorbell's thread.
  using Report = std::function<void(const std::string& reason, std::uint64_t left_out)>;

  DoorbellCommand(std::string program, Report report, DoorbellLimits limits = {});
  /// What is under way gets two seconds more; what waits is dropped.
  ~DoorbellCommand() override;

  void ring(const application::Ring& ring) override;

 private:
  static constexpr unsigned lines_per_minute = 10;
  struct Child {
    application::Ring ring;
    HookProcess process;
    std::uint64_t until_ms = 0;
    bool is_killed = false;
  };

  void run();
  /// False when the server stops.
  bool start_some();
  void start(const application::Ring& ring);
  void await_something(std::uint64_t at_most_ms);
  void look_after_children();
  void end_children();
  std::uint64_t next_look_ms();
  void fail(const application::Ring& ring, const std::string& reason);
  void fail(const std::string& reason);
  void wake() const;

  const std::string program_;
  const Report report_;
  const DoorbellLimits limits_;
  const MonotonicClock clock_;
  int wake_descriptor_ = -1;

  std::mutex mutex_;
  DoorbellQueue queue_;
  std::uint64_t dropped_ = 0;  // since the thread looked last
  bool is_stopping_ = false;

  // The doorbell's thread alone.
  std::list<Child> children_;
  std::uint64_t minute_ = 0;
  unsigned lines_ = 0;
  std::uint64_t left_out_ = 0;

  std::thread thread_;  // last
};

}  // namespace oberih::runtime
