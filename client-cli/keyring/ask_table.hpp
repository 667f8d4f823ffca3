// SPDX-License-Identifier: Apache-2.0
// What entries of verified channels ask of this profile's person and have no answer to yet. Clear
// facts alone, as the server has them. It stores; verification/open_asks decides what stands here.
#pragma once

#include <vector>

#include "client-cli/keyring/sqlite_database.hpp"
#include "protocol/base/timestamp.hpp"
#include "protocol/sealing/entry_facts.hpp"

namespace oberih::client {

struct StoredAsk {
  ChannelId channel;
  std::uint64_t seq = 0;  // of the entry that asks
  sealing::AsksFor what{};
  bool is_urgent = false;
  Milliseconds server_ms = 0;
};

/// How far a channel was looked through.
struct AskMark {
  std::uint64_t read_seq = 0;
  /// Up to when the person sits in the channel, as its newest record says; 0: not, the largest
  /// time that the store holds: without an end.
  Milliseconds member_until_ms = 0;
};
inline constexpr Milliseconds without_end_ms = INT64_MAX;

class AskTable {
 public:
  explicit AskTable(SqliteDatabase& database) : database_(database) {}

  AskMark mark(const ChannelId& channel);
  void put_mark(const ChannelId& channel, const AskMark& mark);

  void add(const StoredAsk& ask);
  void remove(const ChannelId& channel, std::uint64_t seq, sealing::AsksFor what);
  /// Urgent ones first, then the oldest; no more than `most`.
  std::vector<StoredAsk> list(const ChannelId& channel, std::size_t most);
  std::uint64_t count(const ChannelId& channel);

 private:
  SqliteDatabase& database_;
};

}  // namespace oberih::client
