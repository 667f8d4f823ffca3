// SPDX-License-Identifier: Apache-2.0
// Epochs, records with their wraps, the approval, and the records' leaves.
#include "history_check.hpp"
#include "protocol/crypto/digest.hpp"
#include "protocol/journal/leaf.hpp"
#include "protocol/sealing/channel_state.hpp"
#include "protocol/sealing/key_wrap.hpp"

namespace oberih::vectors {
namespace {

using sealing::ChannelRecord;

const std::string differs = "differs from content";

void check_previous_box(const Value& epoch, std::uint64_t number, const History& known) {
  const std::uint64_t previous = epoch["prev_epoch"].number();
  epoch["prev_epoch"].expect(previous < number && known.epochs.contains(previous),
                             "is no earlier epoch");
  auto key = known.epoch_keys.find(previous);
  if (key == known.epoch_keys.end()) return;
  const Bytes box = sealing::seal_previous_key(known.epoch(number), known.channel, number,
                                               known.epoch(previous).key_commitment, key->second);
  epoch["prev_box"].expect_bytes(box, "does not hold the previous epoch's key");
  epoch["prev_box_hash"].expect_id(crypto::sha256(box), "is not the hash of prev_box");
  const auto opened = sealing::open_previous_key(known.epoch(number), known.channel, number,
                                                 known.epoch(previous).key_commitment,
                                                 epoch["prev_box"].bytes());
  epoch["prev_box"].expect(opened.has_value(), "does not open");
}

void check_record_fields(const Value& fields, const ChannelRecord& record) {
  fields["op"].expect_number(static_cast<std::uint8_t>(record.op), differs);
  fields["channel_id"].expect_id(record.channel, differs);
  fields["seq"].expect_number(record.seq, differs);
  fields["prev_record"].expect_id(record.prev_record, differs);
  fields["epoch"].expect_number(record.epoch, differs);
  fields["key_commitment"].expect_id(record.key_commitment, differs);
  fields["message_key_commitment"].expect_id(record.message_key_commitment, differs);
  fields["prev_epoch"].expect_number(record.prev_epoch, differs);
  fields["prev_box_hash"].expect_id(record.prev_box_hash, differs);
  fields["wraps_root"].expect_id(record.wraps_root, differs);
  fields["roster"].expect_bytes(sealing::encode_roster(record.roster), differs);
  fields["policy"].expect_bytes(sealing::encode_policy(record.policy), differs);
  Bytes change;
  for (const Bytes& item : sealing::encode_change_items(record.change))
    change.insert(change.end(), item.begin(), item.end());
  fields["change"].expect_bytes(change, differs);
  fields["log_size"].expect_number(record.log_size, differs);
  fields["log_root"].expect_id(record.log_root, differs);
  fields["author_device"].expect_id(record.author, differs);
  fields["client_ms"].expect_number(record.client_ms, differs);
}

/// Wrap i again, from its ephemeral secret; and opened, by its recipient.
void check_wrap(const Value& record_value, std::size_t i, const ChannelRecord& record,
                const sealing::KeyWrap& wrap, const History& known) {
  const KnownDevice& recipient = known.device(wrap.device);
  const sealing::EpochKeys& keys = known.epoch(wrap.epoch);
  const sealing::WrapContext context{known.channel, wrap.epoch,     wrap.kind,
                                     keys.key_commitment, record.author, recipient.agency,
                                     wrap.device,   recipient.hpke_key};
  record_value["infos"][i].expect_bytes(sealing::wrap_info(context), "is not this wrap's info");
  const auto epoch_key = known.epoch_keys.find(wrap.epoch);
  if (epoch_key == known.epoch_keys.end()) {
    record_value["wraps"][i].expect(false, "is of an unknown epoch");
    return;
  }
  const ByteView secret = wrap.kind == sealing::WrapKind::epoch_key ? epoch_key->second.view()
                                                                    : keys.message_key.view();
  const Value ephemeral = record_value["ephemeral_secrets"][i];
  const HpkeSecretKey ephemeral_secret(ephemeral.as<HpkePublicKey>().bytes);
  Result<sealing::KeyWrap> again =
      sealing::wrap_key_with_ephemeral(context, secret, ephemeral_secret);
  const Bytes bytes = again ? sealing::encode_wraps({*again}) : Bytes{};
  record_value["wraps"][i].expect_bytes(bytes, "is not what the ephemeral secret makes");
  ephemeral.expect(record_value["wraps"][i].bytes() == bytes, "does not make this wrap");
  const auto opened = sealing::unwrap_key(context, wrap, recipient.hpke_secret);
  record_value["wraps"][i].expect(
      opened && std::equal(secret.begin(), secret.end(), opened->view().begin()),
      "does not open to the epoch's key");
}

void check_wraps(const Value& record_value, const ChannelRecord& record, const History& known) {
  Bytes concatenated;
  for (const Value& wrap : record_value["wraps"].items()) {
    const Bytes bytes = wrap.bytes();
    concatenated.insert(concatenated.end(), bytes.begin(), bytes.end());
  }
  const std::size_t count = record_value["wraps"].items().size();
  for (const char* list : {"infos", "ephemeral_secrets"})
    record_value[list].expect(record_value[list].items().size() == count, "not one for each wrap");
  record_value["fields"]["wraps_root"].expect_id(sealing::wraps_root(concatenated),
                                                 "is not the root over the wraps");
  const Result<void> fits = sealing::check_wraps(record, concatenated);
  record_value["wraps"].expect(fits.has_value(), "do not fit the record");
  Result<std::vector<sealing::KeyWrap>> wraps = sealing::parse_wraps(concatenated);
  record_value["wraps"].expect(wraps.has_value(), "are not well formed");
  if (!wraps) return;
  for (std::size_t i = 0; i < wraps->size() && i < count; ++i)
    check_wrap(record_value, i, record, (*wraps)[i], known);
}

void check_keys_of_record(const Value& fields, const ChannelRecord& record, const History& known) {
  const sealing::EpochKeys& keys = known.epoch(record.epoch);
  fields["key_commitment"].expect_id(keys.key_commitment, "is not the epoch's");
  fields["message_key_commitment"].expect_id(keys.message_key_commitment, "is not the epoch's");
  for (const sealing::RosterLine& line : record.roster)
    fields["roster"].expect(known.device(line.device).hpke_key == line.hpke_key,
                            "has another key than the list of devices");
}

ChannelRecord check_record(const Value& record_value, sealing::RecordOp op, History& known,
                           const std::string& name) {
  const Value fields = record_value["fields"];
  const Bytes content = record_value["content"].bytes();
  Result<ChannelRecord> parsed = sealing::parse_record_content(content);
  record_value["content"].expect(parsed.has_value(), "is no record");
  const ChannelRecord record = parsed ? *parsed : ChannelRecord{};
  check_record_fields(fields, record);
  fields["op"].expect_number(static_cast<std::uint8_t>(op), "is another op than its name says");
  record_value["content"].expect_bytes(sealing::encode_record_content(record),
                                       "does not encode again");
  fields["channel_id"].expect_id(known.channel, "is another channel");
  check_keys_of_record(fields, record, known);
  check_wraps(record_value, record, known);
  const bool verifies = sealing::verify_record_signature(
      {content, record_value["signature"].as<Signature>(), {}},
      known.device(record.author).signature_key);
  record_value["signature"].expect(verifies, "does not verify");
  record_value["content"].expect(verifies, "is not what was signed");
  known.record_hashes[name] = sealing::record_hash(content);
  record_value["record_hash"].expect_id(known.record_hashes[name], "is not the content's hash");
  return record;
}

void check_follows(const Value& record_value, const ChannelRecord& previous, const Digest& hash) {
  const Value fields = record_value["fields"];
  fields["seq"].expect_number(previous.seq + 1, "does not follow");
  fields["prev_record"].expect_id(hash, "is not the hash of the record before");
}

Bytes body_of(const Value& record) {
  return sealing::encode_record_body(
      {record["content"].bytes(), record["signature"].as<Signature>(), {}});
}

}  // namespace

void check_epochs(const Value& history, History& known) {
  std::uint64_t number = 0;
  for (const Value& epoch : history["epochs"].items()) {
    ++number;
    epoch["epoch"].expect_number(number, "is not the next epoch");
    EpochKey key(epoch["epoch_key"].as<Digest>().bytes);
    sealing::EpochKeys keys = sealing::derive_epoch_keys(key, known.channel, number);
    const bool derives = epoch["key_commitment"].as<Digest>() == keys.key_commitment;
    epoch["epoch_key"].expect(derives, "does not derive key_commitment");
    epoch["message_key"].expect_bytes(keys.message_key.view(), "is not derived from epoch_key");
    epoch["previous_key_key"].expect_bytes(keys.previous_key_key.view(),
                                           "is not derived from epoch_key");
    epoch["key_commitment"].expect_id(keys.key_commitment, "is not derived from epoch_key");
    epoch["message_key_commitment"].expect_id(keys.message_key_commitment,
                                              "is not derived from message_key");
    known.epochs.emplace(number, std::move(keys));
    known.epoch_keys.emplace(number, std::move(key));
    if (number > 1) check_previous_box(epoch, number, known);
  }
}

void check_records(const Value& history, History& known) {
  const Value records = history["records"];
  const ChannelRecord create =
      check_record(records["create"], sealing::RecordOp::create, known, "create");
  history["channel_id"].expect_id(sealing::derive_channel_id(create),
                                  "is not derived from the create record");
  records["create"]["nonce"].expect_id(create.prev_record, "is not the create's prev_record");
  const ChannelRecord add = check_record(records["add"], sealing::RecordOp::change, known, "add");
  check_follows(records["add"], create, known.record_hashes["create"]);
  for (const Value& epoch : history["epochs"].items()) {
    if (!epoch.has("prev_epoch") || epoch["epoch"].number() != add.epoch) continue;
    epoch["prev_epoch"].expect_number(add.prev_epoch, "differs from the record");
    epoch["prev_box_hash"].expect_id(add.prev_box_hash, "differs from the record");
  }
  const ChannelRecord grant =
      check_record(records["grant"], sealing::RecordOp::grant, known, "grant");
  check_follows(records["grant"], add, known.record_hashes["add"]);
  records["grant"]["fields"]["roster"].expect(grant.roster == add.roster, "a grant repeats it");
}

void check_approval(const Value& history, const History& known) {
  const Value approval = history["approval"];
  const Value fields = approval["fields"];
  const Bytes item = fields["item"].bytes();
  const Bytes wire = approval["wire"].bytes();
  Result<std::vector<sealing::Approval>> parsed = sealing::parse_approvals(wire);
  approval["wire"].expect(parsed && parsed->size() == 1, "is no approval");
  const sealing::Approval stored =
      parsed && parsed->size() == 1 ? parsed->front() : sealing::Approval{};
  const sealing::Approval told{0, fields["approval_id"].as<ApprovalId>(),
                               fields["expires_ms"].number(),
                               fields["approver_device"].as<DeviceId>(),
                               approval["signature"].as<Signature>()};
  approval["wire"].expect_bytes(sealing::encode_approvals({told}), "differs from fields");
  // The one item there is to approve is the add's.
  const Bytes change = history["records"]["add"]["fields"]["change"].bytes();
  fields["item"].expect(item == change, "is not the item of the record that adds");
  approval["wire"].expect(stored.item_index == 0, "names another item than the first");
  fields["approval_id"].expect_id(stored.id, "differs from wire");
  fields["expires_ms"].expect_number(stored.expires_ms, "differs from wire");
  fields["approver_device"].expect_id(stored.approver, "differs from wire");
  approval["signature"].expect_id(stored.signature, "differs from wire");
  const Bytes content = sealing::approval_content(stored, known.channel, item);
  approval["content"].expect_bytes(content, "is not what an approval of the item signs");
  check_signature(approval["signature"], approval["approver_public"],
                  approval["content"], known.device(stored.approver).signature_key, "approval");
}

void check_record_leaves(const Value& history, History& known) {
  const Value leaves = history["record_leaves"];
  leaves.expect(leaves.items().size() == 2, "has not one leaf for create and add");
  const char* names[] = {"create", "add"};
  for (std::size_t i = 0; i < 2; ++i) {
    const Digest hash = check_leaf(leaves[i], 4, body_of(history["records"][names[i]]));
    known.leaf_hashes[leaves[i]["fields"]["channel_seq"].number()] = hash;
  }
}

}  // namespace oberih::vectors
