// SPDX-License-Identifier: Apache-2.0
#include "client-cli/keyring/hearing_table.hpp"

namespace oberih::client {

std::optional<Bytes> HearingTable::find(const ChannelId& channel, const HearingId& hearing) {
  Statement statement =
      database_.prepare("SELECT state FROM hearing WHERE channel = ? AND hearing = ?");
  statement.bind(channel).bind(hearing);
  if (!statement.step()) return std::nullopt;
  return statement.blob(0);
}

std::vector<Bytes> HearingTable::list(const ChannelId& channel) {
  std::vector<Bytes> states;
  Statement statement =
      database_.prepare("SELECT state FROM hearing WHERE channel = ? ORDER BY hearing");
  statement.bind(channel);
  while (statement.step()) states.push_back(statement.blob(0));
  return states;
}

void HearingTable::put(const ChannelId& channel, const HearingId& hearing, ByteView state,
                       std::uint64_t seq) {
  database_.prepare("INSERT OR REPLACE INTO hearing VALUES(?, ?, ?)")
      .bind(channel)
      .bind(hearing)
      .bind(state)
      .run();
  database_.prepare("INSERT INTO hearing_entry VALUES(?, ?, ?)")
      .bind(channel)
      .bind(hearing)
      .bind(seq)
      .run();
}

std::vector<std::uint64_t> HearingTable::entries_of(const ChannelId& channel,
                                                    const HearingId& hearing) {
  std::vector<std::uint64_t> sequences;
  Statement statement = database_.prepare(
      "SELECT seq FROM hearing_entry WHERE channel = ? AND hearing = ? ORDER BY seq");
  statement.bind(channel).bind(hearing);
  while (statement.step()) sequences.push_back(statement.integer(0));
  return sequences;
}

}  // namespace oberih::client
