// SPDX-License-Identifier: Apache-2.0
// `oberih hearing print`, `print-service` and `check`: papers for people without an account, and
// the way back from a paper to the journal.
#include <memory>
#include <nlohmann/json.hpp>

#include "client-cli/commands/command_tree.hpp"
#include "client-cli/commands/device_search.hpp"
#include "client-cli/commands/document_file.hpp"
#include "client-cli/commands/hearing_action.hpp"
#include "client-cli/commands/hearing_view.hpp"
#include "client-cli/commands/service_ways.hpp"
#include "client-cli/commands/task_parties.hpp"
#include "client-cli/commands/task_search.hpp"
#include "client-cli/output/kyiv_time.hpp"
#include "client-cli/printing/service_print.hpp"
#include "client-cli/printing/summons_print.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::client {
namespace {

using encoding::printable;

struct PrintOptions {
  std::string hearing, addressee, out, code;
  bool offline = false;
};

Result<HearingInChannel> open_printed(CommandContext& context, const PrintOptions& options) {
  const auto reach =
      options.offline ? CommandContext::Reach::offline : CommandContext::Reach::online;
  OBERIH_TRY(context.open_session(reach));
  if (!options.offline) OBERIH_TRY(context.session().read_names());
  Result<HearingInChannel> hearing = find_hearing(context, options.hearing, reach);
  if (hearing && !hearing->summons)
    return refuse(RefusalCode::cannot_open, "the summons does not open on this device");
  return hearing;
}

/// Of the entry that made the newest version.
Result<CheckCode> code_of(ClientSession& session, const HearingInChannel& hearing) {
  const std::uint64_t seq = hearing.hearing->entry.channel_seq;
  const auto item = session.store().channels().find_item(hearing.channel, seq);
  const auto hash = session.store().channels().leaf_hash_at(hearing.channel, seq);
  if (!item || !hash) return refuse(RefusalCode::not_found, "the entry is not on this device");
  return CheckCode::of(item->index, *hash);
}

/// Who stands on the paper: the name that the court gave, else that of the account; a protected
/// person is never named.
std::string name_on_paper(const HearingInChannel& hearing, std::size_t i) {
  if (hearing.hearing->notice.goes_through_centre(i))
    return "особа під захистом, через: " + hearing.names[i];
  const std::string& name = hearing.summons->called[i].name;
  return name.empty() ? hearing.names[i] : printable(name);
}

void tell_printed(CommandContext& context, const PrintOptions& options, const CheckCode& code) {
  context.console().say(Sentence::hearing_printed,
                        {{"file", options.out}, {"code", format_check_code(code)}});
  context.console().object(
      {{"file", options.out}, {"code", format_check_code(code)}, {"index", code.index}});
}

Result<> print_one_summons(CommandContext& context, const PrintOptions& options) {
  Result<HearingInChannel> hearing = open_printed(context, options);
  if (!hearing) return hearing.error();
  if (hearing->hearing->state != sealing::HearingState::scheduled)
    return refuse(RefusalCode::document_unprintable,
                  "only a hearing that is scheduled has a summons: schedule it anew first");
  ClientSession& session = context.session();
  Result<std::uint16_t> addressee = find_addressee(session, *hearing, options.addressee);
  if (!addressee) return addressee.error();
  Result<CheckCode> code = code_of(session, *hearing);
  if (!code) return code.error();
  const sealing::SummonsText& text = *hearing->summons;
  const sealing::CalledPerson& called = text.called[*addressee];
  SummonsPrint summons;
  summons.summoned_by = printable(text.summoned_by);
  summons.court_name = printable(text.court_name);
  summons.court_address = printable(text.court_address);
  summons.court_phone = printable(text.court_phone);
  summons.case_number = printable(text.case_number);
  summons.place = printable(text.place);
  summons.act = printable(text.act);
  summons.consequences = printable(text.consequences);
  summons.valid_reasons = printable(text.valid_reasons);
  summons.called_name = name_on_paper(*hearing, *addressee);
  summons.called_address = printable(called.address);
  summons.status = called.status;
  summons.start = hearing->hearing->notice.start;
  summons.version = hearing->hearing->version;
  summons.code = *code;
  Result<SecretBuffer> pdf = print_summons(summons);
  if (!pdf) return pdf.error();
  OBERIH_TRY(write_document(options.out, pdf->view()));
  tell_printed(context, options, *code);
  return {};
}

ServicePrintRow service_row(CommandContext& context, const HearingInChannel& hearing,
                            HearingBook& book, std::size_t i) {
  const sealing::HearingService& service = hearing.hearing->services[i];
  const VerifiedDirectory& directory = context.session().verified_directory();
  ServicePrintRow row;
  row.number = number_of(i);
  row.name = name_on_paper(hearing, i);
  row.status = hearing.summons->called[i].status;
  if (service.answer)
    if (const auto answer = book.answer_at(service.answer_seq)) {
      row.answer = *service.answer;
      row.answered = {answer->seq, answer->server_ms,
                      describe_author(context, answer->author, answer->facts.acting_for)};
    }
  if (service.way)
    if (const auto event = book.event_at(service.served_seq)) {
      const ServiceWayLaw& law = law_of(service.way);
      row.way = law.title_uk + " (" + law.articles + ")";
      row.served = {event->seq, service.served_ms, describe_device(directory, event->author)};
    }
  if (service.told_ms != 0)
    if (const auto event = book.event_at(service.told_seq))
      row.told = {event->seq, service.told_ms, describe_device(directory, event->author)};
  return row;
}

Result<> print_whole_service(CommandContext& context, const PrintOptions& options) {
  Result<HearingInChannel> hearing = open_printed(context, options);
  if (!hearing) return hearing.error();
  ClientSession& session = context.session();
  Result<CheckCode> code = code_of(session, *hearing);
  if (!code) return code.error();
  VerifiedChannel channel = session.open_channel(hearing->channel);
  HearingBook book(session.store(), channel.keys(), hearing->channel);
  ServicePrint list;
  list.court_name = printable(hearing->summons->court_name);
  list.case_number = printable(hearing->summons->case_number);
  list.act = printable(hearing->summons->act);
  list.place = printable(hearing->summons->place);
  list.start = hearing->hearing->notice.start;
  list.version = hearing->hearing->version;
  list.state = hearing->hearing->state;
  list.entry = "№ " + std::to_string(hearing->hearing->entry.channel_seq);
  const auto stored = session.store().channels().find(hearing->channel);
  list.as_of = stored ? stored->newest_ms : hearing->hearing->changed_ms;
  for (std::size_t i = 0; i < hearing->hearing->services.size(); ++i)
    list.rows.push_back(service_row(context, *hearing, book, i));
  list.code = *code;
  Result<SecretBuffer> pdf = print_service_list(list);
  if (!pdf) return pdf.error();
  OBERIH_TRY(write_document(options.out, pdf->view()));
  tell_printed(context, options, *code);
  return {};
}

struct CodedEntry {
  HearingInChannel hearing;
  HearingEvent event;
};

/// The hearing's entry at that place of the journal. Refusal: not_found, also where its hash is
/// another one: then the paper is not what it claims to be.
Result<CodedEntry> find_coded(ClientSession& session, const CheckCode& code) {
  for (const ChannelId& id : session.store().channels().list()) {
    VerifiedChannel channel = session.open_channel(id);
    HearingBook book(session.store(), channel.keys(), id);
    for (const sealing::HearingPointer& hearing : book.list())
      for (HearingEvent& event : book.events(hearing->id)) {
        if (event.index != code.index) continue;
        const auto hash = session.store().channels().leaf_hash_at(id, event.seq);
        if (!hash || !code.fits(*hash))
          return refuse(RefusalCode::not_found,
                        "the entry at this place of the journal is another one: the paper is "
                        "forged, or the code mistyped");
        if (auto found = look_up_hearing(session, channel, hearing->id))
          return CodedEntry{std::move(*found), std::move(event)};
      }
  }
  return refuse(RefusalCode::not_found,
                "no hearing that this device may see has an entry at this place of the journal");
}

Result<> check_paper(CommandContext& context, const PrintOptions& options) {
  const std::optional<CheckCode> code = parse_check_code(options.code);
  if (!code)
    return refuse(RefusalCode::usage, "a code is like 12345-3F2A-91C0-77BE-02D1: look again");
  const auto reach =
      options.offline ? CommandContext::Reach::offline : CommandContext::Reach::online;
  OBERIH_TRY(context.open_session(reach));
  ClientSession& session = context.session();
  if (!options.offline) {
    OBERIH_TRY(session.read_names());
    OBERIH_TRY(pull_all(session));
  }
  Result<CodedEntry> found = find_coded(session, *code);
  if (!found) return found.error();
  Console& console = context.console();
  const sealing::Hearing& held = *found->hearing.hearing;
  const bool is_newest = held.entry.channel_seq == found->event.seq;
  console.say(Sentence::hearing_code_fits,
              {{"hearing", describe_hearing(found->hearing)},
               {"seq", std::to_string(found->event.seq)},
               {"time", format_time(found->event.server_ms, console.language())},
               {"author", describe_device(session.verified_directory(), found->event.author)}});
  if (!is_newest)
    console.say(Sentence::hearing_code_is_old, {{"version", std::to_string(held.version)}});
  if (!console.is_json()) {
    show_hearing(context, found->hearing);
    return {};
  }
  nlohmann::ordered_json json = hearing_json(context, found->hearing);
  json["code_seq"] = found->event.seq;
  json["code_is_newest"] = is_newest;
  console.object(json);
  return {};
}

}  // namespace

