// SPDX-License-Identifier: Apache-2.0
// The server as a process seen from outside: is it there, does it answer, what does it hold, what
// does it complain of.
#pragma once

#include <string>
#include <vector>

#include "tests/garbage/target.hpp"

namespace oberih::garbage {

class ServerWatch {
 public:
  /// Remembers how large the server is before anything comes in.
  explicit ServerWatch(faults::Ground& ground);

  /// While garbage comes in: alive, answering an honest person, memory bounded, no error logged.
  /// What is wrong, empty: nothing.
  std::vector<std::string> look(socket::EventLoop& loop, const faults::Room& room,
                                const faults::Member& honest);
  /// When all have left: nothing of their connections is kept. Only root may look into a hardened
  /// process; to others it seems to have no descriptors at all.
  std::vector<std::string> look_for_leftovers() const;
  /// Stops the server: it ends by itself, in peace, and no sanitizer has anything to say.
  std::vector<std::string> stop();

  std::size_t resident_mebibytes() const;
  std::size_t growth_mebibytes() const;

 private:
  std::size_t tcp_sockets() const;

  faults::Ground& ground_;
  std::size_t resident_at_first_ = 0;
};

}  // namespace oberih::garbage
