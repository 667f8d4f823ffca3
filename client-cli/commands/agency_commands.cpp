// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/agency_commands.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "client-cli/commands/exchange.hpp"
#include "client-cli/commands/fingerprint.hpp"
#include "client-cli/keyring/agency_root.hpp"
#include "client-cli/keyring/passphrase_prompt.hpp"
#include "protocol/crypto/signature.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::client {
namespace {

using sealing::SignedGenesis;

struct Options {
  std::string kind, name, root, card, genesis, request, out;
  bool yes = false;
};

Result<AgencyRoot> open_root(const CommandContext& context, const std::string& file) {
  const auto passphrase = ask_passphrase(context.text(Message::root_passphrase_question, {file}));
  if (!passphrase) return passphrase.error();
  return open_agency_root(file, passphrase->view());
}

Result<> create(const CommandContext& context, const Options& options) {
  const auto kind = find_agency_kind(options.kind);
  if (!kind)
    return refuse(RefusalCode::usage, context.text(Message::no_such_agency_kind, {options.kind}));
  const auto name = encoding::to_nfc(options.name);
  if (!name || name->empty() || encoding::has_control_characters(*name))
    return refuse(RefusalCode::usage, context.text(Message::name_not_text));
  const auto passphrase =
      ask_new_passphrase(context.text(Message::new_root_passphrase_question, {*name}),
                         context.text(Message::passphrase_again));
  if (!passphrase) return passphrase.error();
  const AgencyRoot root = generate_agency_root(*kind, *name);
  OBERIH_TRY(create_agency_root(options.root, root, passphrase->view()));
  OBERIH_TRY(write_exchange_file(options.card, wire::format_agency_card(root.agency)));
  context.say(Message::agency_created, {*name, options.root, options.card});
  if (context.json)
    context.print({{"agency", encoding::encode_hex(root.agency.id.view())}, {"name", *name}});
  return {};
}

void add_signature(SignedGenesis& genesis, const AgencyRoot& root) {
  std::erase_if(genesis.signatures,
                [&](const auto& each) { return each.agency == root.agency.id; });
  const crypto::Signer signer(root.seed);
  genesis.signatures.push_back({root.agency.id, signer.sign("genesis", genesis.content)});
  std::ranges::sort(genesis.signatures, {}, &sealing::RootSignature::agency);
}

Result<> sign_genesis(const CommandContext& context, const Options& options) {
  auto genesis = read_exchange_file(options.genesis, wire::parse_genesis_file);
  if (!genesis) return genesis.error();
  const auto content = sealing::parse_genesis_content(genesis->content);
  if (!content) return content.error();
  const auto root = open_root(context, options.root);
  if (!root) return root.error();
  const auto own = std::ranges::find(content->agencies, root->agency.id, &sealing::Agency::id);
  if (own == content->agencies.end() || own->root_key != root->agency.root_key)
    return refuse(RefusalCode::usage,
                  context.text(Message::genesis_lacks_agency, {root->agency.name}));
  const std::string hash = encoding::encode_hex(sealing::genesis_hash(genesis->content).view());
  context.say(Message::genesis_summary,
              {content->origin, std::to_string(content->agencies.size()), hash});
  for (const sealing::Agency& agency : content->agencies)
    context.say(Message::genesis_agency, {name_of(agency.kind), agency.name});
  if (!options.yes && !ask_yes(context.text(Message::genesis_question)))
    return refuse(RefusalCode::usage, context.text(Message::not_confirmed));
  add_signature(*genesis, *root);
  OBERIH_TRY(write_exchange_file(options.genesis, wire::format_genesis_file(*genesis)));
  context.say(Message::genesis_signed,
              {root->agency.name, std::to_string(genesis->signatures.size()),
               std::to_string(content->agencies.size())});
  return {};
}

Result<> certify(const CommandContext& context, const Options& options) {
  const auto request = read_exchange_file(options.request, wire::parse_device_request_file);
  if (!request) return request.error();
  const auto certificate = sealing::parse_certificate_content(request->content);
  if (!certificate) return certificate.error();
  if (certificate->role != Role::agency_admin || !certificate->certifier_device.is_zero())
    return refuse(RefusalCode::usage, context.text(Message::root_certifies_administrators));
  if (sealing::name_hash(request->name_card.salt, request->name_card.name) !=
      certificate->name_hash)
    return refuse(RefusalCode::malformed_object, options.request);
  context.say(Message::device_to_certify,
              {encoding::printable(request->name_card.name), name_of(certificate->role),
               fingerprint(request->content)});
  const auto root = open_root(context, options.root);
  if (!root) return root.error();
  if (root->agency.id != certificate->agency)
    return refuse(RefusalCode::usage, context.text(Message::request_of_another_agency));
  if (!options.yes && !ask_yes(context.text(Message::fingerprint_question)))
    return refuse(RefusalCode::usage, context.text(Message::not_confirmed));
  const crypto::Signer signer(root->seed);
  const sealing::SignedCertificate body{request->content,
                                        signer.sign("device-cert", request->content),
                                        request->possession_signature};
  OBERIH_TRY(write_exchange_file(
      options.out, wire::format_directory_leaf_file({journal::LeafKind::device_certificate,
                                                     sealing::encode_certificate_body(body),
                                                     request->name_card})));
  context.say(Message::device_certified_offline, {options.out});
  return {};
}

Result<> show(const CommandContext& context, const Options& options) {
  const auto agency = read_exchange_file(options.card, wire::parse_agency_card);
  if (!agency) return agency.error();
  const std::string id = encoding::encode_hex(agency->id.view());
  if (context.json)
    context.print({{"agency", id}, {"kind", name_of(agency->kind)}, {"name", agency->name}});
  context.say(Message::agency_shown, {encoding::printable(agency->name), name_of(agency->kind), id,
                                      fingerprint(agency->root_key.view())});
  return {};
}

}  // namespace

