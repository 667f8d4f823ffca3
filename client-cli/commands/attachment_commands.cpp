// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <nlohmann/json.hpp>

#include "client-cli/commands/channel_search.hpp"
#include "client-cli/commands/command_tree.hpp"
#include "client-cli/output/progress_bar.hpp"
#include "client-cli/verification/attachment_download.hpp"
#include "client-cli/verification/channel_history.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::client {
namespace {

struct AttachmentOptions {
  std::string channel, to;
  std::uint64_t entry = 0;
  std::size_t number = 0;  // 0: the only one
  bool force = false;
};

Result<sealing::Attachment> pick(std::vector<sealing::Attachment> attachments, std::size_t number) {
  if (attachments.empty()) return refuse(RefusalCode::usage, "this entry has no attachments");
  if (number == 0 && attachments.size() > 1)
    return refuse(RefusalCode::usage, "this entry has " + std::to_string(attachments.size()) +
                                          " attachments: say which one");
  if (number > attachments.size())
    return refuse(RefusalCode::usage, "this entry has no attachment " + std::to_string(number));
  return std::move(attachments[number == 0 ? 0 : number - 1]);
}

Result<sealing::Attachment> find_attachment(CommandContext& context, VerifiedChannel& channel,
                                            const AttachmentOptions& options) {
  ChannelHistory history(context.session().store(), channel.keys(), channel.id());
  Result<sealing::Attachment> found =
      refuse(RefusalCode::not_found, "the channel has no entry " + std::to_string(options.entry));
  if (options.entry == 0) return found;
  history.for_each(options.entry - 1, [&](HistoryItem& item) {
    if (item.seq != options.entry) return false;
    found = pick(std::move(item.attachments), options.number);
    return false;
  });
  return found;
}

/// INVARIANT: the name is one component of a path (the parser of the entry made sure).
std::filesystem::path target_of(const AttachmentOptions& options, const std::string& name) {
  if (options.to.empty()) return std::filesystem::path(".") / name;
  std::error_code error;
  if (std::filesystem::is_directory(options.to, error))
    return std::filesystem::path(options.to) / name;
  return options.to;
}

Result<> save(CommandContext& context, const AttachmentOptions& options) {
  OBERIH_TRY(context.open_session(CommandContext::Reach::online));
  Result<VerifiedChannel> channel =
      find_channel(context, options.channel, CommandContext::Reach::online);
  if (!channel) return channel.error();
  Result<sealing::Attachment> attachment = find_attachment(context, *channel, options);
  if (!attachment) return attachment.error();
  const std::filesystem::path target = target_of(options, attachment->name);
  const auto replace = options.force ? IncomingFile::Replace::yes : IncomingFile::Replace::no;
  std::error_code error;
  if (!options.force && std::filesystem::exists(std::filesystem::symlink_status(target, error)))
    return refuse(RefusalCode::usage, target.string() + ": exists; --force replaces it");
  Result<IncomingFile> file = IncomingFile::create(target);
  if (!file) return file.error();
  Console& console = context.console();
  {
    ProgressBar bar(console, console.text(Sentence::attachment_download,
                                          {{"name", encoding::printable(attachment->name)}}));
    OBERIH_TRY(fetch_attachment(
        context.session(), channel->id(), *attachment,
        [&](ByteView part) { return file->write(part); },
        [&](std::uint64_t done, std::uint64_t in_all) { bar.show(done, in_all); }));
  }
  OBERIH_TRY(file->finish(replace));
  console.say(Sentence::attachment_saved, {{"file", encoding::printable(target.string())}});
  console.object({{"file", target.string()},
                  {"name", attachment->name},
                  {"size", attachment->size},
                  {"content", encoding::encode_hex(attachment->content)}});
  return {};
}

}  // namespace

void add_attachment_commands(CommandTree& tree) {
  CLI::App* group = tree.group("attachment", Sentence::help_attachment);
  auto options = std::make_shared<AttachmentOptions>();
  CLI::App* command = tree.command(
      group, "save", Sentence::help_attachment_save, "oberih attachment save 417 12 --to /tmp",
      [options](CommandContext& context) { return save(context, *options); });
  command->add_option("channel", options->channel, tree.text(Sentence::help_option_channel))
      ->required();
  command->add_option("entry", options->entry, tree.text(Sentence::help_option_entry_seq))
      ->required();
  command->add_option("number", options->number,
                      tree.text(Sentence::help_option_attachment_number));
  command->add_option("--to", options->to, tree.text(Sentence::help_option_save_to));
  command->add_flag("--force", options->force, tree.text(Sentence::help_option_force));
}

}  // namespace oberih::client
