// SPDX-License-Identifier: Apache-2.0
// What an agency does with its root key, on a machine that is offline.
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "client-cli/commands/certificate_request.hpp"
#include "client-cli/commands/command_tree.hpp"
#include "client-cli/commands/input_file.hpp"
#include "client-cli/commands/revocation.hpp"
#include "client-cli/keyring/agency_root.hpp"
#include "client-cli/keyring/passphrase_prompt.hpp"
#include "client-cli/output/kyiv_time.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::client {
namespace {

using encoding::encode_hex;
using encoding::printable;

struct AgencyOptions {
  std::string kind, name, root, card, genesis, request, out, device, reason;
  bool yes = false;
};

nlohmann::ordered_json agency_json(const sealing::Agency& agency) {
  return {{"agency", encode_hex(agency.id)},
          {"kind", name_of(agency.kind)},
          {"name", agency.name},
          {"root_key", encode_hex(agency.root_key)}};
}

/// Refusal: usage when a person said no, or could not be asked.
Result<> confirm(CommandContext& context, bool yes, Sentence question) {
  if (yes || ask_yes(context.console().text(question))) return {};
  return refuse(RefusalCode::usage, context.console().text(Sentence::not_confirmed));
}

Result<AgencyRoot> open_root(CommandContext& context, const std::string& file) {
  Result<SecretBuffer> passphrase =
      ask_passphrase(context.console().text(Sentence::ask_root_passphrase, {{"file", file}}));
  if (!passphrase) return passphrase.error();
  return open_agency_root(file, passphrase->view());
}

Result<> create_agency(CommandContext& context, const AgencyOptions& options) {
  std::optional<AgencyKind> kind = find_agency_kind(options.kind);
  if (!kind)
    return refuse(RefusalCode::usage,
                  "--kind is one of police, border_guard, security_service, prosecution, court, "
                  "legal_aid, detention, social_service, labour_inspectorate, ngo, "
                  "coordination_centre, working_group, international, oversight");
  std::optional<std::string> name = encoding::to_nfc(options.name);
  if (!name || name->empty() || name->size() > limits::name_bytes ||
      encoding::has_control_characters(*name))
    return refuse(RefusalCode::usage, "--name is a line of at most 256 bytes");
  Console& console = context.console();
  Result<SecretBuffer> passphrase =
      ask_new_passphrase(console.text(Sentence::ask_new_root_passphrase),
                         console.text(Sentence::ask_passphrase_again));
  if (!passphrase) return passphrase.error();
  AgencyRoot root = generate_agency_root(*kind, *name);
  OBERIH_TRY(create_agency_root(options.root, root, passphrase->view()));
  OBERIH_TRY(write_public_file(options.card, wire::format_agency_card(root.agency)));
  console.say(Sentence::agency_created, {{"id", encode_hex(root.agency.id)},
                                         {"name", printable(root.agency.name)},
                                         {"root", options.root},
                                         {"card", options.card}});
  console.object(agency_json(root.agency));
  return {};
}

Result<> show_genesis(Console& console, const sealing::Genesis& genesis, const Digest& hash) {
  console.say(Sentence::genesis_shown,
              {{"origin", printable(genesis.origin)}, {"hash", encode_hex(hash)}});
  Table table({console.text(Sentence::column_agency), console.text(Sentence::column_kind),
               console.text(Sentence::column_root_key)});
  for (const sealing::Agency& agency : genesis.agencies)
    table.add(
        {printable(agency.name), std::string(name_of(agency.kind)), encode_hex(agency.root_key)});
  console.print(table);
  return {};
}

Result<> sign_genesis_file(CommandContext& context, const AgencyOptions& options) {
  Result<sealing::SignedGenesis> file =
      parse_public_file(options.genesis, wire::parse_genesis_file);
  if (!file) return file.error();
  Result<sealing::Genesis> genesis = sealing::parse_genesis_content(file->content);
  if (!genesis) return genesis.error();
  Digest hash = sealing::genesis_hash(file->content);
  OBERIH_TRY(show_genesis(context.console(), *genesis, hash));
  OBERIH_TRY(confirm(context, options.yes, Sentence::ask_sign_genesis));
  Result<AgencyRoot> root = open_root(context, options.root);
  if (!root) return root.error();
  auto is_ours = [&](const sealing::Agency& agency) {
    return agency.id == root->agency.id && agency.root_key == root->agency.root_key;
  };
  if (std::ranges::none_of(genesis->agencies, is_ours))
    return refuse(RefusalCode::usage, "the genesis does not name this agency with this root key");
  crypto::Signer signer(root->seed);
  std::erase_if(file->signatures,
                [&](const sealing::RootSignature& each) { return each.agency == root->agency.id; });
  file->signatures.push_back({root->agency.id, signer.sign("genesis", file->content)});
  std::ranges::sort(file->signatures, {}, &sealing::RootSignature::agency);
  OBERIH_TRY(write_public_file(options.genesis, wire::format_genesis_file(*file)));
  context.console().say(Sentence::genesis_signed,
                        {{"signed", std::to_string(file->signatures.size())},
                         {"all", std::to_string(genesis->agencies.size())}});
  context.console().object({{"genesis", encode_hex(hash)},
                            {"signatures", file->signatures.size()},
                            {"agencies", genesis->agencies.size()}});
  return {};
}

Result<> check_for_root(const sealing::DeviceCertificate& certificate, const AgencyRoot& root) {
  if (certificate.agency != root.agency.id)
    return refuse(RefusalCode::not_certifier, "the request is for another agency");
  if (!certificate.certifier_device.is_zero() || certificate.role != Role::agency_admin)
    return refuse(RefusalCode::not_certifier,
                  "the root certifies agency_admin devices; they certify everybody else");
  return {};
}

Result<> certify_with_root(CommandContext& context, const AgencyOptions& options) {
  Result<wire::DeviceRequestFile> request =
      parse_public_file(options.request, parse_certificate_request);
  if (!request) return request.error();
  Result<sealing::DeviceCertificate> certificate =
      sealing::parse_certificate_content(request->content);
  if (!certificate) return certificate.error();
  Console& console = context.console();
  std::string fingerprint = request_fingerprint(request->content);
  console.say(Sentence::request_shown, {{"name", printable(request->name_card.name)},
                                        {"role", std::string(name_of(certificate->role))},
                                        {"device", encode_hex(certificate->device)},
                                        {"until", format_date(certificate->not_after_ms)},
                                        {"fingerprint", fingerprint}});
  OBERIH_TRY(confirm(context, options.yes, Sentence::ask_same_fingerprint));
  Result<AgencyRoot> root = open_root(context, options.root);
  if (!root) return root.error();
  OBERIH_TRY(check_for_root(*certificate, *root));
  sealing::SignedCertificate signed_certificate{
      request->content, crypto::Signer(root->seed).sign("device-cert", request->content),
      request->possession_signature};
  OBERIH_TRY(write_public_file(
      options.out,
      wire::format_directory_leaf_file({journal::LeafKind::device_certificate,
                                        sealing::encode_certificate_body(signed_certificate),
                                        request->name_card})));
  console.say(Sentence::leaf_written, {{"file", options.out}});
  console.object({{"device", encode_hex(certificate->device)},
                  {"fingerprint", fingerprint},
                  {"leaf", options.out}});
  return {};
}

/// For a root that shall be replaced: a new key under the agency's old id.
Result<> new_root(CommandContext& context, const AgencyOptions& options) {
  Result<sealing::Agency> agency = parse_public_file(options.card, wire::parse_agency_card);
  if (!agency) return agency.error();
  Console& console = context.console();
  Result<SecretBuffer> passphrase =
      ask_new_passphrase(console.text(Sentence::ask_new_root_passphrase),
                         console.text(Sentence::ask_passphrase_again));
  if (!passphrase) return passphrase.error();
  AgencyRoot root = generate_agency_root(agency->kind, agency->name);
  root.agency.id = agency->id;
  OBERIH_TRY(create_agency_root(options.root, root, passphrase->view()));
  OBERIH_TRY(write_public_file(options.out, wire::format_agency_card(root.agency)));
  console.say(
      Sentence::agency_new_root,
      {{"name", printable(root.agency.name)}, {"root", options.root}, {"card", options.out}});
  console.object(agency_json(root.agency));
  return {};
}

Result<> revoke_with_root(CommandContext& context, const AgencyOptions& options) {
  Result<std::uint8_t> reason = parse_revocation_reason(options.reason);
  if (!reason) return reason.error();
  std::optional<DeviceId> device = encoding::decode_hex_as<DeviceId>(options.device);
  if (!device) return refuse(RefusalCode::usage, "the device's whole id: 32 hexadecimal digits");
  Console& console = context.console();
  console.say(Sentence::root_revocation_shown,
              {{"device", options.device}, {"reason", options.reason}});
  OBERIH_TRY(confirm(context, options.yes, Sentence::ask_sign_revocation));
  Result<AgencyRoot> root = open_root(context, options.root);
  if (!root) return root.error();
  Bytes body = sign_revocation({root->agency.id, *device, *reason, {}}, crypto::Signer(root->seed));
  OBERIH_TRY(write_public_file(
      options.out, wire::format_directory_leaf_file(
                       {journal::LeafKind::device_revocation, std::move(body), std::nullopt})));
  console.say(Sentence::leaf_written, {{"file", options.out}});
  console.object({{"device", options.device}, {"leaf", options.out}});
  return {};
}

Result<> show_agency(CommandContext& context, const AgencyOptions& options) {
  std::vector<sealing::Agency> agencies;
  if (!options.card.empty()) {
    Result<sealing::Agency> agency = parse_public_file(options.card, wire::parse_agency_card);
    if (!agency) return agency.error();
    agencies.push_back(std::move(*agency));
  } else {
    OBERIH_TRY(context.open_session(CommandContext::Reach::online));
    for (const auto& [id, agency] : context.session().directory().agencies())
      agencies.push_back(agency);
  }
  Console& console = context.console();
  Table table({console.text(Sentence::column_agency), console.text(Sentence::column_kind),
               console.text(Sentence::column_id), console.text(Sentence::column_root_key)});
  for (const sealing::Agency& agency : agencies) {
    console.object(agency_json(agency));
    table.add({printable(agency.name), std::string(name_of(agency.kind)), encode_hex(agency.id),
               encode_hex(agency.root_key)});
  }
  console.print(table);
  return {};
}

}  // namespace

