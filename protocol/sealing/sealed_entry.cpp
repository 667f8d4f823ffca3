// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/sealed_entry.hpp"

#include "protocol/base/byte_reader.hpp"
#include "protocol/base/byte_writer.hpp"
#include "protocol/base/limits.hpp"
#include "protocol/crypto/digest.hpp"
#include "protocol/sealing/entry_facts.hpp"
#include "protocol/sealing/malformed.hpp"

namespace oberih::sealing {
namespace {

constexpr std::uint8_t header_version = 1;
constexpr std::size_t tail_bytes = Salt::size + Digest::size + Digest::size + Signature::size;

EntryHeader read_header(ByteReader& reader) {
  EntryHeader header;
  header.channel = reader.id<ChannelId>();
  header.epoch = reader.u64();
  header.channel_head = reader.id<Digest>();
  header.sender = reader.id<DeviceId>();
  header.sender_seq = reader.u64();
  header.sender_prev = reader.id<Digest>();
  header.seen_seq = reader.u64();
  header.seen_hash = reader.id<Digest>();
  header.log_size = reader.u64();
  header.log_root = reader.id<Digest>();
  header.client_ms = reader.u64();
  header.message_id = reader.id<MessageId>();
  header.facts = to_bytes(reader.vec(limits::facts_bytes));
  return header;
}

}  // namespace

Bytes signed_part(const SealedEntry& entry) {
  ByteWriter writer(entry.header.size() + tail_bytes);
  writer.raw(entry.header).raw(entry.salt).raw(entry.commitment).raw(entry.ciphertext_hash);
  return writer.take();
}

bool has_body(EntryType type) {
  switch (type) {
    case EntryType::leave:
    case EntryType::wrap_unusable:
      return false;
    case EntryType::message:
    case EntryType::task:
    case EntryType::hearing:
    case EntryType::acknowledgement:
    case EntryType::consent:
      return true;
  }
  return true;
}

Bytes encode_header(const EntryHeader& header) {
  ByteWriter writer(256 + header.facts.size());
  writer.u8(header_version).u8(static_cast<std::uint8_t>(header.type));
  writer.raw(header.channel).u64(header.epoch).raw(header.channel_head).raw(header.sender);
  writer.u64(header.sender_seq).raw(header.sender_prev);
  writer.u64(header.seen_seq).raw(header.seen_hash);
  writer.u64(header.log_size).raw(header.log_root);
  writer.u64(header.client_ms).raw(header.message_id).vec(header.facts);
  return writer.take();
}

Result<EntryHeader> parse_header(ByteView bytes) {
  ByteReader reader(bytes);
  if (reader.u8() != header_version) return malformed("unknown version of an entry");
  const std::optional<EntryType> type = entry_type_of(reader.u8());
  EntryHeader header = read_header(reader);
  if (!reader.complete()) return malformed("an entry header of wrong length");
  if (!type) return malformed("unknown type of an entry");
  header.type = *type;
  if (!facts_fit(header.type, header.facts)) return malformed("facts that are not well formed");
  return header;
}

Bytes encode_entry_body(const SealedEntry& entry) {
  ByteWriter writer(entry.header.size() + tail_bytes);
  writer.raw(signed_part(entry)).raw(entry.signature);
  return writer.take();
}

Result<SealedEntry> parse_entry_body(ByteView body) {
  if (body.size() < tail_bytes) return malformed("an entry cut short");
  SealedEntry entry;
  entry.header = to_bytes(body.first(body.size() - tail_bytes));
  // The header's own lengths delimit it: it must end exactly where the tail begins.
  Result<EntryHeader> header = parse_header(entry.header);
  if (!header) return header.error();
  ByteReader reader(body.last(tail_bytes));
  entry.salt = reader.id<Salt>();
  entry.commitment = reader.id<Digest>();
  entry.ciphertext_hash = reader.id<Digest>();
  entry.signature = reader.id<Signature>();
  const bool is_empty =
      entry.salt.is_zero() && entry.commitment.is_zero() && entry.ciphertext_hash.is_zero();
  if (!has_body(header->type) && !is_empty) return malformed("a body where the type has none");
  if (has_body(header->type) && entry.ciphertext_hash.is_zero())
    return malformed("no body where the type has one");
  return entry;
}

Digest message_hash(const SealedEntry& entry) {
  return crypto::labelled_hash("msg-hash", encode_entry_body(entry));
}

bool verify_entry_signature(const SealedEntry& entry, const SignaturePublicKey& sender) {
  return crypto::verify(sender, "message", signed_part(entry), entry.signature);
}

}  // namespace oberih::sealing
