// SPDX-License-Identifier: Apache-2.0
// Revoking one device, or every device of a person.
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "client-cli/commands/command_tree.hpp"
#include "client-cli/commands/device_search.hpp"
#include "client-cli/commands/revocation.hpp"
#include "client-cli/keyring/passphrase_prompt.hpp"
#include "client-cli/output/kyiv_time.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::client {
namespace {

using encoding::encode_hex;

struct RevokeOptions {
  std::string device, person, reason;
  bool yes = false;
};

Result<wire::Appended> revoke_device(ClientSession& session, const DeviceId& device,
                                     std::uint8_t reason) {
  const sealing::DeviceRevocation revocation{
      session.directory().find_device(device)->certificate.agency, device, reason,
      session.ring().device};
  return session.ask(wire::DirectoryAppend{journal::LeafKind::device_revocation,
                                           sign_revocation(revocation, session.signer()),
                                           std::nullopt});
}

void report_revoked(Console& console, const DeviceId& device, const wire::Appended& appended) {
  console.say(Sentence::device_revoked,
              {{"device", encode_hex(device)}, {"index", std::to_string(appended.index)}});
  console.object(
      {{"device", encode_hex(device)}, {"standing", "revoked"}, {"index", appended.index}});
}

/// All that are not revoked yet, also expired ones: a renewal would bring those back. The own
/// device comes last, for nothing can be signed after it.
Result<std::vector<DeviceId>> devices_to_revoke(ClientSession& session, const std::string& text) {
  Result<PersonId> person = find_person(session, text);
  if (!person) return person.error();
  std::vector<DeviceId> devices;
  for (const auto& [id, device] : session.directory().devices())
    if (device.certificate.person == *person && !device.revoked_index) devices.push_back(id);
  if (devices.empty())
    return refuse(RefusalCode::not_found, "'" + text + "' has no device left to revoke");
  // Not of std::ranges: clang 14 cannot read g++ 12's subrange.
  std::stable_partition(devices.begin(), devices.end(),
                        [&](const DeviceId& id) { return id != session.ring().device; });
  return devices;
}

void list_devices(Console& console, ClientSession& session, const std::vector<DeviceId>& devices) {
  Table table({console.text(Sentence::column_device), console.text(Sentence::column_name),
               console.text(Sentence::column_role), console.text(Sentence::column_until)});
  for (const DeviceId& id : devices) {
    const sealing::DeviceCertificate& certificate =
        session.directory().find_device(id)->certificate;
    table.add({encode_hex(id), name_or_digits(session.verified_directory(), id),
               std::string(name_of(certificate.role)), format_date(certificate.not_after_ms)});
  }
  console.print(table);
}

Result<> revoke_person(CommandContext& context, const RevokeOptions& options, std::uint8_t reason) {
  ClientSession& session = context.session();
  Console& console = context.console();
  Result<std::vector<DeviceId>> devices = devices_to_revoke(session, options.person);
  if (!devices) return devices.error();
  list_devices(console, session, *devices);
  const std::string count = std::to_string(devices->size());
  if (!options.yes && !ask_yes(console.text(Sentence::ask_revoke_devices, {{"count", count}})))
    return refuse(RefusalCode::usage, console.text(Sentence::not_confirmed));
  Result<> outcome;
  for (const DeviceId& id : *devices) {
    Result<wire::Appended> appended = revoke_device(session, id, reason);
    if (appended) {
      report_revoked(console, id, *appended);
      continue;
    }
    // The others are revoked all the same: a thief may hold any of them.
    console.note(
        Sentence::device_not_revoked,
        {{"device", encode_hex(id)},
         {"why", std::string(refusal_sentence(console.language(), appended.error().code))}});
    if (outcome) outcome = appended.error();
  }
  return outcome;
}

Result<> revoke(CommandContext& context, const RevokeOptions& options) {
  Result<std::uint8_t> reason = parse_revocation_reason(options.reason);
  if (!reason) return reason.error();
  if (options.device.empty() == options.person.empty())
    return refuse(RefusalCode::usage, "give the id of one device, or --person");
  OBERIH_TRY(context.open_session(CommandContext::Reach::online));
  if (!options.person.empty()) return revoke_person(context, options, *reason);
  Result<DeviceId> id = find_device(context.session().directory(), options.device);
  if (!id) return id.error();
  Result<wire::Appended> appended = revoke_device(context.session(), *id, *reason);
  if (!appended) return appended.error();
  report_revoked(context.console(), *id, *appended);
  return {};
}

}  // namespace

void add_device_revoke_command(CommandTree& tree, CLI::App* device) {
  auto options = std::make_shared<RevokeOptions>();
  CLI::App* command =
      tree.command(device, "revoke", Sentence::help_device_revoke,
                   "oberih --profile police-admin device revoke 77ab01fe --reason lost\n"
                   "  oberih --profile police-admin device revoke --person \"Слідча Оксана\" "
                   "--reason left",
                   [options](CommandContext& context) { return revoke(context, *options); });
  command->add_option("device", options->device, tree.text(Sentence::help_option_device));
  command->add_option("--person", options->person, tree.text(Sentence::help_option_person));
  command->add_option("--reason", options->reason, tree.text(Sentence::help_option_revoke_reason))
      ->required();
  command->add_flag("--yes", options->yes, tree.text(Sentence::help_option_yes_revoke));
}

}  // namespace oberih::client
