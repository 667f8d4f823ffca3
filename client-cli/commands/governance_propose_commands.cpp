// SPDX-License-Identifier: Apache-2.0
// Writes an unsigned governance change, judged against the directory as far as that is possible
// without signatures.
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "client-cli/commands/command_tree.hpp"
#include "client-cli/commands/device_search.hpp"
#include "client-cli/commands/governance_words.hpp"
#include "client-cli/commands/input_file.hpp"
#include "client-cli/commands/witness_change.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/wire/exchange_files.hpp"

namespace oberih::client {
namespace {

using encoding::decode_hex_as;
using encoding::encode_hex;
using sealing::Governance;
using sealing::GovernanceChange;

struct ProposedGovernance {
  std::string card, key, out, old_root, new_root;
  std::vector<std::string> disowned;
  WitnessWishes witnesses;
  bool is_compromised = false, disowns_all = false, offline = false;
  unsigned quorum = 0;
  std::uint64_t old_size = 0, new_size = 0;
};

/// Fills in what the change says; its place in the chain comes from the directory.
using FillChange = Result<> (*)(const sealing::Directory&, const ProposedGovernance&, Governance&);

template <class Id>
Result<Id> parse_key(const char* option, const std::string& text) {
  std::optional<Id> key = decode_hex_as<Id>(text);
  if (!key) return refuse(RefusalCode::usage, std::string(option) + " is 64 hexadecimal digits");
  return *key;
}

Result<> admit_agency(const sealing::Directory& directory, const ProposedGovernance& options,
                      Governance& governance) {
  Result<sealing::Agency> agency = parse_public_file(options.card, wire::parse_agency_card);
  if (!agency) return agency.error();
  if (directory.find_agency(agency->id) != nullptr)
    return refuse(RefusalCode::id_taken, "this agency is in the directory already");
  governance.agency = std::move(*agency);
  return {};
}

Result<std::vector<DeviceId>> disowned_devices(const sealing::Directory& directory,
                                               const ProposedGovernance& options,
                                               const AgencyId& agency) {
  std::vector<DeviceId> devices;
  for (const std::string& text : options.disowned) {
    Result<DeviceId> device = find_device(directory, text);
    if (!device) return device.error();
    devices.push_back(*device);
  }
  if (options.disowns_all)
    for (const auto& [id, device] : directory.devices())
      if (device.certificate.agency == agency && !device.revoked_index) devices.push_back(id);
  std::ranges::sort(devices);
  devices.erase(std::unique(devices.begin(), devices.end()), devices.end());
  return devices;
}

Result<> replace_root(const sealing::Directory& directory, const ProposedGovernance& options,
                      Governance& governance) {
  Result<sealing::Agency> agency = parse_public_file(options.card, wire::parse_agency_card);
  if (!agency) return agency.error();
  const sealing::Agency* known = directory.find_agency(agency->id);
  if (known == nullptr)
    return refuse(RefusalCode::not_found, "the directory has no agency with the id of this card");
  if (known->root_key == agency->root_key)
    return refuse(RefusalCode::usage,
                  "the card holds the old root key; make a new one with 'oberih agency new-root'");
  governance.replacement.agency = agency->id;
  governance.replacement.new_root_key = agency->root_key;
  governance.replacement.is_compromised = options.is_compromised;
  if (!options.is_compromised && (options.disowns_all || !options.disowned.empty()))
    return refuse(RefusalCode::usage, "--disown goes with --compromised");
  Result<std::vector<DeviceId>> disowned = disowned_devices(directory, options, agency->id);
  if (!disowned) return disowned.error();
  governance.replacement.disowned = std::move(*disowned);
  return {};
}

Result<> journal_key(const sealing::Directory&, const ProposedGovernance& options,
                     Governance& governance) {
  Result<SignaturePublicKey> key = parse_key<SignaturePublicKey>("--key", options.key);
  if (!key) return key.error();
  governance.journal_key = *key;
  return {};
}

Result<> server_key(const sealing::Directory&, const ProposedGovernance& options,
                    Governance& governance) {
  Result<Digest> key = parse_key<Digest>("--key", options.key);
  if (!key) return key.error();
  governance.server_spki = *key;
  return {};
}

Result<> witnesses(const sealing::Directory& directory, const ProposedGovernance& options,
                   Governance& governance) {
  return change_witnesses(directory, options.witnesses, governance);
}

Result<> quorum(const sealing::Directory& directory, const ProposedGovernance& options,
                Governance& governance) {
  if (options.quorum > directory.agencies().size())
    return refuse(RefusalCode::usage, "--roots is larger than the number of agencies");
  governance.quorum = static_cast<std::uint8_t>(options.quorum);
  return {};
}

Result<> continuation(const sealing::Directory&, const ProposedGovernance& options,
                      Governance& governance) {
  Result<Digest> old_root = parse_key<Digest>("--old-root", options.old_root);
  if (!old_root) return old_root.error();
  Result<Digest> new_root = parse_key<Digest>("--new-root", options.new_root);
  if (!new_root) return new_root.error();
  governance.continuation = {options.old_size, *old_root, options.new_size, *new_root};
  return {};
}

Result<> propose(CommandContext& context, const ProposedGovernance& options,
                 GovernanceChange change, FillChange fill) {
  OBERIH_TRY(context.open_session(options.offline ? CommandContext::Reach::offline
                                                  : CommandContext::Reach::online));
  const sealing::Directory& directory = context.session().directory();
  if (directory.is_empty())
    return refuse(RefusalCode::not_found, "this profile has not seen the genesis yet");
  Governance governance;
  governance.previous = directory.governance_head();
  governance.change = change;
  OBERIH_TRY(fill(directory, options, governance));
  sealing::SignedGovernance unsigned_change{
      sealing::encode_governance_content(governance), {}, std::nullopt};
  Result<Governance> checked = sealing::parse_governance_content(unsigned_change.content);
  if (!checked) return checked.error();
  OBERIH_TRY(write_public_file(options.out, wire::format_governance_file(unsigned_change)));
  Console& console = context.console();
  console.line(describe_governance(console, governance));
  console.say(Sentence::governance_written,
              {{"file", options.out}, {"quorum", std::to_string(directory.governance_quorum())}});
  nlohmann::ordered_json json = governance_json(governance);
  json["hash"] = encode_hex(sealing::governance_hash(unsigned_change.content));
  json["file"] = options.out;
  console.object(json);
  return {};
}

class ProposeCommands {
 public:
  ProposeCommands(CommandTree& tree, CLI::App* group) : tree_(tree), group_(group) {}

