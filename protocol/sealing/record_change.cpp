// SPDX-License-Identifier: Apache-2.0
// The three vectors inside a record (channel_record.hpp): roster, policy and the items of a change.
#include "protocol/base/byte_reader.hpp"
#include "protocol/base/byte_writer.hpp"
#include "protocol/base/limits.hpp"
#include "protocol/encoding/utf8.hpp"
#include "protocol/sealing/channel_record.hpp"
#include "protocol/sealing/malformed.hpp"

namespace oberih::sealing {
namespace {

/// Mandates, reasons and orders.
std::string read_reason(ByteReader& reader) {
  const ByteView text = reader.vec(limits::mandate_bytes);
  if (!encoding::is_valid_utf8(as_text(text))) reader.fail();
  return std::string(as_text(text));
}

constexpr std::uint8_t policy_version = 1;
constexpr std::size_t roster_line_bytes = 16 + 32 + 1 + 8;

// ON DISK: the numbers of items.
enum class ItemNumber : std::uint8_t {
  add = 1,
  remove = 2,
  alter = 3,
  policy = 4,
  grant = 5,
  close = 6,
};

void write_line(ByteWriter& writer, const RosterLine& line) {
  writer.raw(line.device).raw(line.hpke_key).u8(static_cast<std::uint8_t>(line.role));
  writer.u64(line.ends_ms);
}

/// `count` lines, strictly ascending by device; failure of the reader otherwise.
Roster read_lines(ByteReader& reader, std::size_t count) {
  Roster lines;
  for (; count > 0 && !reader.failed(); --count) {
    RosterLine line;
    line.device = reader.id<DeviceId>();
    line.hpke_key = reader.id<HpkePublicKey>();
    const std::optional<RosterRole> role = roster_role_of(reader.u8());
    line.ends_ms = reader.u64();
    if (!role || (!lines.empty() && !(lines.back().device < line.device))) reader.fail();
    line.role = role.value_or(RosterRole{});
    lines.push_back(line);
  }
  return lines;
}

/// At least one and at most what a record may hold.
std::size_t read_count(ByteReader& reader) {
  const std::uint32_t count = reader.u32();
  if (count == 0 || count > limits::change_lines) reader.fail();
  return reader.failed() ? 0 : count;
}

LinesItem read_lines_item(ByteReader& reader) {
  LinesItem item;
  item.mandate = read_reason(reader);
  item.lines = read_lines(reader, read_count(reader));
  return item;
}

RemoveItem read_remove_item(ByteReader& reader) {
  RemoveItem item;
  item.reason = read_reason(reader);
  for (std::size_t n = read_count(reader); n > 0 && !reader.failed(); --n) {
    const DeviceId device = reader.id<DeviceId>();
    if (!item.devices.empty() && !(item.devices.back() < device)) reader.fail();
    item.devices.push_back(device);
  }
  return item;
}

GrantItem read_grant_item(ByteReader& reader) {
  GrantItem item;
  item.grant = reader.id<GrantId>();
  item.auditor_device = reader.id<DeviceId>();
  item.hpke_key = reader.id<HpkePublicKey>();
  item.first_epoch = reader.u64();
  item.last_epoch = reader.u64();
  item.ends_ms = reader.u64();
  item.order = read_reason(reader);
  return item;
}

/// Reads the content of one item into its place; false for an unknown number or a bad policy.
bool read_item(std::uint8_t number, ByteReader& reader, Change& change) {
  switch (static_cast<ItemNumber>(number)) {
    case ItemNumber::add:
      change.add = read_lines_item(reader);
      return true;
    case ItemNumber::remove:
      change.remove = read_remove_item(reader);
      return true;
    case ItemNumber::alter:
      change.alter = read_lines_item(reader);
      return true;
    case ItemNumber::grant:
      change.grant = read_grant_item(reader);
      return true;
    case ItemNumber::close:
      change.close_reason = read_reason(reader);
      return true;
    case ItemNumber::policy: {
      Result<ChannelPolicy> policy = parse_policy(reader.take(reader.remaining().size()));
      if (!policy) return false;
      change.policy = *policy;
      return true;
    }
  }
  return false;
}

std::size_t count_lines(const Change& change) {
  return (change.add ? change.add->lines.size() : 0) +
         (change.remove ? change.remove->devices.size() : 0) +
         (change.alter ? change.alter->lines.size() : 0);
}

Bytes encode_item(ItemNumber number, const Bytes& content) {
  ByteWriter writer(5 + content.size());
  writer.u8(static_cast<std::uint8_t>(number)).vec(content);
  return writer.take();
}

Bytes encode_lines_item(ItemNumber number, const LinesItem& item) {
  ByteWriter content;
  content.vec(item.mandate).u32(static_cast<std::uint32_t>(item.lines.size()));
  for (const RosterLine& line : item.lines) write_line(content, line);
  return encode_item(number, content.bytes());
}

Bytes encode_remove_item(const RemoveItem& item) {
  ByteWriter content;
  content.vec(item.reason).u32(static_cast<std::uint32_t>(item.devices.size()));
  for (const DeviceId& device : item.devices) content.raw(device);
  return encode_item(ItemNumber::remove, content.bytes());
}

Bytes encode_grant_item(const GrantItem& item) {
  ByteWriter content;
  content.raw(item.grant).raw(item.auditor_device).raw(item.hpke_key);
  content.u64(item.first_epoch).u64(item.last_epoch).u64(item.ends_ms).vec(item.order);
  return encode_item(ItemNumber::grant, content.bytes());
}

Bytes encode_close_item(const std::string& reason) {
  ByteWriter content;
  content.vec(reason);
  return encode_item(ItemNumber::close, content.bytes());
}

}  // namespace

Bytes encode_roster(const Roster& roster) {
  ByteWriter writer(roster.size() * roster_line_bytes);
  for (const RosterLine& line : roster) write_line(writer, line);
  return writer.take();
}

Result<Roster> parse_roster(ByteView bytes) {
  if (bytes.empty() || bytes.size() % roster_line_bytes != 0)
    return malformed("a roster of wrong length");
  const std::size_t count = bytes.size() / roster_line_bytes;
  if (count > limits::roster_lines) return refuse(RefusalCode::roster_too_large);
  ByteReader reader(bytes);
  Roster roster = read_lines(reader, count);
  if (!reader.complete()) return malformed("a roster that does not ascend or has an unknown role");
  return roster;
}

Bytes encode_policy(const ChannelPolicy& policy) {
  return {policy_version, static_cast<std::uint8_t>(policy.kind), policy.approvals_k,
          static_cast<std::uint8_t>(policy.history)};
}

Result<ChannelPolicy> parse_policy(ByteView bytes) {
  ByteReader reader(bytes);
  if (reader.u8() != policy_version) return malformed("unknown version of a policy");
  const std::optional<ChannelKind> kind = channel_kind_of(reader.u8());
  const std::uint8_t approvals_k = reader.u8();
  const std::optional<History> history = history_of(reader.u8());
  if (!reader.complete()) return malformed("a policy of wrong length");
  if (!kind || !history) return malformed("a policy with an unknown kind or history");
  return ChannelPolicy{*kind, approvals_k, *history};
}

std::vector<Bytes> encode_change_items(const Change& change) {
  std::vector<Bytes> items;
  if (change.add) items.push_back(encode_lines_item(ItemNumber::add, *change.add));
  if (change.remove) items.push_back(encode_remove_item(*change.remove));
  if (change.alter) items.push_back(encode_lines_item(ItemNumber::alter, *change.alter));
  if (change.policy)
    items.push_back(encode_item(ItemNumber::policy, encode_policy(*change.policy)));
  if (change.grant) items.push_back(encode_grant_item(*change.grant));
  if (change.close_reason) items.push_back(encode_close_item(*change.close_reason));
  return items;
}

Result<Change> parse_change(ByteView bytes) {
  ByteReader reader(bytes);
  Change change;
  std::uint8_t previous = 0;
  while (!reader.at_end() && !reader.failed()) {
    const std::uint8_t number = reader.u8();
    ByteReader content(reader.vec(limits::leaf_bytes));
    if (reader.failed()) break;
    if (number <= previous) return malformed("items that do not ascend");
    previous = number;
    if (!read_item(number, content, change)) return malformed("an item that is unknown or invalid");
    if (!content.complete()) return malformed("an item that is not well formed");
  }
  if (!reader.complete()) return malformed("a change of wrong length");
  if (count_lines(change) > limits::change_lines) return malformed("a change of over 100 lines");
  return change;
}

}  // namespace oberih::sealing
