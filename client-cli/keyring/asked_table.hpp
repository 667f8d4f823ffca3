// SPDX-License-Identifier: Apache-2.0
// Entries of verified channels that ask people for something: whom, who has acknowledged, what the
// server has said of silence. It stores bytes; what they mean is verification/'s business.
#pragma once

#include <optional>
#include <vector>

#include "client-cli/keyring/sqlite_database.hpp"

namespace oberih::client {

class AskedTable {
 public:
  explicit AskedTable(SqliteDatabase& database) : database_(database) {}

  std::optional<Bytes> find(const ChannelId& channel, std::uint64_t seq);
  std::vector<Bytes> list(const ChannelId& channel);  // in order
  void put(const ChannelId& channel, std::uint64_t seq, ByteView state);

 private:
  SqliteDatabase& database_;
};

}  // namespace oberih::client
