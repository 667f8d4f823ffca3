// SPDX-License-Identifier: Apache-2.0
#include "protocol/sealing/genesis_fields.hpp"

#include <set>

#include "protocol/base/limits.hpp"
#include "protocol/crypto/signature.hpp"
#include "protocol/encoding/utf8.hpp"
#include "protocol/journal/signed_note.hpp"
#include "protocol/sealing/malformed.hpp"

namespace oberih::sealing {
namespace {

constexpr std::uint32_t witnesses_at_most = 64;
constexpr std::uint32_t quorum_groups_at_most = 16;
constexpr std::uint32_t agency_kinds_at_most = 14;

AgencyKind read_kind(ByteReader& reader) {
  const std::optional<AgencyKind> kind = find_agency_kind(as_text(reader.vec(limits::role_bytes)));
  if (!kind) reader.fail();
  return kind.value_or(AgencyKind{});
}

Witness read_witness(ByteReader& reader) {
  Witness witness;
  witness.name = read_text(reader);
  witness.key = reader.id<SignaturePublicKey>();
  witness.tls_spki = reader.id<Digest>();
  witness.agency = reader.id<AgencyId>();
  return witness;
}

WitnessQuorumGroup read_group(ByteReader& reader) {
  WitnessQuorumGroup group;
  group.needed = reader.u8();
  for (std::uint32_t n = read_count(reader, agency_kinds_at_most); n > 0; --n)
    group.kinds.push_back(read_kind(reader));
  return group;
}

}  // namespace

std::string read_text(ByteReader& reader) {
  return std::string(as_text(reader.vec(limits::name_bytes)));
}

std::uint32_t read_count(ByteReader& reader, std::uint32_t maximum) {
  const std::uint32_t count = reader.u32();
  if (count > maximum) reader.fail();
  return reader.failed() ? 0 : count;
}

void write_agency(ByteWriter& writer, const Agency& agency) {
  writer.raw(agency.id).vec(name_of(agency.kind)).vec(agency.name).raw(agency.root_key);
}

Agency read_agency(ByteReader& reader) {
  Agency agency;
  agency.id = reader.id<AgencyId>();
  agency.kind = read_kind(reader);
  agency.name = read_text(reader);
  agency.root_key = reader.id<SignaturePublicKey>();
  return agency;
}

void write_witnesses(ByteWriter& writer, const std::vector<Witness>& witnesses,
                     const std::vector<WitnessQuorumGroup>& quorum) {
  writer.u32(static_cast<std::uint32_t>(witnesses.size()));
  for (const Witness& witness : witnesses)
    writer.vec(witness.name).raw(witness.key).raw(witness.tls_spki).raw(witness.agency);
  writer.u32(static_cast<std::uint32_t>(quorum.size()));
  for (const WitnessQuorumGroup& group : quorum) {
    writer.u8(group.needed).u32(static_cast<std::uint32_t>(group.kinds.size()));
    for (AgencyKind kind : group.kinds) writer.vec(name_of(kind));
  }
}

void read_witnesses(ByteReader& reader, std::vector<Witness>& witnesses,
                    std::vector<WitnessQuorumGroup>& quorum) {
  for (std::uint32_t n = read_count(reader, witnesses_at_most); n > 0 && !reader.failed(); --n)
    witnesses.push_back(read_witness(reader));
  for (std::uint32_t n = read_count(reader, quorum_groups_at_most); n > 0 && !reader.failed(); --n)
    quorum.push_back(read_group(reader));
}

bool is_printable_name(const std::string& name) {
  return !name.empty() && encoding::is_nfc(name) && !encoding::has_control_characters(name);
}

Result<void> check_witness(const Witness& witness) {
  if (!journal::is_note_key_name(witness.name)) return malformed("a witness's key name");
  if (!crypto::is_acceptable(witness.key))
    return refuse(RefusalCode::unacceptable_key, "the key of " + witness.name);
  return {};
}

Result<void> check_quorum_groups(const std::vector<WitnessQuorumGroup>& groups) {
  for (const WitnessQuorumGroup& group : groups) {
    const std::set<AgencyKind> kinds(group.kinds.begin(), group.kinds.end());
    if (group.needed == 0 || kinds.empty() || kinds.size() != group.kinds.size())
      return malformed("a group of the witness quorum that asks for nothing");
  }
  return {};
}

}  // namespace oberih::sealing
