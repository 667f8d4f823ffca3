// SPDX-License-Identifier: Apache-2.0
// The keys of a channel's epochs: taken out of one's own wrap, checked against what the signed
// record commits to, and walked back through the boxes of earlier epochs.
#pragma once

#include "client-cli/keyring/channel_table.hpp"
#include "client-cli/keyring/key_ring.hpp"
#include "client-cli/verification/message_keys.hpp"
#include "protocol/sealing/channel_record.hpp"
#include "protocol/sealing/directory.hpp"
#include "protocol/sealing/epoch_keys.hpp"

namespace oberih::client {

class ChannelKeys final : public MessageKeys {
 public:
  ChannelKeys(ChannelTable& table, const ChannelId& channel) : table_(table), channel_(channel) {}

  /// Of a verified record that begins an epoch: keeps its commitments and box, opens the wrap of
  /// our device if the roster has it, and every earlier epoch that this reveals. A wrap that does
  /// not open leaves the epoch without a key: the record stays, and others must rotate.
  void take_epoch(const sealing::ChannelRecord& record, ByteView wraps, ByteView previous_box,
                  const KeyRing& ring, const sealing::Directory& directory);

  /// Refusal: cannot_open when this device holds no key of that epoch.
  Result<EpochKey> key(std::uint64_t epoch);
  Result<MessageKey> message_key(std::uint64_t epoch) override;
  /// 0: none.
  std::uint64_t newest_epoch() { return table_.newest_key_epoch(channel_); }
  std::optional<StoredEpoch> find_epoch(std::uint64_t epoch) {
    return table_.find_epoch(channel_, epoch);
  }

 private:
  /// Only a key that matches both commitments is kept.
  bool keep_if_right(const StoredEpoch& epoch, const EpochKey& key);
  void walk_back(StoredEpoch epoch);

  ChannelTable& table_;
  ChannelId channel_;
};

}  // namespace oberih::client
