// SPDX-License-Identifier: Apache-2.0
// One channel as this device has verified it (C3, C5, C6). Items come in any number; what verifies
// is kept in the store, what does not is kept as evidence and never shown.
#pragma once

#include <filesystem>
#include <span>

#include "client-cli/verification/channel_keys.hpp"
#include "client-cli/verification/followed_units.hpp"
#include "client-cli/verification/verified_directory.hpp"
#include "protocol/sealing/channel_state.hpp"

namespace oberih::client {

class VerifiedChannel {
 public:
  VerifiedChannel(LocalStore& store, VerifiedDirectory& directory, const KeyRing& ring,
                  std::filesystem::path profile_folder, const ChannelId& channel);

  /// Takes what another command of the profile has verified meanwhile.
  void refresh();
  /// Items in channel order; those we have are compared with ours. One transaction. On a refusal
  /// (verification_failed) what stands before the refused item is kept.
  /// INVARIANT: the directory reaches the directory_count that came with the items.
  Result<> apply(std::span<const wire::ChannelItem> items);

  const ChannelId& id() const { return id_; }
  const sealing::ChannelState& state() const { return state_; }
  ChannelKeys& keys() { return keys_; }
  /// Server time and journal index of the newest verified leaf.
  Milliseconds newest_ms() const { return newest_ms_; }
  std::uint64_t newest_index() const { return newest_index_; }
  /// The units whose people the channel's records brought. What is new is read from the store.
  const FollowedUnits& followed_units();
  std::optional<std::string> title() { return store_.channels().title(id_); }

 private:
  Result<> apply_one(const wire::ChannelItem& item);
  Result<> apply_record(const wire::ChannelItem& item, const journal::Leaf& leaf,
                        const sealing::Place& place, const Digest& leaf_hash);
  Result<> apply_entry(const wire::ChannelItem& item, const journal::Leaf& leaf,
                       const sealing::Place& place, const Digest& leaf_hash);
  Result<> apply_task(const sealing::EntryHeader& header, const sealing::Place& place);
  Result<> apply_hearing(const sealing::EntryHeader& header, const Digest& message_hash,
                         const sealing::Place& place);
  Result<> apply_server_event(const journal::Leaf& leaf, const sealing::Place& place,
                              const Digest& leaf_hash);
  /// Where it is our own: the next checkpoint must be proven to hold it.
  Result<> await_proof(const DeviceId& author, const sealing::Place& place,
                       const Digest& leaf_hash);
  Result<> check_chain(const journal::Leaf& leaf, std::uint64_t index) const;
  std::vector<std::string> notes_at_hand() const;  // for evidence
  std::optional<std::string> open_title(const sealing::EntryHeader& header,
                                        const sealing::SealedEntry& entry, ByteView ciphertext);
  void find_older_title();
  /// What is stored of the channel was written by an older version: its items make it anew.
  void rebuild();
  void take_again(const StoredItem& item);
  void save();

  LocalStore& store_;
  VerifiedDirectory& directory_;
  const KeyRing& ring_;
  std::filesystem::path profile_folder_;
  ChannelId id_;
  ChannelKeys keys_;
  sealing::ChannelState state_;
  std::uint64_t newest_index_ = 0;
  Milliseconds newest_ms_ = 0;
  std::optional<std::string> new_title_;
  FollowedUnits followed_units_;  // of the items up to followed_seq_
  std::uint64_t followed_seq_ = 0;
  bool has_older_keys_ = false;  // a record has just opened epochs before it
};

}  // namespace oberih::client
