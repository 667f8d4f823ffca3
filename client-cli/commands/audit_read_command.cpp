// SPDX-License-Identifier: Apache-2.0
// `oberih audit read`: a channel as an auditor sees it. Every leaf is shown; what a grant opens is
// opened here, of the rest that it is sealed.
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "client-cli/commands/command_tree.hpp"
#include "client-cli/commands/device_search.hpp"
#include "client-cli/commands/message_view.hpp"
#include "client-cli/keyring/attached_file.hpp"
#include "client-cli/verification/attachment_download.hpp"
#include "client-cli/verification/grant_reader.hpp"
#include "protocol/encoding/case_folding.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::client {
namespace {

using encoding::printable;

struct AuditReadOptions {
  std::string channel, save_to;
  std::string text;  // entries that hold it alone; empty: all
  bool metadata = false;
};

enum class Seal { none, opened, not_granted, withheld, unreadable };

Seal seal_of(const AuditedItem& audited) {
  if (!audited.epoch) return Seal::none;
  if (audited.prk) return Seal::opened;
  if (!audited.is_granted) return Seal::not_granted;
  return audited.stored.ciphertext ? Seal::unreadable : Seal::withheld;
}

std::string_view name_of(Seal seal) {
  switch (seal) {
    case Seal::none:
    case Seal::opened:
      return "opened";
    case Seal::not_granted:
      return "not_granted";
    case Seal::withheld:
      return "withheld";
    case Seal::unreadable:
      return "unreadable";
  }
  return "unreadable";
}

/// All words of an entry that was opened, each on a line, as they are searched.
std::string words_in(const HistoryItem& item) {
  std::string words = item.text;
  const auto add = [&](const std::string& more) { words += '\n' + more; };
  if (item.task_event && item.task_event->text) {
    add(item.task_event->text->title);
    add(item.task_event->text->words);
  }
  if (item.hearing_event && item.hearing_event->text) {
    add(item.hearing_event->text->words);
    if (const auto& summons = item.hearing_event->text->summons) add(summons->case_number);
  }
  for (const sealing::Attachment& attachment : item.attachments) add(attachment.name);
  return encoding::fold_case(words).value_or(words);
}

class AuditView {
 public:
  AuditView(CommandContext& context, GrantReader& reader, const AuditReadOptions& options)
      : context_(context),
        reader_(reader),
        options_(options),
        history_(context.session().store(), reader, reader.channel()),
        view_(context, reader.channel()),
        wanted_(encoding::fold_case(options.text).value_or(options.text)) {
    for (const AuditedItem& item : reader.items()) {
      sealed_ += item.epoch.has_value();
      opened_ += item.prk.has_value();
    }
  }

  Result<> show() {
    show_heading();
    for (const AuditedItem& audited : reader_.items()) {
      HistoryItem item = history_.decode(audited.stored);
      if (!is_wanted(audited, item)) continue;
      ++shown_;
      print(audited, item);
      if (!options_.save_to.empty()) OBERIH_TRY(save_attachments(item));
      if (!context_.console().is_writable()) break;
    }
    if (!wanted_.empty())
      context_.console().note(Sentence::audit_searched, {{"found", std::to_string(shown_)},
                                                         {"opened", std::to_string(opened_)},
                                                         {"sealed", std::to_string(sealed_)}});
    return {};
  }

 private:
  bool is_wanted(const AuditedItem& audited, const HistoryItem& item) const {
    if (wanted_.empty()) return true;
    return seal_of(audited) == Seal::opened && words_in(item).find(wanted_) != std::string::npos;
  }

  void show_heading() {
    Console& console = context_.console();
    console.say(Sentence::audit_heading,
                {{"id", encoding::encode_hex(reader_.channel()).substr(0, 8)},
                 {"leaves", std::to_string(reader_.items().size())},
                 {"size", std::to_string(reader_.proven_size())},
                 {"opened", std::to_string(opened_)},
                 {"sealed", std::to_string(sealed_)}});
    console.object({{"type", "audit"},
                    {"channel", encoding::encode_hex(reader_.channel())},
                    {"leaves", reader_.items().size()},
                    {"proven_size", reader_.proven_size()},
                    {"sealed", sealed_},
                    {"opened", opened_}});
    show_wrong_keys();
  }

  void show_wrong_keys() {
    const VerifiedDirectory& directory = context_.session().verified_directory();
    for (const WrongKey& wrong : reader_.wrong_keys()) {
      context_.console().note(Sentence::audit_wrong_key,
                              {{"who", describe_device(directory, wrong.author)},
                               {"epoch", std::to_string(wrong.epoch)},
                               {"why", wrong.why}});
      context_.console().object({{"type", "wrong_key"},
                                 {"epoch", wrong.epoch},
                                 {"author", encoding::encode_hex(wrong.author)},
                                 {"why", wrong.why}});
    }
  }

