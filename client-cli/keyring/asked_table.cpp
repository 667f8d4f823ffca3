// SPDX-License-Identifier: Apache-2.0
#include "client-cli/keyring/asked_table.hpp"

namespace oberih::client {

std::optional<Bytes> AskedTable::find(const ChannelId& channel, std::uint64_t seq) {
  Statement statement =
      database_.prepare("SELECT state FROM asked_entry WHERE channel = ? AND seq = ?");
  statement.bind(channel).bind(seq);
  if (!statement.step()) return std::nullopt;
  return statement.blob(0);
}

std::vector<Bytes> AskedTable::list(const ChannelId& channel) {
  std::vector<Bytes> states;
  Statement statement =
      database_.prepare("SELECT state FROM asked_entry WHERE channel = ? ORDER BY seq");
  statement.bind(channel);
  while (statement.step()) states.push_back(statement.blob(0));
  return states;
}

void AskedTable::put(const ChannelId& channel, std::uint64_t seq, ByteView state) {
  database_.prepare("INSERT OR REPLACE INTO asked_entry VALUES(?, ?, ?)")
      .bind(channel)
      .bind(seq)
      .bind(state)
      .run();
}

}  // namespace oberih::client
