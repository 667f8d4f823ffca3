// SPDX-License-Identifier: Apache-2.0
// `oberih audit export`: the journal, or channels of it, as a folder or one archive that anybody
// can check offline. The question is recorded first. The whole journal is fetched and judged for a
// selection, too: only so is it proven that nothing was hidden.
#include <memory>

#include "client-cli/archive/export_folder.hpp"
#include "client-cli/commands/command_tree.hpp"
#include "client-cli/commands/export_work.hpp"
#include "client-cli/output/wall_time_input.hpp"
#include "client-cli/verification/grant_reader.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/utf8.hpp"
#include "protocol/sealing/grant_order.hpp"

namespace oberih::client {
namespace {

struct ExportOptions {
  bool all = false, texts = false;
  std::string channel, person, from, to, out;
  std::optional<std::string> case_number;  // none is another thing than an empty one
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

Result<std::string> case_number_of(const ExportOptions& options) {
  if (!options.case_number) return std::string();
  if (!options.channel.empty())
    return refuse(RefusalCode::usage, "--channel is narrower than --case: name one of them");
  std::string number = encoding::to_nfc(*options.case_number).value_or(*options.case_number);
  if (const char* fault = sealing::find_fault_of_words(number, sealing::export_case_bytes))
    return refuse(RefusalCode::usage, std::string("--case: ") + fault);
  return number;
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
  const Result<std::string> case_number = case_number_of(options);
  if (!case_number) return case_number.error();
  query.case_number = *case_number;
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
                "either --all, or one or more of --channel, --case, --person, --from and --to");
}

class JournalExport {
 public:
  JournalExport(CommandContext& context, const ExportOptions& options,
                const evidence::ExportQuery& query)
      : context_(context), session_(context.session()), query_(query), work_(context, options.out) {
    if (options.texts) granted_.emplace(session_, query.channel);
  }

  Result<> run();

 private:
  Result<> read_granted();
  Result<> select();
  Result<> write_frame(evidence::ExportSink& sink);
  Result<> write_texts(evidence::ExportSink& sink);

  CommandContext& context_;
  ClientSession& session_;
  const evidence::ExportQuery query_;
  ExportWork work_;
  std::optional<GrantReader> granted_;  // where texts are wanted
  RecordedQuestion question_;
};

/// Before the question, so that the export shows that they were read, too.
Result<> JournalExport::read_granted() {
  if (!granted_) return {};
  return granted_->read(sealing::ReadingDepth::contents);
}

Result<> JournalExport::write_frame(evidence::ExportSink& sink) {
  const auto form =
      query_.is_whole() ? evidence::ExportForm::whole : evidence::ExportForm::selection;
  OBERIH_TRY(evidence::write_export_frame(sink, {form, query_, question_.index}, question_.note,
                                          exported_names(session_)));
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

Result<> JournalExport::select() {
  const Result<ExportFolder> leaves = ExportFolder::open(work_.leaves());
  if (!leaves) return leaves.error();
  Result<FolderSink> sink = FolderSink::create(work_.making());
  if (!sink) return sink.error();
  Result<> written =
      evidence::write_selection(*leaves, question_.checkpoint.size, session_.profile().genesis_hash,
                                {evidence::ExportForm::selection, query_, question_.index}, *sink);
  const bool fits_none = !written && written.error().code == RefusalCode::not_found;
  if (fits_none && !query_.case_number.empty())
    context_.console().note(Sentence::export_no_case,
                            {{"case", encoding::printable(query_.case_number)}});
  return written;
}

Result<> JournalExport::run() {
  OBERIH_TRY(work_.begin());
  OBERIH_TRY(session_.read_names());
  OBERIH_TRY(read_granted());
  Result<RecordedQuestion> recorded = record_export_question(session_, query_);
  if (!recorded) return recorded.error();
  question_ = std::move(*recorded);
  OBERIH_TRY(work_.fetch(question_.checkpoint));
  const auto folder = query_.is_whole() ? work_.leaves() : work_.making();
  if (!query_.is_whole()) OBERIH_TRY(select());
  FolderSink sink = FolderSink::reopen(folder);
  OBERIH_TRY(write_frame(sink));
  return work_.finish(folder, question_.index);
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
  command->add_option_function<std::string>(
      "--case", [options](const std::string& typed) { options->case_number = typed; },
      tree.text(Sentence::help_option_export_case));
  command->add_option("--from", options->from, tree.text(Sentence::help_option_export_from));
  command->add_option("--to", options->to, tree.text(Sentence::help_option_export_to));
  command->add_flag("--texts", options->texts, tree.text(Sentence::help_option_export_texts));
  command->add_option("--out", options->out, tree.text(Sentence::help_option_export_out))
      ->required();
}

}  // namespace oberih::client
