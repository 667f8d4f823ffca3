// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <nlohmann/json.hpp>

#include "client-cli/commands/command_tree.hpp"
#include "client-cli/commands/device_search.hpp"
#include "client-cli/output/kyiv_time.hpp"
#include "protocol/encoding/hex.hpp"
#include "protocol/encoding/utf8.hpp"

namespace oberih::client {
namespace {

using encoding::encode_hex;

struct DeviceOptions {
  std::string device;
  bool all = false, expiring = false;
};

std::string_view name_of(sealing::Standing standing) {
  switch (standing) {
    case sealing::Standing::active:
      return "active";
    case sealing::Standing::unknown:
      return "unknown";
    case sealing::Standing::not_yet_valid:
      return "not_yet_valid";
    case sealing::Standing::expired:
      return "expired";
    case sealing::Standing::revoked:
      return "revoked";
  }
  return "unknown";
}

Sentence word_of(sealing::Standing standing) {
  switch (standing) {
    case sealing::Standing::active:
      return Sentence::word_active;
    case sealing::Standing::unknown:
      return Sentence::word_unknown;
    case sealing::Standing::not_yet_valid:
      return Sentence::word_not_yet_valid;
    case sealing::Standing::expired:
      return Sentence::word_expired;
    case sealing::Standing::revoked:
      return Sentence::word_revoked;
  }
  return Sentence::word_unknown;
}

nlohmann::ordered_json device_json(ClientSession& session, const sealing::Device& device) {
  const sealing::DeviceCertificate& certificate = device.certificate;
  nlohmann::ordered_json json{
      {"device", encode_hex(certificate.device)},
      {"person", encode_hex(certificate.person)},
      {"agency", encode_hex(certificate.agency)},
      {"agency_kind", oberih::name_of(session.directory().agency_kind_of(certificate.device))},
      {"role", oberih::name_of(certificate.role)}};
  std::optional<std::string> name = session.verified_directory().find_name(certificate.device);
  json["name"] = name ? nlohmann::ordered_json(*name) : nlohmann::ordered_json();
  json["standing"] = name_of(standing_now(session, certificate.device));
  json["not_after_ms"] = certificate.not_after_ms;
  json["certified_index"] = device.certified_index;
  return json;
}

Result<> list_devices(CommandContext& context, const DeviceOptions& options) {
  OBERIH_TRY(context.open_session(CommandContext::Reach::online));
  ClientSession& session = context.session();
  OBERIH_TRY(session.read_names());
  Console& console = context.console();
  const sealing::Device* own = session.directory().find_device(session.ring().device);
  Table table({console.text(Sentence::column_device), console.text(Sentence::column_name),
               console.text(Sentence::column_agency), console.text(Sentence::column_role),
               console.text(Sentence::column_standing), console.text(Sentence::column_until)});
  for (const auto& [id, device] : session.directory().devices()) {
    bool is_own = own != nullptr && device.certificate.agency == own->certificate.agency;
    if (options.expiring && !(is_own && expires_soon(session, device))) continue;
    if (!options.all && !is_own && !session.verified_directory().find_name(id)) continue;
    console.object(device_json(session, device));
    const sealing::Agency* agency = session.directory().find_agency(device.certificate.agency);
    table.add({encode_hex(id).substr(0, 8), name_or_digits(session.verified_directory(), id),
               agency == nullptr ? "" : encoding::printable(agency->name),
               std::string(oberih::name_of(device.certificate.role)),
               console.text(word_of(standing_now(session, id))),
               format_date(device.certificate.not_after_ms)});
  }
  console.print(table);
  return {};
}

Result<> show_device(CommandContext& context, const DeviceOptions& options) {
  OBERIH_TRY(context.open_session(CommandContext::Reach::online));
  ClientSession& session = context.session();
  OBERIH_TRY(session.read_names());
  DeviceId id = session.ring().device;
  if (!options.device.empty()) {
    Result<DeviceId> found = find_device(session.directory(), options.device);
    if (!found) return found.error();
    id = *found;
  }
  const sealing::Device* device = session.directory().find_device(id);
  if (device == nullptr) return refuse(RefusalCode::unknown_device);
  const sealing::DeviceCertificate& certificate = device->certificate;
  nlohmann::ordered_json json = device_json(session, *device);
  json["signature_key"] = encode_hex(certificate.signature_key);
  json["hpke_key"] = encode_hex(certificate.hpke_key);
  json["tls_spki"] = encode_hex(certificate.tls_spki);
  Console& console = context.console();
  console.object(json);
  const sealing::Agency* agency = session.directory().find_agency(certificate.agency);
  console.say(Sentence::device_shown,
              {{"device", encode_hex(id)},
               {"name", name_or_digits(session.verified_directory(), id)},
               {"person", encode_hex(certificate.person)},
               {"agency", agency == nullptr ? "" : encoding::printable(agency->name)},
               {"role", std::string(oberih::name_of(certificate.role))},
               {"standing", console.text(word_of(standing_now(session, id)))},
               {"from", format_date(certificate.not_before_ms)},
               {"until", format_date(certificate.not_after_ms)},
               {"index", std::to_string(device->certified_index)},
               {"key", encode_hex(certificate.signature_key)}});
  return {};
}

}  // namespace

void add_device_commands(CommandTree& tree) {
  CLI::App* group = tree.group("device", Sentence::help_device);
  add_device_request_commands(tree, group);
  auto options = std::make_shared<DeviceOptions>();
  auto with = [options](auto function) {
    return [options, function](CommandContext& context) { return function(context, *options); };
  };
  CLI::App* command = tree.command(group, "list", Sentence::help_device_list,
                                   "oberih --profile oksana device list", with(list_devices));
  command->add_flag("--all", options->all, tree.text(Sentence::help_option_all_devices));
  command->add_flag("--expiring", options->expiring,
                    tree.text(Sentence::help_option_expiring_devices));
  command = tree.command(group, "show", Sentence::help_device_show,
                         "oberih --profile oksana device show 77ab01fe", with(show_device));
  command->add_option("device", options->device, tree.text(Sentence::help_option_device));
  add_device_revoke_command(tree, group);
}

}  // namespace oberih::client
