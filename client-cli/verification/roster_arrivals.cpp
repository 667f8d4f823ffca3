// SPDX-License-Identifier: Apache-2.0
#include "client-cli/verification/roster_arrivals.hpp"

namespace oberih::client {
namespace {

sealing::ChannelRecord read_record(ByteView body) {
  Result<sealing::SignedRecord> signed_record = sealing::parse_record_body(body);
  if (!signed_record) throw LocalStoreFailure("the local store: a record is damaged");
  Result<sealing::ChannelRecord> record = sealing::parse_record_content(signed_record->content);
  if (!record) throw LocalStoreFailure("the local store: a record is damaged");
  return std::move(*record);
}

void take_record(const sealing::ChannelRecord& record, Milliseconds server_ms,
                 std::map<DeviceId, Arrival>& arrivals) {
  const auto come = [&](const sealing::Roster& lines, const std::string& mandate) {
    for (const sealing::RosterLine& line : lines)
      arrivals[line.device] = {server_ms, record.author, mandate};
  };
  if (record.op == sealing::RecordOp::create) come(record.roster, {});
  if (record.change.add) come(record.change.add->lines, record.change.add->mandate);
  if (record.change.alter && !record.change.alter->mandate.empty())
    for (const sealing::RosterLine& line : record.change.alter->lines)
      arrivals[line.device].mandate = record.change.alter->mandate;
}

}  // namespace

std::map<DeviceId, Arrival> find_arrivals(LocalStore& store, const ChannelId& channel) {
  std::map<DeviceId, Arrival> arrivals;
  store.channels().for_each_item(channel, 0, [&](const StoredItem& stored) {
    Result<journal::Leaf> leaf = journal::parse_leaf(stored.leaf);
    if (!leaf) throw LocalStoreFailure("the local store: an item is damaged");
    if (leaf->kind == journal::LeafKind::channel_record)
      take_record(read_record(leaf->body), leaf->server_ms, arrivals);
    return true;
  });
  return arrivals;
}

}  // namespace oberih::client
