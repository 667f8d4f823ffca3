// SPDX-License-Identifier: Apache-2.0
// JSON-RPC 2.0 frames as oberih.v1 speaks them: a client sends single requests with a numeric id; a
// server sends single replies and arrays of notifications (events).
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/base/result.hpp"

namespace oberih::wire {

inline constexpr std::string_view subprotocol = "oberih.v1";

struct RpcRequest {
  std::uint64_t id = 0;
  std::string method;
  nlohmann::json params;  // an object
};

struct RpcReply {
  std::uint64_t id = 0;
  nlohmann::json result;  // null where refused
  std::optional<Refusal> refusal;
};

struct RpcEvent {
  std::string method;
  nlohmann::json params;
};

struct Incoming {  // what one frame brought to a client
  std::vector<RpcReply> replies;
  std::vector<RpcEvent> events;
};

/// A refused frame may still have had a readable id: `*id` is set where it had.
Result<RpcRequest> parse_request(std::string_view frame, std::optional<std::uint64_t>* id);
/// The id of a request that is refused unread: where the frame is short or the id stands in front,
/// as encode_request() puts it. A guess, which costs next to nothing at any length.
std::optional<std::uint64_t> peek_id(std::string_view frame);
Result<Incoming> parse_incoming(std::string_view frame);

std::string encode_request(std::uint64_t id, std::string_view method, const nlohmann::json& params);
/// `result` as JSON text, see encode_result().
std::string encode_reply(std::uint64_t id, std::string_view result);
/// Error object: code = number of the refusal, message = its sentence, data = {code, detail,
/// retry}.
std::string encode_refusal(std::optional<std::uint64_t> id, const Refusal& refusal);
/// One notification, ready to be joined into a batch frame by join_events().
std::string encode_event(std::string_view method, const nlohmann::json& params);
/// `[a,b,c]` of events already encoded.
std::string join_events(const std::vector<std::string>& events);
/// Splices whole batch frames `[a]`, `[b,c]` into `[a,b,c]`: for an outbox with several waiting.
std::string join_batches(const std::vector<std::string_view>& batches);

}  // namespace oberih::wire
