// SPDX-License-Identifier: Apache-2.0
// JSON-RPC frames in both directions with the parameters of every method, every result and every
// event. What was accepted, encoded again, is the same value: nothing was dropped or changed.
#include "protocol/wire/alerts.hpp"
#include "protocol/wire/attachments.hpp"
#include "protocol/wire/audit_export.hpp"
#include "protocol/wire/audit_reads.hpp"
#include "protocol/wire/audits.hpp"
#include "protocol/wire/events.hpp"
#include "protocol/wire/proofs.hpp"
#include "protocol/wire/receipts.hpp"
#include "protocol/wire/replies.hpp"
#include "protocol/wire/requests.hpp"
#include "protocol/wire/rpc_frame.hpp"
#include "tests/fuzz/json_value.hpp"

namespace oberih::fuzz {
namespace {

using nlohmann::json;

template <class Request>
void judge_params(const wire::RpcRequest& frame) {
  if (frame.method != Request::method) return;
  Request request;
  if (wire::parse_params(frame.params, request))
    require(wire::encode_params(request) == frame.params, "parameters keep their value");
}

template <class... Requests>
void judge_params_of_any(const wire::RpcRequest& frame) {
  (judge_params<Requests>(frame), ...);
}

bool judge_request(std::string_view text) {
  std::optional<std::uint64_t> id;
  const auto frame = wire::parse_request(text, &id);
  if (!frame) return false;
  require(id == frame->id, "the id of an accepted request is known to who refuses it later");
  require(value_of(wire::encode_request(frame->id, frame->method, frame->params)) == value_of(text),
          "a request keeps its value");
  judge_params_of_any<
      wire::SessionHello, wire::DirectoryRead, wire::DirectoryAppend, wire::DirectoryNames,
      wire::ChannelAppend, wire::ChannelList, wire::ChannelRead, wire::ChannelFollow,
      wire::ChannelUnfollow, wire::EntryPost, wire::EntryFind, wire::CheckpointRead,
      wire::ProposalAppend, wire::ApprovalAppend, wire::ProposalList, wire::ProofConsistency,
      wire::ProofInclusion, wire::ReceiptAppend, wire::ReceiptRead, wire::AlertList,
      wire::AttachmentBegin, wire::AttachmentPut, wire::AttachmentKeep, wire::AttachmentStatus,
      wire::AttachmentGet, wire::AuditRead, wire::AuditFind, wire::AuditExport>(*frame);
  return true;
}

/// An empty text for bytes that may be absent says the same as absence.
void drop_empty_parts(json& item) {
  for (const char* key : {"wraps", "prev_box"})
    if (const auto found = item.find(key); found != item.end() && *found == "") item.erase(found);
}

template <class Reply>
void judge_result(const json& result) {
  Reply reply;
  if (!wire::parse_result(result, reply)) return;
  json expected = result;
  if (expected.contains("items"))
    for (json& item : expected["items"]) drop_empty_parts(item);
  require(value_of(wire::encode_result(reply)) == expected, "a result keeps its value");
}

template <class... Replies>
void judge_result_as_any(const json& result) {
  (judge_result<Replies>(result), ...);
}

template <class Event>
void judge_params_of(const wire::RpcEvent& frame) {
  if (frame.method != Event::method) return;
  Event event;
  if (!wire::parse_event(frame.params, event)) return;
  json expected = frame.params;
  if (expected.contains("item")) drop_empty_parts(expected["item"]);
  require(value_of(wire::encode_event(event))["params"] == expected, "an event keeps its value");
}

void judge_event(const wire::RpcEvent& event, const json& message) {
  const std::string encoded = wire::encode_event(event.method, event.params);
  require(value_of(encoded) == message, "a notification keeps its value");
  const std::string joined = wire::join_events({encoded, encoded});
  require(value_of(wire::join_batches({joined, "[]", joined})).size() == 4,
          "joined batches hold every event");
  judge_params_of<wire::ItemEvent>(event);
  judge_params_of<wire::UnfollowedEvent>(event);
  judge_params_of<wire::CheckpointEvent>(event);
}

void judge_reply(const wire::RpcReply& reply, const json& message) {
  if (reply.refusal) {
    if (reply.refusal->detail.size() > encoding::StrictObject::default_text_bytes) return;
    const auto again = wire::parse_incoming(wire::encode_refusal(reply.id, *reply.refusal));
    require(again && again->replies.size() == 1 && again->replies[0].refusal,
            "a refusal is read as one");
    require(again->replies[0].refusal->code == reply.refusal->code &&
                again->replies[0].refusal->detail == reply.refusal->detail &&
                again->replies[0].id == reply.id,
            "a refusal keeps its value");
    return;
  }
  require(value_of(wire::encode_reply(reply.id, reply.result.dump())) == message,
          "a reply keeps its value");
  judge_result_as_any<wire::HelloReply, wire::DirectoryPage, wire::NameCards, wire::Appended,
                      wire::ChannelSummaries, wire::ItemPage, wire::Followed, wire::FoundEntries,
                      wire::CheckpointReply, wire::ProposalPage, wire::ReceiptsAppended,
                      wire::ReceiptPage, wire::AlertPage, wire::AttachmentProgress,
                      wire::AttachmentState, wire::AttachmentChunk, wire::Done>(reply.result);
}

bool judge_incoming(std::string_view text) {
  const auto incoming = wire::parse_incoming(text);
  if (!incoming) return false;
  json messages = value_of(text);
  if (!messages.is_array()) messages = json::array({std::move(messages)});
  require(incoming->events.size() + incoming->replies.size() == messages.size(),
          "every message of a frame arrives");
  std::size_t replies = 0, events = 0;
  for (const json& message : messages) {
    if (message.contains("method"))
      judge_event(incoming->events.at(events++), message);
    else
      judge_reply(incoming->replies.at(replies++), message);
  }
  return true;
}

}  // namespace

bool judge(ByteView input) {
  const std::string_view text = as_text(input);
  const bool is_request = judge_request(text);
  return judge_incoming(text) || is_request;
}

}  // namespace oberih::fuzz
