// SPDX-License-Identifier: Apache-2.0
// A client that posts one entry after another and never leaves an outcome open: without an answer
// it comes back, asks by message id or simply posts the very same entry again, until it knows.
#pragma once

#include <functional>
#include <random>

#include "tests/faults/ledger.hpp"
#include "tests/faults/member.hpp"

namespace oberih::faults {

class Poster {
 public:
  Poster(socket::EventLoop& loop, const Room& room, const Member& member, Ledger& ledger,
         std::uint64_t seed);

  /// Posts until `is_over`, then settles what is open. Throws std::runtime_error where the server
  /// refuses what it must accept, or gives no answer for a minute.
  void run(const std::function<bool()>& is_over);

 private:
  const Intent& seal_next();
  void settle(const Intent& intent, bool may_be_stored);
  bool is_connected();
  /// Asks by message id. True: it is there, and the ledger says so.
  bool find(const Intent& intent);
  void pause(unsigned longest_ms);

  const Room& room_;
  const Member& member_;
  Ledger& ledger_;
  crypto::Signer signer_;
  client::ServerConnection connection_;
  std::mt19937_64 random_;
};

}  // namespace oberih::faults
