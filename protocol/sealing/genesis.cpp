// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/genesis.hpp"

#include <set>

#include "protocol/base/limits.hpp"
#include "protocol/crypto/digest.hpp"
#include "protocol/crypto/signature.hpp"
#include "protocol/journal/signed_note.hpp"
#include "protocol/sealing/genesis_fields.hpp"
#include "protocol/sealing/malformed.hpp"

namespace oberih::sealing {
namespace {

constexpr std::uint8_t genesis_version = 1;
Result<void> check_agencies(const Genesis& genesis, std::set<SignaturePublicKey>& keys) {
  const std::vector<Agency>& agencies = genesis.agencies;
  if (agencies.empty()) return malformed("a genesis without agencies");
  for (std::size_t i = 0; i < agencies.size(); ++i) {
    if (i > 0 && !(agencies[i - 1].id < agencies[i].id))
      return malformed("agencies that do not ascend");
    if (!is_printable_name(agencies[i].name)) return malformed("an agency's name that is not NFC");
    if (!crypto::is_acceptable(agencies[i].root_key))
      return refuse(RefusalCode::unacceptable_key, "the root key of " + agencies[i].name);
    if (!keys.insert(agencies[i].root_key).second) return malformed("a key that stands twice");
  }
  if (genesis.governance_quorum == 0 || genesis.governance_quorum > agencies.size())
    return malformed("a governance quorum that nobody or not everybody can reach");
  return {};
}

Result<void> check_witnesses(const Genesis& genesis, std::set<SignaturePublicKey>& keys) {
  const std::vector<Witness>& witnesses = genesis.witnesses;
  for (std::size_t i = 0; i < witnesses.size(); ++i) {
    if (i > 0 && !(witnesses[i - 1].name < witnesses[i].name))
      return malformed("witnesses that do not ascend");
    OBERIH_TRY(check_witness(witnesses[i]));
    if (!keys.insert(witnesses[i].key).second) return malformed("a key that stands twice");
    bool found = false;
    for (const Agency& agency : genesis.agencies) found |= agency.id == witnesses[i].agency;
    if (!found) return malformed("a witness of no founding agency");
  }
  return check_quorum_groups(genesis.witness_quorum);
}

Result<void> check(const Genesis& genesis) {
  if (!journal::is_note_key_name(genesis.origin)) return malformed("the origin");
  if (!crypto::is_acceptable(genesis.journal_key))
    return refuse(RefusalCode::unacceptable_key, "the journal's key");
  std::set<SignaturePublicKey> keys = {genesis.journal_key};
  OBERIH_TRY(check_agencies(genesis, keys));
  return check_witnesses(genesis, keys);
}

}  // namespace

Bytes encode_genesis_content(const Genesis& genesis) {
  ByteWriter writer;
  writer.u8(genesis_version).vec(genesis.origin).raw(genesis.journal_key).raw(genesis.server_spki);
  writer.u64(genesis.created_ms).u8(genesis.governance_quorum);
  writer.u32(static_cast<std::uint32_t>(genesis.agencies.size()));
  for (const Agency& agency : genesis.agencies) write_agency(writer, agency);
  write_witnesses(writer, genesis.witnesses, genesis.witness_quorum);
  return writer.take();
}

Result<Genesis> parse_genesis_content(ByteView content) {
  ByteReader reader(content);
  if (reader.u8() != genesis_version) return malformed("unknown version of a genesis");
  Genesis genesis;
  genesis.origin = read_text(reader);
  genesis.journal_key = reader.id<SignaturePublicKey>();
  genesis.server_spki = reader.id<Digest>();
  genesis.created_ms = reader.u64();
  genesis.governance_quorum = reader.u8();
  for (std::uint32_t n = read_count(reader, agencies_at_most); n > 0 && !reader.failed(); --n)
    genesis.agencies.push_back(read_agency(reader));
  read_witnesses(reader, genesis.witnesses, genesis.witness_quorum);
  if (!reader.complete()) return malformed("a genesis of wrong length or with an unknown kind");
  OBERIH_TRY(check(genesis));
  return genesis;
}

Bytes encode_genesis_body(const SignedGenesis& genesis) {
  ByteWriter writer;
  writer.vec(genesis.content).u32(static_cast<std::uint32_t>(genesis.signatures.size()));
  for (const RootSignature& signature : genesis.signatures)
    writer.raw(signature.agency).raw(signature.signature);
  return writer.take();
}

Result<SignedGenesis> parse_genesis_body(ByteView body) {
  ByteReader reader(body);
  SignedGenesis genesis;
  genesis.content = to_bytes(reader.vec(limits::leaf_bytes));
  for (std::uint32_t n = read_count(reader, agencies_at_most); n > 0 && !reader.failed(); --n) {
    RootSignature signature;
    signature.agency = reader.id<AgencyId>();
    signature.signature = reader.id<Signature>();
    if (!genesis.signatures.empty() && !(genesis.signatures.back().agency < signature.agency))
      return malformed("signatures that do not ascend");
    genesis.signatures.push_back(signature);
  }
  if (!reader.complete()) return malformed("a signed genesis of wrong length");
  return genesis;
}

Result<Genesis> verify_genesis(const SignedGenesis& signed_genesis) {
  Result<Genesis> genesis = parse_genesis_content(signed_genesis.content);
  if (!genesis) return genesis;
  if (signed_genesis.signatures.size() != genesis->agencies.size())
    return refuse(RefusalCode::bad_signature, "not exactly the founding roots have signed");
  for (std::size_t i = 0; i < genesis->agencies.size(); ++i) {
    const Agency& agency = genesis->agencies[i];
    const RootSignature& signature = signed_genesis.signatures[i];
    if (signature.agency != agency.id ||
        !crypto::verify(agency.root_key, "genesis", signed_genesis.content, signature.signature))
      return refuse(RefusalCode::bad_signature, "the root of " + agency.name);
  }
  return genesis;
}

Digest genesis_hash(ByteView content) { return crypto::labelled_hash("genesis-hash", content); }

}  // namespace oberih::sealing
