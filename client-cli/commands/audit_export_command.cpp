// SPDX-License-Identifier: Apache-2.0
// `oberih audit export`: the journal, or channels of it, as a folder or one archive that anybody
// can check offline. The question is recorded first. The whole journal is fetched and judged for a
// selection, too: only so is it proven that nothing was hidden.
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "client-cli/archive/checked_export.hpp"
#include "client-cli/archive/export_archive.hpp"
#include "client-cli/commands/command_tree.hpp"
#include "client-cli/output/byte_count.hpp"
#include "client-cli/output/progress_bar.hpp"
#include "client-cli/output/wall_time_input.hpp"
#include "client-cli/verification/grant_reader.hpp"
#include "client-cli/verification/journal_download.hpp"
#include "client-cli/verification/witnessed_cover.hpp"
#include "protocol/encoding/hex.hpp"

namespace oberih::client {
namespace {

constexpr int attempts_to_cover = 5;  // each waits as long as is promised
constexpr std::chrono::seconds witness_patience{10};

namespace fs = std::filesystem;
using encoding::encode_hex;

struct ExportOptions {
  bool all = false, texts = false;
  std::string channel, person, from, to, out;
};

/// A folder beside the result, for the time of the work.
class WorkFolder {
 public:
  explicit WorkFolder(fs::path folder) : folder_(std::move(folder)) {}
  ~WorkFolder() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;
  const fs::path& path() const { return folder_; }

 private:
  fs::path folder_;
};

Result<Milliseconds> export_time(const std::string& option, const std::string& typed) {
  if (typed.empty()) return Milliseconds{0};
  const std::optional<WallTime> time = parse_wall_time(typed);
  if (!time || find_fault(*time))
    return refuse(RefusalCode::usage, option + " takes a time like '2027-03-04 10:00'");
  return moment_of(*time);
}

/// INVARIANT of audited items: they parse.
Milliseconds time_of(const AuditedItem& item) {
  return journal::parse_leaf(item.stored.leaf)->server_ms;
}

Result<evidence::ExportQuery> query_of(const ExportOptions& options) {
  evidence::ExportQuery query;
  if (!options.channel.empty()) {
    const auto id = encoding::decode_hex_as<ChannelId>(options.channel);
    if (!id) return refuse(RefusalCode::usage, "--channel takes the 64 digits of a channel");
    query.channel = *id;
  }
  if (!options.person.empty()) {
    const auto id = encoding::decode_hex_as<PersonId>(options.person);
    if (!id) return refuse(RefusalCode::usage, "--person takes the 32 digits of a person");
    query.person = *id;
  }
  const Result<Milliseconds> from = export_time("--from", options.from);
  if (!from) return from.error();
  const Result<Milliseconds> to = export_time("--to", options.to);
  if (!to) return to.error();
  query.from_ms = *from;
  query.to_ms = *to;
  if (query.to_ms != 0 && query.to_ms <= query.from_ms)
    return refuse(RefusalCode::usage, "--to lies behind --from");
  if (options.texts && query.channel.is_zero())
    return refuse(RefusalCode::usage, "--texts goes with --channel: a grant is of one channel");
  if (options.all == query.is_whole()) return query;
  return refuse(RefusalCode::usage,
                "either --all, or one or more of --channel, --person, --from and --to");
}

class JournalExport {
 public:
  JournalExport(CommandContext& context, const ExportOptions& options,
                const evidence::ExportQuery& query)
      : context_(context), session_(context.session()), query_(query), out_(options.out) {
    if (options.texts) granted_.emplace(session_, query.channel);
  }

  Result<> run();

 private:
  Result<> read_granted();
  Result<> record_question();
  Result<> take_checkpoint();
  Result<> fetch(const fs::path& folder);
  Result<> select(const fs::path& whole, const fs::path& folder);
  Result<> write_frame(evidence::ExportSink& sink);
  Result<> write_texts(evidence::ExportSink& sink);
  Result<> finish(const fs::path& folder);
  std::vector<evidence::ExportedName> names();
  void tell(const evidence::ExportReport& report, std::uint64_t bytes);
  bool is_archive() const { return out_.extension() == ".tar"; }
  fs::path beside(const char* suffix) const { return fs::path(out_) += suffix; }

