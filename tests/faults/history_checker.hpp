// SPDX-License-Identifier: Apache-2.0
// The judge of a run: what was promised (ledgers), what was delivered (followers), what can be read
// (channel.read) and what is stored (the database) must be one and the same history.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/faults/follower.hpp"
#include "tests/faults/ground.hpp"
#include "tests/faults/ledger.hpp"

namespace oberih::faults {

struct Verdict {
  std::size_t posts = 0;
  std::size_t acknowledged = 0;
  std::size_t unknown = 0;  // no answer came
  std::size_t found = 0;    // of them, asked afterwards: was stored
  std::size_t absent = 0;   // of them, asked afterwards: was not
  std::size_t refused = 0;  // for now (clock_unreliable, server_busy), and sent again
  std::vector<std::string> violations;
};

class HistoryChecker {
 public:
  HistoryChecker(Ground& ground, const Room& room);

  /// Reads the channel as a member does. Throws where that fails.
  std::uint64_t read_channel();
  void compare_with(const Ledger& ledger, const Member& author);
  void compare_with(const Follower& follower);
  void compare_with_database();
  void ask_oberihd_check();
  Verdict& verdict() { return verdict_; }

 private:
  struct Stored {
    std::uint64_t index = 0;
    std::uint64_t channel_seq = 0;
    Digest leaf_hash;
    DeviceId sender;
    std::uint64_t sender_seq = 0;
    Digest message_hash;
    MessageId message_id;
  };
  void take(const wire::ChannelItem& item);
  void object(const std::string& what) { verdict_.violations.push_back(what); }

  Ground& ground_;
  const Room& room_;
  Verdict verdict_;
  std::vector<Digest> leaves_;  // by channel_seq - 1
  std::vector<Stored> entries_;
};

}  // namespace oberih::faults
