// SPDX-License-Identifier: Apache-2.0
// What is committed, in memory, for everybody who reads: the directory, rosters, newest sequences,
// the newest checkpoint. Any thread may ask; the recorder alone publishes, after COMMIT, and the
// desks of witnesses and anchors what others say of it. No I/O.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <shared_mutex>
#include <unordered_map>

#include "protocol/sealing/channel_state.hpp"
#include "protocol/sealing/directory.hpp"
#include "protocol/sealing/proposal_rules.hpp"

namespace oberih::application {

using DirectoryPointer = std::shared_ptr<const sealing::Directory>;
using ProposalsPointer = std::shared_ptr<const sealing::ProposalBook>;
using ChannelPointer = std::shared_ptr<const sealing::ChannelState>;

/// A channel as committed. INVARIANT: `state` is that of its newest record or leave; what every
/// post changes (newest sequence, sender chains) is not in it, because copying it for each post
/// costs.
struct ChannelFacts {
  ChannelPointer state;
  std::vector<DeviceId> gone;  // ascending: on the roster still, but left, revoked or ended
  std::uint64_t newest_seq = 0;
};

/// The device's line, where it stands on the roster at `now_ms` and is neither gone nor revoked.
const sealing::RosterLine* find_member(const ChannelFacts& channel,
                                       const sealing::Directory& directory, const DeviceId& device,
                                       Milliseconds now_ms);

struct SignedCheckpoint {
  std::uint64_t size = 0;
  Digest root;
  std::string note;
};

/// The newest checkpoint that a quorum of witnesses stands behind, with their lines.
struct WitnessedNote {
  std::uint64_t size = 0;
  std::string note;
  Milliseconds at_ms = 0;  // since when
};

/// How far an outside authority has time-stamped the journal.
struct AnchoredHead {
  std::uint64_t size = 0;          // of the newest checkpoint under a token; 0: none yet
  Milliseconds at_ms = 0;          // by the authority's clock
  Milliseconds unanchored_ms = 0;  // the oldest checkpoint behind it, where a token is overdue
};

/// What one commit changes.
struct Publication {
  std::uint64_t size = 0;
  Milliseconds server_ms = 0;
  DirectoryPointer directory;  // nullptr: unchanged
  ProposalsPointer proposals;  // nullptr: unchanged
  struct Channel {
    ChannelId channel;
    std::uint64_t newest_seq = 0;
    ChannelPointer state;  // nullptr: neither record nor leave
    std::vector<DeviceId> gone;
  };
  std::vector<Channel> channels;
};

class JournalView {
 public:
  JournalView();

  // -- readers, any thread ------------------------------------------------------------------------
  DirectoryPointer directory() const;  // never nullptr
  ProposalsPointer proposals() const;  // never nullptr; may hold what has lapsed since
  std::uint64_t size() const;
  Milliseconds server_ms() const;  // of the newest leaf
  std::optional<ChannelFacts> find_channel(const ChannelId& channel) const;
  /// The caller's line, where it stands on the roster at `now_ms` and is neither gone nor revoked.
  /// Nothing for a stranger and for a channel that does not exist.
  std::optional<sealing::RosterLine> find_member(const ChannelId& channel, const DeviceId& device,
                                                 Milliseconds now_ms) const;
  std::vector<std::pair<ChannelId, ChannelFacts>> channels_of(const DeviceId& device) const;
  std::optional<SignedCheckpoint> checkpoint() const;               // the newest
  std::optional<Digest> checkpoint_root(std::uint64_t size) const;  // of the recent ones
  std::optional<WitnessedNote> witnessed() const;
  std::optional<AnchoredHead> anchored() const;  // nothing: no authority is configured

  // -- the recorder's thread ----------------------------------------------------------------------
  void publish(Publication publication);
  void publish(SignedCheckpoint checkpoint);

  // -- the witness desk's thread ------------------------------------------------------------------
  /// The note of the newest checkpoint with cosignatures. False: there is a newer one.
  bool publish_cosigned(std::uint64_t size, const std::string& note);
  void publish(WitnessedNote witnessed);
  // -- the anchor desk's thread -------------------------------------------------------------------
  void publish(AnchoredHead anchored);

 private:
  // One a second at most: more than a day of them. Older ones are in the database.
  static constexpr std::size_t kept_checkpoints = 100'000;

  void publish_channel(Publication::Channel change);

  mutable std::shared_mutex mutex_;
  DirectoryPointer directory_;
  ProposalsPointer proposals_;
  std::uint64_t size_ = 0;
  Milliseconds server_ms_ = 0;
  std::unordered_map<ChannelId, ChannelFacts, FixedBytesHash> channels_;
  std::unordered_map<DeviceId, std::set<ChannelId>, FixedBytesHash> channels_by_device_;
  std::optional<SignedCheckpoint> checkpoint_;
  std::optional<WitnessedNote> witnessed_;
  std::optional<AnchoredHead> anchored_;
  std::map<std::uint64_t, Digest> checkpoint_roots_;
};

}  // namespace oberih::application
