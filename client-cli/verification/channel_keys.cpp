// SPDX-License-Identifier: Apache-2.0
#include "client-cli/verification/channel_keys.hpp"

#include "protocol/sealing/key_wrap.hpp"

namespace oberih::client {
namespace {

std::optional<EpochKey> open_own_wrap(const sealing::ChannelRecord& record, ByteView wraps,
                                      const KeyRing& ring, const sealing::Directory& directory) {
  const sealing::RosterLine* line = sealing::find_line(record.roster, ring.device);
  const sealing::Device* device = directory.find_device(ring.device);
  if (line == nullptr || device == nullptr) return std::nullopt;
  Result<std::vector<sealing::KeyWrap>> parsed = sealing::parse_wraps(wraps);
  auto place = static_cast<std::size_t>(line - record.roster.data());
  if (!parsed || place >= parsed->size()) return std::nullopt;
  sealing::WrapContext context{record.channel,        record.epoch,  sealing::WrapKind::epoch_key,
                               record.key_commitment, record.author, device->certificate.agency,
                               ring.device,           line->hpke_key};
  std::optional<SymmetricKey> opened =
      sealing::unwrap_key(context, (*parsed)[place], ring.hpke_secret);
  if (!opened) return std::nullopt;
  EpochKey key;
  std::copy(opened->view().begin(), opened->view().end(), key.writable().begin());
  return key;
}

}  // namespace

bool ChannelKeys::keep_if_right(const StoredEpoch& epoch, const EpochKey& key) {
  sealing::EpochKeys keys = sealing::derive_epoch_keys(key, channel_, epoch.epoch);
  if (keys.key_commitment != epoch.key_commitment ||
      keys.message_key_commitment != epoch.message_key_commitment)
    return false;
  table_.put_key(channel_, epoch.epoch, key);
  return true;
}

void ChannelKeys::take_epoch(const sealing::ChannelRecord& record, ByteView wraps,
                             ByteView previous_box, const KeyRing& ring,
                             const sealing::Directory& directory) {
  StoredEpoch epoch{record.epoch, record.key_commitment, record.message_key_commitment,
                    record.prev_epoch, to_bytes(previous_box)};
  table_.add_epoch(channel_, epoch);
  std::optional<EpochKey> key = open_own_wrap(record, wraps, ring, directory);
  if (key && keep_if_right(epoch, *key)) walk_back(std::move(epoch));
}

void ChannelKeys::walk_back(StoredEpoch epoch) {
  while (epoch.previous_epoch != 0 && !table_.key(channel_, epoch.previous_epoch)) {
    std::optional<StoredEpoch> previous = table_.find_epoch(channel_, epoch.previous_epoch);
    std::optional<EpochKey> key = table_.key(channel_, epoch.epoch);
    if (!previous || !key) return;
    sealing::EpochKeys keys = sealing::derive_epoch_keys(*key, channel_, epoch.epoch);
    std::optional<EpochKey> opened = sealing::open_previous_key(
        keys, channel_, epoch.epoch, previous->key_commitment, epoch.previous_box);
    if (!opened || !keep_if_right(*previous, *opened)) return;
    epoch = std::move(*previous);
  }
}

Result<EpochKey> ChannelKeys::key(std::uint64_t epoch) {
  std::optional<EpochKey> key = table_.key(channel_, epoch);
  if (!key)
    return refuse(RefusalCode::cannot_open,
                  "this device holds no key of epoch " + std::to_string(epoch));
  return std::move(*key);
}

Result<MessageKey> ChannelKeys::message_key(std::uint64_t epoch) {
  Result<EpochKey> found = key(epoch);
  if (!found) return found.error();
  return sealing::derive_epoch_keys(*found, channel_, epoch).message_key;
}

}  // namespace oberih::client
