// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/export_work.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "client-cli/archive/checked_export.hpp"
#include "client-cli/archive/export_archive.hpp"
#include "client-cli/commands/cosigners_view.hpp"
#include "client-cli/output/byte_count.hpp"
#include "client-cli/output/progress_bar.hpp"
#include "client-cli/verification/audit_search.hpp"
#include "client-cli/verification/witnessed_cover.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/journal/tile.hpp"

namespace oberih::client {
namespace {

namespace fs = std::filesystem;

constexpr int attempts_to_cover = 5;  // each waits as long as is promised

/// After these the same command may succeed, and what was fetched is good. The last: a full disk.
constexpr std::array passing = {RefusalCode::interrupted, RefusalCode::not_connected,
                                RefusalCode::server_busy, RefusalCode::unavailable,
                                RefusalCode::local_state_broken};

bool may_go_on_after(const Refusal& refusal) {
  return std::find(passing.begin(), passing.end(), refusal.code) != passing.end();
}

void remove_folder(const fs::path& folder) {
  std::error_code ignored;
  fs::remove_all(folder, ignored);
}

}  // namespace

Result<RecordedQuestion> record_export_question(ClientSession& session,
                                                const evidence::ExportQuery& query) {
  const auto known = session.verified_directory().newest_checkpoint();
  if (!known || known->size == 0) return refuse(RefusalCode::unavailable, "no checkpoint yet");
  const sealing::SignedAuditQuestion question =
      sealing::sign_audit_question({sealing::AuditWhat::export_, session.ring().device, known->size,
                                    evidence::encode_export_query(query), wall_clock_ms()},
                                   session.signer());
  const Result<wire::Appended> recorded = session.ask(
      wire::AuditExport{sealing::encode_audit_content(question.question), question.signature});
  if (!recorded) return recorded.error();
  RecordedQuestion made;
  made.index = recorded->index;
  const PlacedLeaf placed{recorded->index, recorded->leaf_hash};
  // A channel that the journal does not have is not named in the leaf's header.
  for (const ChannelId& channel : {query.channel, ChannelId{}}) {
    made.leaf = journal::encode_leaf(question_leaf(question, channel, recorded->server_ms));
    if (journal::leaf_hash(made.leaf) == placed.hash) break;
  }
  if (journal::leaf_hash(made.leaf) != placed.hash)
    return refuse(RefusalCode::verification_failed,
                  "the leaf that is said to hold the question is another");
  std::uint64_t covered = 0;
  for (int attempt = 0; attempt < attempts_to_cover && covered <= made.index; ++attempt) {
    const Result<std::uint64_t> proven = session.prove(std::span(&placed, 1));
    if (!proven) return proven.error();
    covered = *proven;
  }
  const auto witnessed = await_witnessed_cover(session, made.index);
  if (!witnessed) return witnessed.error();
  const auto head = session.verified_directory().newest_checkpoint();
  if (covered <= made.index || !head || head->size <= made.index)
    return refuse(RefusalCode::unavailable, "no checkpoint covers the question yet");
  made.note = witnessed->value_or(head->note);
  const Result<journal::Checkpoint> checkpoint =
      session.verified_directory().open_checkpoint(made.note);
  if (!checkpoint) return checkpoint.error();
  made.checkpoint = *checkpoint;
  return made;
}

std::vector<evidence::ExportedName> exported_names(ClientSession& session,
                                                   const std::set<DeviceId>* of) {
  std::vector<evidence::ExportedName> names;
  for (const sealing::NameCard& card : session.store().directory().name_cards())
    if ((of == nullptr || of->contains(card.device)) &&
        session.verified_directory().find_name(card.device) == card.name)
      names.push_back({card.device, card.salt, card.name});
  std::sort(names.begin(), names.end(),
            [](const auto& a, const auto& b) { return a.device < b.device; });
  return names;
}

ExportWork::~ExportWork() {
  if (!is_begun_) return;  // what lies there may be of another run
  remove_folder(making());
  if (owns_leaves_ && !keeps_leaves_) remove_folder(leaves());
}

Result<> ExportWork::begin() {
  if (std::error_code error; out_.empty() || fs::exists(out_, error))
    return refuse(RefusalCode::usage,
                  "--out: " + out_.string() + " is there already; choose another name");
  OBERIH_TRY(remove_unfinished(making()));
  is_begun_ = true;
  return {};
}

Result<> ExportWork::fetch(const journal::Checkpoint& checkpoint) {
  Result<> fetched = fetch_once(checkpoint);
  // Bundles of an earlier run that are of no such journal: all anew.
  if (!fetched && fetched.error().code == RefusalCode::stale_version) {
    remove_folder(leaves());
    fetched = fetch_once(checkpoint);
  }
  if (fetched) {
    keeps_leaves_ = false;  // what fails from here on is not mended by fetching on
    // The rest answers to nobody, and asks nobody: Ctrl-C ends it, and the leaves stay.
    context_.leave_interrupts();
    return {};
  }
  keeps_leaves_ = may_go_on_after(fetched.error());
  if (owns_leaves_ && keeps_leaves_)
    context_.console().note(Sentence::export_goes_on, {{"path", leaves().string()}});
  return fetched;
}

Result<> ExportWork::fetch_once(const journal::Checkpoint& checkpoint) {
  Console& console = context_.console();
  const Result<KeptLeaves> kept = keep_whole_bundles(leaves());
  if (!kept) return kept.error();
  owns_leaves_ = true;
  if (kept->bundles != 0)
    console.note(Sentence::export_continued,
                 {{"leaves", std::to_string(kept->bundles * journal::tile_width)}});
  ProgressBar progress(console, console.text(Sentence::export_fetching), ProgressBar::Unit::pieces);
  FolderSink sink = FolderSink::reopen(leaves());
  return download_journal(
      context_.session(), context_.event_loop(), checkpoint, kept->files, sink,
      [&](std::uint64_t done, std::uint64_t in_all) { progress.show(done, in_all); });
}

Result<> ExportWork::finish(const fs::path& folder, std::uint64_t question_index) {
  ProgressBar progress(context_.console(), context_.console().text(Sentence::export_checking),
                       ProgressBar::Unit::pieces);
  const auto report = complete_export(folder, context_.session().profile().genesis_hash,
                                      [&](std::uint64_t done, std::uint64_t in_all) {
                                        if (in_all != 0) progress.show(done, in_all);
                                      });
  progress.clear();
  if (!report) return report.error();
  const Result<ExportFolder> files = ExportFolder::open(folder);
  if (!files) return files.error();
  std::uint64_t bytes = 0;
  for (const evidence::ExportFile& file : files->files()) bytes += file.size;
  OBERIH_TRY(name_it(folder));
  tell(*report, bytes, question_index);
  return {};
}

Result<> ExportWork::name_it(const fs::path& folder) {
  if (!is_archive()) return publish(folder, out_);
  const fs::path archive = making() += ".tar";
  std::error_code ignored;
  fs::remove(archive, ignored);
  const Result<ExportFolder> files = ExportFolder::open(folder);
  if (!files) return files.error();
  Result<> written = write_archive(*files, archive);
  if (written) written = publish(archive, out_);
  fs::remove(archive, ignored);
  return written;
}

void ExportWork::tell(const evidence::ExportReport& report, std::uint64_t bytes,
                      std::uint64_t question_index) {
  Console& console = context_.console();
  const std::string genesis = encoding::encode_hex(report.genesis);
  console.say(Sentence::export_made, {{"leaves", std::to_string(report.leaves)},
                                      {"size", std::to_string(report.size)},
                                      {"channels", std::to_string(report.channels.size())},
                                      {"path", out_.string()},
                                      {"bytes", format_bytes(bytes, console.language())},
                                      {"index", std::to_string(question_index)},
                                      {"genesis", genesis}});
  note_missing_quorum(console, report.cosigners);
  console.object({{"path", out_.string()},
                  {"leaves", report.leaves},
                  {"size", report.size},
                  {"channels", report.channels.size()},
                  {"bytes", bytes},
                  {"question_index", question_index},
                  {"genesis", genesis}});
}

}  // namespace oberih::client
