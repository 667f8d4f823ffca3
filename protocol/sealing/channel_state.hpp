// SPDX-License-Identifier: Apache-2.0
// The one judge of a channel, shared by server and client (ADR 9): what its records and entries so
// far add up to, and whether a next one may follow (C3, C5, C6 and the authority rules of design
// 3.2). It never sees keys or plaintext. Signatures of authors are checked apart (verify_*),
// because the server does that on other threads; approvals are checked here.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "protocol/sealing/channel_record.hpp"
#include "protocol/sealing/directory.hpp"
#include "protocol/sealing/exclusion_ledger.hpp"
#include "protocol/sealing/handling_ledger.hpp"
#include "protocol/sealing/sealed_entry.hpp"

namespace oberih {
class ByteReader;
}

namespace oberih::sealing {

/// A device's newest accepted entry in a channel. All zero: none yet.
struct SenderHead {
  std::uint64_t sender_seq = 0;
  Digest message_hash;
  std::uint64_t seen_seq = 0;
  std::uint64_t log_size = 0;  // highest quoted in its records and entries
};

/// Where a record or entry would stand.
struct Place {
  std::uint64_t index = 0;        // journal
  std::uint64_t channel_seq = 0;  // must be newest_seq + 1
  Milliseconds server_ms = 0;
};

/// Server time; `to_ms` is 0 where the last of the epochs is in force.
struct EpochTimes {
  Milliseconds from_ms = 0;
  Milliseconds to_ms = 0;
  bool operator==(const EpochTimes&) const = default;
};

/// Leaf hash of this channel's leaf at a channel_seq; nothing when there is none.
using LeafHashAt = std::function<std::optional<Digest>(std::uint64_t channel_seq)>;

class ChannelState {
 public:
  // -- what it is now ---------------------------------------------------------------------------
  bool exists() const { return record_seq_ != 0; }
  const ChannelId& channel() const { return channel_; }
  std::uint64_t record_seq() const { return record_seq_; }
  const Digest& head() const { return head_; }  // newest record_hash
  std::uint64_t epoch() const { return epoch_; }
  const Digest& key_commitment() const { return key_commitment_; }
  const Digest& message_key_commitment() const { return message_key_commitment_; }
  const Roster& roster() const { return *roster_; }
  const ChannelPolicy& policy() const { return policy_; }
  bool is_closed() const { return closed_; }
  std::uint64_t newest_seq() const { return newest_seq_; }    // channel_seq of the newest leaf
  const Digest& newest_leaf() const { return newest_leaf_; }  // its hash
  const RosterLine* find_member(const DeviceId& device) const {
    return find_line(*roster_, device);
  }
  /// True when a roster device is revoked before `index`, its person has left, or its end is
  /// reached at `server_ms`: whoever sends next rotates first (C4, C5). Expiry of a certificate is
  /// no cause. Cheap: the smaller of roster and revocations is walked.
  bool rotation_due(const Directory& directory, std::uint64_t index, Milliseconds server_ms) const;
  /// The lines for which it is due: what the op 1 record must remove.
  std::vector<DeviceId> lines_to_remove(const Directory& directory, std::uint64_t index,
                                        Milliseconds server_ms) const;
  /// Newer devices of people whose line is or was there, as the lines that may be added alone
  /// (3.2): certified after the person's first line came, and never on the roster so far.
  Roster further_devices(const Directory& directory, std::uint64_t index,
                         Milliseconds server_ms) const;
  /// The newest epoch of which a member has said that its wrap does not open; 0: none.
  std::uint64_t unusable_epoch() const { return unusable_epoch_; }
  /// Said of the epoch in force: any member may rotate for that.
  bool is_wrap_unusable() const { return exists() && unusable_epoch_ == epoch_; }
  SenderHead sender_head(const DeviceId& device) const;
  bool knows_sender(const DeviceId& device) const { return senders_.contains(device); }
  /// For a server that loads heads from its database when they are first needed.
  void restore_sender(const DeviceId& device, const SenderHead& head) { senders_[device] = head; }
  /// Whether the person posted a leave after the last record that added them.
  bool has_left(const PersonId& person) const;

  // -- records ----------------------------------------------------------------------------------
  /// C3 by 3.2 for the record at `place`; the author's signature apart (verify_record_signature)
  /// and wraps apart (check_wraps). A create is judged against an empty state. Refusals:
  /// record_out_of_order, record_invalid, approval_required, approval_invalid, roster_too_large,
  /// channel_closed, id_taken, forbidden, handling_code_forbids, may_not_be_told, unknown_device
  /// and kin.
  Result<void> judge_record(const ChannelRecord& record, const SignedRecord& signed_record,
                            const Directory& directory, const Place& place) const;
  /// INVARIANT: only after judge_record (or for what is already in the journal of one's own
  /// server).
  void apply_record(const ChannelRecord& record, const SignedRecord& signed_record,
                    const Directory& directory, const Place& place, const Digest& leaf_hash);

