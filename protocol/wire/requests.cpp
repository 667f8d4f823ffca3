// SPDX-License-Identifier: Apache-2.0
#include "protocol/wire/requests.hpp"

#include <nlohmann/json.hpp>

#include "protocol/base/limits.hpp"
#include "protocol/encoding/strict_json.hpp"
#include "protocol/sealing/channel_record.hpp"
#include "protocol/sealing/key_wrap.hpp"
#include "protocol/wire/json_fields.hpp"

namespace oberih::wire {

using encoding::StrictObject;
using nlohmann::json;

namespace {

constexpr std::size_t header_bytes = 512 + limits::facts_bytes;
constexpr std::size_t wraps_bytes = limits::roster_lines * sealing::key_wrap_bytes;
constexpr std::size_t approvals_bytes = limits::approvals * sealing::approval_wire_bytes;
constexpr std::size_t prev_box_bytes = 48;
constexpr std::size_t found_ids = 64;

std::uint32_t page_limit(StrictObject& object) {
  const std::uint64_t limit = object.u64("limit", limits::page_items);
  if (limit == 0) object.fail("limit", "must be at least 1");
  return static_cast<std::uint32_t>(limit);
}

}  // namespace

json encode_params(const SessionHello& request) {
  return {{"client_version", request.client_version}, {"checkpoint_size", request.checkpoint_size}};
}
Result<void> parse_params(const json& params, SessionHello& request) {
  StrictObject object(params, "params");
  request.client_version = object.text("client_version", limits::version_bytes);
  request.checkpoint_size = object.u64("checkpoint_size");
  return object.finish();
}

json encode_params(const DirectoryRead& request) {
  return {{"after_count", request.after_count}, {"limit", request.limit}};
}
Result<void> parse_params(const json& params, DirectoryRead& request) {
  StrictObject object(params, "params");
  request.after_count = object.u64("after_count");
  request.limit = page_limit(object);
  return object.finish();
}

json encode_params(const DirectoryAppend& request) {
  json params = {{"kind", static_cast<unsigned>(request.kind)}, {"body", json_bytes(request.body)}};
  if (request.name_card) params["name_card"] = encode_name_card(*request.name_card);
  return params;
}
Result<void> parse_params(const json& params, DirectoryAppend& request) {
  StrictObject object(params, "params");
  const std::uint64_t kind = object.u64("kind", 255);
  if (kind != 2 && kind != 3 && kind != 14 && kind != 15)
    object.fail("kind",
                "must be 2 (certificate), 3 (revocation), 14 (unit) or 15 (out of service)");
  request.kind = static_cast<journal::LeafKind>(kind);
  request.body = object.bytes("body", limits::leaf_bytes);
  if (const json* card = object.optional_object("name_card")) {
    sealing::NameCard parsed;
    OBERIH_TRY(parse_name_card(*card, parsed));
    request.name_card = std::move(parsed);
  }
  return object.finish();
}

json encode_params(const DirectoryNames& request) {
  return {{"devices", json_ids(request.devices)}};
}
Result<void> parse_params(const json& params, DirectoryNames& request) {
  StrictObject object(params, "params");
  OBERIH_TRY(parse_ids(object.array("devices", limits::roster_lines), "devices", request.devices));
  return object.finish();
}

json encode_params(const ChannelAppend& request) {
  return {{"content", json_bytes(request.content)},
          {"signature", json_bytes(request.signature.view())},
          {"approvals", json_bytes(request.approvals)},
          {"wraps", json_bytes(request.wraps)},
          {"prev_box", json_bytes(request.prev_box)}};
}
Result<void> parse_params(const json& params, ChannelAppend& request) {
  StrictObject object(params, "params");
  request.content = object.bytes("content", limits::leaf_bytes);
  request.signature = object.id<Signature>("signature");
  request.approvals = object.bytes("approvals", approvals_bytes);
  request.wraps = object.bytes("wraps", wraps_bytes);
  request.prev_box = object.bytes("prev_box", prev_box_bytes);
  return object.finish();
}

json encode_params(const ChannelList&) { return json::object(); }
Result<void> parse_params(const json& params, ChannelList&) {
  return StrictObject(params, "params").finish();
}

json encode_params(const ChannelRead& request) {
  return {{"channel", json_bytes(request.channel.view())},
          {"after_seq", request.after_seq},
          {"limit", request.limit},
          {"latest", request.latest}};
}
Result<void> parse_params(const json& params, ChannelRead& request) {
  StrictObject object(params, "params");
  request.channel = object.id<ChannelId>("channel");
  request.after_seq = object.u64("after_seq", INT64_MAX);
  request.limit = page_limit(object);
  request.latest = object.boolean("latest");
  return object.finish();
}

json encode_params(const ChannelFollow& request) {
  return {{"channel", json_bytes(request.channel.view())}, {"after_seq", request.after_seq}};
}
Result<void> parse_params(const json& params, ChannelFollow& request) {
  StrictObject object(params, "params");
  request.channel = object.id<ChannelId>("channel");
  request.after_seq = object.u64("after_seq", INT64_MAX);
  return object.finish();
}

json encode_params(const ChannelUnfollow& request) {
  return {{"channel", json_bytes(request.channel.view())}};
}
Result<void> parse_params(const json& params, ChannelUnfollow& request) {
  StrictObject object(params, "params");
  request.channel = object.id<ChannelId>("channel");
  return object.finish();
}

json encode_params(const EntryPost& request) {
  return {{"header", json_bytes(request.header)},
          {"salt", json_bytes(request.salt.view())},
          {"commitment", json_bytes(request.commitment.view())},
          {"ciphertext", json_bytes(request.ciphertext)},
          {"signature", json_bytes(request.signature.view())}};
}
Result<void> parse_params(const json& params, EntryPost& request) {
  StrictObject object(params, "params");
  request.header = object.bytes("header", header_bytes);
  request.salt = object.id<Salt>("salt");
  request.commitment = object.id<Digest>("commitment");
  // One more than the limit passes here, so that the refusal is body_too_large and not a length.
  request.ciphertext = object.bytes("ciphertext", 2 * limits::ciphertext_bytes);
  request.signature = object.id<Signature>("signature");
  return object.finish();
}

json encode_params(const EntryFind& request) {
  return {{"channel", json_bytes(request.channel.view())},
          {"message_ids", json_ids(request.message_ids)}};
}
Result<void> parse_params(const json& params, EntryFind& request) {
  StrictObject object(params, "params");
  request.channel = object.id<ChannelId>("channel");
  OBERIH_TRY(parse_ids(object.array("message_ids", found_ids), "message_ids", request.message_ids));
  if (request.message_ids.empty()) object.fail("message_ids", "must name at least one");
  return object.finish();
}

json encode_params(const ProposalAppend& request) { return {{"body", json_bytes(request.body)}}; }
Result<void> parse_params(const json& params, ProposalAppend& request) {
  StrictObject object(params, "params");
  request.body = object.bytes("body", limits::leaf_bytes);
  return object.finish();
}

json encode_params(const ApprovalAppend& request) { return {{"body", json_bytes(request.body)}}; }
Result<void> parse_params(const json& params, ApprovalAppend& request) {
  StrictObject object(params, "params");
  request.body = object.bytes("body", limits::leaf_bytes);
  return object.finish();
}

json encode_params(const ProposalList& request) {
  json params = {{"after_index", request.after_index}};
  if (request.channel) params["channel"] = json_bytes(request.channel->view());
  return params;
}
Result<void> parse_params(const json& params, ProposalList& request) {
  StrictObject object(params, "params");
  request.channel = object.optional_id<ChannelId>("channel");
  request.after_index = object.u64("after_index");
  return object.finish();
}

json encode_params(const CheckpointRead&) { return json::object(); }
Result<void> parse_params(const json& params, CheckpointRead&) {
  return StrictObject(params, "params").finish();
}

}  // namespace oberih::wire
