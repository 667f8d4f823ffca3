// SPDX-License-Identifier: Apache-2.0
// `message forward`: the text of an entry into another channel, with where it is from and with its
// handling code. What the code forbids is refused here: no server could see it.
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "client-cli/commands/channel_search.hpp"
#include "client-cli/commands/command_tree.hpp"
#include "client-cli/commands/device_search.hpp"
#include "client-cli/commands/entry_search.hpp"
#include "client-cli/output/kyiv_time.hpp"
#include "client-cli/verification/entry_sender.hpp"
#include "protocol/encoding/hex.hpp"

namespace oberih::client {
namespace {

struct ForwardOptions {
  std::string entry, to;
};

/// By the roster that the text would go to.
Result<> check_recipients(CommandContext& context, const NamedEntry& named,
                          const VerifiedChannel& target) {
  const sealing::HandlingLedger& ledger = named.channel.state().handling();
  const sealing::RestrictedEntry* entry = ledger.find(named.item.seq);
  if (entry == nullptr) return {};
  for (const sealing::RosterLine& line : target.state().roster()) {
    const sealing::Device* device = context.session().directory().find_device(line.device);
    if (device == nullptr) return refuse(RefusalCode::unknown_device);
    if (ledger.permits(*entry, {device->certificate.person, device->certificate.agency})) continue;
    return refuse(RefusalCode::handling_code_forbids,
                  sealing::name_of(entry->handling) + ", " +
                      describe_device(context.session().verified_directory(), line.device));
  }
  return {};
}

std::string forwarded_text(CommandContext& context, const NamedEntry& named) {
  const Console& console = context.console();
  std::string title = context.session()
                          .store()
                          .channels()
                          .title(named.channel.id())
                          .value_or(encoding::encode_hex(named.channel.id()).substr(0, 8));
  return console.text(
             Sentence::forwarded_from,
             {{"channel", std::move(title)},
              {"seq", std::to_string(named.item.seq)},
              {"who", describe_device(context.session().verified_directory(), named.item.author)},
              {"time", format_time(named.item.server_ms, console.language())}}) +
         "\n" + named.item.text;
}

Result<> forward(CommandContext& context, const ForwardOptions& options) {
  OBERIH_TRY(context.open_session(CommandContext::Reach::online));
  ClientSession& session = context.session();
  Result<NamedEntry> named = find_entry(context, options.entry);
  if (!named) return named.error();
  if (named->item.what != HistoryItem::What::text)
    return refuse(RefusalCode::usage, "only a message that opens here can be forwarded");
  if (!named->item.attachments.empty())
    return refuse(RefusalCode::usage,
                  "attachments are not forwarded: save them, and post them there with --attach");
  Result<VerifiedChannel> target = find_channel(context, options.to, CommandContext::Reach::online);
  if (!target) return target.error();
  OBERIH_TRY(session.read_names());
  OBERIH_TRY(check_recipients(context, *named, *target));
  sealing::CommonFacts facts;
  facts.handling = named->item.facts.handling;
  Result<wire::Appended> appended = EntrySender(session).post(
      *target, {sealing::MessageWhat::text, forwarded_text(context, *named)},
      sealing::encode_common_facts(facts));
  if (!appended) return appended.error();
  context.console().say(Sentence::message_posted, {{"seq", std::to_string(appended->channel_seq)},
                                                   {"index", std::to_string(appended->index)}});
  context.console().object({{"channel", encoding::encode_hex(target->id())},
                            {"channel_seq", appended->channel_seq},
                            {"index", appended->index},
                            {"server_ms", appended->server_ms}});
  return {};
}

}  // namespace

void add_forward_command(CommandTree& tree, CLI::App* message) {
  auto options = std::make_shared<ForwardOptions>();
  CLI::App* command = tree.command(
      message, "forward", Sentence::help_message_forward, "oberih message forward 417#12 --to 512",
      [options](CommandContext& context) { return forward(context, *options); });
  command->add_option("entry", options->entry, tree.text(Sentence::help_option_entry))->required();
  command->add_option("--to", options->to, tree.text(Sentence::help_option_forward_to))->required();
}

}  // namespace oberih::client
