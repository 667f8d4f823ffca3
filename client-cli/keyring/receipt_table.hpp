// SPDX-License-Identifier: Apache-2.0
// How far this device has come in each channel, and what of it was told to the others. It stores;
// verification/ decides.
#pragma once

#include <optional>

#include "client-cli/keyring/sqlite_database.hpp"
#include "protocol/base/timestamp.hpp"
#include "protocol/sealing/receipt.hpp"

namespace oberih::client {

struct ReceiptMark {
  std::uint64_t reached_seq = 0;
  Milliseconds reached_ms = 0;    // by our clock: what a receipt that is sent later says
  std::uint64_t settled_seq = 0;  // told, or there was nothing to tell up to here
};

class ReceiptTable {
 public:
  explicit ReceiptTable(SqliteDatabase& database) : database_(database) {}

  std::optional<ReceiptMark> find(const ChannelId& channel, sealing::ReceiptStep step);
  /// Neither ever goes back.
  void reach(const ChannelId& channel, sealing::ReceiptStep step, std::uint64_t seq,
             Milliseconds now_ms);
  void settle(const ChannelId& channel, sealing::ReceiptStep step, std::uint64_t seq);

 private:
  SqliteDatabase& database_;
};

}  // namespace oberih::client
