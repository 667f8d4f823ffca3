// SPDX-License-Identifier: Apache-2.0
// What waits for this person in verified channels: entries that want an acknowledgement, requests
// that want an originator's consent. Found by the clear facts; each leaf is looked at once, and
// nothing is opened.
#pragma once

#include "client-cli/keyring/local_store.hpp"
#include "protocol/sealing/directory.hpp"
#include "protocol/sealing/entry_references.hpp"

namespace oberih::client {

class OpenAsks {
 public:
  /// `own` is this profile's device. All outlive this.
  OpenAsks(LocalStore& store, const sealing::Directory& directory, const DeviceId& own);

  /// Takes in what of the channel was not looked at yet; how many leaves that were. An entry asks
  /// a person who sits there when it is posted, and never its own author.
  std::size_t catch_up(const ChannelId& channel);

 private:
  struct Look;

  void take_record(const journal::Leaf& leaf, Look& look) const;
  void take_entry(std::uint64_t seq, const journal::Leaf& leaf, ByteView bytes, Look& look);
  void take_answer(const sealing::PlacedEntry& entry, const Look& look);
  bool may_consent(const ChannelId& channel, const sealing::PlacedEntry& request);
  PersonId person_of(const DeviceId& device) const;

  LocalStore& store_;
  const sealing::Directory& directory_;
  PersonId person_;
  AgencyId agency_;
  bool is_supervisor_ = false;
};

}  // namespace oberih::client
