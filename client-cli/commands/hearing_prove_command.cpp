// SPDX-License-Identifier: Apache-2.0
// `oberih hearing prove`: who was served, when and how proven, as one file for people who have no
// account. It holds plaintext of the hearing, so that only its owner may read it.
#include <memory>
#include <nlohmann/json.hpp>

#include "client-cli/commands/command_tree.hpp"
#include "client-cli/commands/cosigners_view.hpp"
#include "client-cli/commands/hearing_action.hpp"
#include "client-cli/keyring/private_file.hpp"
#include "client-cli/output/byte_count.hpp"
#include "client-cli/verification/service_proof_maker.hpp"
#include "protocol/encoding/hex.hpp"

namespace oberih::client {
namespace {

struct ProveOptions {
  std::string hearing, out;
};

Result<> prove_hearing(CommandContext& context, const ProveOptions& options) {
  Result<NamedHearing> named = open_named_hearing(context, options.hearing);
  if (!named) return named.error();
  OBERIH_TRY(context.session().read_names());
  const HearingId id = named->hearing.hearing->id;
  const Result<evidence::ServiceProof> proof =
      make_service_proof(context.session(), named->channel, id);
  if (!proof) return proof.error();
  const Bytes file = evidence::encode_service_proof(*proof);
  OBERIH_TRY(create_file(options.out, file, FileAccess::owner_only));
  const std::string genesis = encoding::encode_hex(context.session().profile().genesis_hash);
  Console& console = context.console();
  console.say(Sentence::proof_exported, {{"id", short_id(id)},
                                         {"file", options.out},
                                         {"size", format_bytes(file.size(), console.language())},
                                         {"genesis", genesis}});
  if (const auto cosigners = evidence::find_cosigners(proof->note, context.session().directory()))
    note_missing_quorum(console, *cosigners);
  console.object({{"hearing", encoding::encode_hex(id)},
                  {"file", options.out},
                  {"bytes", file.size()},
                  {"texts", proof->texts.size()},
                  {"genesis", genesis}});
  return {};
}

}  // namespace

void add_hearing_prove_command(CommandTree& tree, CLI::App* group) {
  auto options = std::make_shared<ProveOptions>();
  CLI::App* command =
      tree.command(group, "prove", Sentence::help_hearing_prove,
                   "oberih hearing prove 3f2a91c0 --out 3f2a91c0.proof",
                   [options](CommandContext& context) { return prove_hearing(context, *options); });
  command->add_option("hearing", options->hearing, tree.text(Sentence::help_option_hearing))
      ->required();
  command->add_option("--out", options->out, tree.text(Sentence::help_option_out))->required();
}

}  // namespace oberih::client
