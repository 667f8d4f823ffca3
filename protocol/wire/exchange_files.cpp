// SPDX-License-Identifier: Apache-2.0
#include "protocol/wire/exchange_files.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "protocol/encoding/strict_json.hpp"
#include "protocol/wire/json_fields.hpp"

namespace oberih::wire {
namespace {

using encoding::StrictObject;
using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::size_t max_agencies = 256;
constexpr std::size_t server_bytes = 300;

std::string text_of(const ordered_json& file) { return file.dump(2) + "\n"; }

void require_format(StrictObject& object, std::string_view format) {
  if (object.text("format") != format) object.fail("format", "must be " + std::string(format));
}

ordered_json agency_card(const sealing::Agency& agency) {
  return {{"format", "oberih-agency-1"},
          {"id", encoding::encode_base64url(agency.id)},
          {"kind", name_of(agency.kind)},
          {"name", agency.name},
          {"root_key", encoding::encode_base64url(agency.root_key)}};
}

Result<sealing::Agency> read_agency_card(const json& value) {
  StrictObject object(value, "agency");
  require_format(object, "oberih-agency-1");
  sealing::Agency agency;
  agency.id = object.id<AgencyId>("id");
  const auto kind = find_agency_kind(object.text("kind"));
  if (!kind) object.fail("kind", "is no kind of agency");
  agency.kind = kind.value_or(AgencyKind{});
  agency.name = object.text("name", limits::name_bytes);
  agency.root_key = object.id<SignaturePublicKey>("root_key");
  OBERIH_TRY(object.finish());
  return agency;
}

Result<sealing::RootSignature> read_root_signature(const json& value) {
  StrictObject object(value, "signatures");
  sealing::RootSignature signature;
  signature.agency = object.id<AgencyId>("agency");
  signature.signature = object.id<Signature>("signature");
  OBERIH_TRY(object.finish());
  return signature;
}

ordered_json root_signatures(const std::vector<sealing::RootSignature>& signatures) {
  ordered_json list = ordered_json::array();
  for (const sealing::RootSignature& each : signatures)
    list.push_back({{"agency", encoding::encode_base64url(each.agency)},
                    {"signature", encoding::encode_base64url(each.signature)}});
  return list;
}

Result<std::vector<sealing::RootSignature>> read_root_signatures(StrictObject& object) {
  std::vector<sealing::RootSignature> signatures;
  for (const json& each : object.array("signatures", max_agencies)) {
    const auto signature = read_root_signature(each);
    if (!signature) return signature.error();
    signatures.push_back(*signature);
  }
  std::ranges::sort(signatures, {}, &sealing::RootSignature::agency);
  return signatures;
}

}  // namespace

std::string format_agency_card(const sealing::Agency& agency) {
  return text_of(agency_card(agency));
}

Result<sealing::Agency> parse_agency_card(std::string_view text) {
  const auto parsed = encoding::parse_strict_json(text);
  if (!parsed) return parsed.error();
  return read_agency_card(*parsed);
}

std::string format_witness_card(const sealing::Witness& witness) {
  return text_of({{"format", "oberih-witness-1"},
                  {"name", witness.name},
                  {"key", encoding::encode_base64url(witness.key)},
                  {"tls_spki", encoding::encode_base64url(witness.tls_spki)},
                  {"agency", encoding::encode_base64url(witness.agency)}});
}

Result<sealing::Witness> parse_witness_card(std::string_view text) {
  const auto parsed = encoding::parse_strict_json(text);
  if (!parsed) return parsed.error();
  StrictObject object(*parsed, "witness");
  require_format(object, "oberih-witness-1");
  sealing::Witness witness;
  witness.name = object.text("name", limits::name_bytes);
  witness.key = object.id<SignaturePublicKey>("key");
  witness.tls_spki = object.id<Digest>("tls_spki");
  witness.agency = object.id<AgencyId>("agency");
  OBERIH_TRY(object.finish());
  return witness;
}

std::string format_genesis_file(const sealing::SignedGenesis& genesis) {
  return text_of({{"format", "oberih-genesis-1"},
                  {"content", encoding::encode_base64url(ByteView(genesis.content))},
                  {"signatures", root_signatures(genesis.signatures)}});
}

Result<sealing::SignedGenesis> parse_genesis_file(std::string_view text) {
  const auto parsed = encoding::parse_strict_json(text);
  if (!parsed) return parsed.error();
  StrictObject object(*parsed, "genesis");
  require_format(object, "oberih-genesis-1");
  sealing::SignedGenesis genesis;
  genesis.content = object.bytes("content", journal::leaf_body_bytes);
  auto signatures = read_root_signatures(object);
  if (!signatures) return signatures.error();
  genesis.signatures = *std::move(signatures);
  OBERIH_TRY(object.finish());
  return genesis;
}

std::string format_governance_file(const sealing::SignedGovernance& governance) {
  ordered_json file = {{"format", "oberih-governance-1"},
                       {"content", encoding::encode_base64url(ByteView(governance.content))},
                       {"signatures", root_signatures(governance.signatures)}};
  if (governance.new_key_signature)
    file["new_key_signature"] = encoding::encode_base64url(*governance.new_key_signature);
  return text_of(file);
}

Result<sealing::SignedGovernance> parse_governance_file(std::string_view text) {
  const auto parsed = encoding::parse_strict_json(text);
  if (!parsed) return parsed.error();
  StrictObject object(*parsed, "governance");
  require_format(object, "oberih-governance-1");
  sealing::SignedGovernance governance;
  governance.content = object.bytes("content", journal::leaf_body_bytes);
  auto signatures = read_root_signatures(object);
  if (!signatures) return signatures.error();
  governance.signatures = *std::move(signatures);
  governance.new_key_signature = object.optional_id<Signature>("new_key_signature");
  OBERIH_TRY(object.finish());
  return governance;
}

std::string format_directory_leaf_file(const DirectoryLeafFile& file) {
  ordered_json value = {{"format", "oberih-directory-leaf-1"},
                        {"kind", static_cast<unsigned>(file.kind)},
                        {"body", encoding::encode_base64url(ByteView(file.body))}};
  if (file.name_card) value["name_card"] = encode_name_card(*file.name_card);
  return text_of(value);
}

Result<DirectoryLeafFile> parse_directory_leaf_file(std::string_view text) {
  const auto parsed = encoding::parse_strict_json(text);
  if (!parsed) return parsed.error();
  StrictObject object(*parsed, "leaf");
  require_format(object, "oberih-directory-leaf-1");
  DirectoryLeafFile file;
  const auto kind = journal::leaf_kind_of(static_cast<std::uint8_t>(object.u64("kind", 255)));
  if (kind != journal::LeafKind::device_certificate && kind != journal::LeafKind::device_revocation)
    object.fail("kind", "must be 2 (certificate) or 3 (revocation)");
  file.kind = kind.value_or(journal::LeafKind{});
  file.body = object.bytes("body", journal::leaf_body_bytes);
  if (const json* card = object.optional_object("name_card"))
    OBERIH_TRY(parse_name_card(*card, file.name_card.emplace()));
  OBERIH_TRY(object.finish());
  return file;
}

std::string format_device_request_file(const DeviceRequestFile& file) {
  return text_of({{"format", "oberih-device-request-1"},
                  {"content", encoding::encode_base64url(ByteView(file.content))},
                  {"possession_signature", encoding::encode_base64url(file.possession_signature)},
                  {"name_card", encode_name_card(file.name_card)}});
}

Result<DeviceRequestFile> parse_device_request_file(std::string_view text) {
  const auto parsed = encoding::parse_strict_json(text);
  if (!parsed) return parsed.error();
  StrictObject object(*parsed, "request");
  require_format(object, "oberih-device-request-1");
  DeviceRequestFile file;
  file.content = object.bytes("content", journal::leaf_body_bytes);
  file.possession_signature = object.id<Signature>("possession_signature");
  OBERIH_TRY(parse_name_card(object.object("name_card"), file.name_card));
  OBERIH_TRY(object.finish());
  return file;
}

std::string format_invitation_file(const InvitationFile& file) {
  ordered_json value = {{"format", "oberih-invitation-1"},
                        {"agency", agency_card(file.agency)},
                        {"certifier_device", encoding::encode_base64url(file.certifier_device)},
                        {"server", file.server},
                        {"genesis", encoding::encode_base64url(file.genesis_hash)},
                        {"role", name_of(file.role)},
                        {"not_before_ms", file.not_before_ms},
                        {"not_after_ms", file.not_after_ms}};
  if (file.person) value["person"] = encoding::encode_base64url(*file.person);
  return text_of(value);
}

Result<InvitationFile> parse_invitation_file(std::string_view text) {
  const auto parsed = encoding::parse_strict_json(text);
  if (!parsed) return parsed.error();
  StrictObject object(*parsed, "invitation");
  require_format(object, "oberih-invitation-1");
  InvitationFile file;
  const json& card = object.object("agency");
  file.certifier_device = object.id<DeviceId>("certifier_device");
  file.server = object.text("server", server_bytes);
  file.genesis_hash = object.id<Digest>("genesis");
  const auto role = find_role(object.text("role"));
  if (!role) object.fail("role", "is no role");
  file.role = role.value_or(Role{});
  file.person = object.optional_id<PersonId>("person");
  file.not_before_ms = object.u64("not_before_ms", INT64_MAX);
  file.not_after_ms = object.u64("not_after_ms", INT64_MAX);
  OBERIH_TRY(object.finish());
  auto agency = read_agency_card(card);
  if (!agency) return agency.error();
  file.agency = *std::move(agency);
  return file;
}

}  // namespace oberih::wire
