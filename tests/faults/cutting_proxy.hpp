// SPDX-License-Identifier: Apache-2.0
// Stands between clients and server and passes bytes on. Cuts connections with a TCP reset after
// any byte, in any state (TLS handshake, upgrade, half a frame, posts outstanding), and stalls:
// then it reads nothing from the server, like a client that is too slow.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <random>
#include <thread>
#include <vector>

namespace oberih::faults {

class CuttingProxy {
 public:
  enum class Cutting { never, by_chance };
  CuttingProxy(std::uint16_t server_port, Cutting cutting, std::uint64_t seed);
  ~CuttingProxy();
  CuttingProxy(const CuttingProxy&) = delete;
  CuttingProxy& operator=(const CuttingProxy&) = delete;

  std::uint16_t port() const { return port_; }
  /// Resets all connections that there are.
  void cut_all() { cut_all_ = true; }
  void stop_cutting() { cutting_ = Cutting::never; }
  void stall(bool stalled) { stalled_ = stalled; }
  unsigned cuts() const { return cuts_; }

 private:
  struct Pair {
    int client = -1;
    int server = -1;
    std::int64_t bytes_left = -1;  // until the cut; -1: none
  };
  void run();
  void accept_one();
  bool pass_on(Pair& pair, int from, int to);
  void reset(Pair& pair);

  std::uint16_t server_port_;
  std::uint16_t port_ = 0;
  int listening_ = -1;
  std::mt19937_64 random_;
  std::vector<Pair> pairs_;
  std::atomic<Cutting> cutting_;
  std::atomic<bool> cut_all_{false};
  std::atomic<bool> stalled_{false};
  std::atomic<bool> ends_{false};
  std::atomic<unsigned> cuts_{0};
  std::thread thread_;
};

}  // namespace oberih::faults
