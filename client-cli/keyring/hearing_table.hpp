// SPDX-License-Identifier: Apache-2.0
// Hearings of verified channels: what their entries add up to, and which entries are about which
// hearing. Clear facts alone, as the server has them; a summons is opened when it is shown.
#pragma once

#include <vector>

#include "client-cli/keyring/sqlite_database.hpp"

namespace oberih::client {

class HearingTable {
 public:
  explicit HearingTable(SqliteDatabase& database) : database_(database) {}

  std::optional<Bytes> find(const ChannelId& channel, const HearingId& hearing);
  std::vector<Bytes> list(const ChannelId& channel);
  /// The hearing as it is after the entry at `seq`.
  void put(const ChannelId& channel, const HearingId& hearing, ByteView state, std::uint64_t seq);
  /// Sequences of the entries about a hearing, ascending.
  std::vector<std::uint64_t> entries_of(const ChannelId& channel, const HearingId& hearing);

 private:
  SqliteDatabase& database_;
};

}  // namespace oberih::client