  void print(const AuditedItem& audited, HistoryItem& item) {
    const Seal seal = seal_of(audited);
    if (context_.console().is_json()) {
      nlohmann::ordered_json json = view_.object_of(item);
      if (audited.epoch) {
        json["epoch"] = *audited.epoch;
        json["granted"] = audited.is_granted;
        json["seal"] = name_of(seal);
      }
      return context_.console().object(json);
    }
    if (std::optional<std::string> words = words_of(seal, item)) {
      item.what = HistoryItem::What::text;
      item.text = std::move(*words);
    }
    view_.print(item);
  }

  /// What stands in the place of an entry that is sealed here, or whose line needs what a member
  /// has stored. Nothing: as a member is shown it.
  std::optional<std::string> words_of(Seal seal, const HistoryItem& item) const {
    const Console& console = context_.console();
    switch (seal) {
      case Seal::not_granted:
        return console.text(Sentence::audit_not_granted, {{"epoch", std::to_string(item.epoch)}});
      case Seal::withheld:
        return console.text(Sentence::audit_withheld);
      case Seal::unreadable:
        return console.text(Sentence::grant_not_opened);
      case Seal::none:
      case Seal::opened:
        break;
    }
    if (item.task_event && item.task_event->text)
      return console.text(Sentence::audit_task_line,
                          {{"task", encoding::encode_hex(item.task_event->facts.task).substr(0, 8)},
                           {"action", std::string(sealing::name_of(item.task_event->facts.action))},
                           {"title", printable(item.task_event->text->title)},
                           {"words", printable(item.task_event->text->words)}});
    if (!item.hearing_event || !item.hearing_event->text) return std::nullopt;
    const sealing::HearingText& text = *item.hearing_event->text;
    return console.text(
        Sentence::audit_hearing_line,
        {{"hearing", encoding::encode_hex(item.hearing_event->facts.hearing).substr(0, 8)},
         {"verb", std::string(sealing::name_of(item.hearing_event->facts.verb))},
         {"case", text.summons ? printable(text.summons->case_number) : std::string()},
         {"words", printable(text.words)}});
  }

  /// INVARIANT: an attachment's name is one component of a path.
  Result<> save_attachments(const HistoryItem& item) {
    for (const sealing::Attachment& attachment : item.attachments) {
      const std::filesystem::path target = std::filesystem::path(options_.save_to) /
                                           (std::to_string(item.seq) + "-" + attachment.name);
      Result<IncomingFile> file = IncomingFile::create(target);
      if (!file) return file.error();
      OBERIH_TRY(fetch_attachment(context_.session(), reader_.channel(), attachment,
                                  [&](ByteView part) { return file->write(part); }, {}));
      OBERIH_TRY(file->finish(IncomingFile::Replace::no));
      context_.console().say(Sentence::audit_attachment_saved,
                             {{"file", printable(target.string())}});
      context_.console().object({{"type", "attachment"},
                                 {"channel_seq", item.seq},
                                 {"file", target.string()},
                                 {"content", encoding::encode_hex(attachment.content)}});
    }
    return {};
  }

  CommandContext& context_;
  GrantReader& reader_;
  const AuditReadOptions& options_;
  ChannelHistory history_;
  MessageView view_;
  const std::string wanted_;  // folded; empty: everything
  std::size_t sealed_ = 0, opened_ = 0, shown_ = 0;
};

Result<> read_channel_for_audit(CommandContext& context, const AuditReadOptions& options) {
  const auto channel = encoding::decode_hex_as<ChannelId>(options.channel);
  if (!channel) return refuse(RefusalCode::usage, "name the channel by the 64 digits of its id");
  OBERIH_TRY(context.open_session(CommandContext::Reach::online));
  context.set_about_channel();
  GrantReader reader(context.session(), *channel);
  const Result<> read = reader.read(options.metadata ? sealing::ReadingDepth::leaves
                                                     : sealing::ReadingDepth::contents);
  if (!read && read.error().code == RefusalCode::not_found && !options.metadata)
    return refuse(RefusalCode::not_found, context.console().text(Sentence::audit_no_grant));
  if (!read) return read.error();
  OBERIH_TRY(context.session().read_names());
  return AuditView(context, reader, options).show();
}

}  // namespace

void add_audit_read_command(CommandTree& tree, CLI::App* group) {
  auto options = std::make_shared<AuditReadOptions>();
  CLI::App* command = tree.command(
      group, "read", Sentence::help_audit_read, "oberih audit read 3f9a...02c1",
      [options](CommandContext& context) { return read_channel_for_audit(context, *options); });
  command->add_option("channel", options->channel, tree.text(Sentence::help_option_channel_id))
      ->required();
  CLI::Option* text =
      command->add_option("--text", options->text, tree.text(Sentence::help_option_audit_text));
  command->add_flag("--metadata", options->metadata, tree.text(Sentence::help_option_metadata))
      ->excludes(text);
  command->add_option("--save-attachments", options->save_to,
                      tree.text(Sentence::help_option_save_attachments));
}

}  // namespace oberih::client
