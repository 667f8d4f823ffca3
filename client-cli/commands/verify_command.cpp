// SPDX-License-Identifier: Apache-2.0
// `oberih verify PATH`: what a proof or an export proves, to somebody who holds nothing but the
// genesis hash that was compared out of band. Needs no profile, no key, no server and no clock.
#include <filesystem>
#include <fstream>
#include <memory>

#include "client-cli/archive/checked_export.hpp"
#include "client-cli/commands/command_tree.hpp"
#include "client-cli/commands/export_view.hpp"
#include "client-cli/commands/service_report_view.hpp"
#include "client-cli/commands/tlog_proof_view.hpp"
#include "client-cli/keyring/private_file.hpp"
#include "client-cli/output/progress_bar.hpp"
#include "client-cli/output/wall_time_input.hpp"
#include "protocol/crypto/timestamp_token.hpp"
#include "protocol/encoding/hex.hpp"

namespace oberih::client {
namespace {

constexpr std::size_t ca_bytes_at_most = 1024 * 1024;

struct VerifyOptions {
  std::string file, genesis, html, by, timestamp_ca, key;
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

/// A folder or a tar; what is left is a proof of service.
bool is_export(const std::string& path) {
  constexpr std::size_t magic_place = 257;  // of a ustar header
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return true;
  std::ifstream file(path, std::ios::binary);
  char magic[5] = {};
  file.seekg(magic_place);
  return file.read(magic, sizeof magic) && std::string_view(magic, sizeof magic) == "ustar";
}

/// Nothing where it is no such file.
std::optional<std::string> read_tlog_file(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return std::nullopt;
  std::ifstream file(path, std::ios::binary);
  std::string text(journal::tlog_proof_bytes_at_most + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return journal::begins_as_tlog_proof(text) ? std::optional(std::move(text)) : std::nullopt;
}

Result<Milliseconds> time_to_read_by(const std::string& typed) {
  if (typed.empty()) return Milliseconds{0};
  const std::optional<WallTime> time = parse_wall_time(typed);
  if (!time || find_fault(*time))
    return refuse(RefusalCode::usage, "--by takes a time like '2027-03-04 10:00'");
  return moment_of(*time);
}

/// Nothing where none is named.
Result<std::optional<std::string>> read_timestamp_ca(const std::string& path) {
  if (path.empty()) return std::optional<std::string>();
  const Result<Bytes> file = read_whole_file(path, ca_bytes_at_most);
  if (!file) return refuse(RefusalCode::usage, file.error().detail);
  if (!crypto::holds_certificate(as_text(*file)))
    return refuse(RefusalCode::usage, "--timestamp-ca: there is no certificate in " + path);
  return std::optional(std::string(as_text(*file)));
}

Result<> verify_export_at(CommandContext& context, const VerifyOptions& options,
                          const Digest& genesis) {
  Console& console = context.console();
  const Result<Milliseconds> by_ms = time_to_read_by(options.by);
  if (!by_ms) return by_ms.error();
  const auto timestamp_ca = read_timestamp_ca(options.timestamp_ca);
  if (!timestamp_ca) return timestamp_ca.error();
  const auto files = open_export(options.file);
  if (!files) return refuse(files.error().code, options.file + ": " + files.error().detail);
  ProgressBar progress(console, console.text(Sentence::export_checking), ProgressBar::Unit::pieces);
  const auto report = check_export(
      **files, genesis,
      [&](std::uint64_t done, std::uint64_t in_all) {
        if (in_all != 0) progress.show(done, in_all);
      },
      *timestamp_ca);
  progress.clear();
  if (!report) return refuse(report.error().code, options.file + ": " + report.error().detail);
  if (!options.html.empty())
    OBERIH_TRY(create_file(options.html, as_bytes(export_report_html(console, *report, *by_ms)),
                           FileAccess::owner_only));
  print_export_report(console, *report, *by_ms);
  if (!options.html.empty()) console.say(Sentence::export_html_written, {{"file", options.html}});
  return {};
}

/// Of the journal: as it was typed; else what the profile's own directory says.
Result<journal::NoteVerifier> journal_key(CommandContext& context, const std::string& typed,
                                          std::uint64_t size) {
  if (!typed.empty()) return journal::parse_verifier_key(typed);
  if (!context.load_profile())
    return refuse(RefusalCode::usage,
                  "without a profile, --key has to say the verifier key of the journal");
  OBERIH_TRY(context.open_session(CommandContext::Reach::offline));
  const sealing::Directory& directory = context.session().directory();
  return journal::NoteVerifier{directory.origin(), journal::NoteKeyType::ed25519,
                               directory.journal_key_at(size)};
}

Result<> verify_tlog_file(CommandContext& context, const VerifyOptions& options,
                          std::string_view text) {
  const auto in_file = [&](const Refusal& why) {
    return refuse(RefusalCode::proof_invalid, options.file + ": " + why.detail);
  };
  const Result<journal::TlogProof> proof = journal::parse_tlog_proof(text);
  if (!proof) return in_file(proof.error());
  const auto claimed = journal::read_unverified_checkpoint(proof->note);
  if (!claimed) return in_file(claimed.error());
  const Result<journal::NoteVerifier> key = journal_key(context, options.key, claimed->size);
  if (!key) return key.error();
  const Result<journal::Checkpoint> checkpoint = journal::verify_tlog_proof(*proof, *key);
  if (!checkpoint) return in_file(checkpoint.error());
  print_tlog_report(context.console(), *proof, *checkpoint);
  return {};
}

Result<> verify_file(CommandContext& context, const VerifyOptions& options) {
  if (const auto text = read_tlog_file(options.file))
    return verify_tlog_file(context, options, *text);
  const Result<Digest> genesis = pinned_genesis(context, options.genesis);
  if (!genesis) return genesis.error();
  if (is_export(options.file)) return verify_export_at(context, options, *genesis);
  if (!options.html.empty() || !options.by.empty() || !options.timestamp_ca.empty())
    return refuse(RefusalCode::usage, "--html, --by and --timestamp-ca are for exports");
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
  command->add_option("file", options->file, tree.text(Sentence::help_option_verify_path))
      ->required();
  command->add_option("--genesis", options->genesis, tree.text(Sentence::help_option_genesis_pin));
  command->add_option("--html", options->html, tree.text(Sentence::help_option_html));
  command->add_option("--timestamp-ca", options->timestamp_ca,
                      tree.text(Sentence::help_option_timestamp_ca));
  command->add_option("--by", options->by, tree.text(Sentence::help_option_by));
  command->add_option("--key", options->key, tree.text(Sentence::help_option_verify_key));
}

}  // namespace oberih::client
