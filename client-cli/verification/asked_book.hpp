// SPDX-License-Identifier: Apache-2.0
// The entries of a channel that ask people for steps of the evidence ladder, as this device has
// verified them, and what the server said where a step was missing. Judges by the same rules as the
// server: one that names somebody who has acknowledged, or says a thing twice, is found out. That
// somebody has not received or opened an entry is the server's word: ask for the receipts.
#pragma once

#include "client-cli/keyring/local_store.hpp"
#include "protocol/sealing/asked_entry.hpp"

namespace oberih::client {

/// What the server said of silence, and where it stands.
struct SaidSilence {
  std::uint64_t seq = 0;
  std::uint64_t index = 0;
  Milliseconds server_ms = 0;
  sealing::MissingStep event;
};

class AskedBook {
 public:
  AskedBook(LocalStore& store, const ChannelId& channel) : store_(store), channel_(channel) {}

  std::optional<sealing::AskedEntry> find(std::uint64_t seq);
  std::vector<sealing::AskedEntry> list();
  /// What the server said of the entry at `seq`, in order.
  std::vector<SaidSilence> said_of(std::uint64_t seq);

  /// A verified entry, with the channel as it was before it: it may ask, or acknowledge.
  void take_entry(const sealing::ChannelState& state, const sealing::Directory& directory,
                  const sealing::EntryHeader& header, const Digest& message_hash,
                  const sealing::Place& place);
  /// Refusals: those of judge_missing_step.
  Result<> take_event(const sealing::ChannelState& state, const sealing::Directory& directory,
                      const sealing::MissingStep& event, const sealing::Place& place);

 private:
  void put(const sealing::AskedEntry& entry);

  LocalStore& store_;
  ChannelId channel_;
};

/// Of all channels the entry whose hash begins with these hex digits; nothing: none, or several.
struct AskedPlace {
  ChannelId channel;
  std::uint64_t seq = 0;
};
std::optional<AskedPlace> find_asked_entry(LocalStore& store, const std::string& digits);

}  // namespace oberih::client
