// SPDX-License-Identifier: Apache-2.0
// Posts signed, sealed and framed before the clock starts, so that sending one is a single write. A
// sender's chain is known beforehand as long as nobody else uses its device.
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <string_view>

#include "tests/load/population.hpp"

namespace oberih::load {

/// A post as its readers see it: the beginning of its ciphertext, which no two posts share.
using PostIdentity = std::uint64_t;
inline constexpr std::size_t identity_letters = 16;  // of base64url
/// REQUIRES: at least identity_letters.
PostIdentity identity_of(std::string_view ciphertext_text);

struct PreparedPost {
  std::uint64_t number = 0;  // the ledger's, and the request's id
  PostIdentity identity = 0;
  std::string frame;  // a whole masked WebSocket message
};

/// What an entry says, before it is sealed.
struct EntryContent {
  EntryType type{};
  Bytes facts;
  SecretBuffer text;
};
/// A sender's next entry, about so many bytes long.
using NextContent = std::function<EntryContent(std::size_t bytes)>;
EntryContent say_something(std::size_t bytes);

class SenderChain {
 public:
  SenderChain(const Member& member, const Channel& channel,
              const application::SignedCheckpoint& quoted, NextContent next = say_something);

  const Member& member() const { return *member_; }
  /// The chain's next entry. Quotes nothing as seen: what will have been seen cannot be known yet.
  wire::EntryPost seal_next(std::size_t bytes);
  PreparedPost prepare_next(std::size_t bytes, std::uint64_t number);

 private:
  const Member* member_;
  const Channel* channel_;
  NextContent next_;
  std::uint64_t log_size_;
  Digest log_root_;
  std::uint64_t sender_seq_ = 0;
  Digest previous_;
};

/// Lays `count` entries in turn by all members of the channel, on all processors; the chains must
/// be theirs.
class HistoryWriter;
void lay_entries(HistoryWriter& history, Channel& channel, std::vector<SenderChain>& chains,
                 std::uint64_t count, std::size_t bytes);

}  // namespace oberih::load
