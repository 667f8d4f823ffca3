// SPDX-License-Identifier: Apache-2.0
// A channel read again from its leaves by somebody who holds no key and asks no server: signatures,
// chains and the rules of records, entries, tasks and hearings, by the judges that server and
// client share (ADR 9). What lies beside the journal (wrapped keys, ciphertexts) is not looked at,
// nor whether what the server says by itself is true.
#pragma once

#include <map>

#include "protocol/sealing/channel_state.hpp"
#include "protocol/sealing/entry_facts.hpp"
#include "protocol/sealing/entry_references.hpp"
#include "protocol/sealing/hearing.hpp"
#include "protocol/sealing/task.hpp"

namespace oberih::evidence {

/// An entry where it stands; its signature is verified.
struct ReplayedEntry {
  sealing::EntryHeader header;
  sealing::SealedEntry entry;
  sealing::EntryReference reference;
  sealing::Place place;
};

class ChannelReplay {
 public:
  /// The directory lives longer, and holds all that stands in the journal before the leaves.
  ChannelReplay(const sealing::Directory& directory, const ChannelId& channel)
      : directory_(directory), channel_(channel) {}

  /// The channel's next leaf, from its first on. A refusal changes nothing: malformed_object,
  /// bad_signature, verification_failed (another channel, a broken chain), and those of the rules.
  Result<> take(std::uint64_t index, ByteView leaf_data);

  const sealing::ChannelState& state() const { return state_; }
  Milliseconds newest_ms() const { return newest_ms_; }
  sealing::HearingPointer find_hearing(const HearingId& id) const;
  const ReplayedEntry* find_entry(std::uint64_t channel_seq) const;

 private:
  Result<> check_chain(const journal::Leaf& leaf, std::uint64_t index) const;
  Result<> take_record(const journal::Leaf& leaf, const sealing::Place& place, const Digest& hash);
  Result<> take_entry(const journal::Leaf& leaf, const sealing::Place& place, const Digest& hash);
  Result<> take_facts(const ReplayedEntry& entry);
  Result<> take_hearing(const ReplayedEntry& entry);
  Result<> take_answer(const ReplayedEntry& entry);
  Result<> take_task(const ReplayedEntry& entry);
  void keep(sealing::Hearing hearing);
  std::optional<sealing::PlacedEntry> placed_entry(std::uint64_t channel_seq) const;

  const sealing::Directory& directory_;
  ChannelId channel_;
  sealing::ChannelState state_;
  std::uint64_t newest_index_ = 0;
  Milliseconds newest_ms_ = 0;
  std::vector<Digest> leaf_hashes_;  // by channel_seq - 1
  std::map<std::uint64_t, ReplayedEntry> entries_;
  std::map<HearingId, sealing::HearingPointer> hearings_;
  std::map<TaskId, sealing::TaskPointer> tasks_;
};

}  // namespace oberih::evidence
