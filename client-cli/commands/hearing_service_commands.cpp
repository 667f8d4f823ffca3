// SPDX-License-Identifier: Apache-2.0
// What is stated of others: how somebody was served, and that a protected person was told.
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "client-cli/commands/attachment_posting.hpp"
#include "client-cli/commands/command_tree.hpp"
#include "client-cli/commands/hearing_action.hpp"
#include "client-cli/commands/hearing_file.hpp"
#include "client-cli/commands/hearing_view.hpp"
#include "client-cli/commands/service_ways.hpp"
#include "client-cli/output/kyiv_date.hpp"
#include "client-cli/output/kyiv_time.hpp"

namespace oberih::client {
namespace {

using sealing::HearingVerb;

struct ServiceOptions {
  std::string hearing, words, addressee, way, at;
  std::vector<std::string> scans;
};

/// `--at`; now where it was not given.
Result<Milliseconds> read_done(CommandContext& context, const NamedHearing& named,
                               const std::string& text) {
  const Milliseconds now = context.session().server_time_ms(named.channel);
  if (text.empty()) return now;
  const std::optional<Milliseconds> done = parse_moment(text);
  const Console& console = context.console();
  if (!done)
    return refuse(RefusalCode::usage,
                  console.text(Sentence::hearing_time_form, {{"option", "--at"}}));
  if (*done > now)
    return refuse(RefusalCode::hearing_time_invalid,
                  console.text(Sentence::hearing_done_ahead,
                               {{"now", format_time(now, console.language())}}));
  return *done;
}

/// Uploads the scans into the text.
Result<> post_with_scans(CommandContext& context, NamedHearing& named,
                         const sealing::HearingFacts& facts, const ServiceOptions& options) {
  sealing::HearingText text;
  text.verb = facts.verb;
  text.words = options.words;
  OBERIH_TRY(check_text(text));
  sealing::MessageText carrier;  // what uploads know to put attachments into
  AttachmentPosting posting(context, named.channel.id());
  OBERIH_TRY(posting.send(options.scans, carrier));
  text.attachments = std::move(carrier.attachments);
  Result<HearingInChannel> hearing = act_on_hearing(context, named.channel, facts, text);
  carrier.attachments = std::move(text.attachments);
  posting.settle(hearing.has_value(), carrier);
  if (!hearing) return hearing.error();
  const std::size_t left = static_cast<std::size_t>(std::ranges::count_if(
      hearing->hearing->services, [](const auto& service) { return !service.is_served(); }));
  context.console().say(Sentence::hearing_service_recorded,
                        {{"hearing", describe_hearing(*hearing)},
                         {"who", hearing->names[facts.addressee]},
                         {"left", std::to_string(left)},
                         {"id", short_id(hearing->hearing->id)}});
  context.console().object(hearing_json(context, *hearing));
  return {};
}

Result<> serve(CommandContext& context, const ServiceOptions& options) {
  const auto way = sealing::find_service_way(options.way);
  if (!way) return not_of_list("--way", sealing::service_ways);
  const ServiceWayLaw& law = law_of(*way);
  const Language language = context.console().language();
  if (law.needs_scan && options.scans.empty())
    return refuse(RefusalCode::usage, context.console().text(Sentence::hearing_needs_scan,
                                                             {{"way", law.title(language)},
                                                              {"articles", law.articles},
                                                              {"proof", law.proof(language)}}));
  Result<NamedHearing> named = open_named_hearing(context, options.hearing);
  if (!named) return named.error();
  sealing::HearingFacts facts = facts_of(named->hearing, HearingVerb::record_service);
  facts.way = *way;
  Result<std::uint16_t> place =
      find_addressee(context.session(), named->hearing, options.addressee);
  if (!place) return place.error();
  facts.addressee = *place;
  Result<Milliseconds> done = read_done(context, *named, options.at);
  if (!done) return done.error();
  facts.done_ms = *done;
  OBERIH_TRY(judge_here(context, named->channel, facts));
  return post_with_scans(context, *named, facts, options);
}

Result<> confirm_told(CommandContext& context, const ServiceOptions& options) {
  Result<NamedHearing> named = open_named_hearing(context, options.hearing);
  if (!named) return named.error();
  sealing::HearingFacts facts = facts_of(named->hearing, HearingVerb::confirm_told);
  Result<std::uint16_t> place =
      find_addressee(context.session(), named->hearing, options.addressee);
  if (!place) return place.error();
  facts.addressee = *place;
  Result<Milliseconds> done = read_done(context, *named, options.at);
  if (!done) return done.error();
  facts.done_ms = *done;
  return post_about_hearing(context, *named, facts, options.words, Sentence::hearing_told_recorded);
}

}  // namespace

void add_hearing_service_commands(CommandTree& tree, CLI::App* group) {
  auto options = std::make_shared<ServiceOptions>();
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
  CLI::App* command =
      add("serve", Sentence::help_hearing_serve,
          "oberih hearing serve 3f2a91c0 \"Іваненко\" --way post --at \"2027-02-20 11:30\" "
          "--scan notice.pdf",
          serve);
  line(command, "addressee", options->addressee, Sentence::help_option_hearing_addressee)
      ->required();
  line(command, "--way", options->way, Sentence::help_option_hearing_way)->required();
  line(command, "--at", options->at, Sentence::help_option_hearing_at);
  command->add_option("--scan", options->scans, tree.text(Sentence::help_option_hearing_scan))
      ->allow_extra_args(false);
  words(command);

  command = add("told", Sentence::help_hearing_told, "oberih hearing told 3f2a91c0", confirm_told);
  line(command, "--as", options->addressee, Sentence::help_option_hearing_as);
  line(command, "--at", options->at, Sentence::help_option_hearing_at);
  words(command);
}

}  // namespace oberih::client
