// SPDX-License-Identifier: Apache-2.0
// What one looks at: a hearing with its history, and the complete list of who was served, when, how
// and by what it is proven.
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "client-cli/commands/command_tree.hpp"
#include "client-cli/commands/device_search.hpp"
#include "client-cli/commands/hearing_view.hpp"
#include "client-cli/commands/service_ways.hpp"
#include "client-cli/commands/task_parties.hpp"
#include "client-cli/output/kyiv_time.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::client {
namespace {

using Json = nlohmann::ordered_json;
using encoding::printable;

struct ShowOptions {
  std::string hearing;
  bool offline = false;
};

Result<HearingInChannel> open_shown(CommandContext& context, const ShowOptions& options) {
  const auto reach =
      options.offline ? CommandContext::Reach::offline : CommandContext::Reach::online;
  OBERIH_TRY(context.open_session(reach));
  if (!options.offline) OBERIH_TRY(context.session().read_names());
  return find_hearing(context, options.hearing, reach);
}

Json answer_json(const HearingAnswer& answer) {
  return {{"kind", sealing::name_of(answer.facts.kind)},
          {"entry", answer.facts.entry.channel_seq},
          {"channel_seq", answer.seq},
          {"index", answer.index},
          {"server_ms", answer.server_ms},
          {"time", format_rfc3339(answer.server_ms)},
          {"device", encoding::encode_hex(answer.author)},
          {"acting_for", answer.facts.acting_for.is_zero()
                             ? Json()
                             : Json(encoding::encode_hex(answer.facts.acting_for))},
          {"remark", answer.remark}};
}

Result<> show(CommandContext& context, const ShowOptions& options) {
  Result<HearingInChannel> hearing = open_shown(context, options);
  if (!hearing) return hearing.error();
  if (!context.console().is_json()) {
    show_hearing(context, *hearing);
    return {};
  }
  Json json = hearing_json(context, *hearing);
  ClientSession& session = context.session();
  VerifiedChannel channel = session.open_channel(hearing->channel);
  HearingBook book(session.store(), channel.keys(), hearing->channel);
  std::map<std::uint64_t, Json> history;  // by place in the channel
  for (const HearingEvent& event : book.events(hearing->hearing->id))
    history[event.seq] = event_json(event);
  for (const HearingAnswer& answer : book.answers(hearing->hearing->id))
    history[answer.seq] = answer_json(answer);
  for (const SaidOfHearing& said : book.said_by_server(hearing->hearing->id)) {
    history[said.seq] = hearing_event_json(said.event);
    history[said.seq]["channel_seq"] = said.seq;
    history[said.seq]["time"] = format_rfc3339(said.server_ms);
  }
  json["history"] = Json::array();
  for (auto& [seq, each] : history) json["history"].push_back(std::move(each));
  context.console().object(json);
  return {};
}

/// One proof that an addressee was served.
struct Proof {
  Milliseconds time_ms = 0;
  std::optional<sealing::ServiceWay> way;  // nothing: their own acknowledgement
  std::string by, words, files;
  std::uint64_t seq = 0, index = 0;
  DeviceId author;
};

class ServiceList {
 public:
  ServiceList(CommandContext& context, const HearingInChannel& hearing)
      : context_(context),
        session_(context.session()),
        hearing_(hearing),
        channel_(session_.open_channel(hearing.channel)),
        book_(session_.store(), channel_.keys(), hearing.channel) {}

  void show() {
    Console& console = context_.console();
    const sealing::Hearing& held = *hearing_.hearing;
    console.say(Sentence::hearing_service_title,
                {{"hearing", describe_hearing(hearing_)},
                 {"time", format_wall_time(held.notice.start, console.language())},
                 {"version", std::to_string(held.version)}});
    Table table({console.text(Sentence::column_number), console.text(Sentence::column_called),
                 console.text(Sentence::column_status), console.text(Sentence::column_served),
                 console.text(Sentence::column_served_how), console.text(Sentence::column_proof)});
    for (std::size_t i = 0; i < held.services.size(); ++i) add_rows(table, i);
    console.print(table);
    for (std::size_t i = 0; i < held.services.size(); ++i) tell_told(i);
    std::string missing;
    std::size_t served = 0;
    for (std::size_t i = 0; i < held.services.size(); ++i) {
      if (held.services[i].is_served()) ++served;
      if (!held.services[i].is_served())
        missing += (missing.empty() ? "" : "; ") + hearing_.names[i];
    }
    const std::string all = std::to_string(held.services.size());
    if (missing.empty()) console.say(Sentence::hearing_all_served, {{"all", all}});
    if (!missing.empty())
      console.say(Sentence::hearing_some_not_served,
                  {{"served", std::to_string(served)}, {"all", all}, {"who", missing}});
  }

  Json json() {
    Json json = hearing_json(context_, hearing_);
    std::size_t served = 0;
    for (std::size_t i = 0; i < hearing_.hearing->services.size(); ++i) {
      served += hearing_.hearing->services[i].is_served() ? 1 : 0;
      json["addressees"][i]["proofs"] = Json::array();
      for (const Proof& proof : proofs_of(i))
        json["addressees"][i]["proofs"].push_back(proof_json(proof));
    }
    json["served"] = served;
    json["not_served"] = hearing_.hearing->services.size() - served;
    return json;
  }

