// SPDX-License-Identifier: Apache-2.0
// Posts that were begun and whose outcome is not known yet. A text keeps its message id until the
// server has said yes or no, so that it can never stand in the journal twice.
#pragma once

#include <vector>

#include "client-cli/keyring/row_seal.hpp"
#include "client-cli/keyring/sqlite_database.hpp"
#include "protocol/base/timestamp.hpp"
#include "protocol/base/vocabulary.hpp"

namespace oberih::client {

struct OutboxEntry {
  ChannelId channel;
  MessageId message;
  EntryType type{};
  SecretBuffer text;  // as it is sealed: an encoded message text; empty for types without a body
  Milliseconds created_ms = 0;
  Bytes facts = {};  // of the header, as signed
};

class OutboxTable {
 public:
  OutboxTable(SqliteDatabase& database, RowSeal& seal) : database_(database), seal_(seal) {}

  void put(const OutboxEntry& entry);
  void remove(const ChannelId& channel, const MessageId& message);
  std::vector<OutboxEntry> list(const ChannelId& channel);
  std::vector<ChannelId> channels();
  std::uint64_t size();

 private:
  SqliteDatabase& database_;
  RowSeal& seal_;
};

}  // namespace oberih::client
