// SPDX-License-Identifier: Apache-2.0
// Posts entries: rotates first where it must (C4), seals, sends, and does not rest until the
// outcome is known. A text is sealed when it is sent; it keeps its message id until the server has
// decided.
#pragma once

#include "client-cli/keyring/profile_lock.hpp"
#include "client-cli/verification/record_sender.hpp"
#include "protocol/sealing/message_text.hpp"

namespace oberih::client {

class EntrySender {
 public:
  explicit EntrySender(ClientSession& session) : session_(session), records_(session) {}

  /// First settles what an earlier command left in the outbox of the channel, in order. When the
  /// server goes away, the text stays there (refusal not_connected or unavailable).
  Result<wire::Appended> post(VerifiedChannel& channel, const sealing::MessageText& text);
  /// From its index on the person counts as removed.
  Result<wire::Appended> leave(VerifiedChannel& channel);
  /// Looks up and sends what the outbox of the channel holds. INVARIANT: connected.
  Result<> settle(VerifiedChannel& channel);

 private:
  Result<> settle_locked(VerifiedChannel& channel);
  /// The author of an epoch may have wrapped a wrong key for somebody: that device says so, once,
  /// and whoever holds the key changes it before sending. Refusal: cannot_open, when it is this
  /// device.
  Result<> mend_epoch(VerifiedChannel& channel);
  Result<wire::Appended> deliver(VerifiedChannel& channel, const OutboxEntry& entry);
  Result<wire::EntryPost> seal(VerifiedChannel& channel, const OutboxEntry& entry);
  Result<std::optional<wire::Appended>> find(const OutboxEntry& entry);
  /// The entry is done; that it stands in the journal must be proven by the next checkpoint.
  Result<> take_promise(const OutboxEntry& entry, const wire::Appended& appended);
  void forget(const OutboxEntry& entry);

  ClientSession& session_;
  RecordSender records_;
};

}  // namespace oberih::client
