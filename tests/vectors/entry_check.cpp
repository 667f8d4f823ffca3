// SPDX-License-Identifier: Apache-2.0
// Entries, their leaves, and the receipt.
#include "history_check.hpp"
#include "protocol/base/byte_writer.hpp"
#include "protocol/crypto/digest.hpp"
#include "protocol/crypto/hkdf.hpp"
#include "protocol/sealing/label.hpp"
#include "protocol/sealing/receipt.hpp"
#include "protocol/sealing/sealed_entry.hpp"

namespace oberih::vectors {
namespace {

using sealing::EntryHeader;
using sealing::SealedEntry;

void check_header_fields(const Value& fields, const EntryHeader& header) {
  const std::string why = "differs from header";
  fields["type"].expect_number(static_cast<std::uint8_t>(header.type), why);
  fields["channel_id"].expect_id(header.channel, why);
  fields["epoch"].expect_number(header.epoch, why);
  fields["channel_head"].expect_id(header.channel_head, why);
  fields["sender_device"].expect_id(header.sender, why);
  fields["sender_seq"].expect_number(header.sender_seq, why);
  fields["sender_prev"].expect_id(header.sender_prev, why);
  fields["seen_seq"].expect_number(header.seen_seq, why);
  fields["seen_hash"].expect_id(header.seen_hash, why);
  fields["log_size"].expect_number(header.log_size, why);
  fields["log_root"].expect_id(header.log_root, why);
  fields["client_ms"].expect_number(header.client_ms, why);
  fields["msg_id"].expect_id(header.message_id, why);
  fields["facts"].expect_bytes(header.facts, why);
}

SealedEntry read_entry(const Value& entry) {
  return {entry["header"].bytes(), entry["salt"].as<Salt>(), entry["commitment"].as<Digest>(),
          entry["ciphertext_hash"].as<Digest>(), entry["signature"].as<Signature>()};
}

/// key 32 || nonce 12 || commitment 32, derived here by the reference's formula and nothing else.
void check_body_keys(const Value& entry, const SealedEntry& sealed, ByteView prk) {
  ByteWriter info = sealing::begin_label("msg");
  info.raw(crypto::sha256(sealed.header));
  ByteArray<76> okm;
  crypto::hkdf_expand(prk, info.bytes(), okm);
  const ByteView view(okm);
  entry["key"].expect_bytes(view.subspan(0, 32), "is not derived from prk");
  entry["nonce"].expect_bytes(view.subspan(32, 12), "is not derived from prk");
  entry["commitment"].expect_bytes(view.subspan(44, 32), "is not derived from prk");
}

/// Opens the ciphertext, and seals the text again to the same bytes.
void check_body(const Value& entry, const SealedEntry& sealed, const EntryHeader& header,
                const History& known) {
  const MessageKey& message_key = known.epoch(header.epoch).message_key;
  const Bytes ciphertext = entry["ciphertext"].bytes();
  const Bytes text = entry["plaintext"].bytes();
  const SymmetricKey prk = sealing::entry_prk(sealed, message_key);
  entry["prk"].expect_bytes(prk.view(), "is not extracted from salt and message key");
  check_body_keys(entry, sealed, prk.view());
  entry["ciphertext_hash"].expect_id(crypto::sha256(ciphertext), "is not the ciphertext's hash");
  Result<SecretBuffer> opened = sealing::open_entry(sealed, ciphertext, message_key);
  entry["ciphertext"].expect(opened.has_value(), "does not open");
  const bool same = opened && to_bytes(opened->view()) == text;
  entry["plaintext"].expect(same, "is not what the ciphertext opens to");
  ByteArray<16> blind = entry["blind"].as<MessageId>().bytes;
  // The signer's secret is not in the file: any signer will do, its signature is not compared.
  const crypto::Signer anybody{SignatureSecretKey()};
  auto again = sealing::seal_entry_with(header, text, message_key, anybody, sealed.salt, blind);
  entry["ciphertext"].expect(again && again->ciphertext == ciphertext, "does not seal again");
  entry["salt"].expect(again && again->entry.commitment == sealed.commitment,
                       "does not lead to the commitment");
  entry["blind"].expect(again && again->ciphertext == ciphertext,
                        "does not seal to the ciphertext");
  entry["padded_bytes"].expect_number(ciphertext.size() - 16, "is not the ciphertext's, less tag");
}

void check_no_body(const Value& entry) {
  for (const char* key : {"salt", "commitment", "ciphertext_hash"})
    entry[key].expect_id(Digest{}, "is not zero in an entry without a body");
}

/// Where the entry stands: what it has seen, and its sender's entry before.
void check_place(const Value& entry, const EntryHeader& header, const History& known,
                 std::map<DeviceId, std::pair<std::uint64_t, Digest>>& heads) {
  const Value fields = entry["fields"];
  const auto& [seq, hash] = heads[header.sender];
  fields["sender_seq"].expect_number(seq + 1, "does not follow the sender's entry before");
  fields["sender_prev"].expect_id(hash, "is not the sender's message before");
  fields["channel_id"].expect_id(known.channel, "is another channel");
  auto head = known.record_hashes.find("add");
  if (head != known.record_hashes.end())
    fields["channel_head"].expect_id(head->second, "is not the record in force");
  auto seen = known.leaf_hashes.find(header.seen_seq);
  fields["seen_seq"].expect(seen != known.leaf_hashes.end(), "is no leaf of the channel");
  if (seen != known.leaf_hashes.end())
    fields["seen_hash"].expect_id(seen->second, "is not the hash of the leaf that was seen");
}

}  // namespace

void check_entries(const Value& history, const History& known) {
  std::map<DeviceId, std::pair<std::uint64_t, Digest>> heads;
  for (const Value& entry : history["entries"].items()) {
    const SealedEntry sealed = read_entry(entry);
    Result<EntryHeader> parsed = sealing::parse_header(sealed.header);
    entry["header"].expect(parsed.has_value(), "is no header");
    const EntryHeader header = parsed ? *parsed : EntryHeader{};
    check_header_fields(entry["fields"], header);
    entry["header"].expect_bytes(sealing::encode_header(header), "does not encode again");
    check_place(entry, header, known, heads);
    if (sealing::has_body(header.type))
      check_body(entry, sealed, header, known);
    else
      check_no_body(entry);
    const SignaturePublicKey author = entry["author_public"].as<SignaturePublicKey>();
    const bool verifies = sealing::verify_entry_signature(sealed, author);
    entry["signature"].expect(verifies, "does not verify");
    entry["header"].expect(verifies, "is not what was signed");
    entry["author_public"].expect_id(known.device(header.sender).signature_key,
                                     "is not the sender's key");
    const Digest hash = sealing::message_hash(sealed);
    entry["message_hash"].expect_id(hash, "is not the entry's hash");
    heads[header.sender] = {header.sender_seq, hash};
  }
}

void check_entry_leaves(const Value& history, History& known) {
  const std::vector<Value> entries = history["entries"].items();
  const Value leaves = history["entry_leaves"];
  leaves.expect(leaves.items().size() == entries.size(), "has not one leaf for each entry");
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const Digest hash =
        check_leaf(leaves[i], 5, sealing::encode_entry_body(read_entry(entries[i])));
    known.leaf_hashes[leaves[i]["fields"]["channel_seq"].number()] = hash;
  }
}

