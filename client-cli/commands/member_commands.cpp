// SPDX-License-Identifier: Apache-2.0
// Who comes into a channel and who goes.
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "client-cli/commands/change_maker.hpp"
#include "client-cli/commands/channel_search.hpp"
#include "client-cli/commands/device_search.hpp"
#include "client-cli/commands/named_people.hpp"
#include "client-cli/commands/unit_search.hpp"
#include "client-cli/keyring/profile_lock.hpp"
#include "client-cli/verification/record_sender.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/sealing/unit_mark.hpp"

namespace oberih::client {
namespace {

using encoding::encode_hex;
using sealing::RosterLine;

struct MemberOptions {
  std::string channel, mandate, reason, until;
  NamedPeople named;
  std::vector<std::string> units;
  bool as_admin = false;
  bool as_reader = false;
  ProposeOptions propose;
};

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

void make_first_lines_admins(const sealing::Directory& directory, const VerifiedChannel& channel,
                             sealing::Roster& lines) {
  if (channel.state().policy().kind != ChannelKind::case_) return;
  const std::set<AgencyId> known = agencies_of(directory, channel.state().roster());
  std::map<AgencyId, PersonId> first_people;
  for (RosterLine& line : lines) {
    const sealing::DeviceCertificate& certificate = directory.find_device(line.device)->certificate;
    if (known.contains(certificate.agency)) continue;
    auto first = first_people.try_emplace(certificate.agency, certificate.person).first;
    if (first->second == certificate.person) line.role = RosterRole::admin;
  }
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

struct AddWish {
  sealing::LinesItem item;
  std::vector<DeviceId> devices;  // of the item, ascending
};

/// 0 is no end, later than any.
bool ends_later(Milliseconds a, Milliseconds b) { return b != 0 && (a == 0 || a > b); }

/// Who comes with two units stays until the later end.
void put_line(sealing::Roster& lines, const RosterLine& line) {
  auto place = std::ranges::lower_bound(lines, line.device, {}, &RosterLine::device);
  if (place == lines.end() || place->device != line.device)
    lines.insert(place, line);
  else if (ends_later(line.ends_ms, place->ends_ms))
    place->ends_ms = line.ends_ms;
}

/// Of the own agency nobody comes for longer than whoever brings them: that would need approvals.
Milliseconds latest_end(ClientSession& session, const VerifiedChannel& channel,
                        const sealing::Unit& unit, Milliseconds wished_ms) {
  const RosterLine* own = channel.state().find_member(session.ring().device);
  const bool is_bound = own != nullptr && unit.agency == own_agency(session);
  return is_bound && ends_later(wished_ms, own->ends_ms) ? own->ends_ms : wished_ms;
}

/// The unit's people, each until its place ends; the mark makes the channel follow the list.
Result<std::vector<UnitId>> add_units(ClientSession& session, const MemberOptions& options,
                                      const VerifiedChannel& channel, const RosterLine& wish,
                                      sealing::Roster& lines) {
  std::set<UnitId> units;
  for (const std::string& text : options.units) {
    Result<const sealing::UnitInForce*> unit = find_unit(session, text);
    if (!unit) return unit.error();
    const sealing::Unit& list = (*unit)->unit;
    const sealing::Roster found =
        lines_of_unit(list, session.directory(), wish.role,
                      latest_end(session, channel, list, wish.ends_ms), now_ms(session));
    if (found.empty())
      return refuse(RefusalCode::not_found, "nobody of '" + text + "' has an active device");
    for (const RosterLine& line : found) put_line(lines, line);
    units.insert(list.unit);
  }
  return std::vector<UnitId>(units.begin(), units.end());
}

Result<AddWish> read_wish(ClientSession& session, const MemberOptions& options,
                          const VerifiedChannel& channel, RosterRole role, Milliseconds ends_ms) {
  sealing::Roster lines;
  if (options.units.empty() || !options.named.is_empty()) {
    Result<std::vector<DeviceId>> devices = find_named(session, options.named);
    if (!devices) return devices.error();
    for (const DeviceId& id : *devices)
      lines.push_back(
          {id, session.directory().find_device(id)->certificate.hpke_key, role, ends_ms});
  }
  if (!sealing::read_unit_marks(options.mandate).units.empty())
    return refuse(RefusalCode::usage, "--mandate does not end with the mark of a unit: use --unit");
  Result<std::vector<UnitId>> units =
      add_units(session, options, channel, {{}, {}, role, ends_ms}, lines);
  if (!units) return units.error();
  AddWish wish;
  for (const RosterLine& line : lines) wish.devices.push_back(line.device);
  make_first_lines_admins(session.directory(), channel, lines);
  wish.item = {sealing::with_unit_marks(options.mandate, *units), std::move(lines)};
  return wish;
}

/// Whether the channel follows each unit whose mark the mandate bears.
bool follows_all(VerifiedChannel& channel, const std::string& mandate) {
  const std::vector<UnitId> units = sealing::read_unit_marks(mandate).units;
  return std::ranges::all_of(
      units, [&](const UnitId& unit) { return channel.followed_units().units().contains(unit); });
}

Result<> add_member(CommandContext& context, const MemberOptions& options) {
  Result<RosterRole> role = role_of(options);
  if (!role) return role.error();
  Result<Milliseconds> ends_ms = read_end(options.until);
  if (!ends_ms) return ends_ms.error();
  OBERIH_TRY(context.open_session(CommandContext::Reach::online));
  ClientSession& session = context.session();
  Result<VerifiedChannel> channel =
      find_channel(context, options.channel, CommandContext::Reach::online);
  if (!channel) return channel.error();
  OBERIH_TRY(session.read_names());
  Result<AddWish> wish = read_wish(session, options, *channel, *role, *ends_ms);
  if (!wish) return wish.error();
  const std::vector<DeviceId>* devices = &wish->devices;
  sealing::Change change;
  change.add = std::move(wish->item);
  std::erase_if(change.add->lines, [&](const sealing::RosterLine& line) {
    return channel->state().find_member(line.device) != nullptr;
  });
  if (change.add->lines.empty() && !follows_all(*channel, change.add->mandate))
    return refuse(RefusalCode::usage,
                  "everybody of the unit is on the roster already, and it is followed only where "
                  "somebody comes with it");
  if (!change.add->lines.empty()) {
    Result<ChangeOutcome> outcome =
        make_or_propose(context, *channel, sealing::RecordOp::change, change, options.propose);
    if (!outcome) return outcome.error();
    report_admins(context, change.add->lines, *role);
    if (*outcome == ChangeOutcome::proposed) return {};
  }
  report(context, *channel, *devices, Sentence::member_added, "added");
  return {};
}

/// What must go anyhow goes first, so that it needs nobody's approval.
Result<> clear_due_lines(ClientSession& session, VerifiedChannel& channel) {
  Result<ProfileLock> lock = ProfileLock::take(session.profile().folder);
  if (!lock) return lock.error();
  return RecordSender(session).repair(channel);
}

Result<> remove_member(CommandContext& context, const MemberOptions& options) {
  OBERIH_TRY(context.open_session(CommandContext::Reach::online));
  ClientSession& session = context.session();
  Result<VerifiedChannel> channel =
      find_channel(context, options.channel, CommandContext::Reach::online);
  if (!channel) return channel.error();
  OBERIH_TRY(session.read_names());
  Result<std::vector<DeviceId>> devices = find_named(session, options.named);
  if (!devices) return devices.error();
  const auto is_gone = [&](const DeviceId& id) { return !channel->state().find_member(id); };
  std::erase_if(*devices, is_gone);
  if (devices->empty())
    return refuse(RefusalCode::usage, "none of these stands on the roster of the channel");
  OBERIH_TRY(clear_due_lines(session, *channel));
  sealing::Change change;
  change.remove = sealing::RemoveItem{options.reason, *devices};
  std::erase_if(change.remove->devices, is_gone);
  if (!change.remove->devices.empty()) {
    Result<ChangeOutcome> outcome =
        make_or_propose(context, *channel, sealing::RecordOp::change, change, options.propose);
    if (!outcome) return outcome.error();
    if (*outcome == ChangeOutcome::proposed) return {};
  }
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
    add_named_options(tree, command, options->named);
    add_propose_options(tree, command, options->propose);
  };
  CLI::App* command = tree.command(
      group, "add", Sentence::help_channel_add,
      "oberih channel add 417 --person \"Прокурор Одеса\" --mandate \"Постанова 417/1\"",
      with(add_member));
  add_common(command);
  command->add_option("--unit", options->units, tree.text(Sentence::help_option_add_unit))
      ->allow_extra_args(false);
  command->add_flag("--admin", options->as_admin, tree.text(Sentence::help_option_admin));
  command->add_flag("--read-only", options->as_reader, tree.text(Sentence::help_option_read_only));
  command->add_option("--mandate", options->mandate, tree.text(Sentence::help_option_mandate));
  command->add_option("--until", options->until, tree.text(Sentence::help_option_until));
  command = tree.command(group, "remove", Sentence::help_channel_remove,
                         "oberih channel remove 417 --device 77ab01fe --reason \"переведено\"",
                         with(remove_member));
  add_common(command);
  command->add_option("--reason", options->reason, tree.text(Sentence::help_option_reason));
}

}  // namespace oberih::client
