// SPDX-License-Identifier: Apache-2.0
// `oberih channel export`: what a member holds of one channel, as evidence for people who have no
// account: its chain, the directory, the proof that they stand in the journal and, where wanted,
// the texts that open here. That it was made is recorded first.
#include <algorithm>
#include <memory>

#include "client-cli/archive/export_folder.hpp"
#include "client-cli/commands/channel_search.hpp"
#include "client-cli/commands/command_tree.hpp"
#include "client-cli/commands/export_work.hpp"
#include "client-cli/verification/batch_proof_fetch.hpp"
#include "protocol/sealing/entry_facts.hpp"
#include "protocol/sealing/leaf_facts.hpp"

namespace oberih::client {
namespace {

struct ChannelExportOptions {
  std::string channel, out;
  bool texts = false;
};

/// INVARIANT of what the store holds: it was verified before it was put there.
LocalStoreFailure damaged_item() {
  return LocalStoreFailure("the local store: an item is damaged");
}

/// Evidence goes to people whom nobody knows beforehand, and into court: a text whose handling code
/// restricts it in any way stays out. Who wrote it may give it out.
bool is_for_everybody(const journal::Leaf& leaf) {
  const auto code = sealing::handling_of(sealing::facts_of(leaf).handling);
  return code && code->restriction == sealing::Restriction::none &&
         (code->traffic_light == sealing::TrafficLight::unmarked ||
          code->traffic_light == sealing::TrafficLight::clear);
}

class ChannelExport {
 public:
  ChannelExport(CommandContext& context, VerifiedChannel& channel,
                const ChannelExportOptions& options)
      : context_(context),
        session_(context.session()),
        channel_(channel),
        with_texts_(options.texts),
        work_(context, options.out) {}

  Result<> run();

 private:
  struct Beside {  // leaves that stand in no store of the channel
    std::uint64_t index = 0;
    Bytes leaf;
  };

  void take_beside();
  Result<> write_leaves(evidence::ExportSink& sink);
  Result<> write_beside(evidence::ExportSink& sink, std::uint64_t before);
  Result<> write_leaf(evidence::ExportSink& sink, std::uint64_t index, const Bytes& leaf);
  Result<> write_text(evidence::ExportSink& sink, const StoredItem& item,
                      const journal::Leaf& leaf);
  void note_people(ByteView record_body);
  Result<> write_proof(evidence::ExportSink& sink);

