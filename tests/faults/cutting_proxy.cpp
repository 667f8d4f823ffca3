// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/cutting_proxy.hpp"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

namespace oberih::faults {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

int small_buffered_socket() {
  const int number = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int bytes = 16 * 1024;  // so that a stall reaches the server soon
  setsockopt(number, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
  return number;
}

}  // namespace

CuttingProxy::CuttingProxy(std::uint16_t server_port, Cutting cutting, std::uint64_t seed)
    : server_port_(server_port), random_(seed), cutting_(cutting) {
  listening_ = small_buffered_socket();
  sockaddr_in address = loopback(0);
  socklen_t length = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(listening_, generic, length) != 0 || listen(listening_, 64) != 0 ||
      getsockname(listening_, generic, &length) != 0)
    throw std::runtime_error("the proxy cannot listen");
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { run(); });
}

CuttingProxy::~CuttingProxy() {
  ends_ = true;
  thread_.join();
  ::close(listening_);
}

void CuttingProxy::run() {
  while (!ends_) {
    std::vector<pollfd> watched{{listening_, POLLIN, 0}};
    for (const Pair& pair : pairs_) {
      watched.push_back({pair.client, POLLIN, 0});
      watched.push_back({stalled_ ? -1 : pair.server, POLLIN, 0});
    }
    poll(watched.data(), watched.size(), 5);
    const bool all = cut_all_.exchange(false);
    for (std::size_t i = 0; i < pairs_.size(); ++i) {
      Pair& pair = pairs_[i];
      bool goes_on = !all;
      if (goes_on && watched[1 + 2 * i].revents != 0)
        goes_on = pass_on(pair, pair.client, pair.server);
      if (goes_on && watched[2 + 2 * i].revents != 0)
        goes_on = pass_on(pair, pair.server, pair.client);
      if (!goes_on) reset(pair);
    }
    std::erase_if(pairs_, [](const Pair& pair) { return pair.client < 0; });
    if (watched[0].revents != 0) accept_one();
  }
  for (Pair& pair : pairs_) reset(pair);
}

void CuttingProxy::accept_one() {
  Pair pair;
  pair.client = accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
  pair.server = small_buffered_socket();
  const sockaddr_in address = loopback(server_port_);
  if (connect(pair.server, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return reset(pair);
  if (cutting_ == Cutting::by_chance) {
    // A handshake and an upgrade take some 4,000 bytes: half of the cuts fall into them.
    const bool early = random_() % 2 == 0;
    pair.bytes_left = static_cast<std::int64_t>(random_() % (early ? 5'000 : 60'000));
  }
  pairs_.push_back(pair);
}

bool CuttingProxy::pass_on(Pair& pair, int from, int to) {
  char buffer[16 * 1024];
  const ssize_t got = ::recv(from, buffer, sizeof buffer, MSG_DONTWAIT);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return true;
  if (got <= 0) return false;
  std::size_t wanted = static_cast<std::size_t>(got);
  if (pair.bytes_left >= 0 && cutting_ == Cutting::by_chance)
    wanted = std::min(wanted, static_cast<std::size_t>(pair.bytes_left));
  for (std::size_t sent = 0; sent < wanted;) {
    const ssize_t count = ::send(to, buffer + sent, wanted - sent, MSG_NOSIGNAL);
    if (count <= 0) return false;
    sent += static_cast<std::size_t>(count);
  }
  if (pair.bytes_left < 0 || cutting_ == Cutting::never) return true;
  pair.bytes_left -= static_cast<std::int64_t>(wanted);
  return pair.bytes_left > 0;
}

void CuttingProxy::reset(Pair& pair) {
  const linger at_once{1, 0};  // a reset instead of a farewell
  for (const int number : {pair.client, pair.server}) {
    setsockopt(number, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    ::close(number);
  }
  pair.client = pair.server = -1;
  ++cuts_;
}

}  // namespace oberih::faults
