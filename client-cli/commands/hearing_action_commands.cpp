// SPDX-License-Identifier: Apache-2.0
// What court and addressees do with a hearing that stands: cancel it, answer, propose another date,
// record an outcome.
#include <memory>
#include <nlohmann/json.hpp>

#include "client-cli/commands/command_tree.hpp"
#include "client-cli/commands/hearing_action.hpp"
#include "client-cli/commands/hearing_draft.hpp"
#include "client-cli/commands/hearing_view.hpp"
#include "client-cli/commands/task_parties.hpp"
#include "client-cli/verification/entry_sender.hpp"
#include "protocol/sealing/entry_facts.hpp"
#include "protocol/sealing/remark_text.hpp"

namespace oberih::client {
namespace {

using sealing::HearingVerb;

struct HearingOptions {
  std::string hearing, words, reason, start, addressee, outcome, until, because;
  bool understood = false, cannot_attend = false;
};

Result<sealing::HearingReason> read_hearing_reason(const HearingOptions& options) {
  const auto reason = sealing::find_hearing_reason(options.reason);
  if (!reason) return not_of_list("--reason", sealing::hearing_reasons);
  if (*reason == sealing::HearingReason::other && options.words.empty())
    return refuse(RefusalCode::usage, "say with --text what the other reason is");
  return *reason;
}

Result<> cancel(CommandContext& context, const HearingOptions& options) {
  const Result<sealing::HearingReason> reason = read_hearing_reason(options);
  if (!reason) return reason.error();
  Result<NamedHearing> named = open_named_hearing(context, options.hearing);
  if (!named) return named.error();
  sealing::HearingFacts facts = facts_of(named->hearing, HearingVerb::cancel);
  facts.reason = *reason;
  facts.asks_for = static_cast<std::uint8_t>(sealing::AsksFor::acknowledgement);
  return post_about_hearing(context, *named, facts, options.words, Sentence::hearing_now);
}

Result<> propose_date(CommandContext& context, const HearingOptions& options) {
  Result<NamedHearing> named = open_named_hearing(context, options.hearing);
  if (!named) return named.error();
  sealing::HearingFacts facts = facts_of(named->hearing, HearingVerb::propose_date);
  Result<WallTime> date = read_hearing_time(context.console(), "--start", options.start,
                                            context.session().server_time_ms(named->channel));
  if (!date) return date.error();
  facts.date = *date;
  Result<std::uint16_t> place =
      find_addressee(context.session(), named->hearing, options.addressee);
  if (!place) return place.error();
  facts.addressee = *place;
  return post_about_hearing(context, *named, facts, options.words, Sentence::hearing_date_proposed);
}

Result<> record_outcome(CommandContext& context, const HearingOptions& options) {
  struct Outcome {
    std::string_view name;
    HearingVerb verb;
    bool has_reason;
  };
  static constexpr Outcome outcomes[] = {{"held", HearingVerb::record_held, false},
                                         {"recess", HearingVerb::record_recess, true},
                                         {"adjourned", HearingVerb::record_adjournment, true},
                                         {"judgment", HearingVerb::record_judgment, false}};
  const Outcome* outcome = nullptr;
  for (const Outcome& each : outcomes)
    if (each.name == options.outcome) outcome = &each;
  if (outcome == nullptr) return not_of_list("OUTCOME", outcomes);
  if (!outcome->has_reason && (!options.reason.empty() || !options.until.empty()))
    return refuse(RefusalCode::usage, "--reason and --until go with recess and adjourned alone");
  std::optional<sealing::HearingReason> reason;
  if (outcome->has_reason) {
    const Result<sealing::HearingReason> read = read_hearing_reason(options);
    if (!read) return read.error();
    reason = *read;
  }
  Result<NamedHearing> named = open_named_hearing(context, options.hearing);
  if (!named) return named.error();
  sealing::HearingFacts facts = facts_of(named->hearing, outcome->verb);
  facts.reason = reason;
  if (!options.until.empty()) {
    Result<WallTime> date = read_hearing_time(context.console(), "--until", options.until,
                                              context.session().server_time_ms(named->channel));
    if (!date) return date.error();
    facts.date = *date;
  }
  return post_about_hearing(context, *named, facts, options.words, Sentence::hearing_now);
}

Result<> acknowledge_hearing(CommandContext& context, const HearingOptions& options) {
  if (options.understood && options.cannot_attend)
    return refuse(RefusalCode::usage, "--understood or --cannot-attend, not both");
  if (options.cannot_attend && options.because.empty())
    return refuse(RefusalCode::usage, context.console().text(Sentence::hearing_needs_because));
  Result<NamedHearing> named = open_named_hearing(context, options.hearing);
  if (!named) return named.error();
  sealing::AcknowledgementFacts facts;
  facts.entry = named->hearing.hearing->entry;
  facts.kind = options.cannot_attend ? sealing::AcknowledgementKind::cannot_attend
               : options.understood  ? sealing::AcknowledgementKind::understood
                                     : sealing::AcknowledgementKind::received;
  Result<SecretBuffer> remark =
      sealing::encode_remark(options.because.empty() ? options.words : options.because);
  if (!remark) return remark.error();
  ClientSession& session = context.session();
  std::optional<std::uint16_t> as;
  if (!options.addressee.empty()) {
    const auto place = find_addressee(session, named->hearing, options.addressee);
    if (!place) return place.error();
    as = *place;
  }
  OBERIH_TRY(answer_for_whom(session, *named, as, facts));
  Result<wire::Appended> appended =
      EntrySender(session).post(named->channel, EntryType::acknowledgement, std::move(*remark),
                                sealing::encode_acknowledgement_facts(facts));
  if (!appended) return appended.error();
  OBERIH_TRY(session.pull(named->channel));
  const auto hearing = look_up_hearing(session, named->channel, named->hearing.hearing->id);
  if (!hearing) return refuse(RefusalCode::verification_failed, "the hearing was not shown");
  const bool is_called = std::ranges::any_of(hearing->hearing->services, [&](const auto& service) {
    return service.answer_seq == appended->channel_seq;
  });
  tell_hearing(context, *hearing,
               is_called ? Sentence::hearing_acknowledged : Sentence::hearing_read_only);
  if (!facts.acting_for.is_zero())
    context.console().say(Sentence::hearing_answered_for,
                          {{"for", describe_holder(session, facts.acting_for)}});
  return {};
}

}  // namespace

void add_hearing_action_commands(CommandTree& tree, CLI::App* group) {
  auto options = std::make_shared<HearingOptions>();
  const auto add = [&](const char* word, Sentence help, const char* example, auto function) {
    CLI::App* command = tree.command(
        group, word, help, example,
        [options, function](CommandContext& context) { return function(context, *options); });
    command->add_option("hearing", options->hearing, tree.text(Sentence::help_option_hearing))
        ->required();
    return command;
  };
  const auto line = [&](CLI::App* command, const char* name, std::string& field, Sentence help) {
    return command->add_option(name, field, tree.text(help));
  };
  const auto words = [&](CLI::App* command) {
    line(command, "--text", options->words, Sentence::help_option_hearing_words);
  };
  CLI::App* command = add("cancel", Sentence::help_hearing_cancel,
                          "oberih hearing cancel 3f2a91c0 --reason court_unavailable", cancel);
  line(command, "--reason", options->reason, Sentence::help_option_hearing_reason)->required();
  words(command);

  command = add("propose-date", Sentence::help_hearing_propose_date,
                "oberih hearing propose-date 3f2a91c0 --start \"2027-03-11 14:00\"", propose_date);
  line(command, "--start", options->start, Sentence::help_option_hearing_start)->required();
  line(command, "--as", options->addressee, Sentence::help_option_hearing_as);
  words(command);

  command = add("acknowledge", Sentence::help_hearing_acknowledge,
                "oberih hearing acknowledge 3f2a91c0 --understood", acknowledge_hearing);
  command->add_flag("--understood", options->understood,
                    tree.text(Sentence::help_option_understood));
  command->add_flag("--cannot-attend", options->cannot_attend,
                    tree.text(Sentence::help_option_hearing_cannot));
  line(command, "--because", options->because, Sentence::help_option_hearing_because);
  line(command, "--as", options->addressee, Sentence::help_option_hearing_as);
  words(command);

  command = add("outcome", Sentence::help_hearing_outcome,
                "oberih hearing outcome 3f2a91c0 adjourned --reason witness_absent --until "
                "\"2027-04-01 10:00\"",
                record_outcome);
  line(command, "outcome", options->outcome, Sentence::help_option_hearing_outcome)->required();
  line(command, "--reason", options->reason, Sentence::help_option_hearing_reason);
  line(command, "--until", options->until, Sentence::help_option_hearing_until);
  words(command);
}

}  // namespace oberih::client
