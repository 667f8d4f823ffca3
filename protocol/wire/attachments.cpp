// SPDX-License-Identifier: Apache-2.0
#include "protocol/wire/attachments.hpp"

#include <nlohmann/json.hpp>

#include "protocol/encoding/strict_json.hpp"
#include "protocol/wire/json_fields.hpp"

namespace oberih::wire {

using encoding::StrictObject;
using nlohmann::json;

namespace {

constexpr std::size_t chunk_bytes = sealing::attachment_chunk_bytes + 16;
constexpr std::size_t hashes_bytes =
    sealing::attachment_bytes_at_most / sealing::attachment_chunk_bytes * Digest::size;

template <class Request>
json place_of(const Request& request) {
  return {{"channel", json_bytes(request.channel.view())},
          {"content", json_bytes(request.content.view())}};
}

template <class Request>
void read_place(StrictObject& object, Request& request) {
  request.channel = object.id<ChannelId>("channel");
  request.content = object.id<sealing::ContentId>("content");
}

void put_manifest(json& value, const sealing::AttachmentManifest& manifest) {
  value["padded_bytes"] = manifest.padded_bytes;
  value["commitment"] = json_bytes(manifest.commitment.view());
  value["chunk_hashes"] = json_bytes(manifest.chunk_hashes);
}

/// What is too large passes here, so that the refusal says so; judge_manifest() decides.
sealing::AttachmentManifest read_manifest(StrictObject& object) {
  sealing::AttachmentManifest manifest;
  manifest.padded_bytes = object.u64("padded_bytes", INT64_MAX);
  manifest.commitment = object.id<Digest>("commitment");
  manifest.chunk_hashes = object.bytes("chunk_hashes", hashes_bytes);
  return manifest;
}

void put_progress(json& value, const AttachmentProgress& progress) {
  value["received"] = progress.received;
  value["complete"] = progress.complete;
  value["bytes_per_second"] = progress.bytes_per_second;
}

AttachmentProgress read_progress(StrictObject& object) {
  AttachmentProgress progress;
  progress.received = static_cast<std::uint32_t>(object.u64("received", UINT32_MAX));
  progress.complete = object.boolean("complete");
  progress.bytes_per_second = object.u64("bytes_per_second");
  return progress;
}

}  // namespace

json encode_params(const AttachmentBegin& request) {
  json params = place_of(request);
  put_manifest(params, request.manifest);
  return params;
}
Result<void> parse_params(const json& params, AttachmentBegin& request) {
  StrictObject object(params, "params");
  read_place(object, request);
  request.manifest = read_manifest(object);
  return object.finish();
}

json encode_params(const AttachmentPut& request) {
  json params = place_of(request);
  params["number"] = request.number;
  params["chunk"] = json_bytes(request.chunk);
  return params;
}
Result<void> parse_params(const json& params, AttachmentPut& request) {
  StrictObject object(params, "params");
  read_place(object, request);
  request.number = static_cast<std::uint32_t>(object.u64("number", UINT32_MAX));
  request.chunk = object.bytes("chunk", chunk_bytes);
  return object.finish();
}

json encode_params(const AttachmentKeep& request) { return place_of(request); }
Result<void> parse_params(const json& params, AttachmentKeep& request) {
  StrictObject object(params, "params");
  read_place(object, request);
  return object.finish();
}

json encode_params(const AttachmentStatus& request) { return place_of(request); }
Result<void> parse_params(const json& params, AttachmentStatus& request) {
  StrictObject object(params, "params");
  read_place(object, request);
  return object.finish();
}

json encode_params(const AttachmentGet& request) {
  json params = place_of(request);
  params["number"] = request.number;
  return params;
}
Result<void> parse_params(const json& params, AttachmentGet& request) {
  StrictObject object(params, "params");
  read_place(object, request);
  request.number = static_cast<std::uint32_t>(object.u64("number", UINT32_MAX));
  return object.finish();
}

std::string encode_result(const AttachmentProgress& reply) {
  json value = json::object();
  put_progress(value, reply);
  return value.dump();
}
Result<void> parse_result(const json& result, AttachmentProgress& reply) {
  StrictObject object(result, "result");
  reply = read_progress(object);
  return object.finish();
}

std::string encode_result(const AttachmentState& reply) {
  json value = json::object();
  put_manifest(value, reply.manifest);
  put_progress(value, reply.progress);
  return value.dump();
}
Result<void> parse_result(const json& result, AttachmentState& reply) {
  StrictObject object(result, "result");
  reply.manifest = read_manifest(object);
  reply.progress = read_progress(object);
  return object.finish();
}

std::string encode_result(const AttachmentChunk& reply) {
  return R"({"chunk":")" + encoding::encode_base64url(reply.chunk) + R"("})";
}
Result<void> parse_result(const json& result, AttachmentChunk& reply) {
  StrictObject object(result, "result");
  reply.chunk = object.bytes("chunk", chunk_bytes);
  return object.finish();
}

}  // namespace oberih::wire
