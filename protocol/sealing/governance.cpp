// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/governance.hpp"

#include "protocol/base/byte_reader.hpp"
#include "protocol/base/byte_writer.hpp"
#include "protocol/base/limits.hpp"
#include "protocol/crypto/digest.hpp"
#include "protocol/crypto/signature.hpp"
#include "protocol/encoding/utf8.hpp"
#include "protocol/sealing/genesis_fields.hpp"
#include "protocol/sealing/malformed.hpp"

namespace oberih::sealing {
namespace {

constexpr std::uint8_t governance_version = 1;
constexpr std::uint32_t disowned_at_most = 1'024;

void write_replacement(ByteWriter& writer, const RootReplacement& replacement) {
  writer.raw(replacement.agency).raw(replacement.new_root_key);
  writer.u8(replacement.is_compromised ? 1 : 0);
  writer.u32(static_cast<std::uint32_t>(replacement.disowned.size()));
  for (const DeviceId& device : replacement.disowned) writer.raw(device);
}

RootReplacement read_replacement(ByteReader& reader) {
  RootReplacement replacement;
  replacement.agency = reader.id<AgencyId>();
  replacement.new_root_key = reader.id<SignaturePublicKey>();
  const std::uint8_t compromised = reader.u8();
  if (compromised > 1) reader.fail();
  replacement.is_compromised = compromised == 1;
  for (std::uint32_t n = read_count(reader, disowned_at_most); n > 0 && !reader.failed(); --n)
    replacement.disowned.push_back(reader.id<DeviceId>());
  return replacement;
}

Continuation read_continuation(ByteReader& reader) {
  Continuation continuation;
  continuation.old_size = reader.u64();
  continuation.old_root = reader.id<Digest>();
  continuation.new_size = reader.u64();
  continuation.new_root = reader.id<Digest>();
  return continuation;
}

Result<void> check_replacement(const RootReplacement& replacement) {
  const std::vector<DeviceId>& disowned = replacement.disowned;
  if (!replacement.is_compromised && !disowned.empty())
    return malformed("certificates disowned without a compromised root");
  for (std::size_t i = 1; i < disowned.size(); ++i)
    if (!(disowned[i - 1] < disowned[i])) return malformed("disowned devices that do not ascend");
  return {};
}

Result<void> check_witnesses(const Governance& governance) {
  const std::vector<Witness>& witnesses = governance.witnesses;
  for (std::size_t i = 0; i < witnesses.size(); ++i) {
    if (i > 0 && !(witnesses[i - 1].name < witnesses[i].name))
      return malformed("witnesses that do not ascend");
    OBERIH_TRY(check_witness(witnesses[i]));
    for (std::size_t j = 0; j < i; ++j)
      if (witnesses[j].key == witnesses[i].key) return malformed("a key that stands twice");
  }
  return check_quorum_groups(governance.witness_quorum);
}

/// What can be said without the directory.
Result<void> check(const Governance& governance) {
  if (const SignaturePublicKey* key = new_key_of(governance); key && !crypto::is_acceptable(*key))
    return refuse(RefusalCode::unacceptable_key, "the new key");
  switch (governance.change) {
    case GovernanceChange::admit_agency:
      return is_printable_name(governance.agency.name)
                 ? Result<void>()
                 : malformed("an agency's name that is not NFC");
    case GovernanceChange::replace_root:
      return check_replacement(governance.replacement);
    case GovernanceChange::witnesses:
      return check_witnesses(governance);
    case GovernanceChange::quorum:
      return governance.quorum > 0 ? Result<void>() : malformed("a governance quorum of nobody");
    case GovernanceChange::continuation:
      return governance.continuation.new_size > 0 &&
                     governance.continuation.new_size < governance.continuation.old_size
                 ? Result<void>()
                 : malformed("a continuation that loses nothing");
    case GovernanceChange::journal_key:
    case GovernanceChange::server_key:
      return {};
  }
  return malformed("an unknown change");
}

void write_fields(ByteWriter& writer, const Governance& governance) {
  switch (governance.change) {
    case GovernanceChange::admit_agency:
      return write_agency(writer, governance.agency);
    case GovernanceChange::replace_root:
      return write_replacement(writer, governance.replacement);
    case GovernanceChange::journal_key:
      writer.raw(governance.journal_key);
      return;
    case GovernanceChange::server_key:
      writer.raw(governance.server_spki);
      return;
    case GovernanceChange::witnesses:
      return write_witnesses(writer, governance.witnesses, governance.witness_quorum);
    case GovernanceChange::quorum:
      writer.u8(governance.quorum);
      return;
    case GovernanceChange::continuation:
      writer.u64(governance.continuation.old_size).raw(governance.continuation.old_root);
      writer.u64(governance.continuation.new_size).raw(governance.continuation.new_root);
      return;
  }
}

void read_fields(ByteReader& reader, Governance& governance) {
  switch (governance.change) {
    case GovernanceChange::admit_agency:
      governance.agency = read_agency(reader);
      return;
    case GovernanceChange::replace_root:
      governance.replacement = read_replacement(reader);
      return;
    case GovernanceChange::journal_key:
      governance.journal_key = reader.id<SignaturePublicKey>();
      return;
    case GovernanceChange::server_key:
      governance.server_spki = reader.id<Digest>();
      return;
    case GovernanceChange::witnesses:
      return read_witnesses(reader, governance.witnesses, governance.witness_quorum);
    case GovernanceChange::quorum:
      governance.quorum = reader.u8();
      return;
    case GovernanceChange::continuation:
      governance.continuation = read_continuation(reader);
      return;
  }
  reader.fail();
}

}  // namespace

std::string_view name_of(GovernanceChange change) {
  switch (change) {
    case GovernanceChange::admit_agency:
      return "admit_agency";
    case GovernanceChange::replace_root:
      return "replace_root";
    case GovernanceChange::journal_key:
      return "journal_key";
    case GovernanceChange::server_key:
      return "server_key";
    case GovernanceChange::witnesses:
      return "witnesses";
    case GovernanceChange::quorum:
      return "quorum";
    case GovernanceChange::continuation:
      return "continuation";
  }
  return "unknown";
}

Bytes encode_governance_content(const Governance& governance) {
  ByteWriter writer(256);
  writer.u8(governance_version).raw(governance.previous);
  writer.u8(static_cast<std::uint8_t>(governance.change));
  write_fields(writer, governance);
  return writer.take();
}

Result<Governance> parse_governance_content(ByteView content) {
  ByteReader reader(content);
  if (reader.u8() != governance_version) return malformed("unknown version of a governance leaf");
  Governance governance;
  governance.previous = reader.id<Digest>();
  governance.change = static_cast<GovernanceChange>(reader.u8());
  read_fields(reader, governance);
  if (!reader.complete())
    return malformed("a governance leaf of wrong length or with an unknown word");
  OBERIH_TRY(check(governance));
  return governance;
}

Bytes encode_governance_body(const SignedGovernance& governance) {
  ByteWriter writer(4 + governance.content.size() + 4 +
                    (Signature::size + AgencyId::size) * governance.signatures.size() + 1 +
                    Signature::size);
  writer.vec(governance.content);
  writer.u32(static_cast<std::uint32_t>(governance.signatures.size()));
  for (const RootSignature& signature : governance.signatures)
    writer.raw(signature.agency).raw(signature.signature);
  writer.u8(governance.new_key_signature ? 1 : 0);
  if (governance.new_key_signature) writer.raw(*governance.new_key_signature);
  return writer.take();
}

Result<SignedGovernance> parse_governance_body(ByteView body) {
  ByteReader reader(body);
  SignedGovernance governance;
  governance.content = to_bytes(reader.vec(limits::leaf_bytes));
  for (std::uint32_t n = read_count(reader, agencies_at_most); n > 0 && !reader.failed(); --n) {
    RootSignature signature;
    signature.agency = reader.id<AgencyId>();
    signature.signature = reader.id<Signature>();
    if (!governance.signatures.empty() && !(governance.signatures.back().agency < signature.agency))
      return malformed("signatures that do not ascend");
    governance.signatures.push_back(signature);
  }
  const std::uint8_t new_keys = reader.u8();
  if (new_keys > 1) reader.fail();
  if (new_keys == 1) governance.new_key_signature = reader.id<Signature>();
  if (!reader.complete()) return malformed("a signed governance leaf of wrong length");
  return governance;
}

Digest governance_hash(ByteView content) {
  return crypto::labelled_hash("governance-hash", content);
}

const SignaturePublicKey* new_key_of(const Governance& governance) {
  switch (governance.change) {
    case GovernanceChange::admit_agency:
      return &governance.agency.root_key;
    case GovernanceChange::replace_root:
      return &governance.replacement.new_root_key;
    case GovernanceChange::journal_key:
      return &governance.journal_key;
    case GovernanceChange::server_key:
    case GovernanceChange::witnesses:
    case GovernanceChange::quorum:
    case GovernanceChange::continuation:
      return nullptr;
  }
  return nullptr;
}

}  // namespace oberih::sealing
