// SPDX-License-Identifier: Apache-2.0
#include <deque>
#include <memory>
#include <nlohmann/json.hpp>

#include "client-cli/commands/attachment_posting.hpp"
#include "client-cli/commands/channel_search.hpp"
#include "client-cli/commands/command_tree.hpp"
#include "client-cli/commands/handling_options.hpp"
#include "client-cli/commands/input_file.hpp"
#include "client-cli/commands/message_view.hpp"
#include "client-cli/commands/shown_items.hpp"
#include "client-cli/verification/entry_sender.hpp"
#include "protocol/encoding/hex.hpp"

namespace oberih::client {
namespace {

struct MessageOptions {
  std::string channel, text, file;
  std::vector<std::string> attach;
  HandlingOptions handling;
  bool ask_acknowledgement = false, ask_receipt = false, urgent = false;
  bool count_as_opened = false;
  std::size_t last = 0;  // 0: all
  bool everything = false;
  bool offline = false;
};

Result<Bytes> facts_of(const MessageOptions& options) {
  sealing::CommonFacts facts;
  Result<sealing::HandlingCode> handling = read_handling(options.handling);
  if (!handling) return handling.error();
  facts.handling = *handling;
  if (options.urgent) facts.priority = sealing::priority_urgent;
  const auto ask = [&](bool wanted, sealing::AsksFor what) {
    if (wanted) facts.asks_for |= static_cast<std::uint8_t>(what);
  };
  ask(options.ask_receipt, sealing::AsksFor::receipt_at_once);
  // Whoever marks an entry urgent is to learn that nobody has it; it is asked for until they have.
  ask(options.ask_acknowledgement || options.urgent, sealing::AsksFor::acknowledgement);
  return sealing::encode_common_facts(facts);
}

bool is_in_outbox(ClientSession& session, const ChannelId& channel) {
  return !session.store().outbox().list(channel).empty();
}

Result<> post(CommandContext& context, const MessageOptions& options) {
  Result<std::string> text = std::string();
  if (options.attach.empty() || !options.text.empty() || !options.file.empty())
    text = read_message_text(options.text, options.file);
  if (!text) return text.error();
  Result<Bytes> facts = facts_of(options);
  if (!facts) return facts.error();
  OBERIH_TRY(context.open_session(CommandContext::Reach::online));
  ClientSession& session = context.session();
  Result<VerifiedChannel> channel =
      find_channel(context, options.channel, CommandContext::Reach::online);
  if (!channel) return channel.error();
  Console& console = context.console();
  sealing::MessageText message{sealing::MessageWhat::text, std::move(*text)};
  AttachmentPosting attached(context, channel->id());
  OBERIH_TRY(attached.send(options.attach, message));
  Result<wire::Appended> appended = EntrySender(session).post(*channel, message, std::move(*facts));
  attached.settle(appended.has_value(), message);
  if (!appended) {
    if (is_in_outbox(session, channel->id())) console.note(Sentence::post_outcome_unknown);
    return appended.error();
  }
  console.say(Sentence::message_posted, {{"seq", std::to_string(appended->channel_seq)},
                                         {"index", std::to_string(appended->index)}});
  console.object({{"channel", encoding::encode_hex(channel->id())},
                  {"channel_seq", appended->channel_seq},
                  {"index", appended->index},
                  {"leaf_hash", encoding::encode_hex(appended->leaf_hash)},
                  {"server_ms", appended->server_ms}});
  return {};
}

void print_history(CommandContext& context, VerifiedChannel& channel,
                   const MessageOptions& options) {
  LocalStore& store = context.session().store();
  ChannelHistory history(store, channel.keys(), channel.id());
  MessageView view(context, channel.id());
  Shown shown = options.everything ? Shown::everything : Shown::messages;
  std::deque<std::uint64_t> newest;  // places of the last ones that are shown
  std::uint64_t after = 0;
  if (options.last != 0) {
    history.for_each(0, [&](const HistoryItem& item) {
      if (MessageView::is_shown(item, shown)) newest.push_back(item.seq);
      if (newest.size() > options.last) newest.pop_front();
      return true;
    });
    after = newest.empty() ? channel.state().newest_seq() : newest.front() - 1;
  }
  ShownItems shown_items(context, channel, after);
  history.for_each(after, [&](const HistoryItem& item) {
    if (MessageView::is_shown(item, shown)) view.print(item);
    shown_items.add(item);
    return context.console().is_writable();
  });
  if (!shown_items.note(options.count_as_opened))
    context.console().note(Sentence::earlier_not_shown);
  store.channels().put_shown_seq(channel.id(), channel.state().newest_seq());
}

Result<> read(CommandContext& context, const MessageOptions& options) {
  auto reach = options.offline ? CommandContext::Reach::offline : CommandContext::Reach::online;
  OBERIH_TRY(context.open_session(reach));
  Result<VerifiedChannel> channel = find_channel(context, options.channel, reach);
  if (!channel) return channel.error();
  if (!options.offline) OBERIH_TRY(context.session().read_names());
  if (!options.offline) AttachmentUpload(context.session(), channel->id()).tell_kept();
  print_history(context, *channel, options);
  return {};
}

}  // namespace

void add_message_commands(CommandTree& tree) {
  CLI::App* group = tree.group("message", Sentence::help_message);
  auto options = std::make_shared<MessageOptions>();
  auto with = [options](auto function) {
    return [options, function](CommandContext& context) { return function(context, *options); };
  };
  CLI::App* command = tree.command(
      group, "post", Sentence::help_message_post,
      "oberih message post 417 \"Затримано двох підозрюваних. Потрібне погодження.\"", with(post));
  command->add_option("channel", options->channel, tree.text(Sentence::help_option_channel))
      ->required();
  command->add_option("text", options->text, tree.text(Sentence::help_option_text));
  command->add_option("--file", options->file, tree.text(Sentence::help_option_file));
  command->add_option("--attach", options->attach, tree.text(Sentence::help_option_attach))
      ->type_name("FILE")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);

  add_handling_options(tree, command, options->handling);
  command->add_flag("--ask-acknowledgement", options->ask_acknowledgement,
                    tree.text(Sentence::help_option_ask_acknowledgement));
  command->add_flag("--ask-receipt", options->ask_receipt,
                    tree.text(Sentence::help_option_ask_receipt));
  command->add_flag("--urgent", options->urgent, tree.text(Sentence::help_option_urgent));

  command = tree.command(group, "read", Sentence::help_message_read,
                         "oberih message read 417 --last 20", with(read));
  command->add_option("channel", options->channel, tree.text(Sentence::help_option_channel))
      ->required();
  command->add_option("--last", options->last, tree.text(Sentence::help_option_last));
  command->add_flag("--all", options->everything, tree.text(Sentence::help_option_everything));
  command->add_flag("--offline", options->offline, tree.text(Sentence::help_option_offline));
  command->add_flag("--count-as-opened", options->count_as_opened,
                    tree.text(Sentence::help_option_count_as_opened));
  add_follow_command(tree, group);
  add_forward_command(tree, group);
}

}  // namespace oberih::client
