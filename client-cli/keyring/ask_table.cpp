// SPDX-License-Identifier: Apache-2.0
#include "client-cli/keyring/ask_table.hpp"

namespace oberih::client {

AskMark AskTable::mark(const ChannelId& channel) {
  Statement statement =
      database_.prepare("SELECT read_seq, member_until_ms FROM ask_mark WHERE channel = ?");
  statement.bind(channel);
  if (!statement.step()) return {};
  return {statement.integer(0), statement.integer(1)};
}

void AskTable::put_mark(const ChannelId& channel, const AskMark& mark) {
  database_.prepare("INSERT OR REPLACE INTO ask_mark VALUES(?, ?, ?)")
      .bind(channel)
      .bind(mark.read_seq)
      .bind(mark.member_until_ms)
      .run();
}

void AskTable::add(const StoredAsk& ask) {
  database_.prepare("INSERT OR REPLACE INTO ask VALUES(?, ?, ?, ?, ?)")
      .bind(ask.channel)
      .bind(ask.seq)
      .bind(static_cast<std::uint64_t>(ask.what))
      .bind(static_cast<std::uint64_t>(ask.is_urgent))
      .bind(ask.server_ms)
      .run();
}

void AskTable::remove(const ChannelId& channel, std::uint64_t seq, sealing::AsksFor what) {
  database_.prepare("DELETE FROM ask WHERE channel = ? AND seq = ? AND what = ?")
      .bind(channel)
      .bind(seq)
      .bind(static_cast<std::uint64_t>(what))
      .run();
}

std::vector<StoredAsk> AskTable::list(const ChannelId& channel, std::size_t most) {
  std::vector<StoredAsk> asks;
  Statement statement = database_.prepare(
      "SELECT seq, what, is_urgent, server_ms FROM ask WHERE channel = ?"
      " ORDER BY is_urgent DESC, seq LIMIT ?");
  statement.bind(channel).bind(static_cast<std::uint64_t>(most));
  while (statement.step())
    asks.push_back({channel, statement.integer(0),
                    static_cast<sealing::AsksFor>(statement.integer(1)), statement.integer(2) != 0,
                    statement.integer(3)});
  return asks;
}

std::uint64_t AskTable::count(const ChannelId& channel) {
  Statement statement = database_.prepare("SELECT count(*) FROM ask WHERE channel = ?");
  statement.bind(channel);
  return statement.step() ? statement.integer(0) : 0;
}

}  // namespace oberih::client
