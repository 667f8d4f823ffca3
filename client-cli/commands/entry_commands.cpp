// SPDX-License-Identifier: Apache-2.0
// `oberih entry`: what a person says about an entry that stands: that it was received and
// understood, whether it may be passed on.
#include <memory>
#include <nlohmann/json.hpp>

#include "client-cli/commands/admitted_search.hpp"
#include "client-cli/commands/command_tree.hpp"
#include "client-cli/commands/entry_search.hpp"
#include "client-cli/verification/entry_sender.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/sealing/remark_text.hpp"

namespace oberih::client {
namespace {

struct EntryOptions {
  std::string entry, remark, cannot, recipient;
  bool understood = false, yes = false, no = false;
};

void tell(CommandContext& context, const NamedEntry& named, const wire::Appended& appended,
          Sentence sentence) {
  Console& console = context.console();
  console.say(sentence, {{"entry", std::to_string(named.item.seq)},
                         {"seq", std::to_string(appended.channel_seq)}});
  console.object({{"channel", encoding::encode_hex(named.channel.id())},
                  {"entry", named.item.seq},
                  {"channel_seq", appended.channel_seq},
                  {"index", appended.index},
                  {"server_ms", appended.server_ms}});
}

Result<> acknowledge(CommandContext& context, const EntryOptions& options) {
  if (options.understood && !options.cannot.empty())
    return refuse(RefusalCode::usage, "--understood or --cannot, not both");
  OBERIH_TRY(context.open_session(CommandContext::Reach::online));
  Result<NamedEntry> named = find_entry(context, options.entry);
  if (!named) return named.error();
  sealing::AcknowledgementFacts facts;
  facts.entry = named->reference();
  facts.kind = sealing::AcknowledgementKind::received;
  if (options.understood) facts.kind = sealing::AcknowledgementKind::understood;
  if (!options.cannot.empty()) facts.kind = sealing::AcknowledgementKind::cannot_attend;
  Result<SecretBuffer> remark =
      sealing::encode_remark(options.cannot.empty() ? options.remark : options.cannot);
  if (!remark) return remark.error();
  Result<wire::Appended> appended =
      EntrySender(context.session())
          .post(named->channel, EntryType::acknowledgement, std::move(*remark),
                sealing::encode_acknowledgement_facts(facts));
  if (!appended) return appended.error();
  tell(context, *named, *appended, Sentence::entry_acknowledged);
  return {};
}

Result<> ask_originator(CommandContext& context, const EntryOptions& options) {
  OBERIH_TRY(context.open_session(CommandContext::Reach::online));
  Result<NamedEntry> named = find_entry(context, options.entry);
  if (!named) return named.error();
  Result<sealing::Admitted> admitted = find_admitted(context.session(), options.recipient);
  if (!admitted) return admitted.error();
  sealing::RequestFacts facts;
  facts.common.asks_for = static_cast<std::uint8_t>(sealing::AsksFor::consent);
  facts.entry = named->reference();
  facts.admitted = *admitted;
  std::string text = options.remark;
  if (text.empty())
    text = context.console().text(Sentence::request_text,
                                  {{"entry", std::to_string(named->item.seq)},
                                   {"who", describe_admitted(context.session(), *admitted)}});
  Result<wire::Appended> appended =
      EntrySender(context.session())
          .post(named->channel, {sealing::MessageWhat::text, std::move(text)},
                sealing::encode_request_facts(facts));
  if (!appended) return appended.error();
  tell(context, *named, *appended, Sentence::originator_asked);
  return {};
}

struct FoundRequest {
  sealing::EntryReference reference;
  sealing::RequestFacts facts;
};

/// The request itself, or the newest one about the entry.
Result<FoundRequest> find_request(CommandContext& context, NamedEntry& named) {
  if (named.item.request) return FoundRequest{named.reference(), *named.item.request};
  ChannelHistory history(context.session().store(), named.channel.keys(), named.channel.id());
  std::optional<FoundRequest> found;
  history.for_each(named.item.seq, [&](const HistoryItem& item) {
    if (item.request && item.request->entry == named.reference())
      found = FoundRequest{{item.seq, item.message_hash}, *item.request};
    return true;
  });
  if (found) return *found;
  return refuse(RefusalCode::not_found, "nobody has asked about this entry");
}

Result<> consent(CommandContext& context, const EntryOptions& options) {
  if (options.yes == options.no) return refuse(RefusalCode::usage, "answer with --yes or --no");
  OBERIH_TRY(context.open_session(CommandContext::Reach::online));
  Result<NamedEntry> named = find_entry(context, options.entry);
  if (!named) return named.error();
  Result<FoundRequest> request = find_request(context, *named);
  if (!request) return request.error();
  sealing::ConsentFacts facts;
  facts.request = request->reference;
  facts.entry = request->facts.entry;
  facts.admitted = request->facts.admitted;
  facts.agrees = options.yes;
  Result<SecretBuffer> reason = sealing::encode_remark(options.remark);
  if (!reason) return reason.error();
  Result<wire::Appended> appended =
      EntrySender(context.session())
          .post(named->channel, EntryType::consent, std::move(*reason),
                sealing::encode_consent_facts(facts));
  if (!appended) return appended.error();
  tell(context, *named, *appended, Sentence::originator_answered);
  return {};
}

}  // namespace

void add_entry_commands(CommandTree& tree) {
  CLI::App* group = tree.group("entry", Sentence::help_entry);
  auto options = std::make_shared<EntryOptions>();
  const auto with = [options](auto function) {
    return [options, function](CommandContext& context) { return function(context, *options); };
  };
  const auto about_entry = [&](CLI::App* command) {
    command->add_option("entry", options->entry, tree.text(Sentence::help_option_entry))
        ->required();
    command->add_option("--remark", options->remark, tree.text(Sentence::help_option_remark));
  };
  CLI::App* command =
      tree.command(group, "acknowledge", Sentence::help_entry_acknowledge,
                   "oberih entry acknowledge 417#12 --understood", with(acknowledge));
  about_entry(command);
  command->add_flag("--understood", options->understood,
                    tree.text(Sentence::help_option_understood));
  command->add_option("--cannot", options->cannot, tree.text(Sentence::help_option_cannot));

  command = tree.command(group, "ask-originator", Sentence::help_entry_ask_originator,
                         "oberih entry ask-originator 417#12 --for \"Прокуратура Одеси\"",
                         with(ask_originator));
  about_entry(command);
  command->add_option("--for", options->recipient, tree.text(Sentence::help_option_recipient))
      ->required();

  command = tree.command(group, "consent", Sentence::help_entry_consent,
                         "oberih entry consent 417#14 --yes", with(consent));
  about_entry(command);
  command->add_flag("--yes", options->yes, tree.text(Sentence::help_option_consent_yes));
  command->add_flag("--no", options->no, tree.text(Sentence::help_option_consent_no));
  add_entry_prove_command(tree, group);
}

}  // namespace oberih::client