  // -- entries ----------------------------------------------------------------------------------
  /// C5, C6 and seen_*. `log_*` is checked only for not falling; that it was signed is the
  /// caller's. Refusals: wrong_epoch, rotation_due, sender_chain_broken, seen_invalid,
  /// read_only_member, channel_closed, entry_type_forbidden, handling_code_forbids, unknown_device
  /// and kin, not_found (not on the roster).
  Result<void> judge_entry(const EntryHeader& header, const Directory& directory,
                           const Place& place, const LeafHashAt& leaf_hash_at) const;
  void apply_entry(const EntryHeader& header, const Digest& message_hash,
                   const Directory& directory, const Place& place, const Digest& leaf_hash);
  /// A leaf of another kind that takes a channel sequence (8, 11).
  void apply_other(const Place& place, const Digest& leaf_hash);
  /// For a server that rebuilds the state from records and the entries that change it (leave,
  /// wrap_unusable) alone: they count, the sender's chain and newest_seq stay as they are.
  void restore_leave(const EntryHeader& header, const Directory& directory);
  void restore_wrap_unusable(const EntryHeader& header);
  void restore_newest(std::uint64_t channel_seq, const Digest& leaf_hash);
  /// The same for entries with a handling code that binds, and for consents; and back.
  void restore_handling(const EntryHeader& header, const Directory& directory,
                        std::uint64_t channel_seq);
  void forget_handling_from(std::uint64_t channel_seq) {
    handling_.forget_entries_from(channel_seq);
  }

  // -- what rules look up -------------------------------------------------------------------------
  /// What became of a person who was on the roster once.
  struct Person {
    AgencyId agency;
    RosterRole role{};  // of the newest line
    Milliseconds ends_ms = 0;
    enum class Status : std::uint8_t { present, left, removed, removed_after_revocation } status{};
  };
  const Person* find_person(const PersonId& person) const;
  bool is_used(const Approval& approval) const;
  const HandlingLedger& handling() const { return handling_; }
  const ExclusionLedger& exclusions() const { return exclusions_; }
  /// For a server that keeps hearings in its database, and takes back what was not committed.
  void restore_exclusions(ExclusionLedger exclusions) { exclusions_ = std::move(exclusions); }
  /// Journal index of the record that first put the device on the roster; nothing: none did.
  std::optional<std::uint64_t> seated_index(const DeviceId& device) const {
    auto found = seated_.find(device);
    return found == seated_.end() ? std::nullopt : std::optional(found->second);
  }
  /// The newest record of a grant: ends_ms 0 when it is withdrawn.
  const GrantItem* find_grant(const GrantId& grant) const;
  const std::map<GrantId, GrantItem>& grants() const { return grants_; }
  /// From the beginning of the first to the end of the last; nothing where one does not exist.
  std::optional<EpochTimes> find_epoch_times(const EpochRange& epochs) const;

  /// The whole state as bytes, for a client's own store (not a wire format; versioned).
  Bytes encode() const;
  static Result<ChannelState> parse(ByteView bytes);
  /// Written by an older version: to be made anew from the channel's items.
  static bool is_outdated(ByteView bytes);

 private:
  // An approval is named by its approver too: nobody can use up an id that another has chosen.
  using UsedApproval = std::pair<DeviceId, ApprovalId>;

  Result<void> judge_place(const Place& place) const;
  Result<void> judge_sender(const EntryHeader& header, const Directory& directory,
                            const Place& place) const;
  Result<void> judge_handling(const EntryHeader& header, const Directory& directory) const;
  Result<void> judge_type(const EntryHeader& header, const RosterLine& line) const;
  Result<void> judge_chain(const EntryHeader& header, const Place& place,
                           const LeafHashAt& leaf_hash_at) const;
  void apply_people(const ChannelRecord& record, const Directory& directory, const Place& place);
  void refresh_left_lines(const Directory& directory);
  void read_history(ByteReader& reader);  // what parse() reads behind the fixed fields

  ChannelId channel_;
  std::uint64_t record_seq_ = 0;
  Digest head_;
  std::uint64_t epoch_ = 0;
  Digest key_commitment_;
  Digest message_key_commitment_;
  std::shared_ptr<const Roster> roster_ = std::make_shared<Roster>();  // shared: copies are cheap
  ChannelPolicy policy_;
  bool closed_ = false;
  std::uint64_t newest_seq_ = 0;
  Digest newest_leaf_;
  std::map<DeviceId, SenderHead> senders_;
  std::map<PersonId, Person> people_;
  std::vector<DeviceId> left_lines_;  // roster devices whose person has left; ascending
  std::map<DeviceId, std::uint64_t> record_log_sizes_;  // highest quoted in a device's records
  std::map<DeviceId, std::uint64_t> seated_;  // ever: journal index of the record that first did it
  std::uint64_t unusable_epoch_ = 0;
  std::set<UsedApproval> used_approvals_;
  std::map<GrantId, GrantItem> grants_;
  std::vector<Milliseconds> epoch_begins_ms_;  // by epoch - 1
  HandlingLedger handling_;
  ExclusionLedger exclusions_;
};

[[nodiscard]] bool verify_record_signature(const SignedRecord& record,
                                           const SignaturePublicKey& author);

}  // namespace oberih::sealing
