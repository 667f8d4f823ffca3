// SPDX-License-Identifier: Apache-2.0
#include "tests/load/newcomer.hpp"

#include <algorithm>
#include <stdexcept>

#include "tests/load/load_client.hpp"

namespace oberih::load {
namespace {

constexpr auto pause = std::chrono::milliseconds(500);
constexpr auto newcomer_patience = std::chrono::seconds(30);

struct Silent final : LoadClient::Counter {
  void on_reply(LoadClient&, std::uint64_t, std::string_view) override {}
};

}  // namespace

void Newcomer::begin() {
  is_over_ = false;
  slowest_.reset();
  thread_ = std::thread([this] { run(); });
}

std::optional<double> Newcomer::end() {
  is_over_ = true;
  if (thread_.joinable()) thread_.join();
  return slowest_;
}

void Newcomer::run() {
  Silent silent;
  EventLoop loop;
  LoadClient client(loop, silent, member_, channel_, LoadClient::Habit::only_greets);
  auto since = Clock::now();
  while (!is_over_) {
    bool is_done = false;
    try {
      client.open(port_, 0);
      is_done = loop.run([&client] { return client.is_ready(); }, newcomer_patience);
    } catch (const std::runtime_error&) {
      // Turned away: it comes again, and its time goes on.
    }
    const double waited = 1'000 * seconds_between(since, Clock::now());
    if (is_done) slowest_ = std::max(slowest_.value_or(0), waited);
    client.close();
    std::this_thread::sleep_for(pause);
    if (is_done) since = Clock::now();
  }
}

}  // namespace oberih::load
