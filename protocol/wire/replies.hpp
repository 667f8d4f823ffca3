// SPDX-License-Identifier: Apache-2.0
// What a server answers. Nothing here is believed: leaves are verified against their hashes,
// signatures and the checkpoint.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "protocol/base/ids.hpp"
#include "protocol/base/result.hpp"
#include "protocol/base/timestamp.hpp"
#include "protocol/base/vocabulary.hpp"
#include "protocol/sealing/device_certificate.hpp"

namespace oberih::wire {

struct HelloReply {
  std::string server_version;
  DeviceId device;  // whom the server takes the caller for
  Milliseconds server_ms = 0;
  std::uint64_t journal_size = 0;
  std::uint64_t directory_count = 0;
  std::string checkpoint;  // signed note
};

struct DirectoryLeaf {
  std::uint64_t index = 0;  // journal
  Bytes leaf;
};
struct DirectoryPage {
  std::vector<DirectoryLeaf> leaves;
  std::uint64_t directory_count = 0;  // in all
};

struct NameCards {
  std::vector<sealing::NameCard> cards;
};

struct Appended {  // the promise: this stands in the journal, committed
  std::uint64_t index = 0;
  std::uint64_t channel_seq = 0;
  Digest leaf_hash;
  Milliseconds server_ms = 0;
};

struct ChannelSummary {
  ChannelId channel;
  ChannelKind kind{};
  std::uint64_t newest_seq = 0;
  std::uint64_t epoch = 0;
  RosterRole role{};  // the caller's
  bool closed = false;
};
struct ChannelSummaries {
  std::vector<ChannelSummary> channels;
};

/// One leaf of a channel with what lies beside the journal.
struct ChannelItem {
  std::uint64_t index = 0;
  Bytes leaf;
  std::optional<Bytes> ciphertext;  // kind 5 with a body; absent also where erased
  Bytes wraps;                      // kind 4: all wraps of the record, concatenated
  Bytes prev_box;                   // kind 4
};
struct ItemPage {
  std::vector<ChannelItem> items;  // ascending, without gaps
  std::uint64_t newest_seq = 0;    // of the channel
  std::uint64_t directory_count = 0;
};

struct Followed {
  std::uint64_t newest_seq = 0;
};

struct FoundEntry {
  MessageId message_id;
  Digest message_hash;
  Appended appended;
};
struct FoundEntries {  // only those that are in the journal
  std::vector<FoundEntry> entries;
};

struct ProposalPage {
  std::vector<DirectoryLeaf> leaves;  // of kind 7, in journal order
  bool more = false;                  // ask again after the last index
  std::uint64_t directory_count = 0;
};

/// What the server says of time-stamps; the tokens themselves stand in the journal (kind 9).
struct Anchored {
  std::uint64_t size = 0;          // of the newest checkpoint under a token; 0: none yet
  Milliseconds at_ms = 0;          // by the authority's clock
  Milliseconds unanchored_ms = 0;  // since when newer leaves wait for a token that is due; 0: none
};

struct CheckpointReply {
  std::string checkpoint;  // signed note
  std::string witnessed;   // the newest one with a quorum of cosignatures; empty: there is none
  std::optional<Anchored> anchored{};  // nothing: no authority is configured
};

struct Done {};

#define OBERIH_REPLY(Type)                      \
  std::string encode_result(const Type& reply); \
  Result<void> parse_result(const nlohmann::json& result, Type& reply);
OBERIH_REPLY(HelloReply)
OBERIH_REPLY(DirectoryPage)
OBERIH_REPLY(NameCards)
OBERIH_REPLY(Appended)
OBERIH_REPLY(ChannelSummaries)
OBERIH_REPLY(ItemPage)
OBERIH_REPLY(Followed)
OBERIH_REPLY(FoundEntries)
OBERIH_REPLY(ProposalPage)
OBERIH_REPLY(CheckpointReply)
OBERIH_REPLY(Done)
#undef OBERIH_REPLY

}  // namespace oberih::wire
