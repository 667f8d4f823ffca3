// SPDX-License-Identifier: Apache-2.0
#include "protocol/wire/replies.hpp"

#include <nlohmann/json.hpp>

#include "protocol/base/limits.hpp"
#include "protocol/encoding/strict_json.hpp"
#include "protocol/sealing/key_wrap.hpp"
#include "protocol/wire/channel_item_codec.hpp"
#include "protocol/wire/json_fields.hpp"

namespace oberih::wire {

using encoding::StrictObject;
using nlohmann::json;

namespace {

constexpr std::size_t channels_in_a_list = 100'000;

json json_of(const Appended& appended) {
  return {{"index", appended.index},
          {"channel_seq", appended.channel_seq},
          {"leaf_hash", json_bytes(appended.leaf_hash.view())},
          {"server_ms", appended.server_ms}};
}

/// Reads the four fields of the promise; `object` may have others.
Appended read_appended(StrictObject& object) {
  Appended appended;
  appended.index = object.u64("index");
  appended.channel_seq = object.u64("channel_seq");
  appended.leaf_hash = object.id<Digest>("leaf_hash");
  appended.server_ms = object.u64("server_ms");
  return appended;
}

template <class Item, class Parse>
Result<void> parse_list(const json& list, std::vector<Item>& items, Parse parse) {
  items.reserve(list.size());
  for (const json& value : list) {
    Item item;
    OBERIH_TRY(parse(value, item));
    items.push_back(std::move(item));
  }
  return {};
}

Result<void> parse_directory_leaf(const json& value, DirectoryLeaf& leaf) {
  StrictObject object(value, "leaf");
  leaf.index = object.u64("index");
  leaf.leaf = object.bytes("leaf", limits::leaf_bytes);
  return object.finish();
}

json json_leaves(const std::vector<DirectoryLeaf>& leaves) {
  json list = json::array();
  for (const DirectoryLeaf& leaf : leaves)
    list.push_back({{"index", leaf.index}, {"leaf", json_bytes(leaf.leaf)}});
  return list;
}

Result<void> parse_summary(const json& value, ChannelSummary& summary) {
  StrictObject object(value, "channel");
  summary.channel = object.id<ChannelId>("channel");
  const auto kind = find_channel_kind(object.text("kind"));
  const auto role = find_roster_role(object.text("role"));
  if (!kind) object.fail("kind", "is no kind of channel");
  if (!role) object.fail("role", "is no role in a roster");
  summary.kind = kind.value_or(ChannelKind::ordinary);
  summary.role = role.value_or(RosterRole::member);
  summary.newest_seq = object.u64("newest_seq");
  summary.epoch = object.u64("epoch");
  summary.closed = object.boolean("closed");
  return object.finish();
}

Result<void> parse_found(const json& value, FoundEntry& entry) {
  StrictObject object(value, "entry");
  entry.message_id = object.id<MessageId>("message_id");
  entry.message_hash = object.id<Digest>("message_hash");
  entry.appended = read_appended(object);
  return object.finish();
}

}  // namespace

std::string encode_result(const HelloReply& reply) {
  return json{{"server_version", reply.server_version},
              {"device", json_bytes(reply.device.view())},
              {"server_ms", reply.server_ms},
              {"journal_size", reply.journal_size},
              {"directory_count", reply.directory_count},
              {"checkpoint", reply.checkpoint}}
      .dump();
}
Result<void> parse_result(const json& result, HelloReply& reply) {
  StrictObject object(result, "result");
  reply.server_version = object.text("server_version", limits::version_bytes);
  reply.device = object.id<DeviceId>("device");
  reply.server_ms = object.u64("server_ms");
  reply.journal_size = object.u64("journal_size");
  reply.directory_count = object.u64("directory_count");
  reply.checkpoint = object.text("checkpoint", limits::note_bytes);
  return object.finish();
}

std::string encode_result(const DirectoryPage& reply) {
  return json{{"leaves", json_leaves(reply.leaves)}, {"directory_count", reply.directory_count}}
      .dump();
}
Result<void> parse_result(const json& result, DirectoryPage& reply) {
  StrictObject object(result, "result");
  OBERIH_TRY(
      parse_list(object.array("leaves", limits::page_items), reply.leaves, parse_directory_leaf));
  reply.directory_count = object.u64("directory_count");
  return object.finish();
}

std::string encode_result(const NameCards& reply) {
  json cards = json::array();
  for (const sealing::NameCard& card : reply.cards) cards.push_back(encode_name_card(card));
  return json{{"cards", std::move(cards)}}.dump();
}
Result<void> parse_result(const json& result, NameCards& reply) {
  StrictObject object(result, "result");
  OBERIH_TRY(parse_list(object.array("cards", limits::roster_lines), reply.cards, parse_name_card));
  return object.finish();
}

std::string encode_result(const Appended& reply) { return json_of(reply).dump(); }
Result<void> parse_result(const json& result, Appended& reply) {
  StrictObject object(result, "result");
  reply = read_appended(object);
  return object.finish();
}

std::string encode_result(const ChannelSummaries& reply) {
  json channels = json::array();
  for (const ChannelSummary& summary : reply.channels)
    channels.push_back({{"channel", json_bytes(summary.channel.view())},
                        {"kind", name_of(summary.kind)},
                        {"newest_seq", summary.newest_seq},
                        {"epoch", summary.epoch},
                        {"role", name_of(summary.role)},
                        {"closed", summary.closed}});
  return json{{"channels", std::move(channels)}}.dump();
}
Result<void> parse_result(const json& result, ChannelSummaries& reply) {
  StrictObject object(result, "result");
  OBERIH_TRY(
      parse_list(object.array("channels", channels_in_a_list), reply.channels, parse_summary));
  return object.finish();
}

std::string encode_result(const ItemPage& reply) {
  std::size_t bytes = 128;
  for (const ChannelItem& item : reply.items) bytes += encoded_bytes(item);
  std::string out;
  out.reserve(bytes);
  out += R"({"items":[)";
  for (const ChannelItem& item : reply.items) {
    if (&item != &reply.items.front()) out += ',';
    append_channel_item(out, item);
  }
  out += R"(],"newest_seq":)" + std::to_string(reply.newest_seq);
  out += R"(,"directory_count":)" + std::to_string(reply.directory_count);
  return out += '}';
}
Result<void> parse_result(const json& result, ItemPage& reply) {
  StrictObject object(result, "result");
  OBERIH_TRY(
      parse_list(object.array("items", limits::page_items), reply.items, parse_channel_item));
  reply.newest_seq = object.u64("newest_seq");
  reply.directory_count = object.u64("directory_count");
  return object.finish();
}

std::string encode_result(const Followed& reply) {
  return json{{"newest_seq", reply.newest_seq}}.dump();
}
Result<void> parse_result(const json& result, Followed& reply) {
  StrictObject object(result, "result");
  reply.newest_seq = object.u64("newest_seq");
  return object.finish();
}

std::string encode_result(const FoundEntries& reply) {
  json entries = json::array();
  for (const FoundEntry& entry : reply.entries) {
    json value = json_of(entry.appended);
    value["message_id"] = json_bytes(entry.message_id.view());
    value["message_hash"] = json_bytes(entry.message_hash.view());
    entries.push_back(std::move(value));
  }
  return json{{"entries", std::move(entries)}}.dump();
}
Result<void> parse_result(const json& result, FoundEntries& reply) {
  StrictObject object(result, "result");
  OBERIH_TRY(parse_list(object.array("entries", limits::page_items), reply.entries, parse_found));
  return object.finish();
}

std::string encode_result(const ProposalPage& reply) {
  return json{{"leaves", json_leaves(reply.leaves)},
              {"more", reply.more},
              {"directory_count", reply.directory_count}}
      .dump();
}
Result<void> parse_result(const json& result, ProposalPage& reply) {
  StrictObject object(result, "result");
  OBERIH_TRY(
      parse_list(object.array("leaves", limits::page_items), reply.leaves, parse_directory_leaf));
  reply.more = object.boolean("more");
  reply.directory_count = object.u64("directory_count");
  return object.finish();
}

std::string encode_result(const CheckpointReply& reply) {
  json result{{"checkpoint", reply.checkpoint}};
  if (!reply.witnessed.empty()) result["witnessed"] = reply.witnessed;
  if (reply.anchored)
    result["anchored"] = {{"size", reply.anchored->size},
                          {"at_ms", reply.anchored->at_ms},
                          {"unanchored_ms", reply.anchored->unanchored_ms}};
  return result.dump();
}
Result<void> parse_result(const json& result, CheckpointReply& reply) {
  StrictObject object(result, "result");
  reply.checkpoint = object.text("checkpoint", limits::note_bytes);
  reply.witnessed = object.optional_text("witnessed", limits::note_bytes).value_or("");
  if (const json* given = object.optional_object("anchored")) {
    StrictObject anchored(*given, "anchored");
    reply.anchored.emplace();
    reply.anchored->size = anchored.u64("size");
    reply.anchored->at_ms = anchored.u64("at_ms");
    reply.anchored->unanchored_ms = anchored.u64("unanchored_ms");
    OBERIH_TRY(anchored.finish());
  }
  return object.finish();
}

std::string encode_result(const Done&) { return "{}"; }
Result<void> parse_result(const json& result, Done&) {
  return StrictObject(result, "result").finish();
}

}  // namespace oberih::wire