void check_receipt(const Value& history, const History& known) {
  const Value receipt = history["receipt"];
  const Value fields = receipt["fields"];
  const Bytes content = receipt["content"].bytes();
  Result<sealing::Receipt> parsed = sealing::parse_receipt_content(content);
  receipt["content"].expect(parsed.has_value(), "is no receipt");
  const sealing::Receipt stored = parsed ? *parsed : sealing::Receipt{};
  const std::string why = "differs from content";
  fields["channel_id"].expect_id(stored.channel, why);
  fields["device"].expect_id(stored.device, why);
  fields["step"].expect_number(static_cast<std::uint8_t>(stored.step), why);
  fields["channel_seq"].expect_number(stored.channel_seq, why);
  fields["leaf_hash"].expect_id(stored.leaf_hash, why);
  fields["client_ms"].expect_number(stored.client_ms, why);
  receipt["content"].expect_bytes(sealing::encode_receipt_content(stored), "does not encode again");
  fields["channel_id"].expect_id(known.channel, "is another channel");
  auto leaf = known.leaf_hashes.find(stored.channel_seq);
  fields["leaf_hash"].expect(leaf != known.leaf_hashes.end() && leaf->second == stored.leaf_hash,
                             "is not the hash of the channel's leaf there");
  check_signature(receipt["signature"], receipt["signer_public"], receipt["content"],
                  known.device(stored.device).signature_key, "receipt");
}

}  // namespace oberih::vectors
