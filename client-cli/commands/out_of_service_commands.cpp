// SPDX-License-Identifier: Apache-2.0
// Intervals in which an agency is out of service: declared before, during or after, corrected by
// the next version, and shown to everybody.
#include <memory>
#include <nlohmann/json.hpp>

#include "client-cli/commands/command_tree.hpp"
#include "client-cli/commands/unit_view.hpp"
#include "client-cli/output/kyiv_time.hpp"
#include "protocol/crypto/random_bytes.hpp"
#include "protocol/encoding/hex.hpp"

namespace oberih::client {
namespace {

using encoding::encode_hex;
using sealing::OutOfService;
using sealing::OutOfServiceInForce;

struct OutOfServiceOptions {
  std::string id, reason, from, to, at;
  bool all = false;
};

nlohmann::ordered_json interval_json(const OutOfServiceInForce& in_force) {
  const OutOfService& interval = in_force.interval;
  return {{"interval", encode_hex(interval.id)},
          {"agency", encode_hex(interval.agency)},
          {"version", interval.version},
          {"reason", name_of(interval.reason)},
          {"from_ms", interval.from_ms},
          {"to_ms", interval.to_ms},
          {"withdrawn", interval.is_withdrawn},
          {"signer", encode_hex(interval.signer)},
          {"index", in_force.index},
          {"server_ms", in_force.server_ms}};
}

void show_intervals(CommandContext& context,
                    const std::vector<const OutOfServiceInForce*>& intervals) {
  Console& console = context.console();
  Table table({console.text(Sentence::column_id), console.text(Sentence::column_agency),
               console.text(Sentence::column_why), console.text(Sentence::column_from),
               console.text(Sentence::column_until), console.text(Sentence::column_declared)});
  for (const OutOfServiceInForce* each : intervals) {
    const OutOfService& interval = each->interval;
    console.object(interval_json(*each));
    table.add(
        {encode_hex(interval.id).substr(0, 8),
         agency_name(context.session().directory(), interval.agency),
         console.text(interval.is_withdrawn ? Sentence::word_withdrawn : word_of(interval.reason)),
         describe_from(console, interval.from_ms), describe_to(console, interval.to_ms),
         format_time(each->server_ms, console.language())});
  }
  console.print(table);
}

Result<> send(CommandContext& context, OutOfService interval) {
  ClientSession& session = context.session();
  interval.signer = session.ring().device;
  sealing::SignedOutOfService signed_interval;
  signed_interval.content = sealing::encode_out_of_service_content(interval);
  if (auto sound = sealing::parse_out_of_service_content(signed_interval.content); !sound)
    return refuse(RefusalCode::usage, sound.error().detail);
  signed_interval.signature = session.signer().sign("out-of-service", signed_interval.content);
  Result<wire::Appended> appended = session.ask(
      wire::DirectoryAppend{journal::LeafKind::out_of_service,
                            sealing::encode_out_of_service_body(signed_interval), std::nullopt});
  if (!appended) return appended.error();
  OBERIH_TRY(session.read_directory(appended->channel_seq));
  const OutOfServiceInForce* in_force = session.directory().find_out_of_service(interval.id);
  if (in_force == nullptr || in_force->index < appended->index)
    return refuse(RefusalCode::verification_failed, "the server does not show what it took");
  show_intervals(context, {in_force});
  return {};
}

Result<> declare(CommandContext& context, const OutOfServiceOptions& options) {
  const auto reason = sealing::find_out_of_service_reason(options.reason);
  if (!reason)
    return refuse(RefusalCode::usage,
                  "--reason is blackout, shelling, no_connection, relocation, technical_failure "
                  "or other");
  OBERIH_TRY(context.open_session(CommandContext::Reach::online));
  ClientSession& session = context.session();
  Result<Milliseconds> from = read_from("--from", options.from, now_ms(session));
  if (!from) return from.error();
  Result<Milliseconds> to = read_to("--to", options.to);
  if (!to) return to.error();
  OutOfService interval;
  interval.agency = own_agency(session);
  interval.id = crypto::random_id<sealing::IntervalId>();
  interval.version = 1;
  interval.reason = *reason;
  interval.from_ms = *from;
  interval.to_ms = *to;
  return send(context, interval);
}

/// The version behind the one in force. Without an id: the only interval that lasts.
Result<OutOfService> next_version(CommandContext& context, const OutOfServiceOptions& options) {
  OBERIH_TRY(context.open_session(CommandContext::Reach::online));
  ClientSession& session = context.session();
  const OutOfServiceInForce* found = nullptr;
  for (const OutOfServiceInForce* each :
       session.directory().out_of_service_of(own_agency(session))) {
    const OutOfService& interval = each->interval;
    const bool is_meant = options.id.empty() ? !interval.is_withdrawn && interval.to_ms == 0
                                             : encode_hex(interval.id).starts_with(options.id);
    if (!is_meant) continue;
    if (found != nullptr) return refuse(RefusalCode::usage, "several intervals fit; give the id");
    found = each;
  }
  if (found == nullptr) return refuse(RefusalCode::not_found, "no such interval of your agency");
  OutOfService interval = found->interval;
  interval.version += 1;
  interval.previous = found->hash;
  return interval;
}

Result<> end(CommandContext& context, const OutOfServiceOptions& options) {
  Result<OutOfService> interval = next_version(context, options);
  if (!interval) return interval.error();
  Result<Milliseconds> at = read_from("--at", options.at, now_ms(context.session()));
  if (!at) return at.error();
  interval->to_ms = *at;
  return send(context, *interval);
}

Result<> withdraw_interval(CommandContext& context, const OutOfServiceOptions& options) {
  Result<OutOfService> interval = next_version(context, options);
  if (!interval) return interval.error();
  interval->is_withdrawn = true;
  return send(context, *interval);
}

Result<> list_intervals(CommandContext& context, const OutOfServiceOptions& options) {
  OBERIH_TRY(context.open_session(CommandContext::Reach::online));
  ClientSession& session = context.session();
  std::vector<const OutOfServiceInForce*> intervals;
  for (const auto& [agency, card] : session.directory().agencies()) {
    if (!options.all && agency != own_agency(session)) continue;
    for (const OutOfServiceInForce* each : session.directory().out_of_service_of(agency))
      intervals.push_back(each);
  }
  if (intervals.empty())
    context.console().say(Sentence::never_out_of_service);
  else
    show_intervals(context, intervals);
  return {};
}

}  // namespace

void add_out_of_service_commands(CommandTree& tree, CLI::App* agency) {
  CLI::App* group =
      agency->add_subcommand("out-of-service", tree.text(Sentence::help_out_of_service));
  group->require_subcommand(1);
  group->fallthrough();
  auto options = std::make_shared<OutOfServiceOptions>();
  auto with = [options](auto function) {
    return [options, function](CommandContext& context) { return function(context, *options); };
  };
  CLI::App* command = tree.command(
      group, "declare", Sentence::help_out_of_service_declare,
      "oberih agency out-of-service declare --reason blackout --from \"2027-03-04 18:00\"",
      with(declare));
  command->add_option("--reason", options->reason, tree.text(Sentence::help_option_absence_reason))
      ->required();
  command->add_option("--from", options->from, tree.text(Sentence::help_option_from));
  command->add_option("--to", options->to, tree.text(Sentence::help_option_to));
  const auto add_id = [&](CLI::App* to) {
    to->add_option("interval", options->id, tree.text(Sentence::help_option_interval));
  };
  command = tree.command(group, "end", Sentence::help_out_of_service_end,
                         "oberih agency out-of-service end --at \"2027-03-05 07:30\"", with(end));
  add_id(command);
  command->add_option("--at", options->at, tree.text(Sentence::help_option_at));
  command = tree.command(group, "withdraw", Sentence::help_out_of_service_withdraw,
                         "oberih agency out-of-service withdraw 77ab01fe", with(withdraw_interval));
  add_id(command);
  command = tree.command(group, "list", Sentence::help_out_of_service_list,
                         "oberih agency out-of-service list --all", with(list_intervals));
  command->add_flag("--all", options->all, tree.text(Sentence::help_option_all_agencies));
}

}  // namespace oberih::client
