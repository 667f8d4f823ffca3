// SPDX-License-Identifier: Apache-2.0
// Makes channels and changes who sits in them: each record brings a fresh key, wrapped for the
// whole new roster. Where the channel moved meanwhile, the change is made anew from what it is now.
#pragma once

#include "client-cli/verification/repair_need.hpp"

namespace oberih::client {

struct NewChannel {
  ChannelKind kind{};
  History history = History::full;
  std::uint8_t approvals_k = 1;
};

class RecordSender {
 public:
  explicit RecordSender(ClientSession& session) : session_(session) {}

  /// The first roster: this device and its person's other active ones, as administrators.
  Result<ChannelId> create(const NewChannel& channel);
  /// Adds and removes in one record; lines that must go anyhow (revoked, left, ended) go with it.
  /// Devices that are there already, or gone already, are passed over.
  Result<> change(VerifiedChannel& channel, const sealing::Roster& add, const std::string& mandate,
                  const std::vector<DeviceId>& remove, const std::string& reason);
  /// C4 and the rest that a member may do alone and unasked, in one record: lines go that are
  /// revoked, left or ended; new devices come of people who are or were there; and where somebody's
  /// wrap does not open, there is a new key. Nothing needed: nothing done.
  Result<> repair(VerifiedChannel& channel);
  /// A new key for the same people (administrators of the channel, for no reason).
  Result<> rotate(VerifiedChannel& channel);
  /// Exactly these items (op change, close or grant), with what approvals were collected for them;
  /// lines that must go anyhow go first, in a record of their own. Nothing to do where records
  /// stand that bear an approval of every item: each is for its item alone, and is used once.
  /// Refusals: record_invalid where the items do not fit the channel (any more), approval_required,
  /// approval_invalid; of a grant cannot_open where this device holds no key of one of its epochs.
  Result<> carry_out(VerifiedChannel& channel, sealing::RecordOp op, const sealing::Change& change,
                     const std::vector<sealing::Approval>& approvals);

 private:
  struct Sealed {
    sealing::ChannelRecord record;
    wire::ChannelAppend request;
  };
  Result<Sealed> seal(sealing::ChannelRecord record, const EpochKey& key, Bytes previous_box);
  Result<sealing::ChannelRecord> next_record(const VerifiedChannel& channel,
                                             const sealing::Change& change) const;
  Result<Sealed> make_record(VerifiedChannel& channel, sealing::RecordOp op,
                             const sealing::Change& change);
  /// Close and grant.
  Result<Sealed> make_same_epoch(VerifiedChannel& channel, sealing::RecordOp op,
                                 const sealing::Change& change);
  Result<Bytes> make_grant_wraps(VerifiedChannel& channel, const sealing::GrantItem& grant) const;
  Result<> quote_checkpoint(sealing::ChannelRecord& record);
  Result<Bytes> make_wraps(const sealing::ChannelRecord& record, const EpochKey& key) const;
  /// True: in the journal. False: make it anew.
  Result<bool> send(VerifiedChannel& channel, const Sealed& sealed);
  Result<bool> try_repair(VerifiedChannel& channel, const RepairNeed& need);
  Result<> tell(const VerifiedChannel& channel, const RepairNeed& need);
  Result<> send_create(VerifiedChannel& channel, const Sealed& sealed);

  ClientSession& session_;
};

}  // namespace oberih::client