  CLI::App* add(const char* word, Sentence help, const char* example, GovernanceChange change,
                FillChange fill) {
    CLI::App* command =
        tree_.command(group_, word, help,
                      std::string("oberih --profile police-admin governance propose ") + example,
                      [options = options_, change, fill](CommandContext& context) {
                        return propose(context, *options, change, fill);
                      });
    command->add_option("--out", options_->out, tree_.text(Sentence::help_option_out))->required();
    command->add_flag("--offline", options_->offline, tree_.text(Sentence::help_option_offline));
    return command;
  }
  void require(CLI::App* command, const char* name, std::string& value, Sentence help) {
    command->add_option(name, value, tree_.text(help))->required();
  }
  ProposedGovernance& options() { return *options_; }

 private:
  CommandTree& tree_;
  CLI::App* group_;
  std::shared_ptr<ProposedGovernance> options_ = std::make_shared<ProposedGovernance>();
};

}  // namespace

void add_governance_propose_commands(CommandTree& tree, CLI::App* governance) {
  CLI::App* group = governance->add_subcommand("propose", tree.text(Sentence::help_propose));
  group->require_subcommand(1);
  group->fallthrough();
  ProposeCommands commands(tree, group);
  ProposedGovernance& options = commands.options();

  CLI::App* command = commands.add("admit-agency", Sentence::help_propose_admit_agency,
                                   "admit-agency --card dawn.agency --out admit.governance",
                                   GovernanceChange::admit_agency, admit_agency);
  commands.require(command, "--card", options.card, Sentence::help_option_card);

  command = commands.add("replace-root", Sentence::help_propose_replace_root,
                         "replace-root --card police2.agency --out root.governance",
                         GovernanceChange::replace_root, replace_root);
  commands.require(command, "--card", options.card, Sentence::help_option_new_root_card);
  command->add_flag("--compromised", options.is_compromised,
                    tree.text(Sentence::help_option_compromised));
  command->add_option("--disown", options.disowned, tree.text(Sentence::help_option_disown));
  command->add_flag("--disown-all", options.disowns_all,
                    tree.text(Sentence::help_option_disown_all));

  command = commands.add("journal-key", Sentence::help_propose_journal_key,
                         "journal-key --key 5be0... --out journal.governance",
                         GovernanceChange::journal_key, journal_key);
  commands.require(command, "--key", options.key, Sentence::help_option_new_key);

  command = commands.add("server-key", Sentence::help_propose_server_key,
                         "server-key --key 5be0... --out server.governance",
                         GovernanceChange::server_key, server_key);
  commands.require(command, "--key", options.key, Sentence::help_option_new_key);

  command = commands.add("witnesses", Sentence::help_propose_witnesses,
                         "witnesses --add police.witness --need 2:police,prosecution,court "
                         "--out witnesses.governance",
                         GovernanceChange::witnesses, witnesses);
  command->add_option("--add", options.witnesses.added,
                      tree.text(Sentence::help_option_add_witness));
  command->add_option("--remove", options.witnesses.removed,
                      tree.text(Sentence::help_option_remove_witness));
  command->add_option("--need", options.witnesses.needed, tree.text(Sentence::help_option_need));

  command =
      commands.add("quorum", Sentence::help_propose_quorum,
                   "quorum --roots 3 --out quorum.governance", GovernanceChange::quorum, quorum);
  command->add_option("--roots", options.quorum, tree.text(Sentence::help_option_roots))
      ->required()
      ->check(CLI::Range(1, 255));

  command = commands.add("continuation", Sentence::help_propose_continuation,
                         "continuation --old-size 120 --old-root 5be0... --new-size 100 "
                         "--new-root 77ab... --offline --out continuation.governance",
                         GovernanceChange::continuation, continuation);
  command->add_option("--old-size", options.old_size, tree.text(Sentence::help_option_old_size))
      ->required();
  commands.require(command, "--old-root", options.old_root, Sentence::help_option_old_root);
  command->add_option("--new-size", options.new_size, tree.text(Sentence::help_option_new_size))
      ->required();
  commands.require(command, "--new-root", options.new_root, Sentence::help_option_new_root_hash);
}

}  // namespace oberih::client
