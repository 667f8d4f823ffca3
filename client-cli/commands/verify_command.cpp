// SPDX-License-Identifier: Apache-2.0
// `oberih verify FILE`: what a proof proves, to somebody who holds nothing but the genesis hash
// that was compared out of band. Needs no profile, no key and no server.
#include <filesystem>
#include <memory>

#include "client-cli/commands/command_tree.hpp"
#include "client-cli/commands/service_report_view.hpp"
#include "client-cli/keyring/private_file.hpp"
#include "protocol/encoding/hex.hpp"

namespace oberih::client {
namespace {

struct VerifyOptions {
  std::string file, genesis;
};

/// As it was typed; else that of the profile, where there is one.
Result<Digest> pinned_genesis(const CommandContext& context, const std::string& typed) {
  if (!typed.empty()) {
    const std::optional<Digest> hash = encoding::decode_hex_as<Digest>(typed);
    if (!hash)
      return refuse(RefusalCode::usage, "--genesis takes the 64 digits of the genesis hash");
    return *hash;
  }
  Result<Profile> profile = context.load_profile();
  if (!profile)
    return refuse(RefusalCode::usage,
                  "without a profile, --genesis has to name the genesis hash of the journal");
  return profile->genesis_hash;
}

Result<> verify_file(CommandContext& context, const VerifyOptions& options) {
  const Result<Digest> genesis = pinned_genesis(context, options.genesis);
  if (!genesis) return genesis.error();
  const Result<Bytes> file = read_whole_file(options.file, evidence::service_proof_bytes_at_most);
  if (!file) return refuse(RefusalCode::usage, file.error().detail);
  const Result<evidence::ServiceProof> proof = evidence::parse_service_proof(*file);
  if (!proof) return refuse(RefusalCode::proof_invalid, options.file + ": " + proof.error().detail);
  const Result<evidence::ServiceReport> report = evidence::verify_service_proof(*proof, *genesis);
  if (!report) return refuse(report.error().code, options.file + ": " + report.error().detail);
  print_service_report(context.console(), *report);
  return {};
}

}  // namespace

void add_verify_command(CommandTree& tree) {
  auto options = std::make_shared<VerifyOptions>();
  CLI::App* command = tree.command(
      nullptr, "verify", Sentence::help_verify, "oberih verify service.proof --genesis 7a1f...",
      [options](CommandContext& context) { return verify_file(context, *options); });
  command->add_option("file", options->file, tree.text(Sentence::help_option_proof))->required();
  command->add_option("--genesis", options->genesis, tree.text(Sentence::help_option_genesis_pin));
}

}  // namespace oberih::client
