// SPDX-License-Identifier: Apache-2.0
// Entries: header, sealing and opening (design 3.4). Whether an entry may stand where it stands is
// channel_state's business.
#pragma once

#include <optional>

#include "protocol/base/ids.hpp"
#include "protocol/base/result.hpp"
#include "protocol/base/secret.hpp"
#include "protocol/base/timestamp.hpp"
#include "protocol/base/vocabulary.hpp"
#include "protocol/crypto/signature.hpp"

namespace oberih::sealing {

struct EntryHeader {
  EntryType type{};
  ChannelId channel;
  std::uint64_t epoch = 0;
  Digest channel_head;  // record_hash the sender believes in force
  DeviceId sender;
  std::uint64_t sender_seq = 0;
  Digest sender_prev;  // msg_hash of this device's previous entry here; zero at sequence 1
  std::uint64_t seen_seq = 0;
  Digest seen_hash;
  std::uint64_t log_size = 0;
  Digest log_root;
  Milliseconds client_ms = 0;
  MessageId message_id;
  Bytes facts;
};

Bytes encode_header(const EntryHeader& header);
/// Checks the common part of facts (version, handling, priority, asks_for) when it is not empty.
Result<EntryHeader> parse_header(ByteView bytes);

/// Whether entries of this type have a sealed body (6 leave and 7 wrap_unusable have none).
bool has_body(EntryType type);

struct SealedEntry {
  Bytes header;
  Salt salt;
  Digest commitment;
  Digest ciphertext_hash;
  Signature signature;  // label message, over hdr || salt || commit || H(ct)
};

/// Leaf body of kind 5: `hdr || salt || commit || H(ct) || sig`. (The header's own lengths delimit
/// it.)
Bytes encode_entry_body(const SealedEntry& entry);
Result<SealedEntry> parse_entry_body(ByteView body);
/// `H(vec(P||"msg-hash") || hdr || salt || commit || H(ct) || sig)`.
Digest message_hash(const SealedEntry& entry);
[[nodiscard]] bool verify_entry_signature(const SealedEntry& entry,
                                          const SignaturePublicKey& sender);

/// `hdr || salt || commit || H(ct)`, what the sender signs.
Bytes signed_part(const SealedEntry& entry);

struct SealedEntryWithBody {
  SealedEntry entry;
  Bytes ciphertext;  // empty for types without a body
};

/// Seals `text` under the epoch's mk and signs. Refuses body_too_large.
Result<SealedEntryWithBody> seal_entry(const EntryHeader& header, ByteView text,
                                       const MessageKey& message_key, const crypto::Signer& signer);
/// For vectors only: salt and blind given.
Result<SealedEntryWithBody> seal_entry_with(const EntryHeader& header, ByteView text,
                                            const MessageKey& message_key,
                                            const crypto::Signer& signer, const Salt& salt,
                                            const ByteArray<16>& blind);

/// The text. Order: ciphertext hash, commitment in constant time, GCM, padding. cannot_open.
/// The signature must have been verified before.
Result<SecretBuffer> open_entry(const SealedEntry& entry, ByteView ciphertext,
                                const MessageKey& message_key);
/// `prk` of this one entry: reveals this entry's text to a third party and nothing else.
SymmetricKey entry_prk(const SealedEntry& entry, const MessageKey& message_key);
Result<SecretBuffer> open_entry_with_prk(const SealedEntry& entry, ByteView ciphertext,
                                         ByteView prk);

}  // namespace oberih::sealing
