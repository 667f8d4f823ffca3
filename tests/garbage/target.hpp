// SPDX-License-Identifier: Apache-2.0
// Whom the garbage is thrown at: the server, the hostile members with their true keys, and a book
// of everything genuine that they signed. Nothing else of theirs may ever be stored.
#pragma once

#include <deque>
#include <mutex>
#include <optional>
#include <set>

#include "tests/faults/ground.hpp"

namespace oberih::garbage {

struct HostileMember {
  explicit HostileMember(const faults::Member& who) : member(who), identity(who.identity()) {}

  const faults::Member& member;
  socket::TlsIdentity identity;
  std::mutex turn;               // held while a post of this sender is under way: the chain is one
  std::uint64_t sender_seq = 0;  // the head of the chain, as far as it is known
  Digest message_hash;
  std::optional<MessageId> stored_id;  // of an entry that is stored
};

/// Written from many connections at once.
class Book {
 public:
  void sign_entry(const MessageId& id) { put(signed_entries_, id); }
  void acknowledge_entry(const MessageId& id) { put(acknowledged_entries_, id); }
  void sign_channel(const ChannelId& id) { put(signed_channels_, id); }
  // To be read when all connections are over.
  const std::set<MessageId>& signed_entries() const { return signed_entries_; }
  const std::set<MessageId>& acknowledged_entries() const { return acknowledged_entries_; }
  const std::set<ChannelId>& signed_channels() const { return signed_channels_; }

 private:
  template <class Id>
  void put(std::set<Id>& ids, const Id& id) {
    std::lock_guard lock(mutex_);
    ids.insert(id);
  }
  std::mutex mutex_;
  std::set<MessageId> signed_entries_, acknowledged_entries_;
  std::set<ChannelId> signed_channels_;
};

struct Target {
  std::uint16_t port = 0;
  std::chrono::milliseconds patience{20'000};  // most that the end of a connection may take
  const faults::Room* room = nullptr;
  const faults::Member* honest = nullptr;  // as whom one may pose
  std::deque<HostileMember> hostile;
  socket::TlsIdentity stranger;       // a key that the directory does not know
  std::vector<std::string> requests;  // one genuine frame of every method, id 1
  Book book;
};

}  // namespace oberih::garbage
