// SPDX-License-Identifier: Apache-2.0
// What an agency's administrators and supervisors say of its units: who is of them, who is on duty,
// who stands in for whom; and what everybody sees of them.
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "client-cli/commands/command_tree.hpp"
#include "client-cli/commands/device_search.hpp"
#include "client-cli/commands/unit_edit.hpp"
#include "client-cli/commands/unit_view.hpp"
#include "protocol/crypto/random_bytes.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::client {
namespace {

using encoding::encode_hex;
using encoding::printable;
using sealing::UnitDuty;
using sealing::UnitLine;

struct UnitOptions {
  std::string unit, name, person, stands_in_for, from, to;
  std::vector<std::string> members, supervisors, remove;
  bool off = false, all = false;
};

/// Signs and sends; shows what stands in the journal then.
Result<> send(CommandContext& context, sealing::Unit unit) {
  ClientSession& session = context.session();
  tidy(unit.lines, now_ms(session));
  unit.signer = session.ring().device;
  sealing::SignedUnit signed_unit;
  signed_unit.content = sealing::encode_unit_content(unit);
  // Before it is signed: whoever is told why can do something about it.
  if (Result<sealing::Unit> sound = sealing::parse_unit_content(signed_unit.content); !sound)
    return refuse(RefusalCode::usage, sound.error().detail);
  signed_unit.signature = session.signer().sign("unit", signed_unit.content);
  Result<wire::Appended> appended = session.ask(wire::DirectoryAppend{
      journal::LeafKind::unit, sealing::encode_unit_body(signed_unit), std::nullopt});
  if (!appended) return appended.error();
  OBERIH_TRY(session.read_directory(appended->channel_seq));
  const sealing::UnitInForce* in_force = session.directory().find_unit(unit.unit);
  if (in_force == nullptr || in_force->index < appended->index)
    return refuse(RefusalCode::verification_failed, "the server does not show what it took");
  show_unit(context, *in_force);
  return {};
}

Result<std::string> read_unit_name(const std::string& text) {
  std::optional<std::string> name = encoding::to_nfc(text);
  if (!name || name->empty() || name->size() > limits::name_bytes ||
      encoding::has_control_characters(*name))
    return refuse(RefusalCode::usage, "--name is a line of at most 256 bytes");
  return *name;
}

Result<std::set<PersonId>> find_people(ClientSession& session,
                                       const std::vector<std::string>& texts) {
  std::set<PersonId> people;
  for (const std::string& text : texts) {
    Result<PersonId> person = find_person(session, text);
    if (!person) return person.error();
    if (session.directory().agency_of_person(*person) != own_agency(session))
      return refuse(RefusalCode::unknown_person, "'" + text + "' is of another agency");
    people.insert(*person);
  }
  return people;
}

Result<PersonId> find_own_person(ClientSession& session, const std::string& text) {
  Result<std::set<PersonId>> people = find_people(session, {text});
  if (!people) return people.error();
  return *people->begin();
}

/// Those named, from now on, where they are not that already.
Result<> put_people(ClientSession& session, sealing::Unit& unit,
                    const std::vector<std::string>& texts, UnitDuty duty) {
  Result<std::set<PersonId>> people = find_people(session, texts);
  if (!people) return people.error();
  for (const PersonId& person : *people)
    put_line(unit.lines, {person, duty, {}, now_ms(session), 0});
  return {};
}

Result<> create_unit(CommandContext& context, const UnitOptions& options) {
  Result<std::string> name = read_unit_name(options.name);
  if (!name) return name.error();
  OBERIH_TRY(context.open_session(CommandContext::Reach::online));
  ClientSession& session = context.session();
  sealing::Unit unit;
  unit.agency = own_agency(session);
  unit.unit = crypto::random_id<UnitId>();
  unit.version = 1;
  unit.name = *name;
  OBERIH_TRY(put_people(session, unit, options.members, UnitDuty::member));
  OBERIH_TRY(put_people(session, unit, options.supervisors, UnitDuty::supervisor));
  return send(context, std::move(unit));
}

/// The version behind the one in force.
Result<sealing::Unit> next_version(CommandContext& context, const UnitOptions& options) {
  OBERIH_TRY(context.open_session(CommandContext::Reach::online));
  OBERIH_TRY(context.session().read_names());
  Result<const sealing::UnitInForce*> found = find_own_unit(context.session(), options.unit);
  if (!found) return found.error();
  sealing::Unit unit = (*found)->unit;
  unit.version += 1;
  unit.previous = (*found)->hash;
  return unit;
}

Result<> change(CommandContext& context, const UnitOptions& options) {
  if (options.name.empty() && options.members.empty() && options.supervisors.empty() &&
      options.remove.empty())
    return refuse(RefusalCode::usage,
                  "say what changes: --name, --member, --supervisor or --remove");
  Result<sealing::Unit> unit = next_version(context, options);
  if (!unit) return unit.error();
  ClientSession& session = context.session();
  if (!options.name.empty()) {
    Result<std::string> name = read_unit_name(options.name);
    if (!name) return name.error();
    unit->name = *name;
  }
  Result<std::set<PersonId>> gone = find_people(session, options.remove);
  if (!gone) return gone.error();
  for (const PersonId& person : *gone) remove_person(unit->lines, person);
  OBERIH_TRY(put_people(session, *unit, options.members, UnitDuty::member));
  OBERIH_TRY(put_people(session, *unit, options.supervisors, UnitDuty::supervisor));
  return send(context, std::move(*unit));
}

/// A line of the duty roster or a deputy's, or its end.
Result<> put_in_time(CommandContext& context, const UnitOptions& options, UnitDuty duty) {
  if (options.off && (!options.from.empty() || !options.to.empty()))
    return refuse(RefusalCode::usage, "--off excludes --from and --to");
  Result<sealing::Unit> unit = next_version(context, options);
  if (!unit) return unit.error();
  ClientSession& session = context.session();
  Result<PersonId> person = find_own_person(session, options.person);
  if (!person) return person.error();
  if (options.off) {
    end_duty(unit->lines, *person, duty, now_ms(session));
    return send(context, std::move(*unit));
  }
  Result<Milliseconds> from = read_from("--from", options.from, now_ms(session));
  if (!from) return from.error();
  Result<Milliseconds> to = read_to("--to", options.to);
  if (!to) return to.error();
  if (*to != 0 && *to <= std::max(*from, now_ms(session)))
    return refuse(RefusalCode::usage, "--to is behind --from, and not over yet");
  UnitLine line{*person, duty, {}, *from, *to};
  if (duty == UnitDuty::deputy) {
    Result<PersonId> absent = find_own_person(session, options.stands_in_for);
    if (!absent) return absent.error();
    if (*absent == *person)
      return refuse(RefusalCode::usage, "nobody stands in for themselves: name another by --for");
    if (!is_of_unit(unit->lines, *absent))
      return refuse(RefusalCode::usage,
                    "whoever is stood in for is not of the unit; add them first by 'oberih unit "
                    "change' or 'oberih unit duty'");
    line.stands_in_for = *absent;
  }
  put_line(unit->lines, line);
  return send(context, std::move(*unit));
}

Result<> duty(CommandContext& context, const UnitOptions& options) {
  return put_in_time(context, options, UnitDuty::duty_officer);
}

Result<> deputy(CommandContext& context, const UnitOptions& options) {
  if (options.off != options.stands_in_for.empty())
    return refuse(RefusalCode::usage, "say for whom: --for, or --off to end it");
  return put_in_time(context, options, UnitDuty::deputy);
}

Result<> list_units(CommandContext& context, const UnitOptions& options) {
  OBERIH_TRY(context.open_session(CommandContext::Reach::online));
  ClientSession& session = context.session();
  OBERIH_TRY(session.read_names());
  Console& console = context.console();
  Table table({console.text(Sentence::column_id), console.text(Sentence::column_name),
               console.text(Sentence::column_agency), console.text(Sentence::column_people),
               console.text(Sentence::column_on_duty)});
  for (const sealing::UnitInForce* each : session.directory().units()) {
    const sealing::Unit& unit = each->unit;
    if (!options.all && unit.agency != own_agency(session)) continue;
    console.object(unit_json(session, *each));
    table.add({encode_hex(unit.unit).substr(0, 8), printable(unit.name),
               agency_name(session.directory(), unit.agency),
               std::to_string(sealing::seats_of(unit, now_ms(session)).size()),
               describe_on_duty(session, unit)});
  }
  if (table.is_empty())
    console.say(Sentence::no_units);
  else
    console.print(table);
  return {};
}

Result<> show_one_unit(CommandContext& context, const UnitOptions& options) {
  OBERIH_TRY(context.open_session(CommandContext::Reach::online));
  OBERIH_TRY(context.session().read_names());
  Result<const sealing::UnitInForce*> unit = find_unit(context.session(), options.unit);
  if (!unit) return unit.error();
  show_unit(context, **unit);
  return {};
}

using Options = std::shared_ptr<UnitOptions>;

void add_list_options(CommandTree& tree, CLI::App* command, UnitOptions& options) {
  command->add_option("--member", options.members, tree.text(Sentence::help_option_unit_member))
      ->allow_extra_args(false);
  command
      ->add_option("--supervisor", options.supervisors,
                   tree.text(Sentence::help_option_unit_supervisor))
      ->allow_extra_args(false);
}

void add_time_options(CommandTree& tree, CLI::App* command, UnitOptions& options) {
  command->add_option("unit", options.unit, tree.text(Sentence::help_option_unit))->required();
  command->add_option("person", options.person, tree.text(Sentence::help_option_person))
      ->required();
  command->add_option("--from", options.from, tree.text(Sentence::help_option_from));
  command->add_option("--to", options.to, tree.text(Sentence::help_option_to));
  command->add_flag("--off", options.off, tree.text(Sentence::help_option_off));
}

}  // namespace