  CommandContext& context_;
  ClientSession& session_;
  VerifiedChannel& channel_;
  const bool with_texts_;
  ExportWork work_;
  RecordedQuestion question_;
  std::vector<Beside> beside_;  // ascending
  std::size_t written_beside_ = 0;
  std::vector<PlacedLeaf> leaves_;
  std::set<DeviceId> people_;  // whoever ever sat there: their names are of use
  std::uint64_t withheld_ = 0, closed_ = 0;
};

/// The directory as far as the checkpoint says, and the question.
void ChannelExport::take_beside() {
  for (const StoredDirectoryLeaf& each : session_.store().directory().leaves_after(0)) {
    if (each.count > question_.checkpoint.directory_count) break;
    beside_.push_back({each.index, each.leaf});
  }
  beside_.push_back({question_.index, question_.leaf});
  std::sort(beside_.begin(), beside_.end(),
            [](const Beside& a, const Beside& b) { return a.index < b.index; });
  people_.insert(session_.ring().device);
}

Result<> ChannelExport::write_leaf(evidence::ExportSink& sink, std::uint64_t index,
                                   const Bytes& leaf) {
  leaves_.push_back({index, journal::leaf_hash(leaf)});
  return sink.append(evidence::export_name::selection, evidence::encode_selected_leaf(index, leaf));
}

Result<> ChannelExport::write_beside(evidence::ExportSink& sink, std::uint64_t before) {
  for (; written_beside_ < beside_.size() && beside_[written_beside_].index < before;
       ++written_beside_)
    OBERIH_TRY(write_leaf(sink, beside_[written_beside_].index, beside_[written_beside_].leaf));
  return {};
}

void ChannelExport::note_people(ByteView record_body) {
  const auto signed_record = sealing::parse_record_body(record_body);
  const auto record =
      signed_record ? sealing::parse_record_content(signed_record->content) : signed_record.error();
  if (!record) throw damaged_item();
  for (const sealing::RosterLine& line : record->roster) people_.insert(line.device);
  if (record->change.grant) people_.insert(record->change.grant->auditor_device);
}

Result<> ChannelExport::write_text(evidence::ExportSink& sink, const StoredItem& item,
                                   const journal::Leaf& leaf) {
  const auto entry = sealing::parse_entry_body(leaf.body);
  const auto header = entry ? sealing::parse_header(entry->header) : entry.error();
  if (!header) throw damaged_item();
  people_.insert(header->sender);
  if (!with_texts_ || !item.ciphertext) return {};
  if (!is_for_everybody(leaf) && header->sender != session_.ring().device) {
    ++withheld_;
    return {};
  }
  const Result<MessageKey> key = channel_.keys().message_key(header->epoch);
  if (!key) {
    ++closed_;
    return {};
  }
  SymmetricKey prk = sealing::entry_prk(*entry, *key);
  // What does not open would spoil the whole export; the entry itself stands in it all the same.
  if (!sealing::open_entry_with_prk(*entry, *item.ciphertext, prk.view())) {
    ++closed_;
    return {};
  }
  return sink.append(
      evidence::export_name::texts,
      evidence::encode_exported_text({item.index, *item.ciphertext, std::move(prk)}));
}

/// An item at a time, however long the channel is.
Result<> ChannelExport::write_leaves(evidence::ExportSink& sink) {
  Result<> outcome;
  const auto take = [&](const StoredItem& item) -> Result<> {
    const Result<journal::Leaf> leaf = journal::parse_leaf(item.leaf);
    if (!leaf) throw damaged_item();
    OBERIH_TRY(write_beside(sink, item.index));
    OBERIH_TRY(write_leaf(sink, item.index, item.leaf));
    if (leaf->kind == journal::LeafKind::channel_record) note_people(leaf->body);
    if (leaf->kind == journal::LeafKind::entry) return write_text(sink, item, *leaf);
    return {};
  };
  session_.store().channels().for_each_item(channel_.id(), 0, [&](const StoredItem& item) {
    if (item.index >= question_.checkpoint.size) return false;
    outcome = take(item);
    return outcome.has_value();
  });
  if (!outcome) return outcome;
  return write_beside(sink, UINT64_MAX);
}

Result<> ChannelExport::write_proof(evidence::ExportSink& sink) {
  const Result<journal::ProofPath> proof =
      fetch_batch_proof(session_, leaves_, question_.checkpoint);
  if (!proof) return proof.error();
  Bytes hashes;
  for (const Digest& hash : *proof)
    hashes.insert(hashes.end(), hash.bytes.begin(), hash.bytes.end());
  return sink.append(evidence::export_name::proof, hashes);
}

Result<> ChannelExport::run() {
  OBERIH_TRY(work_.begin());
  evidence::ExportQuery query;
  query.channel = channel_.id();
  Result<RecordedQuestion> recorded = record_export_question(session_, query);
  if (!recorded) return recorded.error();
  question_ = std::move(*recorded);
  take_beside();
  Result<FolderSink> sink = FolderSink::create(work_.making());
  if (!sink) return sink.error();
  OBERIH_TRY(write_leaves(*sink));
  OBERIH_TRY(write_proof(*sink));
  OBERIH_TRY(evidence::write_export_frame(*sink,
                                          {evidence::ExportForm::excerpt, query, question_.index},
                                          question_.note, exported_names(session_, &people_)));
  OBERIH_TRY(work_.finish(work_.making(), question_.index));
  Console& console = context_.console();
  if (withheld_ != 0)
    console.note(Sentence::export_texts_withheld, {{"count", std::to_string(withheld_)}});
  if (closed_ != 0)
    console.note(Sentence::export_texts_closed, {{"count", std::to_string(closed_)}});
  return {};
}

Result<> export_channel(CommandContext& context, const ChannelExportOptions& options) {
  OBERIH_TRY(context.open_session(CommandContext::Reach::online));
  Result<VerifiedChannel> channel =
      find_channel(context, options.channel, CommandContext::Reach::online);
  if (!channel) return channel.error();
  OBERIH_TRY(context.session().read_names());
  context.take_interrupts();
  return ChannelExport(context, *channel, options).run();
}

}  // namespace

void add_channel_export_command(CommandTree& tree, CLI::App* group) {
  auto options = std::make_shared<ChannelExportOptions>();
  CLI::App* command = tree.command(
      group, "export", Sentence::help_channel_export,
      "oberih channel export 417 --texts --out 417.tar",
      [options](CommandContext& context) { return export_channel(context, *options); });
  command->add_option("channel", options->channel, tree.text(Sentence::help_option_channel))
      ->required();
  command->add_flag("--texts", options->texts,
                    tree.text(Sentence::help_option_channel_export_texts));
  command->add_option("--out", options->out, tree.text(Sentence::help_option_export_out))
      ->required();
}

}  // namespace oberih::client
