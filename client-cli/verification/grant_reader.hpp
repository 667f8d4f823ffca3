// SPDX-License-Identifier: Apache-2.0
// A channel as an auditor reads it: every leaf asked for by a signed question, replayed by the
// rules that its members judge by, and proven to stand in the journal; what a grant opens is opened
// with keys that this device was given and that the records commit to. Nothing of it is stored, and
// all keys are wiped with the reader.
#pragma once

#include <map>

#include "client-cli/verification/client_session.hpp"
#include "client-cli/verification/message_keys.hpp"
#include "protocol/evidence/channel_replay.hpp"
#include "protocol/sealing/audit_reading.hpp"
#include "protocol/sealing/key_wrap.hpp"

namespace oberih::client {

/// A leaf of the channel. INVARIANT: replayed and proven.
struct AuditedItem {
  StoredItem stored;                   // with the ciphertext where the server gave it
  std::optional<std::uint64_t> epoch;  // of entries with a sealed body
  bool is_granted = false;             // its epoch is one of a grant in force
  std::optional<SymmetricKey> prk;     // opens this entry alone; nothing: it is sealed here
};

/// The author of a grant wrapped what is no key of the epoch. INVARIANT: evidence is kept.
struct WrongKey {
  std::uint64_t epoch = 0;
  DeviceId author;
  std::string why;
};

class GrantReader final : public MessageKeys {
 public:
  GrantReader(ClientSession& session, const ChannelId& channel)
      : session_(session), channel_(channel), replay_(session.directory(), channel) {}

  /// All leaves. Refusals: not_found and forbidden (no grant, or none in force; contents alone),
  /// verification_failed.
  Result<> read(sealing::ReadingDepth depth);

  const ChannelId& channel() const { return channel_; }
  const sealing::ChannelState& state() const { return replay_.state(); }
  const std::vector<AuditedItem>& items() const { return items_; }
  const std::vector<WrongKey>& wrong_keys() const { return wrong_keys_; }
  /// Size of the checkpoint that proves the leaves.
  std::uint64_t proven_size() const { return proven_size_; }
  /// Only of granted epochs. Refusal: cannot_open.
  Result<MessageKey> message_key(std::uint64_t epoch) override;

 private:
  struct EpochCommitments {
    Digest key, message_key;
  };

  Result<wire::ItemPage> ask_page(sealing::ReadingDepth depth);
  Result<> take(wire::ChannelItem item);
  Result<> check_quote(const AuditedItem& item);
  void take_record(const journal::Leaf& leaf, const wire::ChannelItem& item);
  void take_grant(const sealing::ChannelRecord& record, const wire::ChannelItem& item);
  /// Nothing: it is no key of the epoch.
  std::optional<MessageKey> open(const sealing::ChannelRecord& record, const sealing::KeyWrap& wrap,
                                 const EpochCommitments& commitments) const;
  void open_entries();
  Result<> prove();

  ClientSession& session_;
  ChannelId channel_;
  evidence::ChannelReplay replay_;
  std::map<std::uint64_t, EpochCommitments> epochs_;
  std::map<std::uint64_t, MessageKey> keys_;
  std::vector<AuditedItem> items_;
  std::vector<WrongKey> wrong_keys_;
  std::uint64_t proven_size_ = 0;
};

}  // namespace oberih::client
