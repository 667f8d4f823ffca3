// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/exchange_files.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "protocol/crypto/digest.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/strict_json.hpp"

namespace oberih::client {
namespace {

using Json = nlohmann::ordered_json;
using encoding::encode_base64url;
using encoding::StrictObject;

constexpr std::size_t most_agencies = 256;
constexpr std::size_t fingerprint_bytes = 20;

std::string to_text(const Json& json) { return json.dump(2) + "\n"; }

void require_format(StrictObject& object, std::string_view format) {
  if (object.text("format") != format) object.fail("format", "must be " + std::string(format));
}

void put_agency(Json& json, const sealing::Agency& agency) {
  json["id"] = encode_base64url(agency.id);
  json["kind"] = name_of(agency.kind);
  json["name"] = agency.name;
  json["root_key"] = encode_base64url(agency.root_key);
}

sealing::Agency read_agency(StrictObject& object) {
  sealing::Agency agency;
  agency.id = object.id<AgencyId>("id");
  std::optional<AgencyKind> kind = find_agency_kind(object.text("kind"));
  if (!kind) object.fail("kind", "is no kind of agency");
  agency.kind = kind.value_or(AgencyKind{});
  agency.name = object.text("name", limits::name_bytes);
  agency.root_key = object.id<SignaturePublicKey>("root_key");
  return agency;
}

Json name_card_json(const sealing::NameCard& card) {
  return {{"device", encode_base64url(card.device)},
          {"salt", encode_base64url(card.salt)},
          {"name", card.name},
          {"languages", card.languages}};
}

Result<sealing::NameCard> parse_name_card(const nlohmann::json& json) {
  StrictObject object(json, "name_card");
  sealing::NameCard card;
  card.device = object.id<DeviceId>("device");
  card.salt = object.id<NameSalt>("salt");
  card.name = object.text("name", limits::name_bytes);
  card.languages = object.text("languages", limits::name_bytes);
  OBERIH_TRY(object.finish());
  return card;
}

}  // namespace

std::string format_agency_card(const sealing::Agency& agency) {
  Json json{{"format", "oberih-agency-1"}};
  put_agency(json, agency);
  return to_text(json);
}

Result<sealing::Agency> parse_agency_card(std::string_view text) {
  Result<nlohmann::json> json = encoding::parse_strict_json(text);
  if (!json) return json.error();
  StrictObject object(*json);
  require_format(object, "oberih-agency-1");
  sealing::Agency agency = read_agency(object);
  OBERIH_TRY(object.finish());
  return agency;
}

std::string format_genesis_file(const sealing::SignedGenesis& genesis) {
  Json signatures = Json::array();
  for (const sealing::RootSignature& each : genesis.signatures)
    signatures.push_back({{"agency", encode_base64url(each.agency)},
                          {"signature", encode_base64url(each.signature)}});
  return to_text({{"format", "oberih-genesis-1"},
                  {"content", encode_base64url(ByteView(genesis.content))},
                  {"signatures", signatures}});
}

Result<sealing::SignedGenesis> parse_genesis_file(std::string_view text) {
  Result<nlohmann::json> json = encoding::parse_strict_json(text);
  if (!json) return json.error();
  StrictObject object(*json);
  require_format(object, "oberih-genesis-1");
  sealing::SignedGenesis genesis;
  genesis.content = object.bytes("content", journal::leaf_body_bytes);
  for (const nlohmann::json& each : object.array("signatures", most_agencies)) {
    StrictObject line(each, "signatures");
    genesis.signatures.push_back({line.id<AgencyId>("agency"), line.id<Signature>("signature")});
    OBERIH_TRY(line.finish());
  }
  OBERIH_TRY(object.finish());
  std::ranges::sort(genesis.signatures, {}, &sealing::RootSignature::agency);
  return genesis;
}

std::string format_device_request(const DeviceRequest& request) {
  return to_text({{"format", "oberih-device-request-1"},
                  {"content", encode_base64url(ByteView(request.content))},
                  {"possession_signature", encode_base64url(request.possession_signature)},
                  {"name_card", name_card_json(request.name_card)}});
}

Result<DeviceRequest> parse_device_request(std::string_view text) {
  Result<nlohmann::json> json = encoding::parse_strict_json(text);
  if (!json) return json.error();
  StrictObject object(*json);
  require_format(object, "oberih-device-request-1");
  DeviceRequest request;
  request.content = object.bytes("content", journal::leaf_body_bytes);
  request.possession_signature = object.id<Signature>("possession_signature");
  const nlohmann::json& card_json = object.object("name_card");
  OBERIH_TRY(object.finish());
  Result<sealing::NameCard> card = parse_name_card(card_json);
  if (!card) return card.error();
  request.name_card = std::move(*card);
  Result<sealing::DeviceCertificate> certificate =
      sealing::parse_certificate_content(request.content);
  if (!certificate) return certificate.error();
  if (!crypto::verify(certificate->signature_key, "device-pop", request.content,
                      request.possession_signature))
    return refuse(RefusalCode::bad_signature, "the device does not prove that it holds its key");
  if (request.name_card.device != certificate->device ||
      sealing::name_hash(request.name_card.salt, request.name_card.name) != certificate->name_hash)
    return refuse(RefusalCode::malformed_object, "the name card is not the certificate's");
  return request;
}

std::string format_certificate_leaf(ByteView body, const sealing::NameCard& name_card) {
  return to_text({{"format", "oberih-directory-leaf-1"},
                  {"kind", static_cast<int>(journal::LeafKind::device_certificate)},
                  {"body", encode_base64url(body)},
                  {"name_card", name_card_json(name_card)}});
}

std::string format_invitation(const Invitation& invitation) {
  Json json{{"format", "oberih-invitation-1"}};
  put_agency(json, invitation.agency);
  json["certifier_device"] = encode_base64url(invitation.certifier_device);
  json["server"] = invitation.server;
  json["genesis"] = encode_base64url(invitation.genesis_hash);
  json["role"] = name_of(invitation.role);
  json["not_before_ms"] = invitation.not_before_ms;
  json["not_after_ms"] = invitation.not_after_ms;
  return to_text(json);
}

Result<Invitation> parse_invitation(std::string_view text) {
  Result<nlohmann::json> json = encoding::parse_strict_json(text);
  if (!json) return json.error();
  StrictObject object(*json);
  require_format(object, "oberih-invitation-1");
  Invitation invitation;
  invitation.agency = read_agency(object);
  invitation.certifier_device = object.id<DeviceId>("certifier_device");
  invitation.server = object.text("server");
  invitation.genesis_hash = object.id<Digest>("genesis");
  std::optional<Role> role = find_role(object.text("role", limits::role_bytes));
  if (!role) object.fail("role", "is no role");
  invitation.role = role.value_or(Role{});
  invitation.not_before_ms = object.u64("not_before_ms");
  invitation.not_after_ms = object.u64("not_after_ms");
  OBERIH_TRY(object.finish());
  return invitation;
}

std::string request_fingerprint(ByteView certificate_content) {
  Digest hash = crypto::labelled_hash("device-fingerprint", certificate_content);
  std::string digits = encoding::encode_hex(hash.view().first(fingerprint_bytes));
  std::string grouped;
  for (std::size_t at = 0; at < digits.size(); at += 4)
    grouped += (at == 0 ? "" : " ") + digits.substr(at, 4);
  return grouped;
}

}  // namespace oberih::client
