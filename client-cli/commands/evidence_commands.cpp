// SPDX-License-Identifier: Apache-2.0
// `oberih evidence`: what this device refused to believe. Works without the server, and without
// keys: only names of signers need an unlocked profile.
#include <memory>
#include <nlohmann/json.hpp>

#include "client-cli/commands/command_tree.hpp"
#include "client-cli/commands/evidence_view.hpp"
#include "client-cli/keyring/private_file.hpp"

namespace oberih::client {
namespace {

struct EvidenceOptions {
  std::string id, out;
};

Result<Evidence> chosen_evidence(CommandContext& context, const EvidenceOptions& options) {
  Result<Profile> profile = context.load_profile();
  if (!profile) return profile.error();
  return find_evidence(profile->folder, options.id);
}

Result<> show_all_evidence(CommandContext& context, const EvidenceOptions&) {
  Result<Profile> profile = context.load_profile();
  if (!profile) return profile.error();
  const std::vector<Evidence> all = list_evidence(profile->folder);
  Console& console = context.console();
  Table table({console.text(Sentence::column_id), console.text(Sentence::column_when),
               console.text(Sentence::column_what), console.text(Sentence::column_channel),
               console.text(Sentence::column_why)});
  for (const Evidence& evidence : all) {
    console.object(evidence_json(evidence));
    table.add(evidence_row(console, evidence));
  }
  if (all.empty()) console.say(Sentence::evidence_none);
  if (!all.empty()) console.print(table);
  if (is_evidence_full(all))
    console.note(Sentence::evidence_full, {{"folder", (profile->folder / "evidence").string()}});
  return {};
}

Result<> show_evidence(CommandContext& context, const EvidenceOptions& options) {
  Result<Evidence> evidence = chosen_evidence(context, options);
  if (!evidence) return evidence.error();
  const bool is_unlocked = context.open_session(CommandContext::Reach::offline).has_value();
  print_evidence(context.console(), *evidence,
                 is_unlocked ? &context.session().directory() : nullptr);
  nlohmann::ordered_json json = evidence_json(*evidence);
  json["file"] = nlohmann::ordered_json::parse(evidence->text, nullptr, false);
  context.console().object(json);
  return {};
}

Result<> export_evidence(CommandContext& context, const EvidenceOptions& options) {
  Result<Evidence> evidence = chosen_evidence(context, options);
  if (!evidence) return evidence.error();
  OBERIH_TRY(create_file(options.out, as_bytes(evidence->text), FileAccess::owner_only));
  context.console().say(Sentence::evidence_exported, {{"id", evidence->id}, {"file", options.out}});
  context.console().object({{"id", evidence->id}, {"file", options.out}});
  return {};
}

}  // namespace

void add_evidence_commands(CommandTree& tree) {
  CLI::App* group = tree.group("evidence", Sentence::help_evidence);
  auto options = std::make_shared<EvidenceOptions>();
  auto with = [options](auto function) {
    return [options, function](CommandContext& context) { return function(context, *options); };
  };
  tree.command(group, "list", Sentence::help_evidence_list, "oberih evidence list",
               with(show_all_evidence));
  CLI::App* command = tree.command(group, "show", Sentence::help_evidence_show,
                                   "oberih evidence show 3f9a02c1", with(show_evidence));
  command->add_option("id", options->id, tree.text(Sentence::help_option_evidence))->required();
  command =
      tree.command(group, "export", Sentence::help_evidence_export,
                   "oberih evidence export 3f9a02c1 --out refused.json", with(export_evidence));
  command->add_option("id", options->id, tree.text(Sentence::help_option_evidence))->required();
  command->add_option("--out", options->out, tree.text(Sentence::help_option_out))->required();
}

}  // namespace oberih::client
