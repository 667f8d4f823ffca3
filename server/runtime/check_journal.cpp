// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/check_journal.hpp"

#include <unistd.h>

#include <iostream>

#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/utf8.hpp"
#include "server/application/checkpoint_file.hpp"
#include "server/runtime/policy_loader.hpp"
#include "server/runtime/settings_arguments.hpp"
#include "server/storage/attachment_checker.hpp"
#include "server/storage/journal_checker.hpp"

namespace oberih::runtime {
namespace {

void print_progress(std::uint64_t done, std::uint64_t in_all) {
  if (isatty(STDERR_FILENO))
    std::cerr << '\r' << done << " of " << in_all << " leaves" << std::flush;
}

void print_findings(const storage::CheckReport& report) {
  for (const storage::Finding& finding : report.findings) {
    if (finding.index) std::cout << "index " << *finding.index << ": ";
    std::cout << encoding::printable(finding.sentence) << '\n';
  }
  if (report.finding_count > report.findings.size())
    std::cout << "and " << report.finding_count - report.findings.size() << " more\n";
}

std::string counted(std::uint64_t count, const std::string& one, const std::string& many) {
  return std::to_string(count) + ' ' + (count == 1 ? one : many);
}

void print_totals(const storage::CheckReport& report) {
  std::cout << counted(report.leaves, "leaf", "leaves") << ", of them " << report.directory_leaves
            << " of the directory, " << counted(report.records, "record", "records") << " and "
            << counted(report.entries, "entry", "entries") << " in "
            << counted(report.channels, "channel", "channels") << "; "
            << counted(report.ciphertexts, "ciphertext", "ciphertexts") << "; "
            << counted(report.attachments, "attachment", "attachments") << "; "
            << counted(report.checkpoints, "signed checkpoint", "signed checkpoints") << ", "
            << counted(report.cosignatures, "cosignature", "cosignatures") << ", "
            << counted(report.anchors, "time-stamp", "time-stamps") << "; "
            << counted(report.server_events, "server event", "server events") << ", "
            << counted(report.alerts, "alert", "alerts") << ", "
            << counted(report.refusals, "refusal", "refusals") << ", "
            << counted(report.accesses, "access", "accesses") << ", "
            << counted(report.questions, "question of an auditor", "questions of auditors") << '\n'
            << "root " << encoding::encode_hex(report.root) << ", signed up to size "
            << report.signed_size << '\n';
}

/// A difference is no fault of the journal: somebody may be editing, or has not sent SIGHUP yet.
void print_policies(const storage::CheckReport& report, const Settings& settings) {
  if (!report.policies_index) {
    std::cout << "The journal names no policies yet.\n";
    return;
  }
  std::cout << "policies in force since leaf " << *report.policies_index << ":\n";
  for (const sealing::PolicyFile& file : report.policies) {
    const auto in_folder = hash_policy(settings.policies_directory, file.name);
    std::cout << "  " << file.name << ' ' << encoding::encode_hex(file.hash);
    if (in_folder && *in_folder != file.hash) std::cout << " (the folder has another)";
    std::cout << '\n';
  }
}

}  // namespace

Result<int> check_journal(const Settings& settings) {
  storage::CheckOptions options;
  // Before the database's snapshot is taken: a running server goes on signing.
  options.outside_checkpoint =
      application::CheckpointFile(settings.state_directory + "/checkpoint").read();
  options.progress = print_progress;
  storage::CheckReport report = storage::check_journal(database_settings(settings), options);
  storage::check_attachments(database_settings(settings), attachment_directory(settings), report);
  if (isatty(STDERR_FILENO)) std::cerr << '\n';
  print_findings(report);
  print_totals(report);
  print_policies(report, settings);
  if (!options.outside_checkpoint)
    std::cout << "There is no checkpoint in the state directory to compare with: a restored older "
                 "database would not be noticed.\n";
  std::cout << (report.is_sound() ? "The journal is sound.\n" : "The journal is NOT sound.\n");
  return report.is_sound() ? 0 : 1;
}

}  // namespace oberih::runtime
