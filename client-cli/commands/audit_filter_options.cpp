// SPDX-License-Identifier: Apache-2.0
#include "client-cli/commands/audit_filter_options.hpp"

#include "client-cli/commands/audit_words.hpp"
#include "client-cli/commands/device_search.hpp"
#include "client-cli/commands/unit_search.hpp"
#include "protocol/encoding/hex.hpp"

namespace oberih::client {
namespace {

template <class Id>
Result<std::optional<Id>> read_id(const std::string& option, const std::string& text) {
  if (text.empty()) return std::optional<Id>();
  const std::optional<Bytes> bytes = encoding::decode_hex(text);
  const std::optional<Id> id = bytes ? Id::from(*bytes) : std::nullopt;
  if (!id)
    return refuse(RefusalCode::usage,
                  option + " takes the whole id, " + std::to_string(2 * Id::size) + " digits");
  return id;
}

Result<> read_kind(const std::string& word, sealing::AuditFilter& filter) {
  if (word.empty()) return {};
  std::string known;
  for (const AuditKind& each : audit_kinds()) {
    known += (known.empty() ? "" : ", ") + each.word;
    if (each.word != word) continue;
    filter.kind = each.kind;
    filter.type = each.type;
    return {};
  }
  return refuse(RefusalCode::usage, "--kind is one of " + known);
}

Result<> read_people(CommandContext& context, const FilterOptions& options,
                     sealing::AuditFilter& filter) {
  ClientSession& session = context.session();
  if (!options.person.empty()) {
    Result<PersonId> person = find_person(session, options.person);
    if (!person) return person.error();
    filter.person = *person;
  }
  if (!options.device.empty()) {
    Result<DeviceId> device = find_device(session.directory(), options.device);
    if (!device) return device.error();
    filter.device = *device;
  }
  if (!options.agency.empty()) {
    Result<AgencyId> agency = find_agency(session.directory(), options.agency);
    if (!agency) return agency.error();
    filter.agency = *agency;
  }
  if (!options.role.empty() && !(filter.role = find_role(options.role)))
    return refuse(RefusalCode::usage, "--role is a role, as investigator or judge");
  return {};
}

Result<> read_matter(const FilterOptions& options, sealing::AuditFilter& filter) {
  Result<std::optional<ChannelId>> channel = read_id<ChannelId>("--channel", options.channel);
  if (!channel) return channel.error();
  Result<std::optional<TaskId>> task = read_id<TaskId>("--task", options.task);
  if (!task) return task.error();
  Result<std::optional<HearingId>> hearing = read_id<HearingId>("--hearing", options.hearing);
  if (!hearing) return hearing.error();
  filter.channel = *channel;
  filter.task = *task;
  filter.hearing = *hearing;
  const HandlingOptions& handling = options.handling;
  if (!handling.restriction.empty() || !handling.traffic_light.empty() || !handling.code.empty()) {
    Result<sealing::HandlingCode> code = read_handling(handling);
    if (!code) return code.error();
    filter.handling = sealing::byte_of(*code);
    if (*filter.handling == 0)
      return refuse(RefusalCode::usage, "an entry without a handling code has none to look for");
  }
  if (options.refusal.empty()) return {};
  Result<std::uint16_t> refusal = find_refusal_number(options.refusal);
  if (!refusal) return refusal.error();
  filter.refusal = *refusal;
  return {};
}

}  // namespace

void add_filter_options(CommandTree& tree, CLI::App* command, FilterOptions& options) {
  const auto option = [&](const char* name, std::string& value, Sentence help) {
    command->add_option(name, value, tree.text(help));
  };
  option("--from", options.from, Sentence::help_option_audit_from);
  option("--to", options.to, Sentence::help_option_audit_to);
  option("--person", options.person, Sentence::help_option_audit_person);
  option("--device", options.device, Sentence::help_option_audit_device);
  option("--agency", options.agency, Sentence::help_option_audit_agency);
  option("--role", options.role, Sentence::help_option_audit_role);
  option("--channel", options.channel, Sentence::help_option_audit_channel);
  option("--kind", options.kind, Sentence::help_option_audit_kind);
  option("--task", options.task, Sentence::help_option_audit_task);
  option("--hearing", options.hearing, Sentence::help_option_audit_hearing);
  add_handling_options(tree, command, options.handling);
  option("--refusal", options.refusal, Sentence::help_option_audit_refusal);
}

Result<sealing::AuditFilter> read_filter(CommandContext& context, const FilterOptions& options) {
  sealing::AuditFilter filter;
  if (!options.from.empty()) {
    Result<Milliseconds> from = read_from("--from", options.from, 0);
    if (!from) return from.error();
    filter.from_ms = *from;
  }
  if (!options.to.empty()) {
    Result<Milliseconds> to = read_to("--to", options.to);
    if (!to) return to.error();
    filter.to_ms = *to;
  }
  if (filter.from_ms && filter.to_ms && *filter.from_ms >= *filter.to_ms)
    return refuse(RefusalCode::usage, "--to lies before --from");
  OBERIH_TRY(read_kind(options.kind, filter));
  OBERIH_TRY(read_matter(options, filter));
  OBERIH_TRY(read_people(context, options, filter));
  return filter;
}

}  // namespace oberih::client