void add_hearing_print_commands(CommandTree& tree, CLI::App* group) {
  auto options = std::make_shared<PrintOptions>();
  const auto add = [&](const char* word, Sentence help, const char* example, auto function) {
    CLI::App* command = tree.command(
        group, word, help, example,
        [options, function](CommandContext& context) { return function(context, *options); });
    command->add_flag("--offline", options->offline, tree.text(Sentence::help_option_offline));
    return command;
  };
  const auto about_hearing = [&](CLI::App* command) {
    command->add_option("hearing", options->hearing, tree.text(Sentence::help_option_hearing))
        ->required();
    command->add_option("--out", options->out, tree.text(Sentence::help_option_out_new))
        ->required();
    return command;
  };
  CLI::App* command = about_hearing(
      add("print", Sentence::help_hearing_print,
          "oberih hearing print 3f2a91c0 --for Іваненко --out summons.pdf", print_one_summons));
  command->add_option("--for", options->addressee, tree.text(Sentence::help_option_printed_for));
  about_hearing(add("print-service", Sentence::help_hearing_print_service,
                    "oberih hearing print-service 3f2a91c0 --out service.pdf",
                    print_whole_service));
  command = add("check", Sentence::help_hearing_check,
                "oberih hearing check 12345-3F2A-91C0-77BE-02D1", check_paper);
  command->add_option("code", options->code, tree.text(Sentence::help_option_check_code))
      ->required();
}

}  // namespace oberih::client
