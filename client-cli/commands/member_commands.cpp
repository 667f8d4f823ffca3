// SPDX-License-Identifier: Apache-2.0
// Who comes into a channel and who goes.
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "client-cli/commands/channel_search.hpp"
#include "client-cli/commands/command_tree.hpp"
#include "client-cli/commands/device_search.hpp"
#include "client-cli/keyring/profile_lock.hpp"
#include "client-cli/verification/record_sender.hpp"
#include "protocol/encoding/hex.hpp"

namespace oberih::client {
namespace {

using encoding::encode_hex;

struct MemberOptions {
  std::string channel, mandate, reason;
  std::vector<std::string> devices, people;
  bool as_admin = false;
  bool as_reader = false;
};

Result<std::vector<DeviceId>> find_named(ClientSession& session, const MemberOptions& options) {
  std::vector<DeviceId> found;
  for (const std::string& text : options.devices) {
    Result<DeviceId> device = find_device(session.directory(), text);
    if (!device) return device.error();
    found.push_back(*device);
  }
  for (const std::string& text : options.people) {
    Result<std::vector<DeviceId>> devices = find_devices_of_person(session, text);
    if (!devices) return devices.error();
    found.insert(found.end(), devices->begin(), devices->end());
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  if (found.empty()) return refuse(RefusalCode::usage, "name somebody with --device or --person");
  return found;
}

Result<RosterRole> role_of(const MemberOptions& options) {
  if (options.as_admin && options.as_reader)
    return refuse(RefusalCode::usage, "--admin and --read-only exclude each other");
  if (options.as_admin) return RosterRole::admin;
  return options.as_reader ? RosterRole::read_only : RosterRole::member;
}

/// Agencies on the roster of a case channel; the first person of any other comes as administrator.
std::set<AgencyId> agencies_of(const sealing::Directory& directory, const sealing::Roster& roster) {
  std::set<AgencyId> agencies;
  for (const sealing::RosterLine& line : roster)
    if (const sealing::Device* device = directory.find_device(line.device))
      agencies.insert(device->certificate.agency);
  return agencies;
}

sealing::Roster make_lines(const sealing::Directory& directory, const VerifiedChannel& channel,
                           const std::vector<DeviceId>& devices, RosterRole role) {
  bool is_case = channel.state().policy().kind == ChannelKind::case_;
  std::set<AgencyId> known = agencies_of(directory, channel.state().roster());
  std::map<AgencyId, PersonId> first_people;
  sealing::Roster lines;
  for (const DeviceId& id : devices) {
    const sealing::DeviceCertificate& certificate = directory.find_device(id)->certificate;
    RosterRole given = role;
    if (is_case && !known.contains(certificate.agency)) {
      auto first = first_people.try_emplace(certificate.agency, certificate.person).first;
      if (first->second == certificate.person) given = RosterRole::admin;
    }
    lines.push_back({id, certificate.hpke_key, given, 0});
  }
  return lines;
}

/// Says for whom the protocol demanded more than was asked for.
void report_admins(CommandContext& context, const sealing::Roster& lines, RosterRole asked) {
  for (const sealing::RosterLine& line : lines)
    if (line.role != asked)
      context.console().note(
          Sentence::added_as_admin,
          {{"who", describe_device(context.session().verified_directory(), line.device)}});
}

void report(CommandContext& context, const VerifiedChannel& channel,
            const std::vector<DeviceId>& devices, Sentence sentence, const char* key) {
  nlohmann::ordered_json ids = nlohmann::ordered_json::array();
  for (const DeviceId& id : devices) {
    context.console().say(sentence,
                          {{"who", describe_device(context.session().verified_directory(), id)},
                           {"device", encode_hex(id).substr(0, 8)}});
    ids.push_back(encode_hex(id));
  }
  context.console().object({{"channel", encode_hex(channel.id())},
                            {key, ids},
                            {"epoch", channel.state().epoch()},
                            {"roster", channel.state().roster().size()}});
}

Result<> add(CommandContext& context, const MemberOptions& options) {
  Result<RosterRole> role = role_of(options);
  if (!role) return role.error();
  OBERIH_TRY(context.open_session(CommandContext::Reach::online));
  ClientSession& session = context.session();
  Result<VerifiedChannel> channel =
      find_channel(context, options.channel, CommandContext::Reach::online);
  if (!channel) return channel.error();
  OBERIH_TRY(session.read_names());
  Result<std::vector<DeviceId>> devices = find_named(session, options);
  if (!devices) return devices.error();
  sealing::Roster lines = make_lines(session.directory(), *channel, *devices, *role);
  Result<ProfileLock> lock = ProfileLock::take(session.profile().folder);
  if (!lock) return lock.error();
  OBERIH_TRY(RecordSender(session).change(*channel, lines, options.mandate, {}, {}));
  report(context, *channel, *devices, Sentence::member_added, "added");
  report_admins(context, lines, *role);
  return {};
}

Result<> remove(CommandContext& context, const MemberOptions& options) {
  OBERIH_TRY(context.open_session(CommandContext::Reach::online));
  ClientSession& session = context.session();
  Result<VerifiedChannel> channel =
      find_channel(context, options.channel, CommandContext::Reach::online);
  if (!channel) return channel.error();
  OBERIH_TRY(session.read_names());
  Result<std::vector<DeviceId>> devices = find_named(session, options);
  if (!devices) return devices.error();
  std::erase_if(*devices, [&](const DeviceId& id) { return !channel->state().find_member(id); });
  if (devices->empty())
    return refuse(RefusalCode::usage, "none of these stands on the roster of the channel");
  Result<ProfileLock> lock = ProfileLock::take(session.profile().folder);
  if (!lock) return lock.error();
  OBERIH_TRY(RecordSender(session).change(*channel, {}, {}, *devices, options.reason));
  report(context, *channel, *devices, Sentence::member_removed, "removed");
  return {};
}

}  // namespace

void add_member_commands(CommandTree& tree, CLI::App* group) {
  auto options = std::make_shared<MemberOptions>();
  auto with = [options](auto function) {
    return [options, function](CommandContext& context) { return function(context, *options); };
  };
  auto add_common = [&](CLI::App* command) {
    command->add_option("channel", options->channel, tree.text(Sentence::help_option_channel))
        ->required();
    command->add_option("--device", options->devices, tree.text(Sentence::help_option_device))
        ->allow_extra_args(false);
    command->add_option("--person", options->people, tree.text(Sentence::help_option_person))
        ->allow_extra_args(false);
  };
  CLI::App* command = tree.command(
      group, "add", Sentence::help_channel_add,
      "oberih channel add 417 --person \"Прокурор Одеса\" --mandate \"Постанова 417/1\"",
      with(add));
  add_common(command);
  command->add_flag("--admin", options->as_admin, tree.text(Sentence::help_option_admin));
  command->add_flag("--read-only", options->as_reader, tree.text(Sentence::help_option_read_only));
  command->add_option("--mandate", options->mandate, tree.text(Sentence::help_option_mandate));
  command = tree.command(group, "remove", Sentence::help_channel_remove,
                         "oberih channel remove 417 --device 77ab01fe --reason \"переведено\"",
                         with(remove));
  add_common(command);
  command->add_option("--reason", options->reason, tree.text(Sentence::help_option_reason));
}

}  // namespace oberih::client
