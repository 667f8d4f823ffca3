// SPDX-License-Identifier: Apache-2.0
// What a client may ask. Each request names its method; bytes travel as base64url without padding.
// Who asks is never in the JSON: the server knows the device from the TLS handshake.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "protocol/base/ids.hpp"
#include "protocol/base/result.hpp"
#include "protocol/journal/leaf.hpp"
#include "protocol/sealing/device_certificate.hpp"

namespace oberih::wire {

struct SessionHello {  // the first request of every connection
  static constexpr std::string_view method = "session.hello";
  std::string client_version;
  std::uint64_t checkpoint_size = 0;  // of the client's newest verified checkpoint
};

struct DirectoryRead {
  static constexpr std::string_view method = "directory.read";
  std::uint64_t after_count = 0;  // leaves the client has
  std::uint32_t limit = 0;        // 1..page_items
};

struct DirectoryAppend {  // certificate, revocation, unit or interval out of service, signed by an
                          // agency_admin or supervisor device
  static constexpr std::string_view method = "directory.append";
  journal::LeafKind kind{};
  Bytes body;
  std::optional<sealing::NameCard> name_card;  // kind 2: must hash to the certificate's name_hash
};

struct DirectoryNames {  // name cards of devices, as far as the caller may see them
  static constexpr std::string_view method = "directory.names";
  std::vector<DeviceId> devices;  // 1..1,024; none: all that the caller may see
};

struct ChannelAppend {  // a record: create, change, rotate, close, grant
  static constexpr std::string_view method = "channel.append";
  Bytes content;
  Signature signature;
  Bytes approvals;  // wire form, concatenated
  Bytes wraps;      // stored form, concatenated
  Bytes prev_box;   // empty where there is none
};

struct ChannelList {  // channels on whose roster the caller stands now
  static constexpr std::string_view method = "channel.list";
};

struct ChannelRead {
  static constexpr std::string_view method = "channel.read";
  ChannelId channel;
  std::uint64_t after_seq = 0;
  std::uint32_t limit = 0;  // 1..page_items; a page is also bounded by page_bytes
  bool latest = false;      // the newest `limit` items instead (still after after_seq, ascending)
};

struct ChannelFollow {  // live from after_seq on: what is missed comes first, without a gap
  static constexpr std::string_view method = "channel.follow";
  ChannelId channel;
  std::uint64_t after_seq = 0;
};

struct ChannelUnfollow {
  static constexpr std::string_view method = "channel.unfollow";
  ChannelId channel;
};

struct EntryPost {
  static constexpr std::string_view method = "entry.post";
  Bytes header;
  Salt salt;
  Digest commitment;
  Bytes ciphertext;  // empty for types without a body
  Signature signature;
};

struct EntryFind {  // outcomes of own posts that are not known
  static constexpr std::string_view method = "entry.find";
  ChannelId channel;
  std::vector<MessageId> message_ids;  // 1..64
};

struct ProposalAppend {  // a proposal or its withdrawal, by its author
  static constexpr std::string_view method = "proposal.append";
  Bytes body;  // of the leaf
};

struct ApprovalAppend {  // of a proposal that waits, by the approver
  static constexpr std::string_view method = "approval.append";
  Bytes body;
};

struct ProposalList {  // what waits, with its approvals, as leaves in journal order
  static constexpr std::string_view method = "proposal.list";
  std::optional<ChannelId> channel;  // none: of all channels where the caller may see them
  std::uint64_t after_index = 0;     // exclusive; 0 begins, for leaf 0 is the genesis
};

struct CheckpointRead {
  static constexpr std::string_view method = "checkpoint.read";
};

#define OBERIH_REQUEST(Type)                         \
  nlohmann::json encode_params(const Type& request); \
  Result<void> parse_params(const nlohmann::json& params, Type& request);
OBERIH_REQUEST(SessionHello)
OBERIH_REQUEST(DirectoryRead)
OBERIH_REQUEST(DirectoryAppend)
OBERIH_REQUEST(DirectoryNames)
OBERIH_REQUEST(ChannelAppend)
OBERIH_REQUEST(ChannelList)
OBERIH_REQUEST(ChannelRead)
OBERIH_REQUEST(ChannelFollow)
OBERIH_REQUEST(ChannelUnfollow)
OBERIH_REQUEST(EntryPost)
OBERIH_REQUEST(EntryFind)
OBERIH_REQUEST(ProposalAppend)
OBERIH_REQUEST(ApprovalAppend)
OBERIH_REQUEST(ProposalList)
OBERIH_REQUEST(CheckpointRead)
#undef OBERIH_REQUEST

}  // namespace oberih::wire
