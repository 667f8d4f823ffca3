// SPDX-License-Identifier: Apache-2.0
// Attachments on their way: announced, put and fetched chunk by chunk. Every number and hash is
// checked by both sides; the bytes are docs/protocol.md, section 17.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "protocol/sealing/attachment.hpp"

namespace oberih::wire {

struct AttachmentBegin {  // announces an upload, or asks how far it has come
  static constexpr std::string_view method = "attachment.begin";
  ChannelId channel;
  sealing::ContentId content;
  sealing::AttachmentManifest manifest;
};

struct AttachmentPut {  // chunks come in order; one that is there already is harmless
  static constexpr std::string_view method = "attachment.put";
  ChannelId channel;
  sealing::ContentId content;
  std::uint32_t number = 0;
  Bytes chunk;
};

struct AttachmentKeep {  // an entry names it now: it does not lapse any more
  static constexpr std::string_view method = "attachment.keep";
  ChannelId channel;
  sealing::ContentId content;
};

struct AttachmentStatus {
  static constexpr std::string_view method = "attachment.status";
  ChannelId channel;
  sealing::ContentId content;
};

struct AttachmentGet {
  static constexpr std::string_view method = "attachment.get";
  ChannelId channel;
  sealing::ContentId content;
  std::uint32_t number = 0;
};

/// How fast a client should send and fetch, so that its device's other requests find room. Who
/// ignores it meets the limits of every request.
struct AttachmentProgress {
  std::uint32_t received = 0;  // chunks, from the first on
  bool complete = false;       // stored as a whole
  std::uint64_t bytes_per_second = 0;
};

struct AttachmentState {
  sealing::AttachmentManifest manifest;
  AttachmentProgress progress;
};

struct AttachmentChunk {
  Bytes chunk;
};

#define OBERIH_REQUEST(Type)                         \
  nlohmann::json encode_params(const Type& request); \
  Result<void> parse_params(const nlohmann::json& params, Type& request);
OBERIH_REQUEST(AttachmentBegin)
OBERIH_REQUEST(AttachmentPut)
OBERIH_REQUEST(AttachmentKeep)
OBERIH_REQUEST(AttachmentStatus)
OBERIH_REQUEST(AttachmentGet)
#undef OBERIH_REQUEST

#define OBERIH_REPLY(Type)                      \
  std::string encode_result(const Type& reply); \
  Result<void> parse_result(const nlohmann::json& result, Type& reply);
OBERIH_REPLY(AttachmentProgress)
OBERIH_REPLY(AttachmentState)
OBERIH_REPLY(AttachmentChunk)
#undef OBERIH_REPLY

}  // namespace oberih::wire
