// SPDX-License-Identifier: Apache-2.0
// Channels: their verified items, what these add up to, and the epochs' keys. It stores bytes; what
// may be stored is decided by verification/.
#pragma once

#include <functional>
#include <vector>

#include "client-cli/keyring/row_seal.hpp"
#include "client-cli/keyring/sqlite_database.hpp"
#include "protocol/base/timestamp.hpp"

namespace oberih::client {

struct StoredChannel {
  ChannelId channel;
  Bytes state;  // sealing::ChannelState
  std::uint64_t newest_seq = 0;
  std::uint64_t newest_index = 0;  // journal
  Milliseconds newest_ms = 0;      // server time
};

struct StoredItem {
  std::uint64_t seq = 0;
  std::uint64_t index = 0;
  Bytes leaf;
  std::optional<Bytes> ciphertext;
};

struct StoredEpoch {
  std::uint64_t epoch = 0;
  Digest key_commitment;
  Digest message_key_commitment;
  std::uint64_t previous_epoch = 0;
  Bytes previous_box;
};

class ChannelTable {
 public:
  ChannelTable(SqliteDatabase& database, RowSeal& seal) : database_(database), seal_(seal) {}

  std::vector<ChannelId> list();
  std::optional<StoredChannel> find(const ChannelId& channel);
  std::uint64_t newest_seq(const ChannelId& channel);  // 0: none
  void put(const StoredChannel& channel);

  void put_title(const ChannelId& channel, std::string_view title);
  std::optional<std::string> title(const ChannelId& channel);
  std::uint64_t shown_seq(const ChannelId& channel);
  /// Never goes back.
  void put_shown_seq(const ChannelId& channel, std::uint64_t seq);

  void add_item(const ChannelId& channel, const StoredItem& item, const Digest& leaf_hash);
  std::optional<Digest> leaf_hash_at(const ChannelId& channel, std::uint64_t seq);
  std::optional<StoredItem> find_item(const ChannelId& channel, std::uint64_t seq);
  /// In order; `visit` returns false to end. Not again inside of itself.
  void for_each_item(const ChannelId& channel, std::uint64_t after_seq,
                     const std::function<bool(const StoredItem&)>& visit);
  /// The same without what is sealed: of long channels a small part of the file.
  void for_each_leaf(const ChannelId& channel, std::uint64_t after_seq,
                     const std::function<void(std::uint64_t seq, const Bytes& leaf)>& visit);

  [[nodiscard]] bool has_message(const DeviceId& sender, const MessageId& message);
  void add_message(const DeviceId& sender, const MessageId& message, const ChannelId& channel,
                   std::uint64_t seq);

  void add_epoch(const ChannelId& channel, const StoredEpoch& epoch);
  std::optional<StoredEpoch> find_epoch(const ChannelId& channel, std::uint64_t epoch);
  void put_key(const ChannelId& channel, std::uint64_t epoch, const EpochKey& key);
  std::optional<EpochKey> key(const ChannelId& channel, std::uint64_t epoch);
  /// The newest epoch whose key this device holds; 0: none.
  std::uint64_t newest_key_epoch(const ChannelId& channel);

 private:
  SqliteDatabase& database_;
  RowSeal& seal_;
};

}  // namespace oberih::client
