// SPDX-License-Identifier: Apache-2.0
#include "client-cli/verification/entry_sender.hpp"

#include "client-cli/verification/claimed_head.hpp"
#include "client-cli/verification/evidence.hpp"
#include "protocol/crypto/random_bytes.hpp"

namespace oberih::client {
namespace {

constexpr int most_attempts = 30;  // most are lost to others who went on meanwhile
/// How long those who can open the newest epoch are left the first turn.
constexpr std::chrono::milliseconds turn_of_rotating_members{1'500};

constexpr std::chrono::milliseconds while_rotation_is_due{100};
constexpr int most_doubts = 10;
constexpr std::chrono::milliseconds between_doubts{300};

enum class Next { give_up, look_up, seal_again, wait };

/// What to do after a refusal of a post.
Next next_after(RefusalCode code) {
  if (code == RefusalCode::not_connected || code == RefusalCode::unavailable ||
      code == RefusalCode::message_id_reused)
    return Next::look_up;
  if (code == RefusalCode::server_busy) return Next::wait;
  if (code == RefusalCode::stale_version) return Next::give_up;  // a person decides anew
  return refusal_row(code).retry == Retry::refresh ? Next::seal_again : Next::give_up;
}

}  // namespace

Result<wire::Appended> EntrySender::post(VerifiedChannel& channel, const sealing::MessageText& text,
                                         Bytes facts) {
  Result<SecretBuffer> encoded = sealing::encode_message_text(text);
  if (!encoded) return encoded.error();
  return post(channel, EntryType::message, std::move(*encoded), std::move(facts));
}

Result<wire::Appended> EntrySender::post(VerifiedChannel& channel, EntryType type,
                                         SecretBuffer text, Bytes facts) {
  Result<ProfileLock> lock = ProfileLock::take(session_.profile().folder);
  if (!lock) return lock.error();
  OBERIH_TRY(settle_locked(channel));
  OutboxEntry entry{
      channel.id(),    crypto::random_id<MessageId>(), type, std::move(text), wall_clock_ms(),
      std::move(facts)};
  return deliver(channel, entry);
}

Result<wire::Appended> EntrySender::act(VerifiedChannel& channel, const sealing::TaskFacts& facts,
                                        const sealing::TaskText& text) {
  Result<SecretBuffer> encoded = sealing::encode_task_text(text);
  if (!encoded) return encoded.error();
  return post(channel, EntryType::task, std::move(*encoded), sealing::encode_task_facts(facts));
}

Result<wire::Appended> EntrySender::act(VerifiedChannel& channel,
                                        const sealing::HearingFacts& facts,
                                        const sealing::HearingText& text) {
  Result<SecretBuffer> encoded = sealing::encode_hearing_text(text);
  if (!encoded) return encoded.error();
  return post(channel, EntryType::hearing, std::move(*encoded),
              sealing::encode_hearing_facts(facts));
}

Result<wire::Appended> EntrySender::leave(VerifiedChannel& channel) {
  Result<ProfileLock> lock = ProfileLock::take(session_.profile().folder);
  if (!lock) return lock.error();
  OBERIH_TRY(settle_locked(channel));
  OutboxEntry entry{channel.id(), crypto::random_id<MessageId>(), EntryType::leave, SecretBuffer(),
                    wall_clock_ms()};
  return deliver(channel, entry);
}

Result<> EntrySender::settle(VerifiedChannel& channel) {
  Result<ProfileLock> lock = ProfileLock::take(session_.profile().folder);
  if (!lock) return lock.error();
  return settle_locked(channel);
}

Result<> EntrySender::settle_locked(VerifiedChannel& channel) {
  for (const OutboxEntry& entry : session_.store().outbox().list(channel.id())) {
    Result<std::optional<wire::Appended>> found = find(entry);
    if (!found && found.error().code == RefusalCode::not_found) forget(entry);  // no member now
    if (!found) return found.error();
    if (*found) {
      OBERIH_TRY(take_promise(entry, **found));
      continue;
    }
    Result<wire::Appended> delivered = deliver(channel, entry);
    if (delivered) continue;
    Refusal refusal = delivered.error();
    if (entry.type == EntryType::task)
      refusal.detail = "an earlier action on a task, whose answer was lost, is refused now" +
                       (refusal.detail.empty() ? "" : ": " + refusal.detail);
    if (entry.type == EntryType::hearing)
      refusal.detail = "an earlier entry about a hearing, whose answer was lost, is refused now" +
                       (refusal.detail.empty() ? "" : ": " + refusal.detail);
    return refusal;
  }
  return {};
}

Result<> EntrySender::take_promise(const OutboxEntry& entry, const wire::Appended& appended) {
  Transaction transaction = session_.store().begin();
  const bool is_new_promise =
      session_.store().proofs().await({appended.index, appended.leaf_hash, wall_clock_ms()});
  forget(entry);
  transaction.commit();
  if (is_new_promise) return {};
  return refuse(RefusalCode::verification_failed,
                "the server has confirmed two leaves of ours at one place of the journal");
}

void EntrySender::forget(const OutboxEntry& entry) {
  session_.store().outbox().remove(entry.channel, entry.message);
}

Result<std::optional<wire::Appended>> EntrySender::find(const OutboxEntry& entry) {
  Result<wire::FoundEntries> found = session_.ask(wire::EntryFind{entry.channel, {entry.message}});
  if (!found) return found.error();
  for (const wire::FoundEntry& each : found->entries)
    if (each.message_id == entry.message) return std::optional(each.appended);
  return std::optional<wire::Appended>();
}

Result<wire::EntryPost> EntrySender::seal(VerifiedChannel& channel, const OutboxEntry& entry) {
  const sealing::ChannelState& state = channel.state();
  const sealing::SenderHead head = state.sender_head(session_.ring().device);
  std::optional<StoredCheckpoint> checkpoint = session_.verified_directory().newest_checkpoint();
  if (!checkpoint) return refuse(RefusalCode::verification_failed, "no checkpoint is known");
  session_.store().directory().keep_quoted(checkpoint->size);
  sealing::EntryHeader header;
  header.type = entry.type;
  header.channel = channel.id();
  header.epoch = state.epoch();
  header.channel_head = state.head();
  header.sender = session_.ring().device;
  header.sender_seq = head.sender_seq + 1;
  header.sender_prev = head.message_hash;
  header.seen_seq = state.newest_seq();
  header.seen_hash = state.newest_leaf();
  header.log_size = checkpoint->size;
  header.log_root = checkpoint->root;
  header.client_ms = wall_clock_ms();
  header.message_id = entry.message;
  header.facts = entry.facts;
  MessageKey key;
  if (sealing::has_body(entry.type)) {
    Result<MessageKey> found = channel.keys().message_key(state.epoch());
    if (!found) return found.error();
    key = std::move(*found);
  }
  Result<sealing::SealedEntryWithBody> sealed =
      sealing::seal_entry(header, entry.text.view(), key, session_.signer());
  if (!sealed) return sealed.error();
  return wire::EntryPost{sealed->entry.header, sealed->entry.salt, sealed->entry.commitment,
                         std::move(sealed->ciphertext), sealed->entry.signature};
}

Result<> EntrySender::tell_unusable(VerifiedChannel& channel) {
  OutboxEntry entry{channel.id(), crypto::random_id<MessageId>(), EntryType::wrap_unusable,
                    SecretBuffer(), wall_clock_ms()};
  Result<wire::Appended> told = deliver(channel, entry);
  if (!told) return told.error();
  OBERIH_TRY(session_.pull(channel));
  Repair repair;
  repair.told_unusable = true;
  if (session_.notices().repaired) session_.notices().repaired(channel.id(), repair);
  return {};
}

/// C4, and a key to seal with.
Result<> EntrySender::make_key_ready(VerifiedChannel& channel) {
  const bool holds_key = channel.keys().key(channel.state().epoch()).has_value();
  if (!holds_key) {
    if (must_tell_unusable(session_, channel)) OBERIH_TRY(tell_unusable(channel));
    if (!session_.wait(turn_of_rotating_members)) return refuse(RefusalCode::not_connected);
    OBERIH_TRY(session_.pull(channel));
  }
  OBERIH_TRY(records_.repair(channel));
  // What it has read meanwhile may be our own removal.
  return check_membership(channel);
}

Result<> EntrySender::make_ready(VerifiedChannel& channel, const OutboxEntry& entry) {
  Result<> ready = session_.pull(channel);
  if (!ready && ready.error().code != RefusalCode::not_found) return ready.error();
  if (ready) ready = check_membership(channel);
  // A read-only member's acknowledgement waits for others to rotate; a leave never waits.
  if (ready && sealing::has_body(entry.type)) ready = make_key_ready(channel);
  // What was refused must not be posted when one is brought back some day.
  if (!ready && next_after(ready.error().code) == Next::give_up) forget(entry);
  return ready;
}

Result<> EntrySender::check_membership(const VerifiedChannel& channel) const {
  if (channel.state().find_member(session_.ring().device) != nullptr) return {};
  return refuse(RefusalCode::not_found);
}

/// An entry that is just being written may be named before it is shown; one that is never shown is
/// not ours, or is withheld.
Result<> EntrySender::check_claimed_head(VerifiedChannel& channel, const Refusal& refusal,
                                         const Bytes& header, int& doubts) {
  OBERIH_TRY(session_.pull(channel));
  const sealing::SenderHead head = channel.state().sender_head(session_.ring().device);
  if (judge_claimed_head(refusal.detail, head) != ClaimedHead::unknown) return {};
  if (++doubts < most_doubts) {
    (void)session_.wait(between_doubts);
    return {};
  }
  return keep_evidence(
      session_.profile().folder, "the server's answer to an entry of this device",
      "it names as this device's newest an entry that the channel does not show: " + refusal.detail,
      {{"header", header},
       {"answer", to_bytes(as_bytes(refusal.detail))},
       {"verified_head", to_bytes(head.message_hash.view())}});
}

Result<wire::Appended> EntrySender::deliver(VerifiedChannel& channel, const OutboxEntry& entry) {
  Refusal last = refuse(RefusalCode::unavailable);
  int doubts = 0;
  for (int attempt = 0; attempt < most_attempts; ++attempt) {
    OBERIH_TRY(make_ready(channel, entry));
    Result<wire::EntryPost> sealed = seal(channel, entry);
    if (!sealed && sealed.error().code == RefusalCode::cannot_open) {
      last = sealed.error();  // somebody has just rotated, and the wrap for us does not open
      continue;
    }
    if (!sealed) return sealed.error();
    session_.store().outbox().put(entry);
    Result<wire::Appended> appended = session_.ask(*sealed);
    if (appended) {
      OBERIH_TRY(take_promise(entry, *appended));
      return appended;
    }
    last = appended.error();
    if (last.code == RefusalCode::sender_chain_broken)
      OBERIH_TRY(check_claimed_head(channel, last, sealed->header, doubts));
    Next next = next_after(last.code);
    if (next == Next::look_up) {
      Result<std::optional<wire::Appended>> found = find(entry);
      if (!found) return found.error();
      if (*found) {
        OBERIH_TRY(take_promise(entry, **found));
        return **found;
      }
      if (last.code == RefusalCode::message_id_reused) next = Next::give_up;
    }
    if (next == Next::give_up) {
      forget(entry);
      return last;
    }
    // By the server's clock an end is reached that is not yet by ours, or others must rotate.
    if (last.code == RefusalCode::rotation_due && !session_.wait(while_rotation_is_due)) break;
    if (next == Next::wait &&
        !session_.wait(std::chrono::milliseconds(200 << std::min(attempt, 5))))
      break;
  }
  return last;
}

}  // namespace oberih::client
