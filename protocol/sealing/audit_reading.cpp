// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/audit_reading.hpp"

#include <algorithm>

#include "protocol/base/byte_reader.hpp"
#include "protocol/base/byte_writer.hpp"
#include "protocol/base/limits.hpp"
#include "protocol/sealing/grant_order.hpp"
#include "protocol/sealing/malformed.hpp"

namespace oberih::sealing {
namespace {

constexpr std::uint8_t audit_reading_version = 1;  // ON DISK

/// Whether the grant lets its auditor have this entry, of one of its epochs.
bool lets_pass(const GrantItem& grant, const RestrictedEntry& entry, const ChannelState& channel,
               const Directory& directory) {
  const Result<GrantOrder> order = parse_grant_order(grant.order);
  if (order && order->covers_restricted) return true;
  const Device* auditor = directory.find_device(grant.auditor_device);
  return auditor != nullptr && channel.handling().permits(entry, {auditor->certificate.person,
                                                                  auditor->certificate.agency});
}

}  // namespace

Bytes encode_audit_reading(const AuditReading& reading) {
  ByteWriter writer;
  writer.u8(audit_reading_version).u8(static_cast<std::uint8_t>(reading.depth));
  writer.raw(reading.channel).u64(reading.after_seq).u32(reading.limit);
  return writer.take();
}

Result<AuditReading> parse_audit_reading(ByteView query) {
  ByteReader reader(query);
  if (reader.u8() != audit_reading_version) return malformed("unknown version of a reading");
  AuditReading reading;
  const std::uint8_t depth = reader.u8();
  reading.channel = reader.id<ChannelId>();
  reading.after_seq = reader.u64();
  reading.limit = reader.u32();
  if (!reader.complete()) return malformed("a reading of wrong length");
  if (depth > 1) return malformed("a reading of unknown depth");
  if (reading.limit == 0 || reading.limit > limits::page_items || reading.after_seq > INT64_MAX)
    return malformed("a reading of no or too many leaves");
  reading.depth = static_cast<ReadingDepth>(depth);
  return reading;
}

bool is_in_force(const GrantItem& grant, const DeviceId& auditor, Milliseconds server_ms) {
  return grant.auditor_device == auditor && grant.ends_ms > server_ms;
}

std::vector<GrantItem> grants_in_force(const ChannelState& channel, const DeviceId& auditor,
                                       Milliseconds server_ms) {
  std::vector<GrantItem> grants;
  for (const auto& [id, grant] : channel.grants())
    if (is_in_force(grant, auditor, server_ms)) grants.push_back(grant);
  return grants;
}

bool has_ever_been_granted(const ChannelState& channel, const DeviceId& auditor) {
  return std::any_of(channel.grants().begin(), channel.grants().end(),
                     [&](const auto& grant) { return grant.second.auditor_device == auditor; });
}

bool gives(const std::vector<GrantItem>& grants, const ChannelState& channel,
           const Directory& directory, const EntryHeader& header, std::uint64_t channel_seq) {
  // Of the entry itself: a state that is published less often than entries come may not know it.
  const HandlingCode code = common_facts_of(header).handling;
  const Device* sender = directory.find_device(header.sender);
  if (sender == nullptr) return false;
  const RestrictedEntry entry{channel_seq, code, sender->certificate.agency, header.epoch};
  return std::any_of(grants.begin(), grants.end(), [&](const GrantItem& grant) {
    const EpochRange epochs{grant.first_epoch, grant.last_epoch};
    return epochs.contains(header.epoch) &&
           (!is_restricted(code) || lets_pass(grant, entry, channel, directory));
  });
}

}  // namespace oberih::sealing
