// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/exchange_files.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "protocol/encoding/strict_json.hpp"

namespace oberih::runtime {
namespace {

constexpr std::size_t max_agencies = 256;

void require_format(encoding::StrictObject& object, std::string_view format) {
  if (object.text("format") != format) object.fail("format", "must be " + std::string(format));
}

Result<sealing::NameCard> parse_name_card(const nlohmann::json& value) {
  encoding::StrictObject object(value, "name_card");
  sealing::NameCard card;
  card.device = object.id<DeviceId>("device");
  card.salt = object.id<NameSalt>("salt");
  card.name = object.text("name", limits::name_bytes);
  card.languages = object.text("languages", limits::name_bytes);
  OBERIH_TRY(object.finish());
  return card;
}

}  // namespace

Result<sealing::Agency> parse_agency_card(std::string_view text) {
  auto json = encoding::parse_strict_json(text);
  if (!json) return json.error();
  encoding::StrictObject object(*json);
  require_format(object, "oberih-agency-1");
  sealing::Agency agency;
  agency.id = object.id<AgencyId>("id");
  auto kind = find_agency_kind(object.text("kind"));
  if (!kind) object.fail("kind", "is no kind of agency");
  agency.kind = kind.value_or(AgencyKind{});
  agency.name = object.text("name", limits::name_bytes);
  agency.root_key = object.id<SignaturePublicKey>("root_key");
  OBERIH_TRY(object.finish());
  return agency;
}

std::string format_genesis_file(const sealing::SignedGenesis& genesis) {
  nlohmann::ordered_json signatures = nlohmann::ordered_json::array();
  for (const sealing::RootSignature& each : genesis.signatures)
    signatures.push_back({{"agency", encoding::encode_base64url(each.agency)},
                          {"signature", encoding::encode_base64url(each.signature)}});
  nlohmann::ordered_json file = {{"format", "oberih-genesis-1"},
                                 {"content", encoding::encode_base64url(ByteView(genesis.content))},
                                 {"signatures", signatures}};
  return file.dump(2) + "\n";
}

Result<sealing::SignedGenesis> parse_genesis_file(std::string_view text) {
  auto json = encoding::parse_strict_json(text);
  if (!json) return json.error();
  encoding::StrictObject object(*json);
  require_format(object, "oberih-genesis-1");
  sealing::SignedGenesis genesis;
  genesis.content = object.bytes("content", journal::leaf_body_bytes);
  for (const nlohmann::json& each : object.array("signatures", max_agencies)) {
    encoding::StrictObject line(each, "signatures");
    sealing::RootSignature signature;
    signature.agency = line.id<AgencyId>("agency");
    signature.signature = line.id<Signature>("signature");
    OBERIH_TRY(line.finish());
    genesis.signatures.push_back(signature);
  }
  OBERIH_TRY(object.finish());
  std::ranges::sort(genesis.signatures, {}, &sealing::RootSignature::agency);
  return genesis;
}

Result<DirectoryLeafFile> parse_directory_leaf_file(std::string_view text) {
  auto json = encoding::parse_strict_json(text);
  if (!json) return json.error();
  encoding::StrictObject object(*json);
  require_format(object, "oberih-directory-leaf-1");
  DirectoryLeafFile file;
  auto kind = journal::leaf_kind_of(static_cast<std::uint8_t>(object.u64("kind", 255)));
  if (kind != journal::LeafKind::device_certificate && kind != journal::LeafKind::device_revocation)
    object.fail("kind", "must be 2 (certificate) or 3 (revocation)");
  file.kind = kind.value_or(journal::LeafKind{});
  file.body = object.bytes("body", journal::leaf_body_bytes);
  if (const nlohmann::json* card = object.optional_object("name_card")) {
    auto parsed = parse_name_card(*card);
    if (!parsed) return parsed.error();
    file.name_card = std::move(*parsed);
  }
  OBERIH_TRY(object.finish());
  return file;
}

}  // namespace oberih::runtime
