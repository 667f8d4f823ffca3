// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/found_journal.hpp"

#include <algorithm>

#include "protocol/wire/exchange_files.hpp"
#include "server/runtime/append_directory_leaf.hpp"
#include "server/runtime/private_file.hpp"
#include "server/runtime/server_keys.hpp"

namespace oberih::runtime {
namespace {

Refusal in_file(const std::string& file, const Refusal& refusal) {
  return refuse(refusal.code, file + ": " + refusal.detail);
}

Result<std::vector<sealing::Agency>> read_agencies(const std::vector<std::string>& files) {
  std::vector<sealing::Agency> agencies;
  for (const std::string& file : files) {
    auto text = read_public_file(file);
    if (!text) return text.error();
    auto agency = wire::parse_agency_card(*text);
    if (!agency) return in_file(file, agency.error());
    agencies.push_back(std::move(*agency));
  }
  std::ranges::sort(agencies, {}, &sealing::Agency::id);
  auto twice = std::ranges::adjacent_find(agencies, {}, &sealing::Agency::id);
  if (twice != agencies.end())
    return refuse(RefusalCode::usage, "The agency '" + twice->name + "' is given twice.");
  return agencies;
}

Result<void> require_signatures(const sealing::Genesis& genesis,
                                const sealing::SignedGenesis& signed_genesis) {
  for (const sealing::Agency& agency : genesis.agencies)
    if (std::ranges::find(signed_genesis.signatures, agency.id, &sealing::RootSignature::agency) ==
        signed_genesis.signatures.end())
      return refuse(RefusalCode::bad_signature,
                    "The root of '" + agency.name +
                        "' has not signed the genesis yet: 'oberih agency sign' there.");
  return {};
}

Result<void> require_own_keys(const sealing::Genesis& genesis, const ServerKeys& keys) {
  if (genesis.origin == keys.journal.name &&
      genesis.journal_key == keys.journal.signer.public_key() &&
      genesis.server_spki == keys.tls_spki)
    return {};
  return refuse(RefusalCode::verification_failed,
                "The genesis names other keys than the state directory holds. It was made by "
                "another server, or the keys were replaced since.");
}

}  // namespace

Result<void> write_unsigned_genesis(const Settings& settings, const FoundingArguments& arguments) {
  if (!journal::is_note_key_name(arguments.origin))
    return refuse(RefusalCode::usage,
                  "--origin is a name without blanks and plus signs, such as "
                  "journal.oberih.example.");
  auto agencies = read_agencies(arguments.agency_files);
  if (!agencies) return agencies.error();
  if (arguments.governance_quorum > agencies->size())
    return refuse(RefusalCode::usage, "--governance-quorum is larger than the number of agencies.");
  auto keys = make_server_keys(settings.state_directory, arguments.origin);
  if (!keys) return keys.error();

  sealing::Genesis genesis;
  genesis.origin = arguments.origin;
  genesis.journal_key = keys->journal.signer.public_key();
  genesis.server_spki = keys->tls_spki;
  genesis.created_ms = wall_clock_ms();
  genesis.governance_quorum = static_cast<std::uint8_t>(
      arguments.governance_quorum ? arguments.governance_quorum : agencies->size() / 2 + 1);
  genesis.agencies = std::move(*agencies);
  sealing::SignedGenesis unsigned_genesis{sealing::encode_genesis_content(genesis), {}};
  auto checked = sealing::parse_genesis_content(unsigned_genesis.content);
  if (!checked) return checked.error();
  std::string file = wire::format_genesis_file(unsigned_genesis);
  return write_file(arguments.out_file, as_bytes(file), Overwrite::no, Audience::everybody);
}

Result<Digest> start_journal(const Settings& settings, const std::string& signed_file) {
  auto text = read_public_file(signed_file);
  if (!text) return text.error();
  auto signed_genesis = wire::parse_genesis_file(*text);
  if (!signed_genesis) return in_file(signed_file, signed_genesis.error());
  auto content = sealing::parse_genesis_content(signed_genesis->content);
  if (!content) return in_file(signed_file, content.error());
  OBERIH_TRY(require_signatures(*content, *signed_genesis));
  auto genesis = sealing::verify_genesis(*signed_genesis);
  if (!genesis) return in_file(signed_file, genesis.error());
  auto keys = load_server_keys(settings.state_directory);
  if (!keys) return keys.error();
  OBERIH_TRY(require_own_keys(*genesis, *keys));
  OBERIH_TRY(append_genesis(settings, *signed_genesis));
  return sealing::genesis_hash(signed_genesis->content);
}

}  // namespace oberih::runtime
