// SPDX-License-Identifier: Apache-2.0
// A profile at work: its store, its verified directory and a connection that comes back by itself.
// Commands, tests and the load tool all go through this one class.
#pragma once

#include <atomic>

#include "client-cli/connection/back_off.hpp"
#include "client-cli/connection/server_connection.hpp"
#include "client-cli/keyring/key_ring.hpp"
#include "client-cli/keyring/profile.hpp"
#include "client-cli/verification/tree_guard.hpp"
#include "client-cli/verification/verified_channel.hpp"
#include "client-cli/verification/witness_watch.hpp"

namespace oberih::client {

/// What a client does for a channel without being asked.
struct Repair {
  std::vector<DeviceId> removed;   // revoked, left or past their end
  std::vector<DeviceId> added;     // new devices of people who are or were there
  std::vector<DeviceId> brought;   // people whom a unit's list names
  std::vector<DeviceId> unlisted;  // people whom a unit's list brought and names no more
  bool is_fresh_key = false;       // a wrap of the epoch before did not open for somebody
  bool told_unusable = false;      // our own wrap does not open: the others are asked for a key
};

/// What a person is told while a session works. Unset ones are not told.
struct SessionNotices {
  std::function<void(const Refusal& why, std::chrono::milliseconds delay)> will_try_again;
  std::function<void()> is_connected_again;
  std::function<void(std::int64_t seconds)> clock_differs;  // the server's time minus ours
  /// A checkpoint or a proof has not come within two seconds, as it is promised.
  std::function<void(std::chrono::milliseconds waited)> proof_is_late;
  std::function<void(const ChannelId& channel, const Repair& repair)> repaired;
  std::function<void(const sealing::GovernanceStep& step)> governance_changed;
};

struct SessionSettings {
  /// How long connecting is tried; nothing: for ever.
  std::optional<std::chrono::milliseconds> patience = std::chrono::seconds(15);
  SessionNotices notices;
  /// Ends all waiting when it becomes true.
  const std::atomic<bool>* is_cancelled = nullptr;
};

/// Whether the same attempt may succeed in a moment.
bool is_passing(const Refusal& refusal);

class ClientSession {
 public:
  /// Throws LocalStoreFailure.
  ClientSession(socket::EventLoop& loop, Profile profile, KeyRing ring, SessionSettings settings);

  /// Loads the stored directory: enough for working offline.
  Result<> load() { return directory_.load(); }
  /// Connects, verifies the genesis, brings the directory up to date and accepts the checkpoint.
  /// Tries again with back-off where the server is away. Does nothing where it is connected.
  Result<> connect();

  /// Asks; where the request may be repeated, also again after a lost connection or `unavailable`.
  /// For the others a refusal not_connected or unavailable means: the outcome is not known.
  template <class Request>
  Result<ReplyOf<Request>> ask(const Request& request);

  /// Until our directory has that many leaves.
  Result<> read_directory(std::uint64_t directory_count);
  /// Reads the directory that the checkpoint names first, and demands all proofs of C2.
  Result<> take_checkpoint(const std::string& note);
  /// The newest checkpoint, and the newest one that witnesses stand behind.
  Result<> read_checkpoint();
  /// That these leaves stand in the journal; waits for the checkpoint as long as is promised. The
  /// size up to which it is proven: newer ones are not covered yet.
  Result<std::uint64_t> prove(std::span<const PlacedLeaf> leaves);
  /// To be called now and then while following: warns, once, where the newest item that was
  /// verified is covered by no checkpoint for longer than is promised.
  void watch_checkpoints();
  /// The names of all devices whose names we may see.
  Result<> read_names();

  /// Reads and verifies all that is new in the channel.
  Result<> pull(VerifiedChannel& channel);
  Result<> apply(VerifiedChannel& channel, std::span<const wire::ChannelItem> items,
                 std::uint64_t directory_count);
  VerifiedChannel open_channel(const ChannelId& channel);

  /// The newest time that rules may count with: the server's, but never far from our own clock.
  Milliseconds server_time_ms(const VerifiedChannel& channel) const;

  const Profile& profile() const { return profile_; }
  const KeyRing& ring() const { return ring_; }
  const crypto::Signer& signer() const { return signer_; }
  LocalStore& store() { return store_; }
  VerifiedDirectory& verified_directory() { return directory_; }
  WitnessWatch& witnesses() { return witnesses_; }
  /// As the server said with the newest read_checkpoint(); nothing: it has no authority.
  const std::optional<wire::Anchored>& anchored() const { return anchored_; }
  const sealing::Directory& directory() const { return directory_.directory(); }
  ServerConnection& connection() { return connection_; }
  const wire::HelloReply& hello() const { return hello_; }
  const SessionNotices& notices() const { return settings_.notices; }
  /// Grows with every connection: subscriptions end with theirs.
  std::uint64_t connections() const { return connections_; }
  bool is_cancelled() const { return settings_.is_cancelled && *settings_.is_cancelled; }
  /// False when cancelled meanwhile.
  bool wait(std::chrono::milliseconds delay) const;

 private:
  Result<> connect_once();
  Result<> greet();
  Result<wire::HelloReply> open_connection(const std::optional<Digest>& server_spki);
  Result<> check_new_server(const Digest& server_spki);
  void tell_of_governance(std::size_t known_steps);
  void compare_clocks();
  /// After connecting: what was confirmed to this device a while ago must be proven by now.
  Result<> expect_own_proofs();
  template <class Request>
  Result<wire::Proofs> ask_proof(const Request& request);
  void warn_late(std::chrono::milliseconds waited) const;
  void note_newest(std::uint64_t index);

  Profile profile_;
  KeyRing ring_;
  crypto::Signer signer_;
  SessionSettings settings_;
  LocalStore store_;
  VerifiedDirectory directory_;
  ServerConnection connection_;
  TreeGuard guard_;
  WitnessWatch witnesses_;
  /// A verified item that no accepted checkpoint covers yet.
  struct Uncovered {
    std::uint64_t index = 0;
    std::chrono::steady_clock::time_point since;
    bool is_warned = false;
  };
  std::optional<Uncovered> uncovered_;
  std::optional<wire::Anchored> anchored_;
  wire::HelloReply hello_;
  std::chrono::steady_clock::time_point hello_at_{};
  std::uint64_t connections_ = 0;
};

}  // namespace oberih::client