  CommandContext& context_;
  ClientSession& session_;
  const evidence::ExportQuery query_;
  const fs::path out_;
  std::optional<GrantReader> granted_;  // where texts are wanted
  std::uint64_t question_index_ = 0;
  std::string note_;
  journal::Checkpoint checkpoint_;
};

/// Before the question, so that the export shows that they were read, too.
Result<> JournalExport::read_granted() {
  if (!granted_) return {};
  return granted_->read(sealing::ReadingDepth::contents);
}

Result<> JournalExport::record_question() {
  const auto head = session_.verified_directory().newest_checkpoint();
  if (!head || head->size == 0) return refuse(RefusalCode::unavailable, "no checkpoint yet");
  const sealing::SignedAuditQuestion question =
      sealing::sign_audit_question({sealing::AuditWhat::export_, session_.ring().device, head->size,
                                    evidence::encode_export_query(query_), wall_clock_ms()},
                                   session_.signer());
  const Result<wire::Appended> recorded = session_.ask(
      wire::AuditExport{sealing::encode_audit_content(question.question), question.signature});
  if (!recorded) return recorded.error();
  question_index_ = recorded->index;
  const PlacedLeaf leaf{recorded->index, recorded->leaf_hash};
  for (int attempt = 0; attempt < attempts_to_cover; ++attempt) {
    const Result<std::uint64_t> covered = session_.prove(std::span(&leaf, 1));
    if (!covered) return covered.error();
    if (*covered > question_index_) return {};
  }
  return refuse(RefusalCode::unavailable, "no checkpoint covers the question yet");
}

/// One that covers the question: that it was asked is part of what is exported. With the word of
/// the witnesses, where it comes in time: the report says whether it did.
Result<> JournalExport::take_checkpoint() {
  const auto witnessed = await_witnessed_cover(session_, question_index_, witness_patience);
  if (!witnessed) return witnessed.error();
  const auto head = session_.verified_directory().newest_checkpoint();
  if (!head || head->size <= question_index_)
    return refuse(RefusalCode::unavailable, "no checkpoint covers the question yet");
  note_ = witnessed->value_or(head->note);
  const Result<journal::Checkpoint> checkpoint =
      session_.verified_directory().open_checkpoint(note_);
  if (!checkpoint) return checkpoint.error();
  checkpoint_ = *checkpoint;
  return {};
}

Result<> JournalExport::fetch(const fs::path& folder) {
  Result<FolderSink> sink = FolderSink::create(folder);
  if (!sink) return sink.error();
  ProgressBar progress(context_.console(), context_.console().text(Sentence::export_fetching));
  return download_journal(
      session_, context_.event_loop(), checkpoint_, *sink,
      [&](std::uint64_t done, std::uint64_t in_all) { progress.show(done, in_all); });
}

std::vector<evidence::ExportedName> JournalExport::names() {
  std::vector<evidence::ExportedName> names;
  for (const sealing::NameCard& card : session_.store().directory().name_cards())
    if (session_.verified_directory().find_name(card.device) == card.name)
      names.push_back({card.device, card.salt, card.name});
  std::sort(names.begin(), names.end(),
            [](const auto& a, const auto& b) { return a.device < b.device; });
  return names;
}

Result<> JournalExport::write_frame(evidence::ExportSink& sink) {
  const auto form =
      query_.is_whole() ? evidence::ExportForm::whole : evidence::ExportForm::selection;
  OBERIH_TRY(evidence::write_export_frame(sink, {form, query_, question_index_}, note_, names()));
  return write_texts(sink);
}

/// Each with the key that opens it and no other entry.
Result<> JournalExport::write_texts(evidence::ExportSink& sink) {
  if (!granted_) return {};
  for (const AuditedItem& item : granted_->items()) {
    if (!item.prk || !item.stored.ciphertext) continue;
    if (query_.to_ms != 0 && time_of(item) >= query_.to_ms) continue;
    OBERIH_TRY(sink.append(evidence::export_name::texts,
                           evidence::encode_exported_text(
                               {item.stored.index, *item.stored.ciphertext, item.prk->copy()})));
  }
  return {};
}

Result<> JournalExport::select(const fs::path& whole, const fs::path& folder) {
  const Result<ExportFolder> leaves = ExportFolder::open(whole);
  if (!leaves) return leaves.error();
  Result<FolderSink> sink = FolderSink::create(folder);
  if (!sink) return sink.error();
  return evidence::write_selection(*leaves, checkpoint_.size, session_.profile().genesis_hash,
                                   {evidence::ExportForm::selection, query_, question_index_},
                                   *sink);
}

Result<> JournalExport::run() {
  if (std::error_code error; out_.empty() || fs::exists(out_, error))
    return refuse(RefusalCode::usage, "--out: " + out_.string() + " is there already");
  OBERIH_TRY(session_.read_names());
  OBERIH_TRY(read_granted());
  OBERIH_TRY(record_question());
  OBERIH_TRY(take_checkpoint());
  const WorkFolder fetched(beside(".leaves"));
  const WorkFolder made(beside(".unfinished"));
  OBERIH_TRY(fetch(query_.is_whole() ? made.path() : fetched.path()));
  if (!query_.is_whole()) OBERIH_TRY(select(fetched.path(), made.path()));
  return finish(made.path());
}

/// The result bears its name only when all of it was checked.
Result<> JournalExport::finish(const fs::path& folder) {
  FolderSink sink = FolderSink::reopen(folder);
  OBERIH_TRY(write_frame(sink));
  ProgressBar progress(context_.console(), context_.console().text(Sentence::export_checking));
  const auto report = complete_export(folder, session_.profile().genesis_hash,
                                      [&](std::uint64_t done, std::uint64_t in_all) {
                                        if (in_all != 0) progress.show(done, in_all);
                                      });
  progress.clear();
  if (!report) return report.error();
  const Result<ExportFolder> files = ExportFolder::open(folder);
  if (!files) return files.error();
  std::uint64_t bytes = 0;
  for (const evidence::ExportFile& file : files->files()) bytes += file.size;
  if (is_archive()) {
    OBERIH_TRY(write_archive(*files, out_));
  } else if (std::error_code error; fs::rename(folder, out_, error), error) {
    return refuse(RefusalCode::usage, out_.string() + ": " + error.message());
  }
  tell(*report, bytes);
  return {};
}

void JournalExport::tell(const evidence::ExportReport& report, std::uint64_t bytes) {
  Console& console = context_.console();
  const std::string genesis = encode_hex(report.genesis);
  console.say(Sentence::export_made, {{"leaves", std::to_string(report.leaves)},
                                      {"size", std::to_string(report.size)},
                                      {"channels", std::to_string(report.channels.size())},
                                      {"path", out_.string()},
                                      {"bytes", format_bytes(bytes, console.language())},
                                      {"index", std::to_string(question_index_)},
                                      {"genesis", genesis}});
  if (report.known_witnesses > 0 && !report.quorum_s)
    console.note(Sentence::export_made_unwitnessed);
  console.object({{"path", out_.string()},
                  {"leaves", report.leaves},
                  {"size", report.size},
                  {"channels", report.channels.size()},
                  {"bytes", bytes},
                  {"question_index", question_index_},
                  {"genesis", genesis}});
}

Result<> export_journal(CommandContext& context, const ExportOptions& options) {
  const Result<evidence::ExportQuery> query = query_of(options);
  if (!query) return query.error();
  OBERIH_TRY(context.open_session(CommandContext::Reach::online));
  context.take_interrupts();
  return JournalExport(context, options, *query).run();
}

}  // namespace

void add_audit_export_command(CommandTree& tree, CLI::App* audit) {
  auto options = std::make_shared<ExportOptions>();
  CLI::App* command = tree.command(
      audit, "export", Sentence::help_audit_export, "oberih audit export --all --out journal.tar",
      [options](CommandContext& context) { return export_journal(context, *options); });
  command->add_flag("--all", options->all, tree.text(Sentence::help_option_export_all));
  command->add_option("--channel", options->channel,
                      tree.text(Sentence::help_option_export_channel));
  command->add_option("--person", options->person, tree.text(Sentence::help_option_export_person));
  command->add_option("--from", options->from, tree.text(Sentence::help_option_export_from));
  command->add_option("--to", options->to, tree.text(Sentence::help_option_export_to));
  command->add_flag("--texts", options->texts, tree.text(Sentence::help_option_export_texts));
  command->add_option("--out", options->out, tree.text(Sentence::help_option_export_out))
      ->required();
}

}  // namespace oberih::client
