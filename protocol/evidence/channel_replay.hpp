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
  enum class Keep {
    entries,     // whole, and of what the server says its place alone
    references,  // what later leaves can name, some 80 bytes a leaf; events of the server are
                 // judged
  };

  /// The directory lives longer, and holds all that stands in the journal before the leaves.
  ChannelReplay(const sealing::Directory& directory, const ChannelId& channel,
                Keep keep = Keep::entries)
      : directory_(directory), channel_(channel), keep_(keep) {}

  /// The channel's next leaf, from its first on. A refusal changes nothing: malformed_object,
  /// bad_signature, verification_failed (another channel, a broken chain), and those of the rules.
  Result<> take(std::uint64_t index, ByteView leaf_data);

  const sealing::ChannelState& state() const { return state_; }
  Milliseconds newest_ms() const { return newest_ms_; }
  sealing::HearingPointer find_hearing(const HearingId& id) const;
  /// Only with Keep::entries.
  const ReplayedEntry* find_entry(std::uint64_t channel_seq) const;
  /// What take() took last; nullptr where that was no entry, or no record. Until the next take().
  const ReplayedEntry* taken_entry() const { return taken_entry_ ? &*taken_entry_ : nullptr; }
  const sealing::ChannelRecord* taken_record() const {
    return taken_record_ ? &*taken_record_ : nullptr;
  }
  std::optional<Digest> leaf_hash_at(std::uint64_t channel_seq) const;

 private:
  /// What is kept of a leaf at least. Of a leaf that is no entry the hash alone.
  struct Kept {
    Digest leaf_hash;
    Digest message_hash;
    std::uint32_t sender = 0;  // place in senders_
    std::optional<EntryType> type;
  };

  Result<> check_chain(const journal::Leaf& leaf, std::uint64_t index) const;
  Result<> take_record(const journal::Leaf& leaf, const sealing::Place& place, const Digest& hash);
  Result<> take_entry(const journal::Leaf& leaf, const sealing::Place& place, const Digest& hash);
  Result<> take_event(const journal::Leaf& leaf, const sealing::Place& place);
  Result<> take_facts(const ReplayedEntry& entry);
  Result<> take_hearing(const ReplayedEntry& entry);
  Result<> take_answer(const ReplayedEntry& entry);
  Result<> take_task(const ReplayedEntry& entry);
  void keep(sealing::Hearing hearing);
  void keep_reference(const ReplayedEntry& entry, Kept& kept);
  std::optional<sealing::PlacedEntry> placed_entry(std::uint64_t channel_seq) const;

  const sealing::Directory& directory_;
  ChannelId channel_;
  Keep keep_;
  sealing::ChannelState state_;
  std::uint64_t newest_index_ = 0;
  Milliseconds newest_ms_ = 0;
  std::vector<Kept> kept_;  // by channel_seq - 1
  std::optional<ReplayedEntry> taken_entry_;
  std::optional<sealing::ChannelRecord> taken_record_;
  std::vector<DeviceId> senders_;
  std::map<DeviceId, std::uint32_t> places_of_senders_;
  std::map<std::uint64_t, Bytes> facts_;  // of messages and hearings; others are asked by nobody
  std::map<std::uint64_t, ReplayedEntry> entries_;
  std::map<HearingId, sealing::HearingPointer> hearings_;
  std::map<TaskId, sealing::TaskPointer> tasks_;
};

}  // namespace oberih::evidence
