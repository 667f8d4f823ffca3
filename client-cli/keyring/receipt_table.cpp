// SPDX-License-Identifier: Apache-2.0
#include "client-cli/keyring/receipt_table.hpp"

namespace oberih::client {

std::optional<ReceiptMark> ReceiptTable::find(const ChannelId& channel, sealing::ReceiptStep step) {
  Statement statement = database_.prepare(
      "SELECT reached_seq, reached_ms, settled_seq FROM receipt_mark WHERE channel = ? AND step = "
      "?");
  statement.bind(channel).bind(static_cast<std::uint64_t>(step));
  if (!statement.step()) return std::nullopt;
  return ReceiptMark{statement.integer(0), statement.integer(1), statement.integer(2)};
}

void ReceiptTable::reach(const ChannelId& channel, sealing::ReceiptStep step, std::uint64_t seq,
                         Milliseconds now_ms) {
  database_
      .prepare(
          "INSERT INTO receipt_mark(channel, step, reached_seq, reached_ms, settled_seq)"
          " VALUES(?, ?, ?, ?, 0) ON CONFLICT(channel, step) DO UPDATE SET"
          " reached_seq = excluded.reached_seq, reached_ms = excluded.reached_ms"
          " WHERE excluded.reached_seq > reached_seq")
      .bind(channel)
      .bind(static_cast<std::uint64_t>(step))
      .bind(seq)
      .bind(now_ms)
      .run();
}

void ReceiptTable::settle(const ChannelId& channel, sealing::ReceiptStep step, std::uint64_t seq) {
  database_
      .prepare(
          "UPDATE receipt_mark SET settled_seq = max(settled_seq, ?) WHERE channel = ? AND step = "
          "?")
      .bind(seq)
      .bind(channel)
      .bind(static_cast<std::uint64_t>(step))
      .run();
}

}  // namespace oberih::client
