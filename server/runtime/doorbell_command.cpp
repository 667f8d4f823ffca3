// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/doorbell_command.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

#include "protocol/encoding/hex.hpp"

namespace oberih::runtime {
namespace {

constexpr std::uint64_t grace_ms = 2'000;  // of a hook under way when the server stops
constexpr std::uint64_t longest_look_ms = 60'000;

bool is_readable(int descriptor) {
  pollfd wait{descriptor, POLLIN, 0};
  return ::poll(&wait, 1, 0) == 1;
}

}  // namespace

DoorbellCommand::DoorbellCommand(std::string program, Report report, DoorbellLimits limits)
    : program_(std::move(program)),
      report_(std::move(report)),
      limits_(limits),
      wake_descriptor_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      queue_(limits) {
  if (wake_descriptor_ < 0) throw std::runtime_error("The kernel gives no eventfd.");
  thread_ = std::thread([this] { run(); });
}

DoorbellCommand::~DoorbellCommand() {
  {
    std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  wake();
  thread_.join();
  ::close(wake_descriptor_);
}

void DoorbellCommand::ring(const application::Ring& ring) {
  {
    std::lock_guard lock(mutex_);
    if (!queue_.put(ring)) ++dropped_;
  }
  wake();
}

void DoorbellCommand::wake() const {
  // Can fail only where the counter is full: then the thread has been woken.
  (void)::eventfd_write(wake_descriptor_, 1);
}

void DoorbellCommand::run() {
  while (start_some()) {
    await_something(next_look_ms());
    look_after_children();
  }
  end_children();
}

bool DoorbellCommand::start_some() {
  std::uint64_t dropped = 0;
  while (true) {
    std::optional<application::Ring> ring;
    {
      std::lock_guard lock(mutex_);
      dropped += std::exchange(dropped_, 0);
      if (is_stopping_) return false;
      ring = queue_.take(clock_.elapsed_ms());
    }
    if (!ring) break;
    start(*ring);
  }
  if (dropped > 0) fail(std::to_string(dropped) + " rings were dropped: too many wait already.");
  return true;
}

void DoorbellCommand::start(const application::Ring& ring) {
  Result<HookProcess> process = HookProcess::start(
      program_, {encoding::encode_hex(ring.agency), encoding::encode_hex(ring.unit)});
  if (process) {
    const std::uint64_t until =
        clock_.elapsed_ms() + static_cast<std::uint64_t>(limits_.time_limit.count());
    children_.push_back({ring, std::move(*process), until, false});
    return;
  }
  fail(ring, process.error().detail);
  std::lock_guard lock(mutex_);
  queue_.finish(ring);
}

std::uint64_t DoorbellCommand::next_look_ms() {
  const std::uint64_t now = clock_.elapsed_ms();
  std::uint64_t next = now + longest_look_ms;
  for (const Child& child : children_)
    if (!child.is_killed) next = std::min(next, child.until_ms);
  std::lock_guard lock(mutex_);
  if (const auto waiting = queue_.next_ms()) next = std::min(next, *waiting);
  return next > now ? next - now : 0;
}

void DoorbellCommand::await_something(std::uint64_t at_most_ms) {
  std::vector<pollfd> waits{{wake_descriptor_, POLLIN, 0}};
  for (const Child& child : children_) waits.push_back({child.process.descriptor(), POLLIN, 0});
  ::poll(waits.data(), waits.size(), static_cast<int>(at_most_ms));
  eventfd_t count = 0;
  (void)::eventfd_read(wake_descriptor_, &count);
}

void DoorbellCommand::look_after_children() {
  const std::uint64_t now = clock_.elapsed_ms();
  for (auto child = children_.begin(); child != children_.end();) {
    if (!is_readable(child->process.descriptor())) {
      if (!child->is_killed && child->until_ms <= now) {
        child->is_killed = true;
        child->process.kill();
      }
      ++child;
      continue;
    }
    std::string end = child->process.take_end();
    if (child->is_killed) end = "was killed: it did not end in time";
    if (!end.empty()) fail(child->ring, program_ + " " + end);
    std::lock_guard lock(mutex_);
    queue_.finish(child->ring);
    child = children_.erase(child);
  }
}

void DoorbellCommand::end_children() {
  const std::uint64_t until = clock_.elapsed_ms() + grace_ms;
  for (Child& child : children_) child.until_ms = std::min(child.until_ms, until);
  while (!children_.empty()) {
    const std::uint64_t now = clock_.elapsed_ms();
    if (now >= until + grace_ms) break;  // their destructors kill and wait
    await_something(now < until ? until - now : grace_ms / 10);
    look_after_children();
  }
}

void DoorbellCommand::fail(const application::Ring& ring, const std::string& reason) {
  fail("agency " + encoding::encode_hex(ring.agency) + ": " + reason);
}

void DoorbellCommand::fail(const std::string& reason) {
  const std::uint64_t minute = clock_.elapsed_ms() / 60'000;
  if (std::exchange(minute_, minute) != minute) lines_ = 0;
  if (++lines_ > lines_per_minute) {
    ++left_out_;
    return;
  }
  report_(reason, std::exchange(left_out_, 0));
}

}  // namespace oberih::runtime