void add_agency_commands(CLI::App& line, CommandContext& context) {
  auto options = std::make_shared<Options>();
  CLI::App* agency = line.add_subcommand("agency", context.text(Message::help_agency));
  agency->require_subcommand(1);
  auto runs = [&context, options](auto command) {
    return [&context, options, command] {
      context.run = [&context, options, command] { return command(context, *options); };
    };
  };

  CLI::App* made = agency->add_subcommand("create", context.text(Message::help_agency_create));
  made->add_option("--kind", options->kind, context.text(Message::help_kind))->required();
  made->add_option("--name", options->name, context.text(Message::help_agency_name))->required();
  made->add_option("--root", options->root, context.text(Message::help_root))->required();
  made->add_option("--card", options->card, context.text(Message::help_card))->required();
  made->callback(runs(create));

  CLI::App* signs = agency->add_subcommand("sign", context.text(Message::help_agency_sign));
  signs->add_option("--root", options->root, context.text(Message::help_root))->required();
  signs->add_option("--genesis", options->genesis, context.text(Message::help_genesis_file))
      ->required();
  signs->add_flag("--yes", options->yes, context.text(Message::help_yes));
  signs->callback(runs(sign_genesis));

  CLI::App* certifies =
      agency->add_subcommand("certify", context.text(Message::help_agency_certify));
  certifies->add_option("--root", options->root, context.text(Message::help_root))->required();
  certifies->add_option("--request", options->request, context.text(Message::help_request))
      ->required();
  certifies->add_option("--out", options->out, context.text(Message::help_out))->required();
  certifies->add_flag("--yes", options->yes, context.text(Message::help_yes));
  certifies->callback(runs(certify));

  CLI::App* shows = agency->add_subcommand("show", context.text(Message::help_agency_show));
  shows->add_option("card", options->card, context.text(Message::help_card))->required();
  shows->callback(runs(show));
}

}  // namespace oberih::client
