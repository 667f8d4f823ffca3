// SPDX-License-Identifier: Apache-2.0
// How far each device of a channel has come: one statement, hence one snapshot, and a few index
// look-ups for each device however many receipts it has sent.
#pragma once

#include "protocol/wire/receipts.hpp"
#include "server/storage/database_session.hpp"

namespace oberih::storage {

class ReceiptQueries {
 public:
  explicit ReceiptQueries(DatabaseSession& session) : session_(session) {}

  /// Of devices behind `after_device`: the first receipts that reach `channel_seq`, or, where that
  /// is 0, the newest. Throws soci::soci_error.
  wire::ReceiptPage load(const ChannelId& channel, std::uint64_t channel_seq,
                         const DeviceId& after_device);

 private:
  DatabaseSession& session_;
};

}  // namespace oberih::storage
