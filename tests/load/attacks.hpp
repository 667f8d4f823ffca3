// SPDX-License-Identifier: Apache-2.0
// THE table of the attacks that oberih-load lays beside honest work. A row says who comes, how far
// it goes and what it does there; AttackThread does it.
#pragma once

#include <string>
#include <vector>

#include "tests/load/web_socket_pipe.hpp"

namespace oberih::load {

struct Attack {
  enum class Who {
    devices,   // certified, of an agency of their own
    nobody,    // no certificate
    stranger,  // a certificate that no directory knows
  };
  enum class Ears { open, deaf };

  std::string name;
  std::size_t connections = 0;  // at once, as far as they are let in; those that end come again
  std::size_t devices = 1;      // that share them
  Who who = Who::devices;
  WebSocketPipe::Depth depth = WebSocketPipe::Depth::web_socket;
  std::string opening{};  // sent once
  std::string burst{};    // sent whenever the socket takes it, a thousand times a second at most
  std::string trickle{};  // sent a byte a second
  bool leaves_at_once = false;
  Ears ears = Ears::open;
};

/// All of them. `channel`: the attackers' own, with a history.
std::vector<Attack> make_attacks(const struct Channel& channel);
std::size_t attack_count();
inline constexpr std::size_t attackers = 8;  // devices of an attack's agency

}  // namespace oberih::load
