// SPDX-License-Identifier: Apache-2.0
#include "protocol/wire/rpc_frame.hpp"

#include <charconv>

#include "protocol/encoding/strict_json.hpp"

namespace oberih::wire {
namespace {

using nlohmann::json;

std::string_view name_of(Retry retry) {
  switch (retry) {
    case Retry::never:
      return "never";
    case Retry::later:
      return "later";
    case Retry::refresh:
      return "refresh";
  }
  return "never";
}

Refusal as_request_refusal(Refusal refusal) {
  return {RefusalCode::malformed_request, std::move(refusal.detail)};
}

/// The refusal inside an error object. Its number and sentence are the table's; a code that this
/// client does not know yet is shown as `unavailable` with the server's name for it.
Result<void> parse_error(const json& error, Refusal& refusal) {
  encoding::StrictObject object(error, "error");
  object.i64("code");
  object.text("message");
  const json& data = object.object("data");
  OBERIH_TRY(object.finish());
  encoding::StrictObject fields(data, "error.data");
  const std::string name = fields.text("code");
  std::string detail = fields.text("detail");
  fields.text("retry");
  OBERIH_TRY(fields.finish());
  if (auto code = find_refusal_code(name))
    refusal = {*code, std::move(detail)};
  else
    refusal = {RefusalCode::unavailable, "unknown refusal " + name};
  return {};
}

Result<void> parse_message(const json& message, Incoming& incoming) {
  encoding::StrictObject object(message, "message");
  if (object.text("jsonrpc") != "2.0") object.fail("jsonrpc", "must be 2.0");
  if (object.has("method")) {
    RpcEvent event{object.text("method"), object.object("params")};
    OBERIH_TRY(object.finish());
    incoming.events.push_back(std::move(event));
    return {};
  }
  RpcReply reply;
  const json* id = object.any("id");
  // JSON-RPC 2.0, 5: null only where a request's id could not be read.
  if (id != nullptr && id->is_number_unsigned())
    reply.id = id->get<std::uint64_t>();
  else if (id == nullptr || !id->is_null() || !object.has("error"))
    object.fail("id", "must be the number of a request");
  if (const json* error = object.optional_object("error")) {
    Refusal refusal{};
    OBERIH_TRY(parse_error(*error, refusal));
    reply.refusal = std::move(refusal);
  } else {
    reply.result = object.object("result");
  }
  OBERIH_TRY(object.finish());
  incoming.replies.push_back(std::move(reply));
  return {};
}

}  // namespace

Result<RpcRequest> parse_request(std::string_view frame, std::optional<std::uint64_t>* id) {
  auto parsed = encoding::parse_strict_json(frame);
  if (!parsed) return parsed.error();
  if (!parsed->is_object())
    return refuse(RefusalCode::malformed_request, "one request object a frame, no batch");
  if (auto found = parsed->find("id"); found != parsed->end() && found->is_number_unsigned())
    *id = found->get<std::uint64_t>();
  encoding::StrictObject object(*parsed, "request");
  RpcRequest request;
  if (object.text("jsonrpc") != "2.0") object.fail("jsonrpc", "must be 2.0");
  request.id = object.u64("id");
  request.method = object.text("method", 64);
  request.params = object.object("params");
  if (auto finished = object.finish(); !finished) return as_request_refusal(finished.error());
  return request;
}

std::optional<std::uint64_t> peek_id(std::string_view frame) {
  constexpr std::size_t front_bytes = 64;
  constexpr std::size_t short_bytes = 1'024;
  constexpr std::string_view key = R"("id":)";
  const std::string_view front = frame.substr(0, front_bytes);
  std::uint64_t id = 0;
  if (const auto at = front.find(key); at != front.npos) {
    const char* const end = front.data() + front.size();
    const auto [rest, error] = std::from_chars(front.data() + at + key.size(), end, id);
    if (error == std::errc{} && rest != end) return id;
  }
  std::optional<std::uint64_t> found;
  if (frame.size() <= short_bytes) (void)parse_request(frame, &found);
  return found;
}

Result<Incoming> parse_incoming(std::string_view frame) {
  auto parsed = encoding::parse_strict_json(frame);
  if (!parsed) return parsed.error();
  Incoming incoming;
  if (!parsed->is_array()) {
    OBERIH_TRY(parse_message(*parsed, incoming));
    return incoming;
  }
  for (const json& message : *parsed) OBERIH_TRY(parse_message(message, incoming));
  return incoming;
}

std::string encode_request(std::uint64_t id, std::string_view method, const json& params) {
  return json{{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", params}}.dump();
}

std::string encode_reply(std::uint64_t id, std::string_view result) {
  std::string out;
  out.reserve(result.size() + 64);
  out += R"({"jsonrpc":"2.0","id":)";
  out += std::to_string(id);
  out += R"(,"result":)";
  out += result;
  return out += '}';
}

std::string encode_refusal(std::optional<std::uint64_t> id, const Refusal& refusal) {
  const RefusalRow& row = refusal_row(refusal.code);
  const json data = {{"code", row.name}, {"detail", refusal.detail}, {"retry", name_of(row.retry)}};
  json frame = {{"jsonrpc", "2.0"},
                {"error", {{"code", row.number}, {"message", row.sentence}, {"data", data}}}};
  frame["id"] = id ? json(*id) : json(nullptr);
  return frame.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string encode_event(std::string_view method, const json& params) {
  return json{{"jsonrpc", "2.0"}, {"method", method}, {"params", params}}.dump();
}

std::string join_events(const std::vector<std::string>& events) {
  std::size_t size = 2;
  for (const std::string& event : events) size += event.size() + 1;
  std::string frame;
  frame.reserve(size);
  frame += '[';
  for (const std::string& event : events) {
    if (frame.size() > 1) frame += ',';
    frame += event;
  }
  return frame += ']';
}

std::string join_batches(const std::vector<std::string_view>& batches) {
  std::size_t size = 2;
  for (std::string_view batch : batches) size += batch.size();
  std::string frame;
  frame.reserve(size);
  frame += '[';
  for (std::string_view batch : batches) {
    if (batch.size() <= 2) continue;  // "[]"
    if (frame.size() > 1) frame += ',';
    frame += batch.substr(1, batch.size() - 2);
  }
  return frame += ']';
}

}  // namespace oberih::wire
