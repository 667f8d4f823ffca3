// SPDX-License-Identifier: Apache-2.0
#include "history_check.hpp"

#include <algorithm>

#include "protocol/crypto/signature.hpp"
#include "protocol/journal/leaf.hpp"

namespace oberih::vectors {
namespace {

/// All leaves of a history are neighbours in the journal, in the order of the server's time: this
/// pins each journal_index, which no leaf holds itself.
void check_journal_order(const Value& history) {
  std::vector<Value> leaves;
  for (const char* group : {"directory_leaves", "record_leaves", "entry_leaves"})
    for (const Value& leaf : history[group].items()) leaves.push_back(leaf);
  std::stable_sort(leaves.begin(), leaves.end(), [](const Value& a, const Value& b) {
    return a["fields"]["server_ms"].number() < b["fields"]["server_ms"].number();
  });
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    const Value index = leaves[i]["journal_index"];
    const bool follows =
        i == 0 || index.number() == leaves[i - 1]["journal_index"].number() + 1;
    const bool is_followed =
        i + 1 == leaves.size() || index.number() + 1 == leaves[i + 1]["journal_index"].number();
    index.expect(follows && is_followed, "is no neighbour of the leaves before and after it");
  }
}

void check_chain(const Value& leaves) {
  const std::vector<Value> items = leaves.items();
  for (std::size_t i = 1; i < items.size(); ++i) {
    const Value fields = items[i]["fields"];
    fields["prev_leaf"].expect_bytes(items[i - 1]["leaf_hash"].bytes(),
                                     "is not the hash of the leaf before");
    fields["channel_seq"].expect_number(items[i - 1]["fields"]["channel_seq"].number() + 1,
                                        "does not follow the leaf before");
    fields["server_ms"].expect(
        fields["server_ms"].number() >= items[i - 1]["fields"]["server_ms"].number(),
        "is before the leaf before");
  }
}

void check_channel_chain(const Value& history) {
  const std::vector<Value> records = history["record_leaves"].items();
  const std::vector<Value> entries = history["entry_leaves"].items();
  if (records.empty() || entries.empty()) {
    history["record_leaves"].expect(false, "a history has records and entries");
    return;
  }
  records.front()["fields"]["channel_seq"].expect_number(1, "a channel begins with 1");
  records.front()["fields"]["prev_leaf"].expect_id(Digest{}, "a channel's first leaf has none");
  const Value fields = entries.front()["fields"];
  fields["prev_leaf"].expect_bytes(records.back()["leaf_hash"].bytes(),
                                   "is not the hash of the newest record's leaf");
  fields["channel_seq"].expect_number(records.back()["fields"]["channel_seq"].number() + 1,
                                      "does not follow the newest record");
  for (const char* group : {"record_leaves", "entry_leaves"})
    for (const Value& leaf : history[group].items())
      leaf["fields"]["channel_id"].expect_bytes(history["channel_id"].bytes(),
                                                "is another channel");
}

}  // namespace

const KnownDevice& History::device(const DeviceId& id) const {
  static const KnownDevice nobody;
  auto found = devices.find(id);
  return found == devices.end() ? nobody : found->second;
}

const sealing::EpochKeys& History::epoch(std::uint64_t number) const {
  static const sealing::EpochKeys none;
  auto found = epochs.find(number);
  return found == epochs.end() ? none : found->second;
}

Digest check_leaf(const Value& leaf, std::uint8_t kind, ByteView body) {
  const Value fields = leaf["fields"];
  const Bytes data = leaf["data"].bytes();
  Result<journal::Leaf> parsed = journal::parse_leaf(data);
  leaf["data"].expect(parsed.has_value(), "is no leaf");
  const journal::Leaf stored = parsed ? *parsed : journal::Leaf{};
  fields["kind"].expect_number(kind, "is another kind than what the leaf is about");
  fields["kind"].expect_number(static_cast<std::uint8_t>(stored.kind), "differs from data");
  fields["server_ms"].expect_number(stored.server_ms, "differs from data");
  fields["channel_id"].expect_id(stored.channel_id, "differs from data");
  fields["channel_seq"].expect_number(stored.channel_seq, "differs from data");
  fields["prev_leaf"].expect_id(stored.prev_leaf, "differs from data");
  leaf["data"].expect(std::equal(stored.body.begin(), stored.body.end(), body.begin(), body.end()),
                      "holds another body");
  leaf["data"].expect(parsed && journal::encode_leaf(stored) == data, "does not encode again");
  const Digest hash = journal::leaf_hash(data);
  leaf["leaf_hash"].expect_id(hash, "is not the hash of data");
  leaf["data"].expect(leaf["leaf_hash"].as<Digest>() == hash, "does not hash to leaf_hash");
  return hash;
}

void check_signature(const Value& signature, const Value& public_key, const Value& content,
                     const SignaturePublicKey& expected_key, std::string_view label) {
  public_key.expect_id(expected_key, "is not the signer's key");
  const bool verifies = crypto::verify(public_key.as<SignaturePublicKey>(), label,
                                       content.bytes(), signature.as<Signature>());
  signature.expect(verifies, "does not verify");
  public_key.expect(verifies, "does not verify the signature");
  content.expect(verifies, "is not what was signed");
}

void check_history(const Value& history) {
  History known;
  history["seed"].expect(history["seed"].number() < UINT64_MAX, "is no seed");
  history["note"].expect(!history["note"].text().empty(), "is empty");
  known.channel = history["channel_id"].as<ChannelId>();
  check_devices(history, known);
  check_certificates(history, known);
  check_revocation(history, known);
  check_directory_leaves(history);
  check_chain(history["directory_leaves"]);
  check_epochs(history, known);
  check_records(history, known);
  check_approval(history, known);
  check_record_leaves(history, known);
  check_chain(history["record_leaves"]);
  check_entry_leaves(history, known);
  check_chain(history["entry_leaves"]);
  check_entries(history, known);
  check_receipt(history, known);
  check_channel_chain(history);
  check_journal_order(history);
  check_published_values(history);
}

}  // namespace oberih::vectors