void add_unit_commands(CommandTree& tree) {
  CLI::App* group = tree.group("unit", Sentence::help_unit);
  auto options = std::make_shared<UnitOptions>();
  auto with = [options](auto function) {
    return [options, function](CommandContext& context) { return function(context, *options); };
  };
  CLI::App* command = tree.command(
      group, "create", Sentence::help_unit_create,
      "oberih unit create --name \"Відділ 5\" --member \"Слідча Оксана\" --supervisor Коваль",
      with(create_unit));
  command->add_option("--name", options->name, tree.text(Sentence::help_option_unit_name))
      ->required();
  add_list_options(tree, command, *options);
  command =
      tree.command(group, "change", Sentence::help_unit_change,
                   "oberih unit change \"Відділ 5\" --member Бондар --remove Шевчук", with(change));
  command->add_option("unit", options->unit, tree.text(Sentence::help_option_unit))->required();
  command->add_option("--name", options->name, tree.text(Sentence::help_option_unit_name));
  add_list_options(tree, command, *options);
  command->add_option("--remove", options->remove, tree.text(Sentence::help_option_unit_remove))
      ->allow_extra_args(false);
  command = tree.command(group, "duty", Sentence::help_unit_duty,
                         "oberih unit duty \"Відділ 5\" Бондар --from \"2027-03-04 20:00\" "
                         "--to \"2027-03-05 08:00\"",
                         with(duty));
  add_time_options(tree, command, *options);
  command =
      tree.command(group, "deputy", Sentence::help_unit_deputy,
                   "oberih unit deputy \"Відділ 5\" Бондар --for \"Слідча Оксана\" --to 2027-03-14",
                   with(deputy));
  add_time_options(tree, command, *options);
  command->add_option("--for", options->stands_in_for, tree.text(Sentence::help_option_for));
  command = tree.command(group, "list", Sentence::help_unit_list, "oberih unit list --all",
                         with(list_units));
  command->add_flag("--all", options->all, tree.text(Sentence::help_option_all_units));
  command = tree.command(group, "show", Sentence::help_unit_show, "oberih unit show \"Відділ 5\"",
                         with(show_one_unit));
  command->add_option("unit", options->unit, tree.text(Sentence::help_option_unit))->required();
}

}  // namespace oberih::client
