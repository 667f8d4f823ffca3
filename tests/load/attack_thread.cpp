// SPDX-License-Identifier: Apache-2.0
#include "tests/load/attack_thread.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <stdexcept>

namespace oberih::load {
namespace {

constexpr auto turn_time = std::chrono::milliseconds(1);
constexpr std::size_t opened_in_a_turn = 4;  // their own handshakes must not fill the machine
constexpr int lowest_priority = 19;

}  // namespace

class AttackThread::Connection final : WebSocketPipe::Owner {
 public:
  Connection(EventLoop& loop, const Attack& attack, Counts& counts,
             const crypto::TlsKeyAndCertificate& identity, in_addr_t source)
      : loop_(loop),
        attack_(attack),
        counts_(counts),
        pipe_(loop, *this, identity, {attack.depth, source}) {}

  bool is_away() const { return pipe_.is_closed(); }
  /// Not where the kernel has no socket left for us.
  void come(std::uint16_t port) try {
    pipe_.open(port);
  } catch (const std::runtime_error&) {
    pipe_.close();
  }
  void act(Clock::time_point now) {
    if (!attack_.burst.empty() && pipe_.takes_more()) pipe_.send(attack_.burst);
    if (pipe_.is_open() && trickled_ < attack_.trickle.size() && now >= trickle_at_) {
      trickle_at_ = now + std::chrono::seconds(1);
      pipe_.send(attack_.trickle.substr(trickled_++, 1));
    }
  }

 private:
  void on_open() override {
    ++counts_.opened;
    trickled_ = 0;
    if (!attack_.opening.empty()) pipe_.send(attack_.opening);
    if (attack_.ears == Attack::Ears::deaf) pipe_.deafen();
    if (attack_.leaves_at_once) loop_.later([this] { pipe_.close(); });
  }
  void on_text(std::string_view text) override {
    if (text.substr(0, 100).find("\"error\"") != std::string_view::npos) ++counts_.refused;
  }
  void on_end(std::uint16_t, const std::string&) override { ++counts_.ended; }

  EventLoop& loop_;
  const Attack& attack_;
  Counts& counts_;
  WebSocketPipe pipe_;
  std::size_t trickled_ = 0;
  Clock::time_point trickle_at_;
};

AttackThread::AttackThread(const Attack& attack, const std::vector<Member*>& people,
                           std::uint16_t port, in_addr_t source)
    : attack_(attack),
      people_(people),
      port_(port),
      source_(source),
      thread_([this] { run(); }) {}

AttackThread::~AttackThread() {
  is_over_ = true;
  thread_.join();
}

void AttackThread::run() {
  // On Linux a thread has a priority of its own.
  ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), lowest_priority);
  EventLoop loop;
  std::vector<std::unique_ptr<Connection>> connections;
  const crypto::TlsKeyAndCertificate nobody, stranger = crypto::generate_tls_identity();
  for (std::size_t i = 0; i < attack_.connections; ++i) {
    const auto* identity = &people_.at(i % attack_.devices)->tls;
    if (attack_.who == Attack::Who::nobody) identity = &nobody;
    if (attack_.who == Attack::Who::stranger) identity = &stranger;
    connections.push_back(
        std::make_unique<Connection>(loop, attack_, counts_, *identity, source_));
  }
  std::size_t next = 0;
  while (!is_over_) {
    std::size_t opened = 0;
    for (std::size_t i = 0; i < connections.size() && opened < opened_in_a_turn; ++i) {
      Connection& each = *connections[next++ % connections.size()];
      if (!each.is_away()) continue;
      each.come(port_);
      ++opened;
    }
    const auto now = Clock::now();
    for (const auto& connection : connections) connection->act(now);
    loop.turn(now + turn_time);
  }
}

}  // namespace oberih::load
