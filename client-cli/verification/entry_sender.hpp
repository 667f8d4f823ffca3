// SPDX-License-Identifier: Apache-2.0
// Posts entries: rotates first where it must (C4), seals, sends, and does not rest until the
// outcome is known. A text is sealed when it is sent; it keeps its message id until the server has
// decided.
#pragma once

#include "client-cli/keyring/profile_lock.hpp"
#include "client-cli/verification/record_sender.hpp"
#include "protocol/sealing/hearing_facts.hpp"
#include "protocol/sealing/hearing_text.hpp"
#include "protocol/sealing/message_text.hpp"
#include "protocol/sealing/task_facts.hpp"
#include "protocol/sealing/task_text.hpp"

namespace oberih::client {

class EntrySender {
 public:
  explicit EntrySender(ClientSession& session) : session_(session), records_(session) {}

  /// First settles what an earlier command left in the outbox of the channel, in order. When the
  /// server goes away, the text stays there (refusal not_connected or unavailable).
  Result<wire::Appended> post(VerifiedChannel& channel, const sealing::MessageText& text,
                              Bytes facts = {});
  /// The same for another type, with its text as it is sealed.
  Result<wire::Appended> post(VerifiedChannel& channel, EntryType type, SecretBuffer text,
                              Bytes facts);
  /// An action on a task. It is never sealed anew under another version: `stale_version` means that
  /// somebody else was first, and that a person decides again.
  Result<wire::Appended> act(VerifiedChannel& channel, const sealing::TaskFacts& facts,
                             const sealing::TaskText& text);
  /// The same of a hearing.
  Result<wire::Appended> act(VerifiedChannel& channel, const sealing::HearingFacts& facts,
                             const sealing::HearingText& text);
  /// From its index on the person counts as removed.
  Result<wire::Appended> leave(VerifiedChannel& channel);
  /// Says that this device's wrap of the epoch does not open (type 7): whoever holds a key of the
  /// channel makes a new one then. INVARIANT: the caller holds the profile's lock.
  Result<> tell_unusable(VerifiedChannel& channel);
  /// Looks up and sends what the outbox of the channel holds. INVARIANT: connected.
  Result<> settle(VerifiedChannel& channel);

 private:
  Result<> settle_locked(VerifiedChannel& channel);
  Result<wire::Appended> deliver(VerifiedChannel& channel, const OutboxEntry& entry);
  Result<> make_ready(VerifiedChannel& channel, const OutboxEntry& entry);
  Result<> make_key_ready(VerifiedChannel& channel);
  Result<> check_membership(const VerifiedChannel& channel) const;
  Result<> check_claimed_head(VerifiedChannel& channel, const Refusal& refusal, const Bytes& header,
                              int& doubts);
  Result<wire::EntryPost> seal(VerifiedChannel& channel, const OutboxEntry& entry);
  Result<std::optional<wire::Appended>> find(const OutboxEntry& entry);
  /// The entry is done; that it stands in the journal must be proven by the next checkpoint.
  Result<> take_promise(const OutboxEntry& entry, const wire::Appended& appended);
  void forget(const OutboxEntry& entry);

  ClientSession& session_;
  RecordSender records_;
};

}  // namespace oberih::client
