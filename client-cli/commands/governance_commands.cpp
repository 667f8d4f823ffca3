// SPDX-License-Identifier: Apache-2.0
// What the agencies' roots change together: looked at, signed, and told from the beginning.
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "client-cli/commands/command_tree.hpp"
#include "client-cli/commands/governance_words.hpp"
#include "client-cli/commands/input_file.hpp"
#include "client-cli/keyring/agency_root.hpp"
#include "client-cli/keyring/passphrase_prompt.hpp"
#include "client-cli/output/kyiv_time.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/utf8.hpp"
#include "protocol/wire/exchange_files.hpp"

namespace oberih::client {
namespace {

using encoding::encode_hex;
using encoding::printable;

struct GovernanceOptions {
  std::string file, root;
  bool yes = false, offline = false;
};

struct Proposal {
  sealing::SignedGovernance file;
  sealing::Governance governance;
};

Result<Proposal> read_proposal(const std::string& path) {
  Result<sealing::SignedGovernance> file = parse_public_file(path, wire::parse_governance_file);
  if (!file) return file.error();
  Result<sealing::Governance> governance = sealing::parse_governance_content(file->content);
  if (!governance) return refuse(governance.error().code, path + ": " + governance.error().detail);
  // The roots' keys stand in the directory, which a machine that is offline does not have; the new
  // key stands in the change itself.
  const SignaturePublicKey* new_key = sealing::new_key_of(*governance);
  if (file->new_key_signature &&
      (new_key == nullptr ||
       !crypto::verify(*new_key, "governance", file->content, *file->new_key_signature)))
    return refuse(RefusalCode::bad_signature, path + ": the new key's");
  return Proposal{std::move(*file), std::move(*governance)};
}

void show_proposal(Console& console, const Proposal& proposal) {
  console.line(describe_governance(console, proposal.governance));
  console.say(Sentence::governance_shown,
              {{"hash", encode_hex(sealing::governance_hash(proposal.file.content))},
               {"previous", encode_hex(proposal.governance.previous)},
               {"signed", std::to_string(proposal.file.signatures.size())}});
  if (sealing::new_key_of(proposal.governance) != nullptr)
    console.say(proposal.file.new_key_signature ? Sentence::governance_new_key_signed
                                                : Sentence::governance_new_key_missing);
}

nlohmann::ordered_json proposal_json(const Proposal& proposal) {
  nlohmann::ordered_json json = governance_json(proposal.governance);
  json["hash"] = encode_hex(sealing::governance_hash(proposal.file.content));
  nlohmann::ordered_json signers = nlohmann::ordered_json::array();
  for (const sealing::RootSignature& signature : proposal.file.signatures)
    signers.push_back(encode_hex(signature.agency));
  json["signed_by"] = signers;
  json["signed_by_new_key"] = proposal.file.new_key_signature.has_value();
  return json;
}

Result<> show_governance(CommandContext& context, const GovernanceOptions& options) {
  Result<Proposal> proposal = read_proposal(options.file);
  if (!proposal) return proposal.error();
  show_proposal(context.console(), *proposal);
  context.console().object(proposal_json(*proposal));
  return {};
}

/// As the new key that the change brings, or as one of the roots in force.
void add_signature(Proposal& proposal, const AgencyRoot& root) {
  const crypto::Signer signer(root.seed);
  const Signature signature = signer.sign("governance", proposal.file.content);
  const SignaturePublicKey* new_key = sealing::new_key_of(proposal.governance);
  if (new_key != nullptr && *new_key == signer.public_key()) {
    proposal.file.new_key_signature = signature;
    return;
  }
  std::erase_if(proposal.file.signatures,
                [&](const sealing::RootSignature& each) { return each.agency == root.agency.id; });
  proposal.file.signatures.push_back({root.agency.id, signature});
  std::ranges::sort(proposal.file.signatures, {}, &sealing::RootSignature::agency);
}

Result<> sign_governance(CommandContext& context, const GovernanceOptions& options) {
  Result<Proposal> proposal = read_proposal(options.file);
  if (!proposal) return proposal.error();
  Console& console = context.console();
  show_proposal(console, *proposal);
  if (!options.yes && !ask_yes(console.text(Sentence::ask_sign_governance)))
    return refuse(RefusalCode::usage, console.text(Sentence::not_confirmed));
  Result<SecretBuffer> passphrase =
      ask_passphrase(console.text(Sentence::ask_root_passphrase, {{"file", options.root}}));
  if (!passphrase) return passphrase.error();
  Result<AgencyRoot> root = open_agency_root(options.root, passphrase->view());
  if (!root) return root.error();
  const sealing::RootReplacement& replacement = proposal->governance.replacement;
  if (replacement.is_compromised && replacement.agency == root->agency.id &&
      replacement.new_root_key != root->agency.root_key)
    return refuse(RefusalCode::usage, "a root that is declared compromised does not sign");
  add_signature(*proposal, *root);
  OBERIH_TRY(write_public_file(options.file, wire::format_governance_file(proposal->file)));
  console.say(Sentence::governance_signed,
              {{"file", options.file},
               {"name", printable(root->agency.name)},
               {"signed", std::to_string(proposal->file.signatures.size())}});
  console.object(proposal_json(*proposal));
  return {};
}

std::string name_of_agency(const sealing::Directory& directory, const AgencyId& id) {
  const sealing::Agency* agency = directory.find_agency(id);
  return agency == nullptr ? encode_hex(id) : printable(agency->name);
}

/// From the pinned genesis: only what this walk reaches is in force.
Result<> log(CommandContext& context, const GovernanceOptions& options) {
  OBERIH_TRY(context.open_session(options.offline ? CommandContext::Reach::offline
                                                  : CommandContext::Reach::online));
  const sealing::Directory& directory = context.session().directory();
  if (directory.is_empty())
    return refuse(RefusalCode::not_found, "this profile has not seen the genesis yet");
  Console& console = context.console();
  const sealing::Genesis& genesis = directory.genesis();
  console.say(Sentence::governance_log_genesis,
              {{"date", format_date(genesis.created_ms)},
               {"hash", encode_hex(directory.genesis_hash())},
               {"count", std::to_string(genesis.agencies.size())},
               {"quorum", std::to_string(genesis.governance_quorum)}});
  console.object({{"index", 0},
                  {"change", "genesis"},
                  {"hash", encode_hex(directory.genesis_hash())},
                  {"agencies", genesis.agencies.size()},
                  {"quorum", genesis.governance_quorum}});
  for (const sealing::GovernanceStep& step : directory.governance_history()) {
    nlohmann::ordered_json json{{"index", step.index}, {"server_ms", step.server_ms}};
    json.update(governance_json(step.governance));
    nlohmann::ordered_json ids = nlohmann::ordered_json::array();
    std::string names;
    for (const AgencyId& signer : step.signers) {
      ids.push_back(encode_hex(signer));
      names += (names.empty() ? "" : ", ") + name_of_agency(directory, signer);
    }
    json["signed_by"] = ids;
    console.object(json);
    console.say(Sentence::governance_log_step,
                {{"index", std::to_string(step.index)},
                 {"date", format_date(step.server_ms)},
                 {"what", describe_governance(console, step.governance)},
                 {"signers", names}});
  }
  console.say(Sentence::governance_in_force,
              {{"agencies", std::to_string(directory.agencies().size())},
               {"quorum", std::to_string(directory.governance_quorum())},
               {"journal_key", encode_hex(directory.journal_key())},
               {"server_key", encode_hex(directory.server_spki())}});
  return {};
}

}  // namespace

void add_governance_commands(CommandTree& tree) {
  CLI::App* group = tree.group("governance", Sentence::help_governance);
  add_governance_propose_commands(tree, group);
  auto options = std::make_shared<GovernanceOptions>();
  auto with = [options](auto function) {
    return [options, function](CommandContext& context) { return function(context, *options); };
  };
  CLI::App* command =
      tree.command(group, "show", Sentence::help_governance_show,
                   "oberih governance show admit.governance", with(show_governance));
  command->add_option("file", options->file, tree.text(Sentence::help_option_governance_file))
      ->required();
  command = tree.command(group, "sign", Sentence::help_governance_sign,
                         "oberih governance sign --root police.root admit.governance",
                         with(sign_governance));
  command->add_option("--root", options->root, tree.text(Sentence::help_option_root))->required();
  command->add_option("file", options->file, tree.text(Sentence::help_option_governance_file))
      ->required();
  command->add_flag("--yes", options->yes, tree.text(Sentence::help_option_yes_sign));
  command = tree.command(group, "log", Sentence::help_governance_log,
                         "oberih --profile oksana governance log", with(log));
  command->add_flag("--offline", options->offline, tree.text(Sentence::help_option_offline));
}

}  // namespace oberih::client