void add_agency_commands(CommandTree& tree) {
  CLI::App* group = tree.group("agency", Sentence::help_agency);
  auto options = std::make_shared<AgencyOptions>();
  auto with = [options](auto function) {
    return [options, function](CommandContext& context) { return function(context, *options); };
  };
  CLI::App* command = tree.command(
      group, "create", Sentence::help_agency_create,
      "oberih agency create --kind police --name \"Національна поліція\" --root police.root "
      "--card police.agency",
      with(create_agency));
  command->add_option("--kind", options->kind, tree.text(Sentence::help_option_kind))->required();
  command->add_option("--name", options->name, tree.text(Sentence::help_option_agency_name))
      ->required();
  command->add_option("--root", options->root, tree.text(Sentence::help_option_root))->required();
  command->add_option("--card", options->card, tree.text(Sentence::help_option_card))->required();

  command = tree.command(group, "sign", Sentence::help_agency_sign,
                         "oberih agency sign --root police.root --genesis genesis.unsigned",
                         with(sign_genesis_file));
  command->add_option("--root", options->root, tree.text(Sentence::help_option_root))->required();
  command->add_option("--genesis", options->genesis, tree.text(Sentence::help_option_genesis_file))
      ->required();
  command->add_flag("--yes", options->yes, tree.text(Sentence::help_option_yes));

  command = tree.command(
      group, "certify", Sentence::help_agency_certify,
      "oberih agency certify --root police.root --request admin.request --out admin.leaf",
      with(certify_with_root));
  command->add_option("--root", options->root, tree.text(Sentence::help_option_root))->required();
  command->add_option("--request", options->request, tree.text(Sentence::help_option_request))
      ->required();
  command->add_option("--out", options->out, tree.text(Sentence::help_option_out))->required();
  command->add_flag("--yes", options->yes, tree.text(Sentence::help_option_yes));

  command = tree.command(group, "revoke", Sentence::help_agency_revoke,
                         "oberih agency revoke --root police.root --device 77ab01fe... "
                         "--reason lost --out lost.leaf",
                         with(revoke_with_root));
  command->add_option("--root", options->root, tree.text(Sentence::help_option_root))->required();
  command->add_option("--device", options->device, tree.text(Sentence::help_option_whole_device))
      ->required();
  command->add_option("--reason", options->reason, tree.text(Sentence::help_option_revoke_reason))
      ->required();
  command->add_option("--out", options->out, tree.text(Sentence::help_option_out))->required();
  command->add_flag("--yes", options->yes, tree.text(Sentence::help_option_yes_revoke));

  command = tree.command(group, "new-root", Sentence::help_agency_new_root,
                         "oberih agency new-root --card police.agency --root police2.root "
                         "--out police2.agency",
                         with(new_root));
  command->add_option("--card", options->card, tree.text(Sentence::help_option_card))->required();
  command->add_option("--root", options->root, tree.text(Sentence::help_option_new_root))
      ->required();
  command->add_option("--out", options->out, tree.text(Sentence::help_option_out))->required();

  command = tree.command(group, "show", Sentence::help_agency_show,
                         "oberih agency show police.agency", with(show_agency));
  command->add_option("card", options->card, tree.text(Sentence::help_option_card));
  add_out_of_service_commands(tree, group);
}

}  // namespace oberih::client