 private:
  static Json proof_json(const Proof& proof) {
    const ServiceWayLaw& law = law_of(proof.way);
    return {{"way", proof.way ? sealing::name_of(*proof.way) : "acknowledgement"},
            {"articles", law.articles},
            {"proof", law.proof_en},
            {"time_ms", proof.time_ms},
            {"time", format_rfc3339(proof.time_ms)},
            {"stated_by", encoding::encode_hex(proof.author)},
            {"channel_seq", proof.seq},
            {"index", proof.index},
            {"text", proof.words},
            {"files", proof.files}};
  }

  std::vector<Proof> proofs_of(std::size_t i) {
    const sealing::HearingService& service = hearing_.hearing->services[i];
    const VerifiedDirectory& directory = session_.verified_directory();
    std::vector<Proof> proofs;
    if (service.answer)
      if (const auto answer = book_.answer_at(service.answer_seq))
        proofs.push_back({answer->server_ms,
                          std::nullopt,
                          describe_author(context_, answer->author, answer->facts.acting_for),
                          context_.console().text(answer_word(*service.answer)) +
                              (answer->remark.empty() ? "" : ": " + answer->remark),
                          {},
                          answer->seq,
                          answer->index,
                          answer->author});
    if (service.way)
      if (const auto event = book_.event_at(service.served_seq)) {
        Proof proof{service.served_ms,
                    service.way,
                    describe_device(directory, event->author),
                    event->text ? event->text->words : std::string(),
                    {},
                    event->seq,
                    event->index,
                    event->author};
        if (event->text)
          for (const sealing::Attachment& each : event->text->attachments)
            proof.files += (proof.files.empty() ? "" : ", ") + each.name;
        proofs.push_back(std::move(proof));
      }
    return proofs;
  }

  void add_rows(Table& table, std::size_t i) {
    const Console& console = context_.console();
    const sealing::CalledPerson* called = hearing_.summons ? &hearing_.summons->called[i] : nullptr;
    const std::vector<Proof> proofs = proofs_of(i);
    const std::string number = std::to_string(number_of(i));
    const std::string status = called == nullptr ? "" : status_word(console, called->status);
    if (proofs.empty())
      table.add({number, hearing_.names[i], status, console.text(Sentence::hearing_not_served), "-",
                 "-"});
    for (const Proof& proof : proofs) {
      const ServiceWayLaw& law = law_of(proof.way);
      std::string shown = "#" + std::to_string(proof.seq) + " " + proof.by;
      if (!proof.words.empty()) shown += ": " + proof.words;
      if (!proof.files.empty()) shown += " [" + proof.files + "]";
      table.add({number, hearing_.names[i], status, format_time(proof.time_ms, console.language()),
                 law.title(console.language()) + " (" + law.articles + ")", shown});
    }
  }

  void tell_told(std::size_t i) {
    if (!hearing_.hearing->notice.goes_through_centre(i)) return;
    Console& console = context_.console();
    const Milliseconds told = hearing_.hearing->services[i].told_ms;
    console.say(told != 0 ? Sentence::hearing_centre_told : Sentence::hearing_centre_not_told,
                {{"who", hearing_.names[i]}, {"time", format_time(told, console.language())}});
  }

  CommandContext& context_;
  ClientSession& session_;
  const HearingInChannel& hearing_;
  VerifiedChannel channel_;
  HearingBook book_;
};

Result<> show_service(CommandContext& context, const ShowOptions& options) {
  Result<HearingInChannel> hearing = open_shown(context, options);
  if (!hearing) return hearing.error();
  ServiceList list(context, *hearing);
  if (context.console().is_json())
    context.console().object(list.json());
  else
    list.show();
  return {};
}

}  // namespace

void add_hearing_show_commands(CommandTree& tree, CLI::App* group) {
  auto options = std::make_shared<ShowOptions>();
  const auto add = [&](const char* word, Sentence help, const char* example, auto function) {
    CLI::App* command = tree.command(
        group, word, help, example,
        [options, function](CommandContext& context) { return function(context, *options); });
    command->add_option("hearing", options->hearing, tree.text(Sentence::help_option_hearing))
        ->required();
    command->add_flag("--offline", options->offline, tree.text(Sentence::help_option_offline));
  };
  add("show", Sentence::help_hearing_show, "oberih hearing show 3f2a91c0", show);
  add("service", Sentence::help_hearing_service, "oberih hearing service 3f2a91c0", show_service);
}

void add_hearing_commands(CommandTree& tree) {
  CLI::App* group = tree.group("hearing", Sentence::help_hearing);
  add_hearing_schedule_commands(tree, group);
  add_hearing_action_commands(tree, group);
  add_hearing_service_commands(tree, group);
  add_hearing_show_commands(tree, group);
  add_hearing_calendar_commands(tree, group);
  add_hearing_print_commands(tree, group);
  add_hearing_import_command(tree, group);
  add_hearing_prove_command(tree, group);
}

}  // namespace oberih::client
